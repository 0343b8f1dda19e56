import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import time_machine

from tests.factories import Guest, complete, open_guest, rating, read_progress, start
from tests.sessions.test_record import done, work_steps


async def end(service: httpx.AsyncClient, guest: Guest, id_: str, how: str, **body: Any) -> httpx.Response:
    return await service.post(f"/v1/sessions/{id_}/{how}", json=body, headers=guest.headers)


async def test_completing_tells_the_outcome_the_progress_and_what_comes_next(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service, zone="UTC", weekly_target=2)
    began = datetime.now(UTC) - timedelta(minutes=7)
    session = await start(service, guest, started_at=began.isoformat(), pain_before=[rating(5)])
    record = {
        "steps": [done(step) for step in work_steps(session)],
        "pauses": [{"from_ms": 60_000, "to_ms": 90_000}],
        "ratings": [rating(6)],
    }
    ended = (began + timedelta(minutes=6)).isoformat()
    state = await complete(
        service, guest, session["id"], completed_at=ended, pain_after=[rating(3)], effort=4, note="fine", record=record
    )
    outcome = state["outcome"]
    assert (state["status"], outcome["status"]) == ("completed", "completed")
    assert outcome["active_ms"] == state["active_ms"] == 330_000
    assert (outcome["pain_after"], outcome["pain_change"]) == ([rating(3)], -2)
    assert (outcome["effort"], outcome["note"], outcome["reason"]) == (4, "fine", None)
    assert outcome["progress"] == {"sessions": 1, "days_in_a_row": 1, "week_sessions": 1, "week_target": 2}
    due = datetime.fromisoformat(session["local_date"]).date() + timedelta(days=3)
    assert outcome["next"] == {
        "routine": "seed-full",
        "plan": None,
        "due_on": due.isoformat(),
        "gentle": False,
        "why": "rest",
    }
    shrug = next(e for e in outcome["exercises"] if e["exercise"] == "shoulder-shrug-seated")
    assert shrug["reps"] == 12


async def test_a_whole_session_takes_three_requests(service: httpx.AsyncClient) -> None:
    opened = (await service.post("/v1/accounts", json={})).json()
    headers = {"authorization": f"Bearer {opened['tokens']['access_token']}"}
    wanted = {"routine": "seed-full", "no_red_flags": True}
    session = (await service.post("/v1/sessions", json=wanted, headers=headers)).json()
    answer = await service.post(f"/v1/sessions/{session['id']}/complete", json={}, headers=headers)
    assert answer.json()["outcome"]["progress"]["sessions"] == 1


@pytest.mark.parametrize(("how", "body"), [("complete", {"effort": 3}), ("abandon", {"reason": "no_time"})])
async def test_an_equal_request_gets_the_stored_outcome_again(
    service: httpx.AsyncClient, guest: Guest, how: str, body: dict[str, Any]
) -> None:
    session = await start(service, guest)
    first = await end(service, guest, session["id"], how, **body)
    await complete(service, guest, (await start(service, guest))["id"])
    again = await end(service, guest, session["id"], how, **body)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() | {"server_time": ""} == first.json() | {"server_time": ""}


async def test_another_ending_is_refused_with_the_one_that_stays(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest)
    await complete(service, guest, session["id"], effort=3)
    for how, body in (("complete", {"effort": 4}), ("abandon", {"reason": "pain"})):
        answer = await end(service, guest, session["id"], how, **body)
        problem = answer.json()
        assert (answer.status_code, problem["type"]) == (409, "/problems/session-ended")
        assert (problem["session"]["status"], problem["session"]["outcome"]["effort"]) == ("completed", 3)


async def test_twenty_rivals_have_one_winner_and_are_counted_once(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest)
    rivals = [end(service, guest, session["id"], "complete", effort=n % 5) for n in range(20)]
    answers = await asyncio.gather(*rivals)
    winners = {answer.json()["outcome"]["effort"] for answer in answers if answer.status_code == 200}
    stays = {answer.json()["session"]["outcome"]["effort"] for answer in answers if answer.status_code == 409}
    assert len(winners) == 1
    assert stays == winners
    assert [answer.status_code for answer in answers].count(200) == 4
    assert (await read_progress(service, guest))["sessions"] == 1


