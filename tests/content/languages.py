"""A language that nobody speaks, made of English by turning its vowels: the content in it is complete and correct."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from api.web.problems import english_titles
from tests.content.loaded import FOLDER

CODE = "qaa"  # one of the codes that stay private for ever
OWN = f"languages/{CODE}.yaml"
LINES, PROSE, NAMES = (f"languages/{CODE}/{name}.yaml" for name in ("lines", "prose", "names"))
"""The files of its folder: what is said in exercises, what is said elsewhere, and names."""
TURNED = str.maketrans("aeiouAEIOU", "eiouaEIOUA")
PLACEHOLDER = re.compile(r"(\{[^{}]*\})")


def turned(line: str) -> str:
    parts = PLACEHOLDER.split(line)
    return "".join(part if part.startswith("{") else part.translate(TURNED) for part in parts)


def in_english(folder: Path) -> Path:
    """The content copied there with no language but English: what a test changes has no translation to follow."""

    def others(path: str, names: list[str]) -> list[str]:
        return [name for name in names if not name.startswith("en.")] if Path(path).name == "languages" else []

    return Path(shutil.copytree(FOLDER, folder, ignore=others))


def copied(folder: Path, *, reviewed: bool = False) -> Path:
    """The content in English copied there, with this language beside it."""
    in_english(folder)
    english = read(folder / "languages" / "en.yaml")
    spoken = {
        **english,
        "id": CODE,
        "name": "Qaa",
        "translation": "reviewed" if reviewed else "machine",
        "phrases": {name: turned(line) for name, line in english["phrases"].items()},
        "negations": [turned(word) for word in english["negations"]],
    }
    (folder / "languages" / CODE).mkdir()
    write(folder / OWN, spoken)
    for file, sections in translated(folder).items():
        write(folder / file, sections)
    return folder


def translated(folder: Path) -> dict[str, dict[str, Any]]:
    """The files of its folder. What exercises say stands in one, whatever else is said in another."""
    files = {path.relative_to(folder): read(path) for path in sorted(folder.rglob("*.yaml"))}
    lines: dict[bool, dict[str, str]] = {True: {}, False: {}}
    aliases = {}
    for file, data in files.items():
        for said in english_in(data):
            if isinstance(said, str):
                lines[file.parts[0] == "exercises"][said] = turned(said)
            else:
                aliases[file.stem] = [turned(name) for name in said]
    for line in lines[True]:
        lines[False].pop(line, None)
    problems = {code: turned(title) for code, title in english_titles().items()}
    names = {"aliases": aliases, "problems": problems}
    return {LINES: {"lines": lines[True]}, PROSE: {"lines": lines[False]}, NAMES: names}


def english_in(data: Any) -> Iterator[Any]:
    """Whatever stands under `en`: lines, and lists of names."""
    match data:
        case {"en": said}:
            yield said
        case dict():
            for child in data.values():
                yield from english_in(child)
        case list():
            for child in data:
                yield from english_in(child)


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def write(path: Path, data: Any) -> None:
    text = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")


def put(folder: Path, file: str, place: tuple[str | int, ...], value: Any) -> None:
    """Changes one thing of a file; None takes it out."""
    data = read(folder / file)
    *way, last = place
    inner = data
    for part in way:
        inner = inner[part]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    write(folder / file, data)
