"""What a device has missed comes back whole, or it is told to begin anew; never with a hole."""

import asyncio
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from api.metadata import metadata
from api.sync.cursor import Cursor, cursor_in
from api.sync.feeds import FEEDS, NOT_SHOWN
from api.sync.rendering import CHANGES
from tests.factories import Guest, answer_screening, complete, open_guest, rating, start
from tests.sync.test_sync import NOW, Json, lived, sync, verdicts


def kinds(synced: Json) -> list[str]:
    return [change["kind"] for change in synced["changes"]]


def of_kind(synced: Json, kind: str) -> list[Json]:
    return [change for change in synced["changes"] if change["kind"] == kind]


@pytest.mark.check
def test_every_table_with_a_revision_is_read_by_a_feed_or_says_why_not() -> None:
    revised = {name for name, table in metadata.tables.items() if "revision" in table.c}
    shown = [name for feed in FEEDS for name in feed.tables]
    assert revised == {*shown, *NOT_SHOWN}
    assert len(shown) == len({*shown} - NOT_SHOWN.keys())
    assert all(NOT_SHOWN.values())
    assert CHANGES.keys() == {feed.kind for feed in FEEDS}


async def test_a_first_sync_begins_from_nothing_and_the_next_goes_on(service: httpx.AsyncClient, guest: Guest) -> None:
    await answer_screening(service, guest)
    session = await complete(service, guest, (await start(service, guest, pain_before=[rating(4)]))["id"])
    first = await sync(service, guest)
    assert (first["reset"], first["more"]) == (True, False)
    assert sorted({*kinds(first)}) == ["account", "level", "notices", "screening", "session"]
    [shown] = of_kind(first, "session")
    assert {**shown["session"], "server_time": session["server_time"]} == session
    assert of_kind(first, "screening")[0]["screening"]["answers"].keys() >= {"pressure"}
    nothing = await sync(service, guest, cursor=first["cursor"])
    assert (nothing["reset"], nothing["changes"]) == (False, [])


async def test_whatever_changes_is_told_once_and_deletions_as_such(service: httpx.AsyncClient, guest: Guest) -> None:
    kept, gone = await start(service, guest), await start(service, guest)
    cursor = (await sync(service, guest))["cursor"]
    await service.delete(f"/v1/sessions/{gone['id']}", headers=guest.headers)
    await service.patch("/v1/me", json={"weekly_target": 5}, headers=guest.headers)
    await complete(service, guest, kept["id"])
    synced = await sync(service, guest, cursor=cursor)
    assert [one["deleted"]["id"] for one in of_kind(synced, "deleted")] == [gone["id"]]
    assert of_kind(synced, "account")[0]["account"]["weekly_target"] == 5
    assert [one["session"]["status"] for one in of_kind(synced, "session")] == ["completed"]
    revisions = [change["revision"] for change in synced["changes"]]
    assert revisions == sorted(revisions)


