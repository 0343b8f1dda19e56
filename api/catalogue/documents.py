"""YAML files read as plain data, with the line of every field kept and YAML's surprises refused."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, to_json

from api.catalogue.findings import Fault, Finding

Model = TypeVar("Model", bound=BaseModel)

DECIMAL = re.compile(r"0|-?[1-9][0-9]*")  # YAML also takes 12:30 for 750, 010 for 8 and 1_0 for 10
PROSE = re.compile(r"[\s.]")
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


@dataclass(slots=True)
class Document:
    """The data of one file, and the line of each path into it."""

    file: str
    data: object = None
    lines: dict[FieldPath, int] = field(default_factory=dict)

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
    document = Document(path.relative_to(directory).as_posix())
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable(
            1, f"the file cannot be read ({error.strerror})", "Check that it exists and its rights."
        ) from error
    if len(raw) > SIZE_LIMIT:
        raise Unreadable(1, f"the file is larger than {SIZE_LIMIT // 1024} KiB", "Split it.")
    document.data = parsed(text_of(raw), document.lines)
    return document


def text_of(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable(line, "the file is not UTF-8", "Save it as UTF-8.") from error


def parsed(text: str, lines: dict[FieldPath, int]) -> object:
    try:
        loader = PlainLoader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                raise Unreadable(1, "the file is empty", "Fill it, or delete it.")
            return Reader(loader, lines).value(node, ())
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(mark.line + 1 if mark else 1, f"this is no YAML: {error.problem}", "Mend the line.") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Unreadable(1, "this is no YAML that can be read", "Look for stray characters or deep nesting.") from error


class Reader:
    """Turns nodes into data; refuses doubled keys, keys that are no text, aliases and deep nesting."""

    def __init__(self, loader: PlainLoader, lines: dict[FieldPath, int]) -> None:
        self.loader, self.lines = loader, lines
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, path: FieldPath) -> object:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self.seen:
            raise Unreadable(line, "an alias (`*name`) repeats another part", "Write the part out.")
        self.seen.add(id(node))
        if len(path) > DEPTH_LIMIT:
            raise Unreadable(line, "this is nested too deeply", "Flatten it.")
        match node:
            case yaml.MappingNode():
                return self.mapping(node, path)
            case yaml.SequenceNode():
                return [self.value(child, (*path, place)) for place, child in enumerate(node.value)]
            case _:
                return self.scalar(node, line)

    def scalar(self, node: yaml.Node, line: int) -> object:
        if node.tag == "tag:yaml.org,2002:int" and not DECIMAL.fullmatch(node.value):
            raise Unreadable(line, f"`{node.value}` reads as another number", "Write it in digits, or as quoted text.")
        return self.loader.construct_object(node)

    def mapping(self, node: yaml.MappingNode, path: FieldPath) -> dict[str, object]:
        members: dict[str, object] = {}
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            key = self.loader.construct_object(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str) or key_node.tag == "tag:yaml.org,2002:merge":
                raise Unreadable(line, f"the key `{key_node.value}` is no plain text", "Put it in quotes.")
            if key in members:
                raise Unreadable(line, f"the key `{key}` is given twice", "Keep one of them.", (*path, key))
            self.lines[(*path, key)] = line
            members[key] = self.value(child, (*path, key))
        return members


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
