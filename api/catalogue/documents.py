"""YAML files read as plain data, with the line of every field kept and YAML's surprises refused."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, to_json

from api.catalogue.findings import Fault, Finding

Model = TypeVar("Model", bound=BaseModel)

DECIMAL = re.compile(r"0|-?[1-9][0-9]*")  # YAML also takes 12:30 for 750, 010 for 8 and 1_0 for 10
PROSE = re.compile(r"[\s.]")
TEXT = "tag:yaml.org,2002:str"
SIZE_LIMIT = 256 * 1024
DEPTH_LIMIT = 20
FieldPath = tuple[str | int, ...]


class PlainLoader(yaml.CSafeLoader):
    """The safe loader without dates: a day is written as text, and no text turns into a day."""

    yaml_implicit_resolvers = {  # noqa: RUF012  the base class declares it like this
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


class Unreadable(Exception):
    """A file that is no document; carries the line, the problem, the cure, and the field where that is known."""

    def __init__(self, line: int, problem: str, cure: str, path: FieldPath = ()) -> None:
        super().__init__(problem)
        self.line, self.problem, self.cure, self.path = line, problem, cure, path


@dataclass
class Document:
    """The data of one file, and the line of each path into it."""

    file: str
    text: str
    data: object

    @cached_property
    def lines(self) -> dict[FieldPath, int]:
        """Looked for when there is a finding: most files have none, and keeping lines takes a third of the reading."""
        return dict(places(PlainLoader(self.text)))

    def finding(self, fault: Fault) -> Finding:
        """The fault at the line of its field, or of the nearest thing around it."""
        path = self.known(fault.path)
        return Finding(self.file, self.lines.get(path, 1), dotted(fault.path), fault.problem, fault.cure)

    def known(self, location: Iterable[str | int]) -> FieldPath:
        """The longest path that the file has, skipping what pydantic adds to a location (names of union members)."""
        path: FieldPath = ()
        for part in location:
            if (*path, part) in self.lines:
                path = (*path, part)
        return path


def dotted(path: Iterable[str | int]) -> str:
    """A path as an author writes it: `steps[2].text.en`, or `lines."Let go."` where a whole line is the name."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{quoted(part)}" for part in path).removeprefix(".")


def quoted(name: str) -> str:
    return f'"{name}"' if PROSE.search(name) else name


