from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.domain.exercises import DOG, NECK, SEED
from tests.factories import (
    Guest,
    answer_screening,
    complete,
    open_guest,
    read_progress,
    screening_request,
    session_request,
    start,
)
from tests.sessions.test_record import done, work_steps


async def refused(service: httpx.AsyncClient, guest: Guest) -> dict[str, Any]:
    answer = await service.post("/v1/sessions", json=session_request(), headers=guest.headers)
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["type"]) == (403, "/problems/screening-stop")
    return problem


async def abandon(service: httpx.AsyncClient, guest: Guest, session: dict[str, Any], **members: Any) -> None:
    path = f"/v1/sessions/{session['id']}/abandon"
    answer = await service.post(path, json={"reason": "red_flag", **members}, headers=guest.headers)
    assert answer.status_code == 200, answer.text


async def test_a_red_flag_is_answered_with_the_care_that_it_calls_for_also_when_it_is_sent_again(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await start(service, guest, language="de")
    path, at = f"/v1/sessions/{session['id']}/abandon", datetime.now(UTC).isoformat()
    told = [
        (await service.post(path, json={"reason": "red_flag", "abandoned_at": at}, headers=guest.headers)).json()
        for _ in range(2)
    ]
    assert told[0]["care"] == told[1]["care"]
    assert (told[0]["care"]["urgency"], told[0]["care"]["signs"]) == ("emergency", [])
    assert told[0]["care"]["text"] != told[0]["care"]["english"] == (await refused(service, guest))["care"]["text"]


async def test_an_end_for_another_reason_calls_for_no_care(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest)
    path = f"/v1/sessions/{session['id']}/abandon"
    assert (await service.post(path, json={"reason": "no_time"}, headers=guest.headers)).json()["care"] is None


def asked_first(session: dict[str, Any]) -> set[str]:
    return {caution["exercise"] for caution in session["cautions"] if caution["code"] == "ask-first"}


async def test_a_clear_screening_lets_the_level_through_and_asks_nothing_first(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    assert (await answer_screening(service, guest))["outcome"] == "clear"
    session = await start(service, guest, level=4)
    assert session["plan"] == {
        "id": None,
        "level": 4,
        "asked_level": 4,
        "held_because": None,
        "changes": [],
        "doses": [],
        "instead_of": None,
    }
    assert asked_first(session) == set()


async def test_what_is_excluded_is_out_of_the_plan_and_the_reason_stays_with_the_session(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await answer_screening(service, guest, "dizziness")
    session = await start(service, guest, level=2)
    done_ones = {segment["exercise"] for segment in session["timeline"]["segments"]}
    assert not {NECK, DOG} & done_ones
    changes = {item["planned"]: item for item in session["plan"]["changes"]}
    assert {NECK, DOG} <= set(changes)
    for item in (changes[NECK], changes[DOG]):
        assert item["exercise"] or item["covered_by"] or item["alternative"] is None
        assert item["exercise"] in {None, item["alternative"]}
        assert {item["exercise"], item["covered_by"]} - {None} <= done_ones
    assert changes[NECK]["reasons"][0]["tag"] == "dizziness_neck_movement"
    await answer_screening(service, guest)
    later = (await service.get(f"/v1/sessions/{session['id']}", headers=guest.headers)).json()
    assert later["plan"] == session["plan"]
    assert later["timeline"] == session["timeline"]


async def test_what_asks_first_stays_in_the_plan_and_says_so(service: httpx.AsyncClient, guest: Guest) -> None:
    await answer_screening(service, guest, "under-18")
    session = await start(service, guest)
    assert asked_first(session) == set(SEED)
    assert {item["ask_first"] for item in session["plan"]["changes"]} == {True}


async def test_a_plan_is_shared_by_whoever_it_is_the_same_for(service: httpx.AsyncClient) -> None:
    ids = []
    for question in ("dizziness", "dizziness"):
        guest = await open_guest(service)
        await answer_screening(service, guest, question)
        ids.append((await start(service, guest))["timeline"])
    assert ids[0] == ids[1]


async def test_a_record_of_an_adapted_plan_is_counted_by_what_was_done(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await answer_screening(service, guest, "pressure")
    session = await start(service, guest)
    record = {"steps": [done(step) for step in work_steps(session)]}
    state = await complete(service, guest, session["id"], record=record)
    done_ones = {each["exercise"] for each in state["outcome"]["exercises"]}
    assert done_ones == {segment["exercise"] for segment in session["timeline"]["segments"]}
    assert DOG not in done_ones


async def test_an_answer_that_calls_for_care_refuses_the_start_with_that_care(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await answer_screening(service, guest, red_flags=["weight-loss-night-sweats"])
    problem = await refused(service, guest)
    assert problem["care"]["urgency"] == "routine"
    assert problem["care"]["signs"] == ["weight-loss-night-sweats"]
    listed = (await service.get("/v1/me/exercises", headers=guest.headers)).json()
    assert (listed["outcome"], {item["effect"] for item in listed["items"]}) == ("stop", {"exclude"})
    routine = (await service.get("/v1/me/routines/seed-full", headers=guest.headers)).json()
    assert (routine["possible"], routine["total_ms"]) == (False, None)
    assert routine["care"] == problem["care"]


async def test_a_red_flag_locks_every_start_until_the_questionnaire_is_answered_again(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await answer_screening(service, guest)
    await abandon(service, guest, await start(service, guest))
    problem = await refused(service, guest)
    assert (problem["care"]["urgency"], problem["care"]["signs"]) == ("emergency", [])
    kept = (await service.get("/v1/me/screening", headers=guest.headers)).json()
    assert (kept["outcome"], kept["locked"], kept["valid"]) == ("stop", True, False)
    confirmed = await service.post("/v1/me/screening/confirm", json={"anything_new": False}, headers=guest.headers)
    assert confirmed.json()["type"] == "/problems/screening-to-repeat"
    await refused(service, guest)
    assert (await answer_screening(service, guest))["locked"] is False
    assert (await start(service, guest, level=3))["plan"]["level"] == 3


async def test_answers_from_before_the_red_flag_do_not_lift_the_lock(service: httpx.AsyncClient, guest: Guest) -> None:
    await abandon(service, guest, await start(service, guest))
    before = datetime.now(UTC) - timedelta(hours=1)
    assert (await answer_screening(service, guest, answered_at=before.isoformat()))["locked"] is True
    await refused(service, guest)


async def test_answers_with_open_questions_do_not_lift_the_lock(service: httpx.AsyncClient, guest: Guest) -> None:
    await abandon(service, guest, await start(service, guest))
    sent = await screening_request(service)
    for answers in ({}, {**sent["answers"], "pressure": None}):
        known = {question: answer for question, answer in answers.items() if answer}
        answer = await service.put("/v1/me/screening", json={**sent, "answers": known}, headers=guest.headers)
        assert (answer.status_code, answer.json()["locked"]) == (200, True)
        await refused(service, guest)
    assert (await answer_screening(service, guest))["locked"] is False


async def test_a_red_flag_locks_who_never_answered_and_never_agreed(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service, consents=[])
    await abandon(service, guest, await start(service, guest))
    await refused(service, guest)


async def test_deleting_the_session_does_not_lift_the_lock(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest)
    await abandon(service, guest, session)
    await service.delete(f"/v1/sessions/{session['id']}", headers=guest.headers)
    await refused(service, guest)


async def test_pain_stops_a_session_without_locking(service: httpx.AsyncClient, guest: Guest) -> None:
    await abandon(service, guest, await start(service, guest), reason="pain")
    assert (await start(service, guest))["status"] == "active"


async def test_a_red_flag_that_is_older_than_the_answers_does_not_lock(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    at = datetime.now(UTC) - timedelta(days=2)
    session = await start(service, guest, started_at=at.isoformat())
    await answer_screening(service, guest)
    await abandon(service, guest, session, abandoned_at=(at + timedelta(minutes=5)).isoformat())
    assert (await start(service, guest))["status"] == "active"


async def test_what_was_done_is_recorded_whatever_the_screening_says(service: httpx.AsyncClient, guest: Guest) -> None:
    wanted = session_request()
    session = (await service.post("/v1/sessions", json=wanted, headers=guest.headers)).json()
    await abandon(service, guest, await start(service, guest))
    await answer_screening(service, guest, red_flags=["chest-or-breath"])
    again = await service.post("/v1/sessions", json=wanted, headers=guest.headers)
    assert (again.status_code, again.json()["id"]) == (200, session["id"])
    record = {"steps": [done(step) for step in work_steps(session)]}
    path = f"/v1/sessions/{session['id']}/record"
    assert (await service.put(path, json=record, headers=guest.headers)).status_code == 200
    assert (await complete(service, guest, session["id"]))["status"] == "completed"
    assert (await read_progress(service, guest))["sessions"] == 1


async def test_answers_that_arrive_with_a_stop_do_not_touch_what_runs(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest)
    sent = await screening_request(service, "neck-injury")
    result = (await service.put("/v1/me/screening", json=sent, headers=guest.headers)).json()
    assert (result["outcome"], result["care"]["signs"]) == ("stop", ["head-or-neck-injury"])
    state = (await service.get(f"/v1/sessions/{session['id']}", headers=guest.headers)).json()
    assert state["status"] == "active"
