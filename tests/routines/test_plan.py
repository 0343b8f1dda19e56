"""The planner over HTTP, and sessions that start on what it planned, on both databases."""

from typing import Any

import httpx
import pytest

from api.routines.planner_schemas import PlanAnswer
from api.screening.schemas import EXAMPLE
from tests.contract.probing import require_problem
from tests.domain.planning import ALL_NO
from tests.factories import Guest, rating, session_request

PATH = "/v1/routines/plan"
CHAIR = {"max_minutes": 10, "equipment": ["chair"], "limits": ["seated"]}
CLEAR = {"version": EXAMPLE["version"], "answers": dict.fromkeys(ALL_NO, "no")}


def answering(*yes: str, red_flags: tuple[str, ...] = ()) -> dict[str, Any]:
    answers = {question: "yes" if question in yes else "no" for question in ALL_NO}
    return {**CLEAR, "answers": answers, "red_flags": list(red_flags)}


async def planned(service: httpx.AsyncClient, **wish: Any) -> dict[str, Any]:
    answer = await service.post(PATH, json={**CHAIR, **wish})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert PlanAnswer.model_validate(body).model_dump(mode="json", exclude_none=True) == body
    return body


async def start_on(service: httpx.AsyncClient, guest: Guest, plan: str, **members: Any) -> httpx.Response:
    wanted = {**session_request(), "plan": plan, **members}
    del wanted["routine"]
    return await service.post("/v1/sessions", json=wanted, headers=guest.headers)


async def test_ten_minutes_chair_only_and_dizzy_is_planned_with_what_was_left_out(service: httpx.AsyncClient) -> None:
    body = await planned(service, screening=answering("dizziness"))
    assert body["plan"]["items"][0]["reasons"][0]["code"] == "warm-up"
    assert body["plan"]["total_ms"] == body["timeline"]["total_ms"]
    assert body["timeline"]["total_ms"]["high"] <= 600_000
    assert body["timeline"]["routine"] == body["plan"]["id"]
    out = {item["exercise"]: item for item in body["left_out"]["for_safety"]}["neck-rotation"]
    assert (out["reason"]["code"], out["alternative"]) == ("excluded", "scapular-squeeze")
    assert out["because_of"][0]["name"] == "Dizziness when the neck moves"
    assert body["red_flags"]["items"]


async def test_pain_of_seven_is_planned_gently(service: httpx.AsyncClient) -> None:
    body = await planned(service, pain_now=7, limits=[], screening=CLEAR)
    assert [held["code"] for held in body["plan"]["held_because"]] == ["pain"]
    assert {out["reason"]["code"] for out in body["left_out"]["for_safety"]} == {"not-gentle"}


async def test_a_red_flag_gets_care_and_no_plan(service: httpx.AsyncClient) -> None:
    body = await planned(service, screening=answering(red_flags=("chest-or-breath",)))
    assert not {"plan", "timeline"} & body.keys()
    assert (body["outcome"], body["refusal"]["code"]) == ("stop", "red-flag")
    assert body["refusal"]["care"]["urgency"] == "emergency"
    assert body["refusal"]["care"]["text"]


async def test_where_nothing_is_safe_it_says_so_and_sends_to_a_professional(service: httpx.AsyncClient) -> None:
    body = await planned(service, screening=answering("under-18"))
    assert (body["refusal"]["code"], body["refusal"]["care"]["urgency"]) == ("no-safe-routine", "routine")
    assert "plan" not in body


async def test_the_same_request_gets_the_same_answer_and_nobody_needs_an_account(service: httpx.AsyncClient) -> None:
    one, other = await planned(service, screening=CLEAR), await planned(service, screening=CLEAR)
    assert one == other


async def test_an_answer_made_for_one_caller_is_kept_by_nobody(service: httpx.AsyncClient) -> None:
    answer = await service.post(PATH, json=CHAIR)
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-language"] == "en"


async def test_an_unknown_tool_gets_the_list_of_those_there_are(service: httpx.AsyncClient) -> None:
    answer = await service.post(PATH, json={**CHAIR, "equipment": ["trampoline"]})
    problem = require_problem(answer, 404, "word-unknown")
    assert "foam_roller" in problem["detail"]
    assert "trampoline" not in answer.text


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"max_minutes": 0}, "/max_minutes"),
        ({"max_minutes": 10.0}, "/max_minutes"),
        ({"limits": ["no_ceiling"]}, "/limits/0"),
        ({"focus": "party"}, "/focus"),
        ({"pain_now": 11}, "/pain_now"),
        ({"pain_now": None}, "/pain_now"),
        ({"minutes": 5}, "/minutes"),
    ],
)
async def test_bad_input_names_the_member(service: httpx.AsyncClient, change: dict[str, Any], pointer: str) -> None:
    problem = require_problem(await service.post(PATH, json={**CHAIR, **change}), 422)
    assert [fault["pointer"] for fault in problem["errors"]] == [pointer]


