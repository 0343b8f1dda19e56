import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import time_machine

from api.sessions.refusals import SessionNotFound
from tests.databases import rows_of
from tests.factories import Guest, open_guest, rating, session_request, start


async def test_a_started_session_carries_its_plan_its_timeline_and_its_cautions(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    wanted = session_request(pain_before=[rating(5)])
    answer = await service.post("/v1/sessions", json=wanted, headers=guest.headers)
    session = answer.json()
    assert answer.status_code == 201
    assert (session["id"], session["status"]) == (wanted["id"], "active")
    assert session["pain_before"] == [rating(5)]
    assert session["timeline"]["routine"] == "seed-full"
    assert session["content_version"] == session["timeline"]["content_version"]
    to_acknowledge = {caution["code"] for caution in session["cautions"] if caution["must_acknowledge"]}
    assert "never-roll-the-neck" in to_acknowledge
    assert (await service.get(f"/v1/sessions/{wanted['id']}", headers=guest.headers)).json() | {
        "server_time": session["server_time"]
    } == session


async def test_without_a_screening_the_level_is_held_and_loading_exercises_say_to_ask_first(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await start(service, guest, level=4)
    assert session["routine"] == "seed-full"
    assert session["plan"] == {
        "id": None,
        "level": 0,
        "asked_level": 4,
        "held_because": "no-screening",
        "changes": [],
        "doses": [],
        "instead_of": None,
    }
    assert session["timeline"]["level"] == 0
    asked_first = {caution["exercise"] for caution in session["cautions"] if caution["code"] == "ask-first"}
    assert {"pull-up-bar-hang", "downward-facing-dog"} <= asked_first


async def test_the_same_start_again_gives_the_same_session(service: httpx.AsyncClient, guest: Guest) -> None:
    wanted = session_request(pain_before=[rating(5)])
    first = await service.post("/v1/sessions", json=wanted, headers=guest.headers)
    reordered = dict(reversed(wanted.items())) | {"id": wanted["id"].upper()}
    again = await service.post("/v1/sessions", json=reordered, headers=guest.headers)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() | {"server_time": ""} == first.json() | {"server_time": ""}


async def test_a_retry_hours_later_still_gives_the_same_session(service: httpx.AsyncClient, guest: Guest) -> None:
    wanted = session_request(started_at=(datetime.now(UTC) - timedelta(days=29, hours=23, minutes=50)).isoformat())
    first = await service.post("/v1/sessions", json=wanted, headers=guest.headers)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=50)):
        again = await service.post("/v1/sessions", json=wanted, headers=guest.headers)
    assert (first.status_code, again.status_code) == (201, 200)


async def test_something_else_under_the_same_id_is_refused_with_the_session_as_it_is(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await start(service, guest, level=0)
    other = session_request(id=session["id"], level=1)
    answer = await service.post("/v1/sessions", json=other, headers=guest.headers)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "/problems/session-differs")
    assert problem["session"]["id"] == session["id"]
    assert problem["session"]["plan"]["asked_level"] == 0


async def test_without_an_id_the_server_mints_a_new_one_each_time(service: httpx.AsyncClient, guest: Guest) -> None:
    wanted = session_request()
    del wanted["id"]
    ids = {(await service.post("/v1/sessions", json=wanted, headers=guest.headers)).json()["id"] for _ in range(2)}
    assert len(ids) == 2
    assert {UUID(id_).version for id_ in ids} == {7}


async def test_fifty_copies_at_once_make_one_session(service: httpx.AsyncClient, guest: Guest) -> None:
    wanted = session_request(pain_before=[rating(5)])
    copies = (service.post("/v1/sessions", json=wanted, headers=guest.headers) for _ in range(50))
    answers = await asyncio.gather(*copies)
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({str(answer.json() | {"server_time": ""}) for answer in answers}) == 1
    listed = (await service.get("/v1/sessions", headers=guest.headers)).json()["items"]
    assert [item["id"] for item in listed] == [wanted["id"]]


async def test_the_same_id_of_two_people_is_two_sessions(service: httpx.AsyncClient) -> None:
    mine, theirs = await open_guest(service), await open_guest(service)
    wanted = session_request()
    for guest in (mine, theirs):
        answer = await service.post("/v1/sessions", json=wanted, headers=guest.headers)
        assert answer.status_code == 201
    await service.delete(f"/v1/sessions/{wanted['id']}", headers=theirs.headers)
    assert (await service.get(f"/v1/sessions/{wanted['id']}", headers=mine.headers)).status_code == 200


@pytest.mark.parametrize("path", ["", "/record", "/complete", "/abandon"])
async def test_another_persons_session_looks_like_a_missing_one(service: httpx.AsyncClient, path: str) -> None:
    mine, theirs = await open_guest(service), await open_guest(service)
    session = await start(service, theirs)
    method = {"": "GET", "/record": "PUT"}.get(path, "POST")
    body = {"": None, "/abandon": {"reason": "no_time"}}.get(path, {})
    other = session_request()["id"]
    answers = [
        await service.request(method, f"/v1/sessions/{id_}{path}", json=body, headers=mine.headers)
        for id_ in (session["id"], other)
    ]
    seen = {(a.status_code, a.json()["type"], a.json()["detail"]) for a in answers}
    assert seen == {(404, "/problems/session-not-found", SessionNotFound().detail)}


