"""Quiet notices: each once, on every device, and a word when there is none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.factories import Guest, answer_screening, open_guest, practise, rating

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
PATH = "/v1/me/notices"


async def notices(service: httpx.AsyncClient, guest: Guest) -> dict[str, Any]:
    answer = await service.get(PATH, headers=guest.headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_where_nothing_is_new_it_says_so(service: httpx.AsyncClient, guest: Guest) -> None:
    told = await notices(service, guest)
    assert (told["items"], told["none_new"]) == ([], True)


async def test_a_level_raised_is_told_once_and_put_away_for_good(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service, zone="UTC", weekly_target=21)
    sessions = [
        (await practise(service, guest, NOW - days * DAY, before=2, pain_after=[rating(2)]))["id"] for days in (5, 3, 1)
    ]
    items = (await notices(service, guest))["items"]
    assert {(item["kind"], item["rung"], tuple(item["sessions"])) for item in items} == {
        ("level-raised", 1, tuple(sessions))
    }
    assert items == (await notices(service, guest))["items"]
    first, *others = items
    for _ in range(2):
        answer = await service.post(f"{PATH}/{first['id']}/acknowledge", headers=guest.headers)
        assert answer.status_code == 204
    assert (await notices(service, guest))["items"] == others


async def test_the_weeks_target_reached_is_told(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service, zone="UTC", weekly_target=1)
    await practise(service, guest, NOW)
    [item] = (await notices(service, guest))["items"]
    assert (item["kind"], item["text"]) == ("week-reached", "This week's target is reached")


async def test_answers_that_expire_soon_are_told(service: httpx.AsyncClient, guest: Guest) -> None:
    await answer_screening(service, guest, answered_at=(NOW - 20 * DAY).isoformat())
    assert (await notices(service, guest))["none_new"]
    await answer_screening(service, guest, answered_at=(NOW - 19 * DAY).isoformat())
    other = await open_guest(service)
    await answer_screening(service, other, answered_at=(NOW - 22 * DAY).isoformat())
    [item] = (await notices(service, other))["items"]
    assert (item["kind"], item["day"]) == ("screening-expires", (NOW + 6 * DAY).date().isoformat())


async def test_there_is_no_notice_of_another_person(service: httpx.AsyncClient, guest: Guest) -> None:
    other = await open_guest(service, zone="UTC", weekly_target=1)
    await practise(service, other, NOW)
    [item] = (await notices(service, other))["items"]
    answer = await service.post(f"{PATH}/{item['id']}/acknowledge", headers=guest.headers)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/notice-not-found")
