"""The folders of the languages beside English: read as one each, and put beside the English before it is validated."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from api.catalogue.documents import Document, FieldPath
from api.catalogue.findings import Fault, Finding
from api.catalogue.shelf import Content
from api.catalogue.translation import alias_faults, said_faults, title_faults
from api.domain.speech import Language
from api.domain.translation import Translation
from api.domain.value import FALLBACK


class Folder:
    """What the files of one language's folder say together, and which of them says it."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.lines: dict[str, str] = {}
        self.aliases: dict[str, tuple[str, ...]] = {}
        self.problems: dict[str, str] = {}
        self.where: dict[FieldPath, Document] = {}

    def take(self, document: Document, translation: Translation) -> Iterator[Finding]:
        """Adds what the file says; what another one says already is a finding."""
        for section in Translation.model_fields:
            said = getattr(self, section)
            for key, told in getattr(translation, section).items():
                if first := self.where.get((section, key)):
                    fault = Fault((section, key), f"{first.file} says it too", "Keep one of them.")
                    yield document.finding(fault)
                else:
                    said[key], self.where[section, key] = told, document

    def finding(self, fault: Fault) -> Finding:
        """In the file that says it."""
        return self.where[fault.path[:2]].finding(fault)


class Languages:
    """Every folder, and the English that they have to be held against."""

    def __init__(self) -> None:
        self.folders: dict[str, Folder] = {}
        self._places: dict[str, tuple[Document, FieldPath]] = {}
        self._lines: dict[tuple[str, FieldPath], str] = {}
        self._aliases: dict[str, Document] = {}

    def put_beside(self, document: Document) -> Iterator[Finding]:
        """Completes each `{en: …}` of the document in place; what stands beside the English already is a finding."""
        for path, text in english_in(document.data):
            for code in sorted(text.keys() - {FALLBACK}):
                cure = f"Write it in a file of languages/{code}/."
                yield document.finding(Fault((*path, code), "only English stands here", cure))
            match text[FALLBACK]:
                case str(line):
                    self._places.setdefault(line, (document, path))
                    self._lines[document.file, path] = line
                    text.update((own.code, own.lines[line]) for own in self.folders.values() if line in own.lines)
                case list(names):
                    name = PurePath(document.file).stem
                    self._aliases |= {name: document} if names else {}
                    text.update((own.code, own.aliases[name]) for own in self.folders.values() if name in own.aliases)

    def finding(self, document: Document, fault: Fault) -> Finding:
        """In the document, or in the file of a language where that is what says the line."""
        *way, last = fault.path or ("",)
        folder, line = self.folders.get(str(last)), self._lines.get((document.file, tuple(way)))
        if folder is None or line is None:
            return document.finding(fault)
        return folder.finding(Fault(("lines", line), fault.problem, fault.cure))

    def findings(self, content: Content, titles: Mapping[str, str] | None) -> Iterator[Finding]:
        """What a language says otherwise than the English, or for nothing; and what one lacks that was reviewed."""
        for source, language, folder in self._beside_english(content):
            yield from map(folder.finding, said_faults(folder.lines, self._places, source, language))
            yield from map(folder.finding, alias_faults(folder.aliases, content))
            if titles is not None:
                yield from map(folder.finding, title_faults(folder.problems, titles, source, language))
            if language.reviewed:
                yield from self._missing(folder, titles or {})

    def gaps(self, content: Content, titles: Mapping[str, str]) -> Iterator[Finding]:
        """What is still said in English in a language that nobody has reviewed."""
        for _, language, folder in self._beside_english(content):
            if not language.reviewed:
                yield from self._missing(folder, titles)

    def _beside_english(self, content: Content) -> Iterator[tuple[Language, Language, Folder]]:
        source = content.languages.get(FALLBACK)
        for code, language in content.languages.items():
            if source and language is not source:
                yield source, language, self.folders.get(code) or Folder(code)

    def _missing(self, folder: Folder, titles: Mapping[str, str]) -> Iterator[Finding]:
        for line, (document, path) in self._places.items():
            if line not in folder.lines:
                cure = f'Add "{line}" under `lines` {to_file_of(folder)}'
                yield document.finding(Fault(path, f"there is no `{folder.code}` for it", cure))
        for name, document in self._aliases.items():
            if name not in folder.aliases:
                cure = f"Add `{name}` under `aliases` {to_file_of(folder)}"
                problem = f"there are no other names in `{folder.code}`"
                yield document.finding(Fault(("aliases", "names"), problem, cure))
        for code in sorted(titles.keys() - folder.problems):
            problem = f"there is no title for `{code}`"
            cure = f'Add "{titles[code]}" under `problems` {to_file_of(folder)}'
            yield Finding(f"languages/{folder.code}", 1, f"problems.{code}", problem, cure)


def to_file_of(folder: Folder) -> str:
    return f"to a file of languages/{folder.code}/."


def english_in(data: object) -> Iterator[tuple[FieldPath, dict[str, Any]]]:
    """Whatever says something under `en`, with the path to it."""
    waiting: list[tuple[FieldPath, object]] = [((), data)]
    while waiting:
        path, part = waiting.pop()
        if isinstance(part, dict) and isinstance(part.get(FALLBACK), str | list):
            yield path, part
        elif isinstance(part, dict | list):
            children = part.items() if isinstance(part, dict) else enumerate(part)
            inner = [((*path, key), child) for key, child in children if isinstance(child, dict | list)]
            waiting.extend(reversed(inner))
