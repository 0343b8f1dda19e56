import random
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.screening import schemas
from api.screening.answers import screening_answers
from tests.content.loaded import CONTENT
from tests.databases import rows_of
from tests.factories import screening_request
from tests.screening import offline

RESULT = "/v1/screening/result"


async def result_of(service: httpx.AsyncClient, sent: dict[str, Any]) -> dict[str, Any]:
    answer = await service.post(RESULT, json=sent)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    return result


async def test_the_questionnaire_is_public_and_as_documented(service: httpx.AsyncClient) -> None:
    answer = await service.get("/v1/screening")
    body = answer.json()
    assert schemas.Questionnaire.model_validate(body).model_dump(mode="json", exclude_none=True) == body
    assert answer.headers["cache-control"].startswith("public")
    assert body["review"]["status"] == "unreviewed"
    assert body["expiry"]["idle_days"] == 28
    assert {rule["exercise"] for rule in body["rules"]} == set(CONTENT.exercises)
    assert body["red_flags"]["items"]


async def test_the_table_and_the_declared_route_send_the_same(app: FastAPI, service: httpx.AsyncClient) -> None:
    for (path, query), ready in screening_answers(app.state.content).items():
        parameters = [query.decode(), "lang=en"] if not query else [query.decode()]
        answer = await service.get(f"{path}?{parameters[-1]}", headers={"accept-encoding": "identity"})
        assert answer.content == ready.body


async def test_every_tag_that_an_exercise_names_is_asked(service: httpx.AsyncClient) -> None:
    body = (await service.get("/v1/screening")).json()
    asked = {tag for question in body["questions"] for tag in question["tags"]}
    named = {each["tag"] for rule in body["rules"] for each in rule["contraindications"]}
    assert named <= asked
    unsourced = {q["id"] for q in body["questions"] if q["asks_first"]}
    assert unsourced == {"neck-unstable", "cancer-or-steroids", "under-18"}
    assert all(q["by"] == "ours" and q["why"] for q in body["questions"] if q["asks_first"])


async def test_a_phone_that_applies_the_served_rule_comes_to_the_same(service: httpx.AsyncClient) -> None:
    questionnaire = (await service.get("/v1/screening")).json()
    questions = [question["id"] for question in questionnaire["questions"]]
    signs = [flag["code"] for flag in questionnaire["red_flags"]["items"]]
    dice = random.Random(28)  # noqa: S311 - for repeatable tests
    for turn in range(60):
        answers = {q: dice.choice(["no", "no", "no", "yes"]) for q in questions if turn == 0 or dice.random() < 0.9}
        flags = [dice.choice(signs)] if dice.random() < 0.1 else []
        sent = {"version": questionnaire["version"], "answers": answers, "red_flags": flags}
        result = await result_of(service, sent)
        told = {e["exercise"]: (e["effect"], e["alternative"]) for e in result["exercises"]}
        assert told == offline.apply(questionnaire, answers, flags), sent
        assert result["unanswered"] == [q for q in questions if q not in answers]


async def test_a_result_needs_no_account_and_keeps_nothing(service: httpx.AsyncClient, database_url: str) -> None:
    count = "SELECT (SELECT count(*) FROM screening) + (SELECT count(*) FROM screening_answers)"
    before = rows_of(database_url, count)
    result = await result_of(service, await screening_request(service, "wrist-or-grip"))
    assert result["outcome"] == "adapt"
    [dog] = [e for e in result["exercises"] if e["exercise"] == "downward-facing-dog"]
    effects = {e["exercise"]: e["effect"] for e in result["exercises"]}
    assert (dog["effect"], effects[dog["alternative"]]) == ("exclude", "allow")
    assert dog["reasons"][0] | {"why": None} == {
        "effect": "exclude",
        "question": "wrist-or-grip",
        "answer": "yes",
        "tag": "wrist_pain",
        "name": "Wrist pain or carpal tunnel syndrome",
        "english": None,
        "red_flag": None,
        "by": "yoga-london-down-dog",
        "why": None,
    }
    assert rows_of(database_url, count) == before


async def test_a_sign_stops_with_the_care_that_it_needs(service: httpx.AsyncClient) -> None:
    sent = await screening_request(service, red_flags=["fever-stiff-neck"])
    result = await result_of(service, sent)
    assert result["outcome"] == "stop"
    assert result["care"] == {
        "urgency": "emergency",
        "text": "Call your local emergency number now.",
        "english": None,
        "signs": ["fever-stiff-neck"],
    }


@pytest.mark.parametrize(
    ("change", "problem", "pointers"),
    [
        ({"answers": {"never-asked": "no"}}, "answer-unknown", ["/answers/never-asked"]),
        ({"red_flags": ["never-a-sign"]}, "answer-unknown", ["/red_flags/0"]),
        ({"version": "9.0.0"}, "questionnaire-changed", []),
    ],
)
async def test_answers_to_something_else_are_refused(
    service: httpx.AsyncClient, change: dict[str, Any], problem: str, pointers: list[str]
) -> None:
    answer = await service.post(RESULT, json={**await screening_request(service), **change})
    assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{problem}")
    assert [fault["pointer"] for fault in answer.json().get("errors", [])] == pointers


@pytest.mark.parametrize(
    "change",
    [
        {"answers": {"pressure": True}},
        {"answers": {"pressure": "maybe"}},
        {"answers": {"Pressure": "no"}},
        {"answers": [["pressure", "no"]]},
        {"version": 1},
        {"version": "1.0"},
        {"red_flags": "fever-stiff-neck"},
        {"answered_at": "2026-11-23T08:00:00Z"},
    ],
)
async def test_what_is_no_answer_is_not_taken_for_one(service: httpx.AsyncClient, change: dict[str, Any]) -> None:
    answer = await service.post(RESULT, json={**await screening_request(service), **change})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
