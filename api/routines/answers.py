"""The routines' answers, built at first use and kept: the declared routes and the table send the same objects."""

from collections.abc import Iterator
from functools import lru_cache, partial

from pydantic import BaseModel

from api.catalogue.answers import in_languages
from api.catalogue.service import EVERYTHING, Filters, languages_for, spoken
from api.catalogue.shelf import Content
from api.domain.dose import LEVELS
from api.domain.value import FALLBACK
from api.routines import planner, planner_schemas, schemas, service
from api.web.ready import Key, Ready, Variant, address, key_of

KEPT = 512
PATH, PLANNER = "/v1/routines", "/v1/planner"


@lru_cache(KEPT)
def list_answer(content: Content, filters: Filters, lang: str | None) -> Ready:
    """Raises LanguageUnknown and WordUnknown."""
    found = service.find_routines(content, filters)

    def told(code: str) -> BaseModel:
        items = [service.summary(routine, content, code) for routine in found]
        return schemas.Routines.model_validate({"items": items, **spoken(content, code)})

    return in_languages(languages_for(content, lang), told)


@lru_cache(KEPT)
def routine_answer(content: Content, slug: str, lang: str | None) -> Ready:
    """Raises LanguageUnknown and NotFound."""
    routine = service.find_routine(content, slug)

    def told(code: str) -> BaseModel:
        return schemas.RoutineDetail.model_validate(service.whole(routine, content, code))

    return in_languages(languages_for(content, lang), told)


@lru_cache(KEPT)
def timeline_answer(content: Content, slug: str, level: int, lang: str | None) -> Ready:
    """The document of the plan as it is; nobody is screened here, so what loads says to ask first.

    Raises LanguageUnknown and NotFound.
    """
    service.find_routine(content, slug)
    codes = languages_for(content, lang)
    variants = {c: Variant(partial(document, content, slug, level, c), language=c) for c in codes}
    return Ready(variants, default=FALLBACK if FALLBACK in variants else codes[0])


@lru_cache(KEPT)
def planner_answer(content: Content, lang: str | None) -> Ready:
    """Raises LanguageUnknown."""

    def told(code: str) -> BaseModel:
        return planner_schemas.PlannerRules.model_validate(planner.rules(content, code))

    return in_languages(languages_for(content, lang), told)


def document(content: Content, slug: str, level: int, code: str) -> bytes:
    return service.plan_for(content, slug, level=level, language=code, ask_first=True).document


def routine_answers(content: Content) -> dict[Key, Ready]:
    """By path and raw query, with and without `lang` and `level`."""
    answers: dict[Key, Ready] = {}
    for lang in (None, *content.languages):
        answers |= {key_of(url): answer for url, answer in answers_in(content, lang)}
        for slug in content.routines:
            key = key_of(address(f"{PATH}/{slug}/timeline", lang=lang))
            answers[key] = timeline_answer(content, slug, LEVELS[0], lang)
    return answers


def answers_in(content: Content, lang: str | None) -> Iterator[tuple[str, Ready]]:
    """Each address with its answer in one language, or in the one that is negotiated; timelines by their level."""
    yield address(PATH, lang=lang), list_answer(content, EVERYTHING, lang)
    for slug in content.routines:
        yield address(f"{PATH}/{slug}", lang=lang), routine_answer(content, slug, lang)
        for level in LEVELS:
            url = address(f"{PATH}/{slug}/timeline", f"level={level}", lang=lang)
            yield url, timeline_answer(content, slug, level, lang)
    yield address(PLANNER, lang=lang), planner_answer(content, lang)
