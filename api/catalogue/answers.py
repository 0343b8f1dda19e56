"""The catalogue's answers, built at first use and kept: the declared routes and the table send the same objects."""

from collections.abc import Callable
from functools import lru_cache, partial

from pydantic import BaseModel

from api.catalogue import schemas, service
from api.catalogue.service import EVERYTHING, Filters
from api.catalogue.shelf import Content
from api.domain.value import FALLBACK
from api.web.ready import Ready, Variant

KEPT = 512
PATH = "/v1/exercises"
Told = Callable[[str], BaseModel]


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
        items = [service.summary(exercise, content, code) for exercise in found]
        return schemas.Exercises.model_validate({"items": items, **service.spoken(content, code)})

    return in_languages(service.languages_for(content, lang), told)


@lru_cache(KEPT)
def exercise_answer(content: Content, slug: str, lang: str | None) -> Ready:
    """Raises LanguageUnknown and NotFound."""
    exercise = service.find_exercise(content, slug)

    def told(code: str) -> BaseModel:
        return schemas.ExerciseDetail.model_validate(service.whole(exercise, content, code))

    return in_languages(service.languages_for(content, lang), told)


def exercise_answers(content: Content) -> dict[tuple[str, bytes], Ready]:
    """By path and raw query: everything without a filter, with and without `lang`."""
    answers: dict[tuple[str, bytes], Ready] = {}
    for lang in (None, *content.languages):
        query = f"lang={lang}".encode() if lang else b""
        answers[PATH, query] = list_answer(content, EVERYTHING, lang)
        for slug in content.exercises:
            answers[f"{PATH}/{slug}", query] = exercise_answer(content, slug, lang)
    return answers
