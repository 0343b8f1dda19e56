"""Content from its folder: every file read, validated with the models that serve it, and linted with the others."""

import gc
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel

from api.catalogue import lint, order, planner_lint, screening_lint
from api.catalogue.documents import Document, Unreadable, read, validated
from api.catalogue.findings import ContentBroken, Fault, Finding
from api.catalogue.shelf import Content
from api.catalogue.translation import phrase_faults, translation_faults
from api.domain.caution import RedFlagCard
from api.domain.exercise import Exercise
from api.domain.planner import Planner
from api.domain.questionnaire import Questionnaire
from api.domain.routine import Routine
from api.domain.source import Sources
from api.domain.speech import Language
from api.domain.value import FALLBACK
from api.domain.vocabulary import Facts, Vocabulary

__all__ = ["Content", "ContentBroken", "Finding", "check", "load_content"]

SINGLE: dict[str, type[BaseModel]] = {
    "vocabulary.yaml": Vocabulary,
    "sources.yaml": Sources,
    "facts.yaml": Facts,
    "red-flags.yaml": RedFlagCard,
    "screening.yaml": Questionnaire,
    "planner.yaml": Planner,
}
FOLDERS: dict[str, type[BaseModel]] = {"exercises": Exercise, "routines": Routine, "languages": Language}
SUFFIXES = {".yaml", ".yml"}

Model = TypeVar("Model", bound=BaseModel)


@contextmanager
def uncollected() -> Iterator[None]:
    """What is read here stays: looking for garbage in it, now and afterwards, would double the time and find none."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@uncollected()
def load_content(directory: Path) -> Content:
    """The whole content, or ContentBroken with everything that is wrong with it."""
    reading = Reading(directory)
    reading.read_all()
    if reading.findings:
        raise ContentBroken(reading.findings)
    content = reading.content()
    findings = [*reading.linted(content)]
    if findings:
        raise ContentBroken(findings)
    return content


def check(directory: Path) -> list[Finding]:
    """What is wrong with the content; nothing when it can be served."""
    try:
        load_content(directory)
    except ContentBroken as broken:
        return list(broken.findings)
    return []


class Reading:
    """One pass over the folder, collecting values and findings."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.findings: list[Finding] = []
        self.documents: dict[str, Document] = {}
        self.values: dict[str, BaseModel] = {}

    def read_all(self) -> None:
        if not self.directory.is_dir():
            cure = "Set UNKNOT_CONTENT_DIR to the folder that holds vocabulary.yaml."
            self.findings.append(Finding(".", 1, "", "there is no content folder", cure))
            return
        for name, model in SINGLE.items():
            self.read_one(self.directory / name, model)
        for folder, model in FOLDERS.items():
            self.read_folder(folder, model)

    def read_folder(self, folder: str, model: type[BaseModel]) -> None:
        paths = sorted(self.listed(folder))
        if not paths:
            self.findings.append(Finding(folder, 1, "", "there is no file in this folder", "Add one."))
        for path in paths:
            self.read_one(path, model)
            self.check_name(path)

    def listed(self, folder: str) -> list[Path]:
        try:
            return [path for path in (self.directory / folder).iterdir() if path.suffix in SUFFIXES]
        except OSError:
            return []

    def read_one(self, path: Path, model: type[BaseModel]) -> None:
        file = path.relative_to(self.directory).as_posix()
        try:
            document = read(self.directory, path)
        except Unreadable as error:
            self.findings.append(Finding(file, error.line, "", error.problem, error.cure))
            return
        value = validated(model, document)
        self.documents[file] = document
        if isinstance(value, list):
            self.findings.extend(value)
        else:
            self.values[file] = value

    def check_name(self, path: Path) -> None:
        file = path.relative_to(self.directory).as_posix()
        name = getattr(self.values.get(file), "id", path.stem)
        if name != path.stem or path.suffix != ".yaml":
            fault = Fault(("id",), f"the file is not called {name}.yaml", "Rename the file; an id is never changed.")
            self.findings.append(
                self.documents[file].finding(fault)
                if file in self.documents
                else Finding(file, 1, "id", fault.problem, fault.cure)
            )

    def content(self) -> Content:
        """Only after everything was read without a finding."""
        provenance = self.single("sources.yaml", Sources)
        return Content(
            exercises=MappingProxyType({e.id: e for e in self.folder("exercises", Exercise)}),
            routines=MappingProxyType({r.id: r for r in self.folder("routines", Routine)}),
            languages=MappingProxyType({s.id: s for s in self.folder("languages", Language)}),
            red_flags=self.single("red-flags.yaml", RedFlagCard),
            screening=self.single("screening.yaml", Questionnaire),
            planner=self.single("planner.yaml", Planner),
            vocabulary=self.single("vocabulary.yaml", Vocabulary),
            sources=MappingProxyType({source.id: source for source in provenance.sources}),
            licence=provenance.licence,
            review=provenance.review,
            facts=self.single("facts.yaml", Facts),
            version=version_of(self.values),
        )

    def single(self, file: str, model: type[Model]) -> Model:
        value = self.values[file]
        assert isinstance(value, model)  # noqa: S101 - it was validated with this model
        return value

    def folder(self, folder: str, model: type[Model]) -> Iterator[Model]:
        return (value for file, value in self.values.items() if file.startswith(folder) and isinstance(value, model))

    def linted(self, content: Content) -> Iterator[Finding]:
        for file, value in self.values.items():
            document = self.documents[file]
            if isinstance(value, Exercise):
                yield from map(document.finding, lint.exercise_faults(value, content))
                yield from map(document.finding, screening_lint.unasked_faults(value, content))
            elif isinstance(value, Routine):
                yield from map(document.finding, lint.routine_faults(value, content))
            elif isinstance(value, Language):
                yield from map(document.finding, phrase_faults(value, content))
            yield from map(document.finding, translation_faults(value, content))
        yield from map(self.documents["facts.yaml"].finding, lint.frame_faults(content))
        yield from map(self.documents["red-flags.yaml"].finding, lint.red_flag_faults(content))
        yield from map(self.documents["sources.yaml"].finding, lint.review_faults(content))
        yield from map(self.documents["screening.yaml"].finding, screening_lint.screening_faults(content))
        yield from map(self.documents["planner.yaml"].finding, planner_lint.planner_faults(content))
        yield from map(self.documents["vocabulary.yaml"].finding, lint.vocabulary_faults(content))
        yield from map(self.documents["sources.yaml"].finding, lint.source_faults(self.single("sources.yaml", Sources)))
        yield from (Finding("routines", 1, "", fault.problem, fault.cure) for fault in order.first_faults(content))
        if FALLBACK not in content.languages:
            cure = "Add languages/en.yaml; every text falls back to it."
            yield Finding("languages", 1, "", "there is no English", cure)


def version_of(values: dict[str, BaseModel]) -> str:
    """Twelve hexadecimal digits over all values in canonical form; comments and layout do not count."""
    members = {file: value.model_dump(mode="json", exclude_none=True) for file, value in sorted(values.items())}
    canonical = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
