"""Rules for every language beside the English source: all of it is there, and says the same. Pure functions."""

import re
from collections.abc import Iterator
from functools import lru_cache

from api.catalogue.findings import Fault
from api.catalogue.shelf import Content
from api.catalogue.walking import Path, walk
from api.domain.exercise import Aliases
from api.domain.speech import Language
from api.domain.value import FALLBACK, Text

LONGER = 1.6
SHORT = 20  # a single word may well be twice as long in another language
PLACEHOLDER = re.compile(r"\{([a-z]+)(?::[a-z_]+)?\}")
NUMBER = re.compile(r"\d+")
ALL_OR_NONE = "Translate it; a language is there as a whole or not at all."


def translation_faults(value: object, content: Content) -> Iterator[Fault]:
    """What a value lacks in one of the languages, or says there otherwise than in English."""
    for path, part in walk(value):
        if isinstance(part, Text):
            yield from text_faults(path, part, content)
        elif isinstance(part, Aliases):
            yield from alias_faults((*path, "names"), part, content)


def text_faults(path: Path, text: Text, content: Content) -> Iterator[Fault]:
    yield from language_faults(path, set(text.root), content)
    source = content.languages.get(FALLBACK)
    for code, line in text.root.items():
        language = content.languages.get(code)
        if source and language and language is not source:
            yield from line_faults((*path, code), text.root[FALLBACK], line, source, language)


def alias_faults(path: Path, aliases: Aliases, content: Content) -> Iterator[Fault]:
    """Other names are each language's own affair; that they were thought of is not."""
    if any(aliases.names.values()):
        yield from language_faults(path, set(aliases.names), content)


def language_faults(path: Path, given: set[str], content: Content) -> Iterator[Fault]:
    for code in sorted(content.languages.keys() - given):
        yield Fault(path, f"there is no `{code}`", ALL_OR_NONE)
    for code in sorted(given - content.languages.keys()):
        cure = f"Add languages/{code}.yaml, or take the line out."
        yield Fault((*path, code), f"there is no language `{code}`", cure)


def phrase_faults(language: Language, content: Content) -> Iterator[Fault]:
    """The fixed phrases follow the same rules as every other line."""
    source = content.languages.get(FALLBACK)
    if source is None or language is source:
        return
    for name in type(language.phrases).model_fields:
        english, line = getattr(source.phrases, name), getattr(language.phrases, name)
        yield from line_faults(("phrases", name), english, line, source, language)


def line_faults(path: Path, english: str, line: str, source: Language, language: Language) -> Iterator[Fault]:
    """Sides, numbers and negations are where a slip of translation does harm."""
    if set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(line)):
        yield Fault(path, "its placeholders are not those of the English", f"Keep all of: {english}")
    if numbers(english) != numbers(line):
        told = ", ".join(map(str, numbers(english))) or "none"
        yield Fault(path, f"the numbers of the English are {told}", "Write the same ones, in digits.")
    if negates(english, source) and not negates(line, language):
        listed = ", ".join(language.negations)
        yield Fault(path, "the English forbids or denies, and this does not", f"Use one of: {listed}.")
    if len(line) > (most := longest(english)):
        yield Fault(path, f"it has {len(line)} characters", f"Say it in {most} at the most.")


def numbers(line: str) -> list[int]:
    return sorted(int(digits) for digits in NUMBER.findall(line))


def negates(line: str, language: Language) -> bool:
    """Whether one of the language's words of negation is in the line."""
    plain = line.casefold().replace("\u2019", "'")
    return any(pattern(word).search(plain) for word in language.negations)


@lru_cache(256)
def pattern(word: str) -> re.Pattern[str]:
    letters = re.escape(word.casefold()).replace(r"\*", r"\w*")
    return re.compile(rf"(?<!\w){letters}(?!\w)")


def longest(english: str) -> int:
    return int(LONGER * max(len(english), SHORT))
