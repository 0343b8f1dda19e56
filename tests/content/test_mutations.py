"""Every kind of damage on ten files of the content: each refused by file, line, field and cure."""

import shutil
from collections import defaultdict
from itertools import chain, islice, zip_longest
from pathlib import Path

import pytest

from api.catalogue.content import check
from api.web.problems import english_titles
from tests.content.damage import KINDS, Damage, Kind, Splice
from tests.content.loaded import FOLDER
from tests.content.pages import Book

FILES = 10
STRIDE = 7


@pytest.fixture(scope="module")
def book() -> Book:
    return Book(FOLDER)


def chosen(kind: Kind, book: Book) -> list[Damage]:
    """One for each of ten files, taken in turn from every folder that has some; the same ones in every run."""
    by_folder: dict[str, list[Damage]] = defaultdict(list)
    for place, (file, page) in enumerate(book.pages.items()):
        if found := [*kind(page, book)]:
            by_folder[str(Path(file).parent)].append(found[place * STRIDE % len(found)])
    in_turn = chain.from_iterable(zip_longest(*by_folder.values()))
    return [*islice((damage for damage in in_turn if damage), FILES)]


def inflict(splices: set[Splice], folder: Path) -> None:
    """From the end of each file to its beginning, so that every place is still where it was."""
    for splice in sorted(splices, key=lambda splice: -splice.start):
        text = (folder / splice.file).read_text(encoding="utf-8")
        damaged = text[: splice.start] + splice.text + text[splice.end :]
        (folder / splice.file).write_text(damaged, encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_ten_damaged_files_are_refused_by_file_line_field_and_cure(kind: Kind, book: Book, tmp_path: Path) -> None:
    """All ten at once: each has to be told of by itself, and the folder is read once."""
    folder = Path(shutil.copytree(FOLDER, tmp_path / "content"))
    damages = chosen(kind, book)
    assert len(damages) == FILES
    inflict({damage.splice for damage in damages}, folder)
    told = {(finding.file, finding.line, finding.field): finding for finding in check(folder, english_titles())}
    unnoticed = [damage for damage in damages if (damage.file, damage.line, damage.field) not in told]
    assert unnoticed == []
    assert all(told[damage.file, damage.line, damage.field].cure for damage in damages)
