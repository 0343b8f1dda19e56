"""Going through a value of the content, part by part, each with the path that leads to it."""

from collections.abc import Iterator

from pydantic import BaseModel, RootModel

from api.domain.value import FALLBACK, Text

Path = tuple[str | int, ...]
NAMES = ("id", "code", "tag", "muscle")
"""What a thing in a list is called by, where it is called something."""


def walk(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Every part of a value with the path to it, outside in."""
    yield path, value
    match value:
        case RootModel():
            return
        case BaseModel():
            for name in type(value).model_fields:
                yield from walk(getattr(value, name), (*path, name))
        case dict():
            for key, child in value.items():
                yield from walk(child, (*path, key))
        case tuple():
            for place, child in enumerate(value):
                yield from walk(child, (*path, place))


def english(value: object) -> Iterator[tuple[Path, str]]:
    """Every line in English, with its path."""
    for path, part in walk(value):
        if isinstance(part, Text):
            yield (*path, FALLBACK), part.root[FALLBACK]


def texts(value: object) -> Iterator[tuple[Path, str]]:
    """Every line of every language, with its path."""
    for path, part in walk(value):
        if isinstance(part, Text):
            for language, line in part.root.items():
                yield (*path, language), line


def named(value: object, path: Path) -> Iterator[str | int]:
    """The path with list places replaced by the name of what stands there."""
    for part in path:
        value = value[part] if isinstance(value, tuple | dict) else getattr(value, str(part))  # type: ignore[index]
        yield (
            next((str(getattr(value, name)) for name in NAMES if hasattr(value, name)), part)
            if isinstance(part, int)
            else part
        )
