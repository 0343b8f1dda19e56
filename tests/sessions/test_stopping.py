"""Pain during a session: what stops, what is gentler, and what may go on."""

from typing import Any

import httpx
import pytest

from tests.factories import Guest, answer_screening, rating, start

HANG = "pull-up-bar-hang"
HANG_STEP = f"2.{HANG}.set1.hang"


async def record(service: httpx.AsyncClient, guest: Guest, session: dict[str, Any], **sent: Any) -> dict[str, Any]:
    answer = await service.put(f"/v1/sessions/{session['id']}/record", json=sent, headers=guest.headers)
    assert answer.status_code == 200, answer.text
    state: dict[str, Any] = answer.json()
    return state


@pytest.mark.parametrize(("before", "worst", "rule"), [(2, 4, "rise"), (5, 6, "red-zone"), (None, 6, "red-zone")])
async def test_a_rise_stops_its_exercise_and_offers_the_gentler_one_with_its_timeline(
    service: httpx.AsyncClient, guest: Guest, before: int | None, worst: int, rule: str
) -> None:
    session = await start(service, guest, pain_before=[] if before is None else [rating(before)])
    told = await record(service, guest, session, ratings=[rating(worst, step=HANG_STEP)])
    [stop] = told["stops"]
    assert (stop["exercise"], stop["rule"]) == (HANG, rule)
    gentler = stop["gentler"]
    assert gentler["exercise"] == "hang-feet-supported"
    assert {segment["exercise"] for segment in gentler["timeline"]["segments"]} == {gentler["exercise"]}


async def test_only_what_is_left_and_does_not_load_may_go_on(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest, pain_before=[rating(2)])
    steps = [step for segment in session["timeline"]["segments"] for step in segment["steps"]]
    bend = [
        step["id"] for step in steps if step.get("exercise") == "neck-side-bend-rotation" and step["kind"] == "hold"
    ]
    done = [{"step": step, "result": "done"} for step in bend]
    told = await record(service, guest, session, steps=done, ratings=[rating(4, step=HANG_STEP)])
    assert told["may_go_on"] == ["shoulder-shrug-seated", "foam-roller-upper-back"]


async def test_a_rating_without_a_step_is_about_the_exercise_recorded_last(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await start(service, guest, pain_before=[rating(2)])
    told = await record(service, guest, session, steps=[{"step": HANG_STEP, "result": "partial"}], ratings=[rating(4)])
    assert [stop["exercise"] for stop in told["stops"]] == [HANG]
    other = await start(service, guest, pain_before=[rating(2)])
    assert [stop["exercise"] for stop in (await record(service, guest, other, ratings=[rating(4)]))["stops"]] == [None]


async def test_without_a_rise_nothing_stops(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest, pain_before=[rating(3)])
    told = await record(service, guest, session, ratings=[rating(4, step=HANG_STEP)])
    assert (told["stops"], told["may_go_on"]) == ([], None)


async def test_what_the_answers_rule_out_is_not_offered_as_gentler(service: httpx.AsyncClient, guest: Guest) -> None:
    await answer_screening(service, guest, "shoulder-loose")
    session = await start(service, guest, pain_before=[rating(2)])
    steps = [step for segment in session["timeline"]["segments"] for step in segment["steps"]]
    first = next(step for step in steps if step["kind"] in {"hold", "reps"})
    told = await record(service, guest, session, ratings=[rating(5, step=first["id"])])
    permitted = (await service.get("/v1/me/exercises", headers=guest.headers)).json()["items"]
    effects = {item["exercise"]: item["effect"] for item in permitted}
    assert all(
        stop["gentler"] is None or effects[stop["gentler"]["exercise"]] not in {"exclude", "regress"}
        for stop in told["stops"]
    )
    assert told["stops"]


async def test_once_it_has_ended_nothing_is_left_to_stop(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest, pain_before=[rating(2)])
    path = f"/v1/sessions/{session['id']}/complete"
    assert (await service.post(path, json={}, headers=guest.headers)).is_success
    assert (await record(service, guest, session, ratings=[rating(9, step=HANG_STEP)]))["stops"] == []
