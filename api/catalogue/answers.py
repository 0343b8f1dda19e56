"""The catalogue's answers, built at first use and kept: the declared routes and the table send the same objects."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial

from pydantic import BaseModel

from api.catalogue import reference, schemas, service
from api.catalogue.service import EVERYTHING, Filters
from api.catalogue.shelf import Content
from api.domain.value import FALLBACK
from api.web.problems import english_titles
from api.web.ready import Key, Ready, Variant, address, key_of

KEPT = 512
EXERCISES_KEPT = 8192  # a thousand of them in several languages: one that was dropped would be built again
SUMMARIES_KEPT = 4096
PATH = "/v1/exercises"
Told = Callable[[str], BaseModel]
Telling = Callable[[Content, str], service.Data]


def vocabulary(content: Content, code: str) -> service.Data:
    """The words of the content, and the titles of problems: most operations take no `lang`, so they are told here."""
    titles = english_titles() | content.problems.get(code, {})
    return reference.vocabulary(content, code) | {"problems": [{"id": k, "name": name} for k, name in titles.items()]}


REFERENCES: Mapping[str, tuple[type[BaseModel], Telling]] = {
    "/v1/vocabulary": (schemas.Vocabulary, vocabulary),
    "/v1/sources": (schemas.Sources, reference.sources),
    "/v1/red-flags": (schemas.RedFlags, reference.red_flags),
}


def in_languages(codes: tuple[str, ...], told: Told) -> Ready:
    """One variant for each language; what builds it runs when that language is first asked for."""
    variants = {code: Variant(partial(as_json, told, code), language=code) for code in codes}
    return Ready(variants, default=FALLBACK if FALLBACK in variants else codes[0])


def as_json(told: Told, code: str) -> bytes:
    return told(code).model_dump_json(exclude_none=True).encode()


@lru_cache(KEPT)
def list_answer(content: Content, filters: Filters, lang: str | None) -> Ready:
    """Raises LanguageUnknown and WordUnknown."""
    found = service.find_exercises(content, filters)

    def told(code: str) -> BaseModel:
        items = [summary_of(content, exercise.id, code) for exercise in found]
        return schemas.Exercises(items=items, **service.spoken(content, code))

    return in_languages(service.languages_for(content, lang), told)


@lru_cache(SUMMARIES_KEPT)
def summary_of(content: Content, slug: str, code: str) -> schemas.ExerciseSummary:
    """Kept by itself: every search tells some of the same ones."""
    return schemas.ExerciseSummary.model_validate(service.summary(content.exercises[slug], content, code))


@lru_cache(EXERCISES_KEPT)
def exercise_answer(content: Content, slug: str, lang: str | None) -> Ready:
    """Raises LanguageUnknown and NotFound."""
    exercise = service.find_exercise(content, slug)

    def told(code: str) -> BaseModel:
        return schemas.ExerciseDetail.model_validate(service.whole(exercise, content, code))

    return in_languages(service.languages_for(content, lang), told)


@lru_cache(KEPT)
def reference_answer(content: Content, path: str, lang: str | None) -> Ready:
    """One of REFERENCES. Raises LanguageUnknown."""
    schema, tell = REFERENCES[path]

    def told(code: str) -> BaseModel:
        return schema.model_validate(tell(content, code))

    return in_languages(service.languages_for(content, lang), told)


def catalogue_answers(content: Content) -> dict[Key, Ready]:
    """By path and raw query: everything without a filter, with and without `lang`."""
    return {key_of(url): answer for lang in (None, *content.languages) for url, answer in answers_in(content, lang)}


def answers_in(content: Content, lang: str | None) -> Iterator[tuple[str, Ready]]:
    """Each address with its answer in one language, or in the one that is negotiated."""
    yield address(PATH, lang=lang), list_answer(content, EVERYTHING, lang)
    for slug in content.exercises:
        yield address(f"{PATH}/{slug}", lang=lang), exercise_answer(content, slug, lang)
    for path in REFERENCES:
        yield address(path, lang=lang), reference_answer(content, path, lang)
