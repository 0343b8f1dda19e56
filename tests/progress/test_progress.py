from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import httpx
import pytest

from tests.factories import Guest, complete, open_guest, practise, read_progress, start

NOW = datetime.now(UTC)


async def test_nobody_starts_with_anything(service: httpx.AsyncClient, guest: Guest) -> None:
    progress = await read_progress(service, guest)
    assert (progress["sessions"], progress["active_ms"], progress["days_in_a_row"]) == (0, 0, 0)
    assert (progress["last_day"], progress["week"]["sessions"], progress["week"]["met"]) == (None, 0, False)
    assert (await read_progress(service, guest, "/days"))["items"] == []
    assert (await read_progress(service, guest, "/exercises"))["items"] == []


async def test_an_active_session_counts_for_nothing_yet(service: httpx.AsyncClient, guest: Guest) -> None:
    await start(service, guest)
    assert (await read_progress(service, guest))["sessions"] == 0


async def test_days_in_a_row_and_the_week_follow_the_sessions(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service, weekly_target=1, zone="UTC")
    for days_ago in (0, 0, 1, 2, 4):
        await practise(service, guest, NOW - timedelta(days=days_ago))
    progress = await read_progress(service, guest)
    assert (progress["sessions"], progress["days_in_a_row"]) == (5, 3)
    assert progress["last_day"] == progress["today"] == NOW.date().isoformat()
    monday = NOW.date() - timedelta(days=NOW.weekday())
    in_week = sum(NOW.date() - timedelta(days=n) >= monday for n in (0, 0, 1, 2, 4))
    assert progress["week"] == {
        "first_day": monday.isoformat(),
        "last_day": (monday + timedelta(days=6)).isoformat(),
        "sessions": in_week,
        "target": 1,
        "met": True,
        "sessions_at": f"/v1/sessions?status=completed&first_day={monday}&last_day={monday + timedelta(days=6)}",
    }


async def test_the_target_of_the_week_is_the_one_in_force(service: httpx.AsyncClient, guest: Guest) -> None:
    await practise(service, guest, NOW)
    await service.patch("/v1/me", json={"weekly_target": 1}, headers=guest.headers)
    assert (await read_progress(service, guest))["week"]["met"] is True
    await service.patch("/v1/me", json={"weekly_target": 2}, headers=guest.headers)
    assert (await read_progress(service, guest))["week"]["met"] is False


@pytest.mark.parametrize("seed", range(3))
async def test_sessions_in_any_order_give_the_same_numbers(service: httpx.AsyncClient, seed: int) -> None:
    days = [0, 1, 1, 3, 4, 5, 9]
    straight, shuffled = await open_guest(service), await open_guest(service)
    for days_ago in sorted(days, reverse=True):
        await practise(service, straight, NOW - timedelta(days=days_ago))
    Random(seed).shuffle(days)  # noqa: S311 - a seeded order for a test
    for days_ago in days:
        await practise(service, shuffled, NOW - timedelta(days=days_ago))
    for part in ("", "/days", "/exercises"):
        assert await read_progress(service, shuffled, part) == await read_progress(service, straight, part)


async def test_today_is_the_persons_own(service: httpx.AsyncClient) -> None:
    east = await open_guest(service, zone="Pacific/Kiritimati")
    west = await open_guest(service, zone="Pacific/Niue")
    today = [datetime.fromisoformat((await read_progress(service, guest))["today"]) for guest in (east, west)]
    assert today[0] - today[1] in {timedelta(days=1), timedelta(days=2)}


async def test_the_days_of_a_range_are_those_with_sessions_and_both_ends_belong_to_it(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    for days_ago in (2, 4, 6):
        await practise(service, guest, NOW - timedelta(days=days_ago))
    first, last = ((NOW - timedelta(days=n)).date().isoformat() for n in (4, 2))
    days = await read_progress(service, guest, f"/days?first_day={first}&last_day={last}")
    assert (days["first_day"], days["last_day"]) == (first, last)
    assert [(day["day"], day["sessions"]) for day in days["items"]] == [(first, 1), (last, 1)]


@pytest.mark.parametrize(
    "query", ["first_day=2026-01-02&last_day=2026-01-01", "first_day=2024-01-01&last_day=2026-01-01"]
)
async def test_a_range_that_cannot_be_shown_whole_is_refused_and_never_cut(
    service: httpx.AsyncClient, guest: Guest, query: str
) -> None:
    answer = await service.get(f"/v1/me/progress/days?{query}", headers=guest.headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/days-out-of-range")


@pytest.mark.parametrize("edge", ["0001-01-01", "9999-12-31"])
async def test_the_edges_of_the_calendar_are_days_like_others(
    service: httpx.AsyncClient, guest: Guest, edge: str
) -> None:
    answer = await service.get(f"/v1/me/progress/days?last_day={edge}", headers=guest.headers)
    assert answer.status_code == 200
    answer = await service.get(f"/v1/me/progress/days?first_day={edge}", headers=guest.headers)
    assert answer.status_code == 409
    frozen = {"first_day": edge, "last_day": edge}
    answer = await service.put(f"/v1/me/freezes/{uuid4()}", json=frozen, headers=guest.headers)
    assert answer.status_code == 200
    answer = await service.get(f"/v1/me/progress/weeks?last_day={edge}", headers=guest.headers)
    assert answer.status_code == 200


async def test_minutes_are_those_of_the_session_without_pauses(service: httpx.AsyncClient, guest: Guest) -> None:
    began = NOW - timedelta(hours=1)
    session = await start(service, guest, started_at=began.isoformat())
    record = {"pauses": [{"from_ms": 0, "to_ms": 60_000}]}
    ended = (began + timedelta(minutes=4)).isoformat()
    await complete(service, guest, session["id"], completed_at=ended, record=record)
    assert (await read_progress(service, guest))["active_ms"] == 180_000
