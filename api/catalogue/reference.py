"""What the catalogue refers to, told in one language as plain data: words, sources, warning signs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from api.catalogue.service import Data, named, plain, spoken
from api.catalogue.shelf import Content
from api.catalogue.walking import named as by_name
from api.catalogue.walking import walk
from api.domain.codes import Word
from api.domain.dose import SEED
from api.domain.exercise import Evidence
from api.domain.speech import Language
from api.domain.value import Value

CONTENTS_KEPT = 4
Use = tuple[str, str]
"""What rests on a source, and its id."""


def vocabulary(content: Content, code: str) -> Data:
    """Every word with its name; those of the code by what they say of something."""
    language, words = content.languages[code], content.vocabulary
    codes = {name: listed(getattr(words.codes, name), language) for name in type(words.codes).model_fields}
    return spoken(content, code) | {
        "languages": [
            {"id": told.id, "name": told.name, "translation": told.translation} for told in content.languages.values()
        ],
        "regions": listed(words.regions, language),
        "muscles": [
            {**named(word, muscle.name, language), "regions": list(muscle.regions)}
            for word, muscle in words.muscles.items()
        ],
        "equipment": [
            {**named(word, tool.name, language), "presses": tool.presses} for word, tool in words.equipment.items()
        ],
        "positions": listed(words.positions, language),
        "contraindications": listed(words.contraindications, language),
        "codes": codes,
    }


def listed(words: Mapping[str, Word], language: Language) -> list[Data]:
    return [named(word, known.name, language) for word, known in words.items()]


def red_flags(content: Content, code: str) -> Data:
    card: Data = plain(content.red_flags, content.languages[code])
    return spoken(content, code) | card


def sources(content: Content, code: str) -> Data:
    """Each source with what rests on it, the terms of the content, and that nobody clinical has read it yet."""
    language = content.languages[code]
    used = uses(content)
    return spoken(content, code) | {
        "review": plain(content.review, language),
        "licence": plain(content.licence, language),
        "items": [
            {**plain(source, language), "used_by": used.get(source.id, [])} for source in content.sources.values()
        ],
        "facts": [plain(fact, language) for fact in content.facts.facts],
    }


@lru_cache(CONTENTS_KEPT)
def uses(content: Content) -> dict[str, list[Data]]:
    """By source: every file that rests on it, with the fields and the places in the source."""
    found: dict[str, list[Data]] = defaultdict(list)
    for (what, name), value in files(content):
        for source, places in places_in(value).items():
            fields, locators = (list(dict.fromkeys(told)) for told in zip(*places, strict=True))
            row = {"what": what, "id": name, "fields": present(fields), "locators": present(locators)}
            found[source].append(row)
    return found


def files(content: Content) -> Iterator[tuple[Use, Value]]:
    """Whatever may rest on a source."""
    yield from ((("exercise", e.id), e) for e in content.exercises.values())
    yield from ((("routine", r.id), r) for r in content.routines.values())
    yield ("red_flags", "red-flags"), content.red_flags
    yield ("screening", "screening"), content.screening
    yield ("planner", "planner"), content.planner
    yield from ((("language", s.id), s) for s in content.languages.values())


def places_in(value: Value) -> dict[str, list[tuple[str, str]]]:
    """By source: each field that names it or is supported by it, with the place in the source where that is told."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path, part in walk(value):
        if isinstance(part, Evidence):
            found[part.source].extend((field, part.locator) for field in part.supports)
        elif origin := origin_of(part):
            field = ".".join(by_name(value, path))
            found[origin].append((field, getattr(part, "locator", "")))
    return found


def origin_of(part: object) -> str | None:
    """What the part says it comes from; what only names facts comes from the article."""
    return getattr(part, "by", None) or (SEED if getattr(part, "facts", ()) else None)


def present(told: list[Any]) -> list[Any]:
    return [line for line in told if line]