async def test_a_phone_hears_of_its_own_sessions_as_the_server_has_them(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    sent = lived()
    synced = await sync(service, guest, sent)
    [shown] = of_kind(synced, "session")
    assert (shown["session"]["id"], shown["session"]["active_ms"]) == (sent["start"]["id"], 300_000)


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_pages_of_any_size_tell_the_same(service: httpx.AsyncClient, limit: int) -> None:
    guest = await open_guest(service)
    await answer_screening(service, guest)
    gone = await start(service, guest)
    await sync(service, guest, *(lived(NOW - timedelta(hours=n)) for n in range(1, 6)))
    await service.delete(f"/v1/sessions/{gone['id']}", headers=guest.headers)
    whole = await sync(service, guest)
    told: list[Json] = []
    page: Json = {"more": True, "cursor": None}
    while page["more"]:
        page = await sync(service, guest, limit=limit, **({"cursor": page["cursor"]} if page["cursor"] else {}))
        assert len(page["changes"]) <= limit
        assert page["reset"] == (not told)
        told += page["changes"]
    assert told == whole["changes"]


async def test_what_changes_between_two_pages_is_not_missed(service: httpx.AsyncClient, guest: Guest) -> None:
    sent = [lived(NOW - timedelta(hours=n)) for n in range(1, 5)]
    synced = await sync(service, guest, *sent, limit=2)
    told = of_kind(synced, "session")
    ids = [one["start"]["id"] for one in sent]
    [first, *_] = [one["session"]["id"] for one in told]
    last = max(set(ids) - {one["session"]["id"] for one in told})
    for session_id in (first, last):
        await service.delete(f"/v1/sessions/{session_id}", headers=guest.headers)
    rest = await sync(service, guest, cursor=synced["cursor"])
    assert {one["deleted"]["id"] for one in of_kind(rest, "deleted")} == {first, last}
    assert {one["session"]["id"] for one in [*told, *of_kind(rest, "session")]} == {*ids} - {last}


async def test_nothing_is_missed_while_others_write(service: httpx.AsyncClient, guest: Guest) -> None:
    cursor = (await sync(service, guest))["cursor"]
    writes = [asyncio.create_task(start(service, guest)) for _ in range(12)]
    told: set[str] = set()
    while True:
        done = all(write.done() for write in writes)
        synced = await sync(service, guest, cursor=cursor, limit=3)
        cursor = synced["cursor"]
        told |= {one["session"]["id"] for one in of_kind(synced, "session")}
        if done and not synced["more"]:
            break
    assert told == {(await write)["id"] for write in writes}


async def test_a_cursor_that_cannot_be_honoured_begins_anew_and_stores_what_came_with_it(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    other = await sync(service, await open_guest(service))
    own = cursor_in((await sync(service, guest))["cursor"])
    assert own
    broken = {
        "another person's": other["cursor"],
        "of the future": Cursor(guest.id, own.feeds, NOW, own.revision + 7).text(),
        "older than what is kept of deletions": Cursor(
            guest.id, own.feeds, NOW - timedelta(days=400), own.revision
        ).text(),
        "of other feeds": Cursor(guest.id, "00000000", NOW, own.revision).text(),
        "no cursor": "bm9uZQ",
        "no text": "\u00e4" * 300,
        "with something added": own.text() + "A",
        "of a year that is none": urlsafe_b64encode(
            f"{guest.id.hex}|{own.feeds}|9{'9' * 20}|1|-1|{own.key.hex}".encode()
        ).decode(),
    }
    for name, cursor in broken.items():
        synced = await sync(service, guest, lived(), cursor=cursor)
        assert (synced["reset"], verdicts(synced)) == (True, ["applied"]), name


async def test_a_cursor_stays_good_as_long_as_deletions_are_kept(service: httpx.AsyncClient, guest: Guest) -> None:
    cursor = (await sync(service, guest))["cursor"]
    for days, reset in ((398, False), (400, True)):
        with time_machine.travel(datetime.now(UTC) + timedelta(days=days)):
            tokens = (await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code})).json()
            late = Guest(guest.id, tokens["access_token"], "", "")
            assert (await sync(service, late, cursor=cursor))["reset"] is reset


async def test_going_on_with_pages_keeps_the_day_on_which_reading_began(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    cursor = (await sync(service, guest))["cursor"]
    await sync(service, guest, lived(), lived())
    with time_machine.travel(datetime.now(UTC) + timedelta(days=300)):
        tokens = (await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code})).json()
        late = Guest(guest.id, tokens["access_token"], "", "")
        page = await sync(service, late, cursor=cursor, limit=1)
        went_on, began = cursor_in(page["cursor"]), cursor_in(cursor)
    assert went_on
    assert began
    assert (page["more"], went_on.since) == (True, began.since)


async def test_answers_are_not_told_once_the_consent_is_taken_back(service: httpx.AsyncClient, guest: Guest) -> None:
    await answer_screening(service, guest)
    await service.delete("/v1/me/consents/health-data@1", headers=guest.headers)
    [told] = of_kind(await sync(service, guest), "screening")
    assert (told["screening"]["answers"], told["screening"]["version"]) == (None, None)
