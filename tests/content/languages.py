"""A language that nobody speaks, made of English by turning its vowels: the content in it is complete and correct."""

import re
import shutil
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "content"
CODE = "qaa"  # one of the codes that stay private for ever
TURNED = str.maketrans("aeiouAEIOU", "eiouaEIOUA")
PLACEHOLDER = re.compile(r"(\{[^{}]*\})")


def turned(line: str) -> str:
    parts = PLACEHOLDER.split(line)
    return "".join(part if part.startswith("{") else part.translate(TURNED) for part in parts)


def translated(data: Any) -> Any:
    """The data of a file with a line in the language beside each English one."""
    match data:
        case {"en": str(line)}:
            return {**data, CODE: turned(line)}
        case {"en": [*lines]}:
            return {**data, CODE: [turned(line) for line in lines]}
        case dict():
            return {name: translated(child) for name, child in data.items()}
        case list():
            return [translated(child) for child in data]
        case _:
            return data


def copied(folder: Path, *, reviewed: bool = False) -> Path:
    """The content folder copied there, with the language in every file and a file of its own."""
    shutil.copytree(FOLDER, folder)
    for path in folder.rglob("*.yaml"):
        write(path, translated(read(path)))
    english = read(folder / "languages" / "en.yaml")
    spoken = {
        **english,
        "id": CODE,
        "name": "Qaa",
        "reviewed": reviewed,
        "phrases": {name: turned(line) for name, line in english["phrases"].items()},
        "negations": [turned(word) for word in english["negations"]],
    }
    write(folder / "languages" / f"{CODE}.yaml", spoken)
    return folder


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