def read(directory: Path, path: Path) -> Document:
    """Raises Unreadable for whatever is no plain YAML document in UTF-8."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable(
            1, f"the file cannot be read ({error.strerror})", "Check that it exists and its rights."
        ) from error
    if len(raw) > SIZE_LIMIT:
        raise Unreadable(1, f"the file is larger than {SIZE_LIMIT // 1024} KiB", "Split it.")
    text = text_of(raw)
    return Document(path.relative_to(directory).as_posix(), text, parsed(text))


def text_of(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable(line, "the file is not UTF-8", "Save it as UTF-8.") from error


def parsed(text: str) -> object:
    try:
        loader = PlainLoader(text)
        try:
            return Reader(loader).document()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(mark.line + 1 if mark else 1, f"this is no YAML: {error.problem}", "Mend the line.") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Unreadable(1, "this is no YAML that can be read", "Look for stray characters or deep nesting.") from error


class Reader:
    """Turns a file into data, event by event; refuses doubled keys, keys that are no text, aliases and deep nesting.

    A tree of nodes in between would double the time, which is most of the time that content takes to load.
    """

    def __init__(self, loader: PlainLoader) -> None:
        self.loader = loader

    def document(self) -> object:
        """The only document of the file."""
        self.loader.get_event()
        if self.loader.check_event(yaml.StreamEndEvent):
            raise Unreadable(1, "the file is empty", "Fill it, or delete it.")
        self.loader.get_event()
        data = self.value(self.loader.get_event(), 0)
        self.loader.get_event()
        after: Any = self.loader.get_event()
        if not isinstance(after, yaml.StreamEndEvent):
            line = after.start_mark.line + 1
            raise Unreadable(line, "a second document begins", "Keep one, or make it a file of its own.")
        return data

    def value(self, event: Any, depth: int) -> object:
        if depth > DEPTH_LIMIT:
            raise Unreadable(line_of(event), "this is nested too deeply", "Flatten it.")
        match event:
            case yaml.ScalarEvent():
                return self.scalar(event)
            case yaml.MappingStartEvent():
                return self.mapping(depth)
            case yaml.SequenceStartEvent():
                children = enumerate(until(yaml.SequenceEndEvent, self.loader))
                return [self.member(place, child, depth) for place, child in children]
            case _:
                raise Unreadable(line_of(event), "an alias (`*name`) repeats another part", "Write the part out.")

    def member(self, key: str | int, event: Any, depth: int) -> object:
        """What stands under that name or place; whatever is wrong within it, its path begins there."""
        try:
            return self.value(event, depth + 1)
        except Unreadable as error:
            error.path = (key, *error.path)
            raise

    def scalar(self, event: Any) -> object:
        tag = self.tag(event)
        if tag == TEXT:
            return event.value
        if tag == "tag:yaml.org,2002:int" and not DECIMAL.fullmatch(event.value):
            problem = f"`{event.value}` reads as another number"
            raise Unreadable(line_of(event), problem, "Write it in digits, or as quoted text.")
        return self.loader.construct_object(yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark))

    def tag(self, event: Any) -> str:
        """What the scalar is said to be, or what it looks like."""
        stated: str | None = event.tag
        if stated not in {None, "!"}:
            return stated
        if not event.implicit[0] or event.value[:1] not in self.loader.yaml_implicit_resolvers:
            return TEXT
        return str(self.loader.resolve(yaml.ScalarNode, event.value, event.implicit))  # type: ignore[no-untyped-call]

    def mapping(self, depth: int) -> dict[str, object]:
        members: dict[str, object] = {}
        for event in until(yaml.MappingEndEvent, self.loader):
            if not isinstance(event, yaml.ScalarEvent) or self.tag(event) != TEXT:
                shown = getattr(event, "value", "…")
                raise Unreadable(line_of(event), f"the key `{shown}` is no plain text", "Put it in quotes.")
            if (key := event.value) in members:
                raise Unreadable(line_of(event), f"the key `{key}` is given twice", "Keep one of them.", (key,))
            members[key] = self.member(key, self.loader.get_event(), depth)
        return members


def until(end: type[yaml.Event], loader: PlainLoader) -> Iterator[Any]:
    """The events up to that end, less those which are taken meanwhile."""
    while type(event := loader.get_event()) is not end:
        yield event


def line_of(event: Any) -> int:
    return int(event.start_mark.line) + 1


def places(loader: PlainLoader) -> Iterator[tuple[FieldPath, int]]:
    """Every path into a document that can be read, with its line; that of a member is the line of its key."""
    _, _, root = loader.get_event(), loader.get_event(), loader.get_event()
    yield (), line_of(root)
    yield from inner_places(loader, root, ())


def inner_places(loader: PlainLoader, event: object, path: FieldPath) -> Iterator[tuple[FieldPath, int]]:
    match event:
        case yaml.MappingStartEvent():
            for key in until(yaml.MappingEndEvent, loader):
                yield (*path, key.value), line_of(key)
                yield from inner_places(loader, loader.get_event(), (*path, key.value))
        case yaml.SequenceStartEvent():
            for place, child in enumerate(until(yaml.SequenceEndEvent, loader)):
                yield (*path, place), line_of(child)
                yield from inner_places(loader, child, (*path, place))


CURES = {
    "missing": "Add it.",
    "union_tag_not_found": "Add it.",
    "extra_forbidden": "Check its spelling, or leave it out.",
    "string_type": "Write text; put a word like no, yes, on or 12:30 in quotes.",
    "int_type": "Write a whole number, without quotes.",
    "bool_type": "Write true or false, without quotes.",
    "string_pattern_mismatch": "Write it in the form of its neighbours.",
    "enum": "Use one of these values.",
    "literal_error": "Use one of these values.",
}
ANY_CURE = "The JSON Schema of this file, in content/schema, says what is expected."


def validated(model: type[Model], document: Document) -> Model | list[Finding]:
    """The document as its model, or everything that keeps it from being one."""
    try:
        return model.model_validate_json(to_json(document.data))
    except ValidationError as error:
        return [
            document.finding(fault_in(document, row)) for row in error.errors(include_url=False, include_input=False)
        ]


def fault_in(document: Document, row: ErrorDetails) -> Fault:
    """An error of pydantic as ours, at the field as the file has it: without the models that were tried for it."""
    context = row.get("ctx", {})
    lacking = (row["loc"][-1],) if row["type"] == "missing" else ()
    lacking = (context["discriminator"].strip("'"),) if row["type"] == "union_tag_not_found" else lacking
    cure = context.get("cure") or CURES.get(row["type"], ANY_CURE)
    return Fault((*document.known(row["loc"]), *lacking), str(row["msg"]).rstrip("."), cure)
