"""Weeks on target and done against planned, as an app reads them: with targets, freezes and locks that come and go."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from uuid_utils.compat import uuid7

from tests.factories import Guest, answer_screening, open_guest, practise, read_progress, start

NOW = datetime.now(UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MONDAY = NOW.date() - timedelta(days=NOW.weekday())
SUNDAY = 6
NOON = datetime(MONDAY.year, MONDAY.month, MONDAY.day, 12, tzinfo=UTC)


@pytest.fixture
async def guest(service: httpx.AsyncClient) -> Guest:
    return await open_guest(service, zone="UTC", weekly_target=1)


def in_week(ago: int) -> datetime:
    """Within the week of so many weeks ago, and never ahead of now."""
    return min(NOON - ago * WEEK, NOW)


async def weeks_on_target(service: httpx.AsyncClient, guest: Guest) -> int:
    weeks: int = (await read_progress(service, guest))["weeks_on_target"]["weeks"]
    return weeks


async def freeze(service: httpx.AsyncClient, guest: Guest, first: date, last: date) -> str:
    path = f"/v1/me/freezes/{uuid7()}"
    sent = {"first_day": first.isoformat(), "last_day": last.isoformat(), "reason": "holiday"}
    assert (await service.put(path, json=sent, headers=guest.headers)).status_code == 200
    return path


async def aim(service: httpx.AsyncClient, guest: Guest, target: int) -> None:
    assert (await service.patch("/v1/me", json={"weekly_target": target}, headers=guest.headers)).is_success


async def test_weeks_in_a_row_count_and_this_one_as_soon_as_it_is_met(service: httpx.AsyncClient, guest: Guest) -> None:
    for ago in (1, 3, 2):
        await practise(service, guest, in_week(ago))
    assert await weeks_on_target(service, guest) == 3
    await practise(service, guest, in_week(0))
    told = (await read_progress(service, guest))["weeks_on_target"]
    assert (told["weeks"], told["first_day"]) == (4, (MONDAY - 3 * WEEK).isoformat())
    listed = (await service.get(told["sessions_at"], headers=guest.headers)).json()["items"]
    assert len(listed) == 4


async def test_a_missed_week_ends_them_and_a_session_sent_late_joins_them_again(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    for ago in (3, 1):
        await practise(service, guest, in_week(ago))
    assert await weeks_on_target(service, guest) == 1
    late = await practise(service, guest, in_week(2))
    assert await weeks_on_target(service, guest) == 3
    assert (await service.delete(f"/v1/sessions/{late['id']}", headers=guest.headers)).status_code == 204
    assert await weeks_on_target(service, guest) == 1


async def test_a_frozen_week_neither_breaks_nor_adds_and_thawed_it_was_missed(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    for ago in (3, 1):
        await practise(service, guest, in_week(ago))
    path = await freeze(service, guest, MONDAY - 2 * WEEK, MONDAY - WEEK - DAY)
    assert await weeks_on_target(service, guest) == 2
    assert (await service.delete(path, headers=guest.headers)).status_code == 204
    assert await weeks_on_target(service, guest) == 1
    gone = await service.put(path, json={"first_day": "2026-01-01", "last_day": "2026-01-02"}, headers=guest.headers)
    assert gone.status_code == 410


async def test_a_freeze_is_changed_in_place_and_listed(service: httpx.AsyncClient, guest: Guest) -> None:
    path = await freeze(service, guest, MONDAY, MONDAY + DAY)
    sent = {"first_day": MONDAY.isoformat(), "last_day": MONDAY.isoformat()}
    for _ in range(2):
        assert (await service.put(path, json=sent, headers=guest.headers)).json()["last_day"] == MONDAY.isoformat()
    [kept] = (await service.get("/v1/me/freezes", headers=guest.headers)).json()["items"]
    assert (kept["id"], kept["reason"]) == (path.rpartition("/")[2], None)


@pytest.mark.parametrize("days", [("2026-01-02", "2026-01-01"), ("2026-01-01", "2027-01-02")])
async def test_a_freeze_has_days_and_not_too_many(
    service: httpx.AsyncClient, guest: Guest, days: tuple[str, str]
) -> None:
    sent = {"first_day": days[0], "last_day": days[1]}
    answer = await service.put(f"/v1/me/freezes/{uuid7()}", json=sent, headers=guest.headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/freeze-too-long")


async def test_a_new_target_counts_from_this_week_on_and_leaves_the_weeks_before(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    for ago in (2, 1, 0):
        await practise(service, guest, in_week(ago))
    assert await weeks_on_target(service, guest) == 3
    await aim(service, guest, 2)
    assert await weeks_on_target(service, guest) == 2
    await practise(service, guest, in_week(0))
    assert await weeks_on_target(service, guest) == 3
    weeks = (await read_progress(service, guest, "/weeks"))["items"]
    assert [week["target"] for week in weeks][-2:] == [1, 2]


async def test_a_lock_keeps_the_weeks_as_they_were_and_lifting_it_goes_on_from_there(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    for ago in (3, 2):
        await practise(service, guest, in_week(ago))
    assert await weeks_on_target(service, guest) == 0
    at = in_week(1).isoformat()
    session = await start(service, guest, started_at=at)
    end = {"reason": "red_flag", "abandoned_at": at}
    answer = await service.post(f"/v1/sessions/{session['id']}/abandon", json=end, headers=guest.headers)
    assert answer.is_success
    assert await weeks_on_target(service, guest) == 2
    await answer_screening(service, guest)
    assert await weeks_on_target(service, guest) == 2
    states = [week["state"] for week in (await read_progress(service, guest, "/weeks"))["items"]]
    assert states[-2:] == ["skipped", "skipped"]
    await practise(service, guest, in_week(0))
    all_closed = NOW.weekday() == SUNDAY
    assert await weeks_on_target(service, guest) == (2 if all_closed else 3)


async def test_done_against_planned_counts_28_days_from_the_first_day_on(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    told = (await read_progress(service, guest))["adherence"]
    assert (told["done"], told["planned"], told["percent"]) == (0, 0, None)
    await practise(service, guest, NOW - 27 * DAY)
    told = (await read_progress(service, guest))["adherence"]
    assert (told["done"], told["planned"], told["percent"]) == (1, 4, 25)
    listed = (await service.get(told["sessions_at"], headers=guest.headers)).json()["items"]
    assert len(listed) == told["done"]
    await freeze(service, guest, (NOW - 13 * DAY).date(), NOW.date())
    told = (await read_progress(service, guest))["adherence"]
    assert (told["done"], told["planned"], told["percent"]) == (1, 2, 50)


async def test_what_was_done_before_the_28_days_does_not_count(service: httpx.AsyncClient, guest: Guest) -> None:
    for days in (29, 28, 27, 1):
        await practise(service, guest, NOW - days * DAY)
    told = (await read_progress(service, guest))["adherence"]
    assert (told["done"], told["planned"]) == (2, 4)
    listed = (await service.get(told["sessions_at"], headers=guest.headers)).json()["items"]
    assert len(listed) == told["done"]


async def test_every_number_names_its_sessions(service: httpx.AsyncClient, guest: Guest) -> None:
    for days in (0, 1, 3):
        await practise(service, guest, NOW - days * DAY, before=4)
    progress = await read_progress(service, guest)

    async def listed(path: str) -> int:
        return len((await service.get(path, headers=guest.headers)).json()["items"])

    assert await listed(progress["sessions_at"]) == progress["sessions"] == 3
    assert await listed(progress["week"]["sessions_at"]) == progress["week"]["sessions"]
    assert await listed(progress["days_in_a_row_at"]) == progress["days_in_a_row"] == 2
    parts: list[tuple[str, str]] = [("/days", "sessions"), ("/exercises", "sessions"), ("/pain", "ratings")]
    for part, counted in parts:
        for item in (await read_progress(service, guest, part))["items"]:
            assert await listed(item["sessions_at"]) == item[counted]


async def test_the_same_events_in_another_order_give_the_same_numbers(service: httpx.AsyncClient) -> None:
    told: list[dict[str, Any]] = []
    for order in (1, -1):
        guest = await open_guest(service, zone="UTC", weekly_target=1)
        for ago in (3, 2, 0)[::order]:
            await practise(service, guest, in_week(ago))
        await freeze(service, guest, MONDAY - WEEK, MONDAY - DAY)
        progress = await read_progress(service, guest)
        told.append({name: progress[name] for name in ("weeks_on_target", "adherence", "week", "days_in_a_row")})
    assert told[0] == told[1]
    assert told[0]["weeks_on_target"]["weeks"] == 3
