"""The content with more exercises than anybody has written: valid, and made of those that there are."""

import random
import shutil
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import yaml

from tests.bench.search import SYLLABLES

CONTENT = Path(__file__).parents[2] / "content"
ENGLISH = "en.yaml"


def grown(folder: Path, exercises: int) -> Path:
    """The content in English copied there, with clones under new ids and names until there are so many exercises."""
    shutil.copytree(CONTENT, folder, ignore=other_languages)
    written = [read(path) for path in sorted((folder / "exercises").iterdir())]
    dice = random.Random(1)  # noqa: S311 - no secret hangs on it
    # The article's own carry its facts, each of which stands in one place only.
    kinds = cycle(exercise for exercise in written if exercise["origin"] != "seed")
    for number, kind in enumerate(islice(kinds, exercises - len(written))):
        clone = kind | {"id": f"synthetic-{number}", "name": {"en": f"{invented(dice)} {kind['name']['en']}"}}
        text = yaml.dump(clone, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        (folder / "exercises" / f"{clone['id']}.yaml").write_text(text, encoding="utf-8")
    return folder


def other_languages(folder: str, names: list[str]) -> list[str]:
    """No other language could be spoken without the clones' names in it."""
    return [name for name in names if name != ENGLISH] if Path(folder).name == "languages" else []


def invented(dice: random.Random) -> str:
    return "".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))).capitalize()


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
