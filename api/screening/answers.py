"""The questionnaire's answers, built at first use and kept: the declared route and the table send the same objects."""

from collections.abc import Iterator
from functools import lru_cache

from pydantic import BaseModel

from api.catalogue.answers import in_languages
from api.catalogue.service import languages_for
from api.catalogue.shelf import Content
from api.screening import schemas, telling
from api.web.ready import Key, Ready, address, key_of

KEPT = 64
PATH = "/v1/screening"


@lru_cache(KEPT)
def questionnaire_answer(content: Content, lang: str | None) -> Ready:
    """Raises LanguageUnknown."""

    def told(code: str) -> BaseModel:
        return schemas.Questionnaire.model_validate(telling.questionnaire(content, code))

    return in_languages(languages_for(content, lang), told)


def screening_answers(content: Content) -> dict[Key, Ready]:
    """By path and raw query, with and without `lang`."""
    return {key_of(url): answer for lang in (None, *content.languages) for url, answer in answers_in(content, lang)}


def answers_in(content: Content, lang: str | None) -> Iterator[tuple[str, Ready]]:
    """Its address with its answer in one language, or in the one that is negotiated."""
    yield address(PATH, lang=lang), questionnaire_answer(content, lang)
