"""The files of a content folder as they are written and as what they say, each part with its place in the text."""

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import yaml
from pydantic import BaseModel

from api.catalogue.content import FOLDERS, SINGLE
from api.catalogue.walking import walk
from api.domain.exercise import Exercise
from api.domain.speech import Language
from api.domain.translation import Translation
from api.domain.value import Text

Path_ = tuple[str | int, ...]


class Page:
    """One file. Its nodes are placed by YAML itself, not by what the check makes of them."""

    def __init__(self, folder: Path, file: str) -> None:
        self.file = file
        self.text = (folder / file).read_text(encoding="utf-8")
        self.nodes: dict[Path_, yaml.Node] = {}
        self.keys: dict[Path_, yaml.Node] = {}
        self.following: dict[Path_, yaml.Node] = {}
        self._line_starts = [0, *(place for place, char in enumerate(self.text, start=1) if char == "\n")]
        root = yaml.compose(self.text, yaml.CSafeLoader)
        assert root
        self._place(root, ())

    def _place(self, node: yaml.Node, path: Path_) -> None:
        self.nodes[path] = node
        if isinstance(node, yaml.SequenceNode):
            for place, child in enumerate(node.value):
                self._place(child, (*path, place))
        if isinstance(node, yaml.MappingNode):
            for key, child in node.value:
                self.keys[*path, key.value] = key
                self._place(child, (*path, key.value))
            for (key, _), (after, _) in zip(node.value, node.value[1:], strict=False):
                self.following[*path, key.value] = after

    @cached_property
    def model(self) -> type[BaseModel]:
        folder, *rest = self.file.split("/")
        return (Language, Translation)[len(rest) - 1] if folder == "languages" else {**SINGLE, **FOLDERS}[folder]

    @cached_property
    def value(self) -> BaseModel:
        return self.model.model_validate_json(json.dumps(yaml.load(self.text, yaml.CSafeLoader)))

    def line(self, path: Path_) -> int:
        """Of the key that leads there, or of the item of a list."""
        return int(self.keys.get(path, self.nodes[path]).start_mark.line) + 1

    def start(self, node: yaml.Node) -> int:
        return self._line_starts[node.start_mark.line] + int(node.start_mark.column)

    def end(self, node: yaml.Node) -> int:
        return self._line_starts[node.end_mark.line] + int(node.end_mark.column)

    def parts(self) -> Iterator[tuple[Path_, BaseModel]]:
        """Whatever has members with names of its own."""
        for path, part in walk(self.value):
            if isinstance(part, BaseModel) and not isinstance(part, Text):
                yield path, part

    def scalars(self) -> Iterator[tuple[Path_, yaml.ScalarNode]]:
        yield from ((path, node) for path, node in self.nodes.items() if isinstance(node, yaml.ScalarNode))

    def lines(self) -> Iterator[tuple[Path_, str]]:
        """The English ones, or those of a translation."""
        for path, part in walk(self.value):
            if isinstance(part, Text):
                yield (*path, "en"), part.root["en"]
            elif path[:1] == ("lines",) and isinstance(part, str):
                yield path, part


class Book:
    """All of them, by file."""

    def __init__(self, folder: Path) -> None:
        files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml"))
        self.pages = {file: Page(folder, file) for file in files}

    @cached_property
    def exercises(self) -> dict[str, Exercise]:
        return {page.value.id: page.value for page in self.pages.values() if isinstance(page.value, Exercise)}

    @cached_property
    def english(self) -> dict[str, list[tuple[Page, Path_]]]:
        """Where each English line stands, by the line."""
        places: dict[str, list[tuple[Page, Path_]]] = defaultdict(list)
        for page in self.pages.values():
            for path, line in page.lines():
                if path[-1] == "en":
                    places[line].append((page, path[:-1]))
        return places

    @cached_property
    def translations(self) -> list[Page]:
        return [page for page in self.pages.values() if page.model is Translation]
