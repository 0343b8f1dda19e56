"""Content from its folder: every file read, validated with the models that serve it, and linted with the others."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel

from api.catalogue import lint, order, planner_lint, pose_lint, screening_lint
from api.catalogue.documents import Document, Unreadable, dotted, read, validated
from api.catalogue.findings import ContentBroken, Fault, Finding
from api.catalogue.languages import Folder, Languages
from api.catalogue.shelf import Content
from api.catalogue.translation import phrase_faults
from api.catalogue.walking import walk
from api.domain.caution import RedFlagCard
from api.domain.exercise import Exercise
from api.domain.planner import Planner
from api.domain.questionnaire import Questionnaire
from api.domain.routine import Routine
from api.domain.source import Sources
from api.domain.speech import Language
from api.domain.translation import Translation
from api.domain.value import FALLBACK
from api.domain.vocabulary import Facts, Vocabulary
from api.drawing.pose import Pose
from api.garbage import uncollected

__all__ = ["Content", "ContentBroken", "Finding", "check", "load_content"]

SINGLE: dict[str, type[BaseModel]] = {
    "vocabulary.yaml": Vocabulary,
    "sources.yaml": Sources,
    "facts.yaml": Facts,
    "red-flags.yaml": RedFlagCard,
    "screening.yaml": Questionnaire,
    "planner.yaml": Planner,
}
FOLDERS: dict[str, type[BaseModel]] = {"exercises": Exercise, "routines": Routine, "poses": Pose}
SUFFIXES = {".yaml", ".yml"}

Model = TypeVar("Model", bound=BaseModel)


@uncollected()
def load_content(directory: Path, titles: Mapping[str, str] | None = None) -> Content:
    """The whole content, or ContentBroken with everything that is wrong with it.

    `titles` are the English titles of problems by code, which every other language is held to. Whoever serves none
    of them may leave them out.
    """
    reading = Reading(directory, titles)
    return reading.whole()


def check(directory: Path, titles: Mapping[str, str] | None = None) -> list[Finding]:
    """What is wrong with the content; nothing when it can be served. See `load_content`."""
    try:
        load_content(directory, titles)
    except ContentBroken as broken:
        return list(broken.findings)
    return []


def gaps(directory: Path, titles: Mapping[str, str]) -> list[Finding]:
    """What languages that nobody has reviewed still say in English. Raises ContentBroken."""
    reading = Reading(directory, titles)
    return sorted(reading.languages.gaps(reading.whole(), titles))


class Reading:
    """One pass over the folder, collecting values and findings."""

    def __init__(self, directory: Path, titles: Mapping[str, str] | None) -> None:
        self.directory = directory
        self.titles = titles
        self.findings: list[Finding] = []
        self.documents: dict[str, Document] = {}
        self.values: dict[str, BaseModel] = {}
        self.languages = Languages()

    def whole(self) -> Content:
        """Everything read and held against everything else. Raises ContentBroken."""
        self.read_all()
        if self.findings:
            raise ContentBroken(self.findings)
        content = self.content()
        if findings := [*self.linted(content)]:
            raise ContentBroken(findings)
        return content

    def read_all(self) -> None:
        if not self.directory.is_dir():
            cure = "Set UNKNOT_CONTENT_DIR to the folder that holds vocabulary.yaml."
            self.findings.append(Finding(".", 1, "", "there is no content folder", cure))
            return
        self.read_folder("languages", Language)
        self.read_translations()
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

    def read_translations(self) -> None:
        """Before whatever is translated, so that it is validated with its translations beside it."""
        known = {path.stem for path in self.listed("languages")} - {FALLBACK}
        for code in sorted(self.folders_of_languages()):
            if code not in known:
                cure = f"Add languages/{code}.yaml, or take the folder out; English stands in the other files."
                self.findings.append(
                    Finding(f"languages/{code}", 1, "", f"`{code}` is no language to translate to", cure)
                )
            folder = self.languages.folders[code] = Folder(code)
            for path in sorted(self.listed(f"languages/{code}")):
                self.read_translation(path, folder)
                self.check_name(path)

    def folders_of_languages(self) -> list[str]:
        try:
            return [path.name for path in (self.directory / "languages").iterdir() if path.is_dir()]
        except OSError:
            return []

    def listed(self, folder: str) -> list[Path]:
        try:
            return [path for path in (self.directory / folder).iterdir() if path.suffix in SUFFIXES]
        except OSError:
            return []

    def read_one(self, path: Path, model: type[BaseModel]) -> None:
        if document := self.document(path):
            self.findings.extend(self.languages.put_beside(document))
            if value := self.valued(document, model):
                self.values[document.file] = value

    def read_translation(self, path: Path, folder: Folder) -> None:
        document = self.document(path)
        if document and (translation := self.valued(document, Translation)):
            self.findings.extend(folder.take(document, translation))

    def document(self, path: Path) -> Document | None:
        """What can be read at all; otherwise a finding."""
        file = path.relative_to(self.directory).as_posix()
        try:
            self.documents[file] = read(self.directory, path)
        except Unreadable as error:
            self.findings.append(Finding(file, error.line, dotted(error.path), error.problem, error.cure))
        return self.documents.get(file)

    def valued(self, document: Document, model: type[Model]) -> Model | None:
        """What fits its model; otherwise findings."""
        value = validated(model, document)
        if isinstance(value, list):
            self.findings.extend(value)
            return None
        return value

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
        problems = {code: folder.problems for code, folder in self.languages.folders.items()}
        return Content(
            exercises=MappingProxyType({e.id: e for e in self.folder("exercises", Exercise)}),
            routines=MappingProxyType({r.id: r for r in self.folder("routines", Routine)}),
            poses=MappingProxyType({pose.id: pose for pose in self.folder("poses", Pose)}),
            languages=MappingProxyType({s.id: s for s in self.folder("languages", Language)}),
            problems=MappingProxyType(problems),
            red_flags=self.single("red-flags.yaml", RedFlagCard),
            screening=self.single("screening.yaml", Questionnaire),
            planner=self.single("planner.yaml", Planner),
            vocabulary=self.single("vocabulary.yaml", Vocabulary),
            sources=MappingProxyType({source.id: source for source in provenance.sources}),
            licence=provenance.licence,
            review=provenance.review,
            facts=self.single("facts.yaml", Facts),
            version=version_of(self.values, problems),
        )

    def single(self, file: str, model: type[Model]) -> Model:
        value = self.values[file]
        assert isinstance(value, model)  # noqa: S101 - it was validated with this model
        return value

    def folder(self, folder: str, model: type[Model]) -> Iterator[Model]:
        return (value for file, value in self.values.items() if file.startswith(folder) and isinstance(value, model))

    def linted(self, content: Content) -> Iterator[Finding]:
        for file, value in self.values.items():
            yield from self.found(file, faults_of(value, content))
        yield from self.found("facts.yaml", lint.frame_faults(content))
        yield from self.found("sources.yaml", lint.review_faults(content))
        yield from self.found("sources.yaml", lint.source_faults(self.single("sources.yaml", Sources)))
        yield from self.found("screening.yaml", screening_lint.screening_faults(content))
        yield from self.found("planner.yaml", planner_lint.planner_faults(content))
        yield from self.found("vocabulary.yaml", lint.vocabulary_faults(content))
        yield from (Finding("routines", 1, "", fault.problem, fault.cure) for fault in order.first_faults(content))
        yield from self.languages.findings(content, self.titles)
        if FALLBACK not in content.languages:
            cure = "Add languages/en.yaml; every text falls back to it."
            yield Finding("languages", 1, "", "there is no English", cure)

    def found(self, file: str, faults: Iterable[Fault]) -> Iterator[Finding]:
        """Each where its author finds it; that of a translated line is in the language's own file."""
        return (self.languages.finding(self.documents[file], fault) for fault in faults)


def faults_of(value: BaseModel, content: Content) -> Iterator[Fault]:
    """What is wrong with one file among the others."""
    parts = [*walk(value)]
    yield from lint.sentence_faults(parts)
    match value:
        case Exercise():
            yield from lint.exercise_faults(value, parts, content)
            yield from screening_lint.unasked_faults(value, content)
        case Routine():
            yield from lint.unfilled_faults(parts)
            yield from lint.routine_faults(value, parts, content)
        case Pose():
            yield from pose_lint.pose_faults(value, content)
        case _:
            yield from lint.unfilled_faults(parts)
            yield from lint.known_origin_faults(parts, content)
    if isinstance(value, Language):
        yield from phrase_faults(value, content)


def version_of(values: dict[str, BaseModel], problems: Mapping[str, object]) -> str:
    """Twelve hexadecimal digits over all values in canonical form; comments and layout do not count."""
    members: dict[str, object] = {
        file: value.model_dump(mode="json", exclude_none=True) for file, value in values.items()
    }
    members |= {"problems": problems} if problems else {}
    canonical = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