@pytest.mark.parametrize(
    ("ahead", "problem"),
    [
        (timedelta(minutes=6), "/problems/time-ahead"),
        (timedelta(days=400), "/problems/time-ahead"),
        (-timedelta(days=31), "/problems/time-too-old"),
    ],
)
async def test_a_clock_too_far_off_is_told_so(
    service: httpx.AsyncClient, guest: Guest, ahead: timedelta, problem: str
) -> None:
    wanted = session_request(started_at=(datetime.now(UTC) + ahead).isoformat())
    answer = await service.post("/v1/sessions", json=wanted, headers=guest.headers)
    assert (answer.status_code, answer.json()["type"]) == (409, problem)


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
async def test_times_at_the_edge_of_the_calendar_are_refused_like_others(
    service: httpx.AsyncClient, guest: Guest, written: str
) -> None:
    answer = await service.post("/v1/sessions", json=session_request(started_at=written), headers=guest.headers)
    assert answer.status_code == 409


async def test_the_local_date_is_that_of_the_start_in_the_zone_sent(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service, zone="Europe/Berlin", day_cutoff_min=180)
    at = (datetime.now(UTC) - timedelta(days=2)).replace(hour=0, minute=30, second=0, microsecond=0)
    cases = {"Europe/Berlin": at.date() - timedelta(days=1), "Pacific/Kiritimati": at.date()}
    for zone, day in cases.items():
        session = await start(service, guest, started_at=at.isoformat(), zone=zone)
        assert session["local_date"] == day.isoformat()
    assert (await start(service, guest, started_at=at.isoformat()))["zone"] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"no_red_flags": False}, "/no_red_flags"),
        ({"no_red_flags": 1}, "/no_red_flags"),
        ({"no_red_flags": "true"}, "/no_red_flags"),
        ({"level": 5}, "/level"),
        ({"level": 1.0}, "/level"),
        ({"level": "1"}, "/level"),
        ({"id": "01938a3e7c007000800000000000cafe"}, "/id"),
        ({"id": "{01938a3e-7c00-7000-8000-00000000cafe}"}, "/id"),
        ({"id": None}, "/id"),
        ({"started_at": 0}, "/started_at"),
        ({"started_at": "2026-11-23"}, "/started_at"),
        ({"started_at": "2026-11-23T08:00:00"}, "/started_at"),
        ({"started_at": "2026-02-30T08:00:00Z"}, "/started_at"),
        ({"zone": "Mars/Olympus"}, "/zone"),
        ({"pain_before": [{"region": "neck", "side": "left", "value": 11}]}, "/pain_before/0/value"),
        ({"pain_before": [{"region": "soul", "side": "left", "value": 1}]}, "/pain_before/0/region"),
        ({"rutine": "seed-full"}, "/rutine"),
    ],
)
async def test_bad_input_names_the_member_and_starts_nothing(
    service: httpx.AsyncClient, guest: Guest, change: dict[str, Any], pointer: str
) -> None:
    answer = await service.post("/v1/sessions", json=session_request(**change), headers=guest.headers)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert (await service.get("/v1/sessions", headers=guest.headers)).json() == {"items": [], "next": None}


async def test_the_red_flag_statement_cannot_be_left_out(service: httpx.AsyncClient, guest: Guest) -> None:
    wanted = session_request()
    del wanted["no_red_flags"]
    answer = await service.post("/v1/sessions", json=wanted, headers=guest.headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/no_red_flags")


async def test_an_unknown_routine_is_a_conflict_that_says_where_to_look(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    answer = await service.post("/v1/sessions", json=session_request(routine="neck-circles"), headers=guest.headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/routine-unknown")


async def test_both_instants_the_zone_and_the_app_are_kept(service: httpx.AsyncClient, database_url: str) -> None:
    guest = await open_guest(service, app="test-app", zone="Asia/Tokyo")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    session = await start(service, guest, started_at=yesterday.isoformat(), pain_before=[rating(3)])
    assert session["app"] == "test-app"
    assert datetime.fromisoformat(session["started_at"]) == yesterday
    assert datetime.fromisoformat(session["received_at"]) - yesterday >= timedelta(hours=23)
    statement = "SELECT moment, region, side, value, app, revision FROM rating WHERE user_id = :user"
    kept = rows_of(database_url, statement, user=guest.id)
    assert kept == [("before", "neck", "left", 3, "test-app", session["revision"])]


async def test_plans_are_kept_once_however_many_follow_them(service: httpx.AsyncClient, database_url: str) -> None:
    counted = []
    for _ in range(2):
        await start(service, await open_guest(service))
        counted += rows_of(database_url, "SELECT (SELECT count(*) FROM plan), (SELECT count(*) FROM plan_exercise)")
    assert counted[0] == counted[1]
    assert min(counted[0]) > 0
