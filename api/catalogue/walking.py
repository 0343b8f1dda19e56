"""Going through a value of the content, part by part, each with the path that leads to it."""

from collections.abc import Iterable, Iterator
from typing import Any

from api.domain.value import FALLBACK, Text

Path = tuple[str | int, ...]
Part = tuple[Path, object]
NAMES = ("id", "code", "tag", "muscle")
"""What a thing in a list is called by, where it is called something."""
LISTED, PIECES = (tuple, dict), (str, int)
FIELDS = "__pydantic_fields__"  # asked of the class: to ask a value whether it is a model takes ten times as long


def walk(value: object) -> Iterator[Part]:
    """The value and, outside in, every part that has parts in turn or is a text; each with the path to it."""
    waiting: list[Part] = [((), value)]
    while waiting:
        path, part = waiting.pop()
        yield path, part
        inner = [((*path, key), child) for key, child in members(part) if child and not isinstance(child, PIECES)]
        waiting.extend(reversed(inner))


def members(part: Any) -> Iterable[tuple[str | int, Any]]:
    """What it is made of, each under its name or place; nothing where it is one piece."""
    if isinstance(part, tuple):
        return enumerate(part)
    if isinstance(part, dict):
        return part.items()
    return [(name, getattr(part, name)) for name in fields_of(part)]


def fields_of(part: Any) -> Iterable[str]:
    return () if type(part) is Text else getattr(type(part), FIELDS, ())


def english(value: object) -> Iterator[tuple[Path, str]]:
    """Every line in English, with its path."""
    return english_of(walk(value))


def english_of(parts: Iterable[Part]) -> Iterator[tuple[Path, str]]:
    """The same, of parts that were gone through already."""
    for path, part in parts:
        if isinstance(part, Text):
            yield (*path, FALLBACK), part.root[FALLBACK]


def texts(value: object) -> Iterator[tuple[Path, str]]:
    """Every line of every language, with its path."""
    for path, part in walk(value):
        if isinstance(part, Text):
            for language, line in part.root.items():
                yield (*path, language), line


def has_field(value: object, field: str) -> bool:
    """Whether something stands under that dotted path, in which things of a list go by their names."""
    found: list[Any] = [value]
    for name in field.split("."):
        found = [child for part in found for child in called(name, part)]
    return any(child is not None for child in found)


def called(name: str, part: Any) -> list[Any]:
    """What goes by that name in it; in a list that may be several."""
    if isinstance(part, tuple):
        return [child for place, child in enumerate(part) if step(place, child) == name]
    if isinstance(part, dict):
        return [part[name]] if name in part else []
    return [getattr(part, name)] if name in fields_of(part) else []


def named(value: object, path: Path) -> Iterator[str]:
    """The path with list places replaced by the name of what stands there."""
    for part in path:
        value = value[part] if isinstance(value, LISTED) else getattr(value, str(part))  # type: ignore[index]
        yield step(part, value)


def step(key: str | int, child: Any) -> str:
    """What a path calls the child under that key."""
    if isinstance(key, int):
        return next((str(getattr(child, name)) for name in NAMES if name in fields_of(child)), str(key))
    return key
