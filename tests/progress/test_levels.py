"""Levels and the next dose as an app reads them, and sessions that follow them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.factories import Guest, answer_screening, complete, open_guest, practise, rating, read_progress, start

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
SIDE_BEND = "neck-side-bend-rotation"
CLEAN = {"pain_before": [rating(2)]}


@pytest.fixture
async def guest(service: httpx.AsyncClient) -> Guest:
    """A person whose days are those of the tests and whose screening counts."""
    guest = await open_guest(service, zone="UTC")
    await answer_screening(service, guest)
    return guest


async def practised(service: httpx.AsyncClient, guest: Guest, *days_ago: int, after: int = 2) -> list[str]:
    """Whole sessions that began at 2; their ids."""
    states = [
        await practise(service, guest, NOW - days * DAY, before=2, pain_after=[rating(after)]) for days in days_ago
    ]
    return [state["id"] for state in states]


async def level_of(service: httpx.AsyncClient, guest: Guest, exercise: str = SIDE_BEND) -> dict[str, Any]:
    levels: list[dict[str, Any]] = (await read_progress(service, guest, "/levels"))["items"]
    return next(level for level in levels if level["exercise"] == exercise)


async def test_who_never_practised_has_no_levels(service: httpx.AsyncClient, guest: Guest) -> None:
    levels = await read_progress(service, guest, "/levels")
    assert levels == {"today": NOW.date().isoformat(), "items": []}


async def test_three_clean_sessions_raise_each_exercise_and_name_themselves(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    sessions = await practised(service, guest, 5, 3, 1)
    level = await level_of(service, guest)
    assert (level["rung"], level["decision"]) == (1, {"rule": "raised", "sessions": sessions})
    begun = await start(service, guest, level="auto")
    plan = begun["plan"]
    assert plan["asked_level"] == "auto"
    [chosen] = [dose for dose in plan["doses"] if dose["exercise"] == SIDE_BEND]
    assert (chosen["rung"], chosen["rule"], chosen["sessions"]) == (1, "raised", sessions)
    assert chosen["dose"] == level["dose"]
    assert held(begun) == {level["dose"]["hold_s"]}


def held(session: dict[str, Any]) -> set[int]:
    steps = [step for segment in session["timeline"]["segments"] for step in segment["steps"]]
    return {step["dose"]["hold_s"] for step in steps if step["kind"] == "hold" and step["exercise"] == SIDE_BEND}


async def test_the_first_session_at_auto_is_at_the_lowest_dose_and_rests_on_none(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    plan = (await start(service, guest, level="auto"))["plan"]
    assert (plan["level"], plan["held_because"]) == (0, None)
    assert {(dose["rung"], dose["rule"], tuple(dose["sessions"])) for dose in plan["doses"]} == {(0, "start", ())}


async def test_without_a_screening_auto_is_held_and_says_why(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service, zone="UTC")
    await practised(service, guest, 5, 3, 1)
    plan = (await start(service, guest, level="auto"))["plan"]
    assert (plan["level"], plan["held_because"]) == (0, "no-screening")
    assert {(dose["rung"], dose["rule"]) for dose in plan["doses"] if dose["exercise"] == SIDE_BEND} == {(0, None)}


async def test_pain_that_rises_by_two_leads_down_and_is_never_progressed_next_time(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await practised(service, guest, 6, 5, 4)
    [worse] = await practised(service, guest, 0, after=4)
    level = await level_of(service, guest)
    assert (level["rung"], level["decision"]["rule"], level["decision"]["sessions"]) == (0, "stopped", [worse])
    assert level["clean"] == 0


async def test_a_session_stopped_for_pain_tells_of_the_exercise_it_was_at(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await start(service, guest, **CLEAN)
    steps = [step for segment in session["timeline"]["segments"] for step in segment["steps"]]
    work = [step for step in steps if step["kind"] == "hold"]
    record = {"steps": [{"step": step["id"], "result": "done"} for step in work if step["exercise"] == SIDE_BEND]}
    record["steps"].append({"step": "2.pull-up-bar-hang.set1.hang", "result": "partial"})
    path = f"/v1/sessions/{session['id']}"
    assert (await service.put(f"{path}/record", json=record, headers=guest.headers)).is_success
    assert (await service.post(f"{path}/abandon", json={"reason": "pain"}, headers=guest.headers)).is_success
    assert (await level_of(service, guest, "pull-up-bar-hang"))["decision"]["rule"] == "stopped"
    assert (await level_of(service, guest))["decision"]["rule"] == "unrated"
    assert (await read_progress(service, guest))["sessions"] == 0


async def test_late_and_out_of_order_gives_the_same_levels(service: httpx.AsyncClient) -> None:
    told = []
    for order in ([9, 7, 5, 3, 1], [3, 9, 1, 7, 5]):
        guest = await open_guest(service, zone="UTC")
        await practised(service, guest, *order)
        items = (await read_progress(service, guest, "/levels"))["items"]
        told.append([(item["exercise"], item["rung"], item["decision"]["rule"], item["clean"]) for item in items])
    assert told[0] == told[1]
    assert {rung for _, rung, *_ in told[0]} == {1}


async def test_deleting_a_session_takes_its_level_out(service: httpx.AsyncClient, guest: Guest) -> None:
    sessions = await practised(service, guest, 5, 3)
    before = await level_of(service, guest)
    [third] = await practised(service, guest, 1)
    assert (await level_of(service, guest))["rung"] == 1
    assert (await service.delete(f"/v1/sessions/{third}", headers=guest.headers)).status_code == 204
    after = await level_of(service, guest)
    assert after == before | {"revision": after["revision"]}
    assert after["decision"]["sessions"] == sessions


async def test_a_mended_record_folds_its_session_anew(service: httpx.AsyncClient, guest: Guest) -> None:
    *_, last = await practised(service, guest, 5, 3, 1)
    record = {"ratings": [rating(5, moment="worst")]}
    assert (await service.put(f"/v1/sessions/{last}/record", json=record, headers=guest.headers)).is_success
    level = await level_of(service, guest)
    assert (level["rung"], level["decision"]) == (0, {"rule": "stopped", "sessions": [last]})


async def test_the_level_over_time_tells_how_each_session_found_it(service: httpx.AsyncClient, guest: Guest) -> None:
    sessions = await practised(service, guest, 5, 3, 1, 0)
    days = await read_progress(service, guest, f"/levels/{SIDE_BEND}")
    assert [(item["session"], item["rung"], item["played"]) for item in days["items"]] == [
        (session, rung, 0) for session, rung in zip(sessions, [0, 0, 0, 1], strict=True)
    ]
    assert days["items"][-1]["decision"] == {"rule": "raised", "sessions": sessions[:3]}
    narrow = await read_progress(service, guest, f"/levels/{SIDE_BEND}?first_day={(NOW - DAY).date()}")
    assert len(narrow["items"]) == 2


async def test_there_is_no_level_of_an_unknown_exercise(service: httpx.AsyncClient, guest: Guest) -> None:
    answer = await service.get("/v1/me/progress/levels/headstand", headers=guest.headers)
    assert answer.status_code == 404


async def test_who_begins_at_six_gets_the_gentle_routine_and_is_told_instead_of_what(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await start(service, guest, level=3, pain_before=[rating(6)])
    assert (session["routine"], session["plan"]["instead_of"], session["plan"]["level"]) == ("flare-up", "seed-full", 0)
    again = await service.post(
        "/v1/sessions",
        json={
            "id": session["id"],
            "routine": "seed-full",
            "no_red_flags": True,
            "level": 3,
            "pain_before": [rating(6)],
        },
        headers=guest.headers,
    )
    assert (again.status_code, again.json()["routine"]) == (200, "flare-up")
    usual = await start(service, guest, pain_before=[rating(5)])
    assert (usual["routine"], usual["plan"]["instead_of"]) == ("seed-full", None)
    assert (await complete(service, guest, session["id"]))["routine"] == "flare-up"