async def test_answers_to_questions_that_there_are_not_are_refused(service: httpx.AsyncClient) -> None:
    odd = {**CLEAR, "answers": {"shoe-size": "yes"}}
    require_problem(await service.post(PATH, json={**CHAIR, "screening": odd}), 409, "answer-unknown")
    old = {**CLEAR, "version": "99.0.0"}
    require_problem(await service.post(PATH, json={**CHAIR, "screening": old}), 409, "questionnaire-changed")


async def test_a_session_starts_on_the_plan_at_its_level_where_the_kept_screening_counts(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await service.put("/v1/me/screening", json=CLEAR, headers=guest.headers)
    body = await planned(service, screening=CLEAR)
    answer = await start_on(service, guest, body["plan"]["id"], pain_before=[rating(3)])
    session = answer.json()
    assert answer.status_code == 201, answer.text
    assert (session["routine"], session["plan"]["id"]) == (None, body["plan"]["id"])
    assert session["plan"]["level"] == session["plan"]["asked_level"] == body["plan"]["level"]
    assert session["timeline"] == body["timeline"]


async def test_without_a_kept_screening_the_plan_starts_at_the_lowest_level_and_says_why(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    body = await planned(service, max_minutes=30, screening=CLEAR)
    session = (await start_on(service, guest, body["plan"]["id"])).json()
    assert body["plan"]["level"] == session["plan"]["asked_level"] > session["plan"]["level"] == 0
    assert session["plan"]["held_because"] == "no-screening"


async def test_the_kept_screening_counts_anew_when_a_plan_starts(service: httpx.AsyncClient, guest: Guest) -> None:
    await service.put("/v1/me/screening", json=answering("dizziness"), headers=guest.headers)
    body = await planned(service, region="neck", screening=CLEAR)
    neck = {item["exercise"] for item in body["plan"]["items"]} & {"levator-scapulae-stretch", "neck-rotation"}
    session = (await start_on(service, guest, body["plan"]["id"])).json()
    assert neck
    changed = {item["planned"]: item for item in session["plan"]["changes"]}
    assert neck <= changed.keys()
    assert all(changed[name]["exercise"] != name for name in neck)
    assert not neck & {segment["exercise"] for segment in session["timeline"]["segments"]}


async def test_under_a_stop_no_plan_starts(service: httpx.AsyncClient, guest: Guest) -> None:
    stop = answering(red_flags=("chest-or-breath",))
    await service.put("/v1/me/screening", json=stop, headers=guest.headers)
    body = await planned(service, screening=CLEAR)
    require_problem(await start_on(service, guest, body["plan"]["id"]), 403, "screening-stop")


async def test_a_session_on_a_plan_is_completed_and_the_plan_comes_next(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    body = await planned(service, screening=CLEAR)
    session = (await start_on(service, guest, body["plan"]["id"])).json()
    answer = await service.post(f"/v1/sessions/{session['id']}/complete", json={}, headers=guest.headers)
    assert answer.json()["outcome"]["next"]["plan"] == body["plan"]["id"]
    listed = (await service.get("/v1/sessions?exercise=shoulder-rolls", headers=guest.headers)).json()["items"]
    assert [item["plan"]["id"] for item in listed] == [body["plan"]["id"]]


@pytest.mark.parametrize("plan", ["plan-0-aaaaaa", "plan-4-seeojc", "plan-0-lr4wwp-lr4wwp"])
async def test_an_id_that_no_planner_gives_is_a_conflict_that_says_where_to_ask(
    service: httpx.AsyncClient, guest: Guest, plan: str
) -> None:
    require_problem(await start_on(service, guest, plan), 409, "plan-unknown")


async def test_a_plan_is_no_routine(service: httpx.AsyncClient, guest: Guest) -> None:
    plan = (await planned(service))["plan"]["id"]
    answer = await service.post("/v1/sessions", json=session_request(routine=plan), headers=guest.headers)
    require_problem(answer, 409, "routine-unknown")
    assert (await service.get(f"/v1/routines/{plan}")).status_code == 404


@pytest.mark.parametrize("members", [{"routine": "seed-full"}, {"level": 2}])
async def test_a_session_follows_one_thing_and_a_plan_has_its_own_level(
    service: httpx.AsyncClient, guest: Guest, members: dict[str, Any]
) -> None:
    wanted = {**session_request(), "plan": "plan-0-lr4wwp"}
    del wanted["routine"]
    answer = await service.post("/v1/sessions", json={**wanted, **members}, headers=guest.headers)
    require_problem(answer, 422)


async def test_a_session_follows_something(service: httpx.AsyncClient, guest: Guest) -> None:
    wanted = session_request()
    del wanted["routine"]
    require_problem(await service.post("/v1/sessions", json=wanted, headers=guest.headers), 422)


async def test_the_planner_takes_post_alone_beside_the_routines_by_name(service: httpx.AsyncClient) -> None:
    for method in ("GET", "PUT"):
        refused = await service.request(method, PATH)
        require_problem(refused, 405, "method-not-allowed")
        assert refused.headers["allow"] == "POST"
