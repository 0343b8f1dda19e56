"""Kinds of damage to a file of the content: what is changed in its text, and where the finding has to be."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from api.catalogue.documents import dotted
from api.domain.dose import OURS, SEED, Range
from api.domain.exercise import Exercise
from tests.content.pages import Book, Page, Path_

NAMING = frozenset(
    {
        *("by", "source", "supports", "carried_by", "tag", "tags", "regions", "muscle", "position", "start"),
        *("required", "optional", "exercise", "exercises", "alternative", "easier", "harder", "red_flag"),
    }
)
"""Members, and lists, whose text is the name of something that stands elsewhere."""
TELLS_WHICH = "mode"
"""Without it nobody knows what the other members should be; that it is missing is all that can be said."""
WORDS = 21
STR, INT = "tag:yaml.org,2002:str", "tag:yaml.org,2002:int"


@dataclass(frozen=True)
class Splice:
    """A piece of a file's text and what takes its place."""

    file: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Damage:
    """What is done to the text, and the finding that has to come of it."""

    splice: Splice
    file: str
    line: int
    field: str


Kind = Callable[[Page, Book], Iterator[Damage]]


def instead(page: Page, path: Path_, node: yaml.Node, text: str, field: Path_ | None = None) -> Damage:
    """The text of a node replaced, to be found in the line of the path."""
    splice = Splice(page.file, page.start(node), page.end(node), text)
    return Damage(splice, page.file, page.line(path), dotted(path if field is None else field))


def out(page: Page, path: Path_) -> Splice:
    """A member taken out, up to the one that follows it."""
    return Splice(page.file, page.start(page.keys[path]), page.start(page.following[path]), "")


def a_required_member_is_missing(page: Page, _: Book) -> Iterator[Damage]:
    for path, part in page.parts():
        for name, field in type(part).model_fields.items():
            if field.is_required() and (*path, name) in page.following:
                yield Damage(out(page, (*path, name)), page.file, page.line(path), dotted((*path, name)))


def a_member_is_misspelt(page: Page, _: Book) -> Iterator[Damage]:
    for path, part in page.parts():
        for name in type(part).model_fields:
            if (key := page.keys.get((*path, name))) and name != TELLS_WHICH:
                yield instead(page, (*path, name), key, f"{name}x", (*path, f"{name}x"))


def a_number_is_text(page: Page, _: Book) -> Iterator[Damage]:
    yield from (instead(page, path, node, f'"{node.value}"') for path, node in page.scalars() if node.tag == INT)


def a_range_is_upside_down(page: Page, _: Book) -> Iterator[Damage]:
    for path, part in page.parts():
        if isinstance(part, Range):
            yield instead(page, path, page.nodes[*path, "low"], str(part.high + part.step))


def a_name_is_unknown(page: Page, _: Book) -> Iterator[Damage]:
    for path, node in page.scalars():
        names = [part for part in path if isinstance(part, str)]
        if names and names[-1] in NAMING and node.tag == STR and node.value not in {OURS, SEED}:
            yield instead(page, path, node, f"{node.value}x")


def a_member_is_there_twice(page: Page, _: Book) -> Iterator[Damage]:
    for path, key in page.keys.items():
        after = page.following.get(path)
        if after and after.start_mark.line <= key.start_mark.line + 1:
            start, end = page.start(key), page.start(after)
            below = after.start_mark.line - key.start_mark.line
            copy = Splice(page.file, start, start, page.text[start:end])
            yield Damage(copy, page.file, page.line(path) + below, dotted(path))


def an_alternative_is_ruled_out_too(page: Page, book: Book) -> Iterator[Damage]:
    if not isinstance(page.value, Exercise):
        return
    for place, against in enumerate(page.value.contraindications):
        path: Path_ = ("contraindications", place, "alternative")
        for other in book.exercises.values():
            if path in page.nodes and other.id != page.value.id and other.excluded_by(against.tag):
                yield instead(page, path, page.nodes[path], other.id)


def a_sentence_is_too_long(page: Page, _: Book) -> Iterator[Damage]:
    for path, line in page.lines():
        yield instead(page, path, page.nodes[path], json.dumps("very " * WORDS + line, ensure_ascii=False))


def a_translation_is_stale(page: Page, book: Book) -> Iterator[Damage]:
    """Found in each language that still says what the English said."""
    for path, line in page.lines():
        if path[-1] == "en" and len(book.english[line]) == 1:
            changed = instead(page, path, page.nodes[path], json.dumps(f"{line} So.", ensure_ascii=False)).splice
            for translation in book.translations:
                if (at := ("lines", line)) in translation.nodes:
                    yield Damage(changed, translation.file, translation.line(at), dotted(at))


def a_caution_hangs_on_no_step(page: Page, _: Book) -> Iterator[Damage]:
    for path, node in page.scalars():
        if path[0] == "cautions" and path[-1] == "step":
            yield instead(page, path, node, f"{node.value}-x")


def a_source_is_gone(page: Page, book: Book) -> Iterator[Damage]:
    """Found in the file that rests on it."""
    sources = book.pages["sources.yaml"]
    ids = {node.value: path[1] for path, node in sources.scalars() if path[0] == "sources" and path[-1] == "id"}
    for path, node in page.scalars():
        listed = "source" if ("evidence",) in page.nodes else "by"  # what else names it is held to what is listed
        if path[-1] in {listed, "source"} and node.value in ids:
            item, after = (sources.nodes.get(("sources", int(ids[node.value]) + more)) for more in (0, 1))
            if item and after:
                gone = Splice(sources.file, sources.start(item), sources.start(after), "")
                yield Damage(gone, page.file, page.line(path), dotted(path))


KINDS: tuple[Kind, ...] = (
    a_required_member_is_missing,
    a_member_is_misspelt,
    a_number_is_text,
    a_range_is_upside_down,
    a_name_is_unknown,
    a_member_is_there_twice,
    an_alternative_is_ruled_out_too,
    a_sentence_is_too_long,
    a_translation_is_stale,
    a_caution_hangs_on_no_step,
    a_source_is_gone,
)
