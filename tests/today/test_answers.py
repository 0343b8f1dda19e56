"""Each answer of today is seen after the calls that the documents name for it, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.domain.notices import NoticeKind
from api.domain.standing import Hold
from api.domain.today import Advice, Due, WayOut, Why
from tests.today.answers import ANSWERS, NOTICES, Answer, tables
from tests.today.person import Person

RULES = Path(__file__).parents[2] / "api/domain/RULES.md"
BESIDE = {"held_because": Hold, "advice": Advice, "way_out": WayOut}


@pytest.mark.parametrize("expected", ANSWERS, ids=lambda one: one.name)
async def test_the_calls_bring_the_answer_about(service: httpx.AsyncClient, app: FastAPI, expected: Answer) -> None:
    person = Person(service)
    await expected.play(person)
    with another_questionnaire(app) if expected.deployed else nullcontext():
        told = await person.read("/v1/me/today")
    assert (told["due"]["code"], told["why"]["code"]) == (expected.due, expected.why)
    assert {name: codes(told[name]) for name in expected.beside} == {
        name: [code] for name, code in expected.beside.items()
    }
    assert person.made == [*expected.calls]
    assert is_whole(told)


@contextmanager
def another_questionnaire(app: FastAPI) -> Iterator[None]:
    """Served meanwhile by the same application."""
    served = app.state.content
    app.state.content = replace(served, screening=served.screening.model_copy(update={"version": "9.0.0"}))
    try:
        yield
    finally:
        app.state.content = served


def codes(said: Any) -> list[str]:
    return [one["code"] for one in (said if isinstance(said, list) else [said])]


def is_whole(told: dict[str, Any]) -> bool:
    """Under a lock there is the care, the reason and the way out; else what to follow, and when."""
    due, on = told["due"]["code"], told["due_on"]
    given = {name for name in ("care", "way_out", "follow", "due_on") if told[name]}
    if due == Due.LOCKED:
        return given == {"care", "way_out"}
    return given == {"follow", "due_on"} and bool(on > told["today"]) == (due == Due.CAUGHT_UP)


@pytest.mark.parametrize("expected", NOTICES, ids=lambda one: one.why)
async def test_the_calls_bring_the_notice_about(service: httpx.AsyncClient, expected: Answer) -> None:
    person = Person(service)
    await expected.play(person)
    told = await person.read("/v1/me/notices")
    assert {item["kind"] for item in told["items"]} == {expected.why}
    assert person.made == [*expected.calls]


@pytest.mark.check
def test_the_tables_have_every_answer_and_stand_in_the_documents() -> None:
    assert {one.due for one in ANSWERS} == {*Due}
    assert {one.why for one in ANSWERS} == {*Why}
    assert {one.why for one in NOTICES} == {*NoticeKind}
    for name, words in BESIDE.items():
        assert {one.beside[name] for one in ANSWERS if name in one.beside} == {*words}
    assert "\n".join(tables()) in RULES.read_text()
