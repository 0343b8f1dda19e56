"""The questionnaire's answers, built at first use and kept: the declared route and the table send the same objects."""

from functools import lru_cache

from pydantic import BaseModel

from api.catalogue.answers import in_languages
from api.catalogue.service import languages_for
from api.catalogue.shelf import Content
from api.screening import schemas, telling
from api.web.ready import Ready

KEPT = 64
PATH = "/v1/screening"


@lru_cache(KEPT)
def questionnaire_answer(content: Content, lang: str | None) -> Ready:
    """Raises LanguageUnknown."""

    def told(code: str) -> BaseModel:
        return schemas.Questionnaire.model_validate(telling.questionnaire(content, code))

    return in_languages(languages_for(content, lang), told)


def screening_answers(content: Content) -> dict[tuple[str, bytes], Ready]:
    """By path and raw query, with and without `lang`."""
    return {
        (PATH, f"lang={lang}".encode() if lang else b""): questionnaire_answer(content, lang)
        for lang in (None, *content.languages)
    }
