"""A text of its own for every place of the document that takes one, put in by the requests that take them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from re import search
from typing import Any
from uuid import uuid4

from uuid_utils.compat import uuid7

from api.web.openapi import Document
from tests.contract.probing import Operation, resolved


def now() -> str:
    return datetime.now(UTC).isoformat()


Path = tuple[str | int, ...]
FORMS = ("{0}", "x-{0}", "{0}@unknot.test", "xx-{1}")
"""What a marker may have to look like: any text or a slug, an e-mail address, the tag of a language."""
OF_THE_FORM: dict[str, Callable[[], str]] = {"date-time": now, "uuid": lambda: str(uuid7())}


@dataclass(frozen=True, slots=True)
class Place:
    """A member of a body that takes a text, and a text that nobody else would write there."""

    operation: Operation
    path: Path
    marker: str

    def __str__(self) -> str:
        return f"{self.operation} {'/'.join(map(str, self.path))}"

    @property
    def body(self) -> Any:
        """An example of the operation with the marker in its place."""
        assert self.operation.body
        examples = self.operation.body["examples"]
        example = next((each for each in examples if self.path[0] in each), examples[0])
        document, schema = self.operation.document, self.operation.body
        return dated(document, schema, put(document, schema, example, self.path, self.marker), now())


def places_in(operation: Operation) -> Iterator[Place]:
    for path, schema in texts(operation.document, operation.body or {}):
        if marker := marker_for(schema):
            yield Place(operation, path, marker)


def texts(document: Document, schema: Document) -> Iterator[tuple[Path, Document]]:
    """Every member at any depth that takes a text which the schema does not list."""
    for path, found in strings(document, schema):
        if not {"enum", "const", "format"} & found.keys():
            yield path, found


def strings(document: Document, schema: Document, path: Path = ()) -> Iterator[tuple[Path, Document]]:
    schema = resolved(document, schema)
    if schema.get("type") == "string":
        yield path, schema
    for name, member in schema.get("properties", {}).items():
        yield from strings(document, member, (*path, name))
    if schema.get("type") == "array":
        yield from strings(document, schema["items"], (*path, 0))


def marker_for(schema: Document) -> str | None:
    """None where only what the server gave out itself has the form."""
    unique = uuid4().hex
    markers = (form.format(f"mark{unique}", unique[:8]) for form in FORMS)
    fitting = (each for each in markers if search(schema.get("pattern", ""), each))
    return next((each for each in fitting if len(each) <= schema.get("maxLength", len(each))), None)


def put(document: Document, schema: Document, value: Any, path: Path, marker: str) -> Any:
    """The value with the marker at the path, which is made as far as it is missing."""
    if not path:
        return marker
    schema, (head, *rest) = resolved(document, schema), path
    if isinstance(head, int):
        first, *others = value or [sample(document, schema["items"])]
        return [put(document, schema["items"], first, tuple(rest), marker), *others]
    member = schema["properties"][head]
    inner = value[head] if head in value else sample(document, member)
    return {**value, head: put(document, member, inner, tuple(rest), marker)}


def dated(document: Document, schema: Document, value: Any, at: str) -> Any:
    """The value with an instant wherever one may be given: what was lived offline is refused without."""
    schema = resolved(document, schema)
    if isinstance(value, list):
        return [dated(document, schema["items"], inner, at) for inner in value]
    if not isinstance(value, dict) or "properties" not in schema:
        return value
    members = {name: resolved(document, member) for name, member in schema["properties"].items()}
    instants = [name for name, member in members.items() if member.get("format") == "date-time"]
    return {
        **dict.fromkeys(instants, at),
        **{name: dated(document, members[name], inner, at) for name, inner in value.items()},
    }


def sample(document: Document, schema: Document) -> Any:
    """The least that the schema takes."""
    schema = resolved(document, schema)
    if "examples" in schema:
        return schema["examples"][0]
    match schema:
        case {"enum": [first, *_]} | {"const": first}:
            return first
        case {"format": form}:
            return OF_THE_FORM[form]()
        case {"type": "object"}:
            members = schema.get("properties", {})
            return {name: sample(document, members[name]) for name in schema.get("required", ())}
    return {"array": [], "integer": int(schema.get("minimum", 0)), "string": "x"}[schema["type"]]
