"""Rules for every language beside the English source: all of it says the same. Pure functions."""

import re
from collections.abc import Container, Iterator, Mapping
from functools import lru_cache

from api.catalogue.findings import Fault
from api.catalogue.lint import BRACED, long_sentences, strays, unknown
from api.catalogue.shelf import Content
from api.catalogue.walking import Path
from api.domain.speech import BLANKS, Language
from api.domain.value import FALLBACK

LONGER = 1.6
SHORT = 20  # a single word may well be twice as long in another language
WORDS_IN_A_TRANSLATION = 20  # other languages need more small words than English
PLACEHOLDER = re.compile(r"\{([a-z]+)(?::[a-z_]+)?\}")
NUMBER = re.compile(r"\d+")


def said_faults(
    lines: Mapping[str, str], english: Container[str], source: Language, language: Language
) -> Iterator[Fault]:
    """What is said for an English line that is nowhere, or otherwise than that line."""
    for original, line in lines.items():
        path: Path = ("lines", original)
        if original not in english:
            cure = "Take it out, or put the English in its place that is there now, and look whether it still fits."
            yield Fault(path, "the English says this nowhere any more", cure)
            continue
        yield from line_faults(path, original, line, source, language)
        yield from long_sentences(path, line, WORDS_IN_A_TRANSLATION)
        if stray := strays(line, language):
            listed = ", ".join(("{side}", "{other}", *(f"{{side:{form}}}" for form in language.side_forms)))
            yield Fault(path, f"`{stray}` is no placeholder", f"Use one of: {listed}.")


def title_faults(
    problems: Mapping[str, str], titles: Mapping[str, str], source: Language, language: Language
) -> Iterator[Fault]:
    """Titles of problems that there are not, or that say otherwise than the English."""
    for code, line in problems.items():
        if code in titles:
            yield from line_faults(("problems", code), titles[code], line, source, language)
        else:
            yield unknown(("problems", code), code, titles)


def alias_faults(aliases: Mapping[str, object], content: Content) -> Iterator[Fault]:
    """Other names are each language's own affair; what they are names of is not."""
    for name in aliases:
        if name not in content.exercises:
            yield unknown(("aliases", name), name, content.exercises)


def phrase_faults(language: Language, content: Content) -> Iterator[Fault]:
    """The fixed phrases follow the same rules as every other line, and have blanks of their own."""
    source = content.languages.get(FALLBACK, language)
    for name in type(language.phrases).model_fields:
        english, line = getattr(source.phrases, name), getattr(language.phrases, name)
        if stray := ", ".join(blank for blank in BRACED.findall(line) if blank != BLANKS.get(name)):
            cure = f"Only {BLANKS[name]} is filled in here." if name in BLANKS else "Nothing is filled in here."
            yield Fault(("phrases", name), f"`{stray}` is no placeholder", cure)
        if language is not source:
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
    return bool(denial(language.negations).search(line.casefold().replace("\u2019", "'")))


@lru_cache(256)
def denial(negations: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(re.escape(word.casefold()).replace(r"\*", r"\w*") for word in negations)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


def longest(english: str) -> int:
    return int(LONGER * max(len(english), SHORT))