@pytest.mark.parametrize(("reason", "status"), [("pain", "stopped"), ("red_flag", "stopped"), ("no_time", "abandoned")])
async def test_what_ends_before_its_time_is_not_counted(
    service: httpx.AsyncClient, guest: Guest, reason: str, status: str
) -> None:
    session = await start(service, guest)
    answer = (await end(service, guest, session["id"], "abandon", reason=reason)).json()
    assert (answer["status"], answer["outcome"]["reason"]) == (status, reason)
    assert (answer["outcome"]["progress"], answer["outcome"]["next"]) == (None, None)
    assert (await read_progress(service, guest))["sessions"] == 0


@pytest.mark.parametrize("reason", ["pain", "no_time"])
async def test_what_ended_before_its_time_shows_only_what_was_recorded_as_done(
    service: httpx.AsyncClient, guest: Guest, reason: str
) -> None:
    session = await start(service, guest)
    state = (await end(service, guest, session["id"], "abandon", reason=reason)).json()
    assert state["outcome"]["exercises"] == []
    late = {"steps": [done(work_steps(session)[0])]}
    answer = await service.put(f"/v1/sessions/{session['id']}/record", json=late, headers=guest.headers)
    assert [e["exercise"] for e in answer.json()["outcome"]["exercises"]] == ["neck-side-bend-rotation"]
    assert (await read_progress(service, guest))["sessions"] == 0


async def test_a_completion_counts_what_its_record_says_and_everything_where_it_says_nothing(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    counted = []
    for steps in ([], [{"step": "1.neck-side-bend-rotation.after.check_in", "result": "skipped"}]):
        session = await start(service, guest)
        state = await complete(service, guest, session["id"], record={"steps": steps})
        counted.append(len(state["outcome"]["exercises"]))
    assert counted == [5, 0]


async def test_a_session_cannot_end_before_it_began_nor_in_the_future(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest)
    for offset, problem in ((-1, "/problems/end-before-start"), (6, "/problems/time-ahead")):
        at = (datetime.now(UTC) + timedelta(minutes=offset)).isoformat()
        for how, body in (("complete", {"completed_at": at}), ("abandon", {"reason": "pain", "abandoned_at": at})):
            answer = await end(service, guest, session["id"], how, **body)
            assert (answer.status_code, answer.json()["type"]) == (409, problem)


@pytest.mark.parametrize(("days", "status", "problem"), [(2, 200, None), (31, 409, "/problems/time-too-old")])
async def test_an_untouched_session_lapses_and_can_be_completed_late_but_not_after_30_days(
    service: httpx.AsyncClient, guest: Guest, days: int, status: int, problem: str | None
) -> None:
    session = await start(service, guest)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=days)):
        tokens = (await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code})).json()
        late = Guest(guest.id, tokens["access_token"], "", "")
        [lapsed] = (await service.get("/v1/sessions?status=lapsed", headers=late.headers)).json()["items"]
        answer = await end(service, late, lapsed["id"], "complete", completed_at=session["started_at"])
    assert (lapsed["id"], lapsed["status"]) == (session["id"], "lapsed")
    assert (answer.status_code, answer.json().get("type")) == (status, problem)


async def test_the_record_of_the_completion_yields_to_a_later_one(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest)
    first, second = work_steps(session)[:2]
    later = {"steps": [done(first)], "recorded_at": datetime.now(UTC).isoformat()}
    await service.put(f"/v1/sessions/{session['id']}/record", json=later, headers=guest.headers)
    earlier = {"steps": [done(second)], "recorded_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat()}
    state = await complete(service, guest, session["id"], record=earlier)
    assert [step["step"] for step in state["record"]["steps"]] == [first["id"]]
