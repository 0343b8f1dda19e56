"""The answer in one language as plain data: texts stand beside their codes."""

from typing import Any

from api.catalogue.service import spoken
from api.catalogue.shelf import Content
from api.domain.codes import Word
from api.domain.planned import is_plan_id
from api.screening import telling
from api.today.service import Told

Data = dict[str, Any]


def today(content: Content, told: Told, code: str) -> Data:
    answer, words = told.answer, content.vocabulary.codes
    return {
        "today": told.today,
        "due": said(content, words.today_due, answer.due, code),
        "why": said(content, words.today_why, answer.why, code),
        "due_on": answer.due_on,
        "follow": follow(content, answer.routine, code),
        "way_out": said(content, words.way_out, answer.way_out, code),
        "care": telling.care(content, told.care, code),
        "held_because": said(content, words.held_because, answer.screening, code),
        "advice": [said(content, words.advice, advice, code) for advice in answer.advice],
        **spoken(content, code),
    }


def said(content: Content, words: dict[Any, Word], word: Any, code: str) -> Data | None:
    """The code and its text; None where there is none."""
    return {"code": word, "text": content.languages[code].said(words[word].name)} if word else None


def follow(content: Content, routine: str | None, code: str) -> Data | None:
    """What to start a session with, and its name where it has one."""
    if routine is None:
        return None
    if is_plan_id(routine):
        return {"plan": routine, "routine": None, "name": None}
    return {"plan": None, "routine": routine, "name": content.languages[code].said(content.routines[routine].name)}
