"""Notices on a phone without a network: the same ones on their days, and put away there for every device."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest
import time_machine

from tests.factories import PASSWORD, Guest, an_email, answer_screening, open_guest, practise, rating, register
from tests.notices.test_notices import DAY, NOW, PATH, notices

RULE_OF_IDS = UUID("5f0c2a52-0d0e-4c55-9b1d-7a6e3f4c8d21")
MONDAY = NOW.date() - timedelta(days=NOW.weekday())


async def told(service: httpx.AsyncClient, guest: Guest, **sent: Any) -> dict[str, Any]:
    answer = await service.post("/v1/sync", json=sent, headers=guest.headers)
    assert answer.status_code == 200, answer.text
    synced: dict[str, Any] = answer.json()
    return synced


def kept(synced: dict[str, Any]) -> list[dict[str, Any]]:
    [change] = [change for change in synced["changes"] if change["kind"] == "notices"]
    assert change["revision"] == max(each["revision"] for each in synced["changes"])
    shown: list[dict[str, Any]] = change["notices"]
    return shown


def shown_on(day: date, items: list[dict[str, Any]]) -> set[str]:
    """What a phone does that keeps them."""
    return {item["id"] for item in items if item["first_day"] <= day.isoformat() <= item["last_day"]}


async def ids(service: httpx.AsyncClient, guest: Guest) -> set[str]:
    return {item["id"] for item in (await notices(service, guest))["items"]}


@pytest.fixture
async def guest(service: httpx.AsyncClient) -> Guest:
    """Reaches the week's target today, has levels that rise tomorrow, and answers that expire in nine days."""
    guest = await open_guest(service, zone="UTC", weekly_target=1)
    await answer_screening(service, guest, answered_at=(NOW - 20 * DAY).isoformat())
    for days in (3, 2, 0):
        await practise(service, guest, NOW - days * DAY, before=2, pain_after=[rating(2)])
    await service.post("/v1/me/screening/confirm", json={"anything_new": False}, headers=guest.headers)
    return guest


async def test_a_phone_without_a_network_shows_on_each_day_what_the_server_would(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    items = kept(await told(service, guest))
    assert {item["kind"] for item in items} == {"level-raised", "week-reached", "screening-expires"}
    days = []
    for later in (0, 1, 7, 8, 20, 21, 28, 29):
        with time_machine.travel(NOW + later * DAY):
            tokens = (await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code})).json()
            device = Guest(guest.id, tokens["access_token"], "", "")
            there = await ids(service, device)
            assert there == shown_on((NOW + later * DAY).date(), items)
            assert there == shown_on((NOW + later * DAY).date(), kept(await told(service, device)))
            days.append(bool(there))
    assert (days[1], days[-1]) == (True, False)


async def test_what_was_put_away_offline_is_away_on_every_device(service: httpx.AsyncClient, guest: Guest) -> None:
    synced = await told(service, guest)
    away = next(item["id"] for item in kept(synced) if item["kind"] == "week-reached")
    first = await told(service, guest, acknowledged_notices=[away])
    other = await told(service, guest, cursor=synced["cursor"])
    assert {item["id"] for item in kept(first)} == {item["id"] for item in kept(other)}
    assert away not in {item["id"] for item in kept(other)} | await ids(service, guest)
    again = await told(service, guest, acknowledged_notices=[away, away], cursor=other["cursor"])
    assert kept(again) == kept(other)
    answer = await service.post(f"{PATH}/{away}/acknowledge", headers=guest.headers)
    assert answer.status_code == 204


async def test_a_notice_that_is_to_come_may_be_put_away_before(service: httpx.AsyncClient, guest: Guest) -> None:
    rises = [item for item in kept(await told(service, guest)) if item["kind"] == "level-raised"]
    tomorrow = (NOW + DAY).date().isoformat()
    assert {item["first_day"] for item in rises} == {tomorrow}
    assert (await service.post(f"{PATH}/{rises[0]['id']}/acknowledge", headers=guest.headers)).status_code == 204
    left = [item for item in kept(await told(service, guest)) if item["kind"] == "level-raised"]
    assert left == rises[1:]


async def test_a_phone_names_a_notice_by_the_rule_before_the_server_knows_of_it(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service, zone="UTC", weekly_target=1)
    away = str(uuid5(RULE_OF_IDS, f"week-reached/{MONDAY}/"))
    synced = await told(service, guest, acknowledged_notices=[away])
    await practise(service, guest, NOW)
    assert await ids(service, guest) == set()
    other = await open_guest(service, zone="UTC", weekly_target=1)
    await practise(service, other, NOW)
    assert await ids(service, other) == {away}
    assert kept(await told(service, guest, cursor=synced["cursor"])) == []


async def test_notices_are_told_again_only_when_something_has_changed(service: httpx.AsyncClient, guest: Guest) -> None:
    synced = await told(service, guest)
    again = await told(service, guest, cursor=synced["cursor"])
    assert again["changes"] == []
    session = (await service.get("/v1/sessions", headers=guest.headers)).json()["items"][0]
    await service.delete(f"/v1/sessions/{session['id']}", headers=guest.headers)
    later = kept(await told(service, guest, cursor=synced["cursor"]))
    assert [item for item in later if item["kind"] == "level-raised"] == []


async def test_what_a_guest_has_put_away_stays_away_in_the_account_that_takes_the_guest_in(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    email = an_email()
    account = await register(service, email, zone="UTC", weekly_target=1)
    there = await ids(service, guest)
    await told(service, guest, acknowledged_notices=sorted(there))
    sent = {"email": email, "password": PASSWORD}
    answer = await service.post("/v1/me/credentials", json=sent, headers=guest.headers)
    assert answer.status_code == 200, answer.text
    assert there
    assert there & await ids(service, account) == set()
    assert (await notices(service, account))["none_new"]


async def test_the_last_day_of_the_answers_is_the_persons_own(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service, zone="Pacific/Kiritimati")
    given = (NOW - 22 * DAY).replace(hour=12, minute=0)
    await answer_screening(service, guest, answered_at=given.isoformat())
    [item] = (await notices(service, guest))["items"]
    assert item["day"] == (given + 29 * DAY).date().isoformat()
