"""A guest joins an account: whatever either did is there afterwards, once, on every device of both."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from api.metadata import metadata
from api.sessions import foreseeing
from api.sessions.service import rebuild_progress
from tests.contract.probing import require_problem
from tests.databases import rows_of
from tests.factories import (
    PASSWORD,
    Guest,
    an_email,
    answer_screening,
    complete,
    open_guest,
    practise,
    rating,
    read_progress,
    register,
    start,
)

NOW = datetime.now(UTC).replace(microsecond=0)
MOVED = frozenset(
    {
        *("session", "rating", "screening", "screening_answers", "closed_days", "notice_acknowledged"),
        *("token", "consent", "tombstone", "security_event"),
    }
)
COUNTED_ANEW = frozenset(name for name in metadata.tables if name.startswith("progress"))
THE_ACCOUNTS_OWN = frozenset({"credential", "mailed_code", "weekly_target"})
LOOK_UPS = frozenset({"recovery_code", "email_address", "account_alias"})


async def join(service: httpx.AsyncClient, guest: Guest, email: str) -> dict[str, Any]:
    sent = {"email": email, "password": PASSWORD}
    answer = await service.post("/v1/me/credentials", json=sent, headers=guest.headers)
    assert answer.status_code == 200, answer.text
    joined: dict[str, Any] = answer.json()
    return joined


async def a_week(service: httpx.AsyncClient, guest: Guest, *, days_ago: int, times: int = 2) -> list[str]:
    """So many sessions with pain, one that goes on, and one that was deleted; their ids but for the last."""
    days = [NOW - timedelta(days=days_ago + day) for day in range(times)]
    ids = [(await practise(service, guest, day, 5, pain_after=[rating(3)]))["id"] for day in days]
    ids.append((await start(service, guest))["id"])
    gone = (await start(service, guest))["id"]
    assert (await service.delete(f"/v1/sessions/{gone}", headers=guest.headers)).status_code == 204
    return ids


async def history(service: httpx.AsyncClient, guest: Guest) -> dict[str, str]:
    items = (await service.get("/v1/sessions?limit=100", headers=guest.headers)).json()["items"]
    return {item["id"]: item["status"] for item in items}


@pytest.mark.parametrize("foreseen", [False, True])
async def test_a_guests_week_joins_an_account_and_the_lost_answer_is_asked_for_again(
    service: httpx.AsyncClient, database_url: str, monkeypatch: pytest.MonkeyPatch, *, foreseen: bool
) -> None:
    monkeypatch.setattr(foreseeing, "AT_ONCE", 0 if foreseen else 500)
    email = an_email()
    account = await register(service, email, weekly_target=5, zone="Europe/Berlin")
    guest = await open_guest(service, weekly_target=2)
    theirs = await a_week(service, guest, days_ago=1, times=5)
    mine = await a_week(service, account, days_ago=10, times=5)
    lost = await join(service, guest, email)
    assert await join(service, guest, email) == lost
    assert lost["united"] == {"sessions": 6, "differing": [], "deleted": []}
    assert (lost["account"]["id"], lost["account"]["weekly_target"]) == (str(account.id), 5)
    for device in (guest, account):
        assert set(await history(service, device)) == {*theirs, *mine}
        assert (await read_progress(service, device))["sessions"] == 10
        pain = (await service.get("/v1/me/progress/pain", headers=device.headers)).json()
        assert pain["trend"]["ratings"] == 10
    assert rows_of(database_url, "SELECT id FROM account WHERE id = :user", user=guest.id) == []


@pytest.mark.parametrize("foreseen", [False, True])
async def test_progress_is_what_the_record_gives(
    service: httpx.AsyncClient, app: Any, monkeypatch: pytest.MonkeyPatch, *, foreseen: bool
) -> None:
    monkeypatch.setattr(foreseeing, "AT_ONCE", 0 if foreseen else 500)
    email = an_email()
    account = await register(service, email)
    guest = await open_guest(service)
    await a_week(service, guest, days_ago=1)
    await a_week(service, account, days_ago=3)
    await join(service, guest, email)
    assert await app.state.store.write(lambda db: rebuild_progress(db, user_id=account.id))


async def test_everything_of_the_guest_means_the_account_from_then_on(service: httpx.AsyncClient) -> None:
    email = an_email()
    account = await register(service, email)
    guest = await open_guest(service, device="Old phone")
    other_phone = (await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code})).json()
    await join(service, guest, email)
    renewed = await service.post("/v1/tokens/refresh", json={"refresh_token": other_phone["refresh_token"]})
    by_code = await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code})
    for tokens in (renewed.json(), by_code.json(), other_phone):
        headers = {"authorization": f"Bearer {tokens['access_token']}"}
        assert (await service.get("/v1/me", headers=headers)).json()["id"] == str(account.id)
    assert renewed.json()["access_token"].startswith(f"uk_{account.id.hex}_")
    devices = (await service.get("/v1/me/devices", headers=guest.headers)).json()["items"]
    assert [device["device"] for device in devices if device["current"]] == ["Old phone"]
    assert len(devices) == 4
    assert (await service.post("/v1/tokens/revoke", json={"token": guest.access_token})).status_code == 204
    require_problem(await service.get("/v1/me", headers=guest.headers), 401)


async def test_each_device_hears_of_what_it_does_not_know_and_of_no_more(service: httpx.AsyncClient) -> None:
    email = an_email()
    account, guest = await register(service, email), await open_guest(service)
    theirs, mine = await a_week(service, guest, days_ago=1), await a_week(service, account, days_ago=10)
    cursors = [(await synced(service, device))["cursor"] for device in (guest, account)]
    await join(service, guest, email)
    told_guest, told_account = [
        await synced(service, device, cursor) for device, cursor in zip((guest, account), cursors, strict=True)
    ]
    assert (told_guest["reset"], told_account["reset"]) == (True, False)
    assert heard_of(told_guest) == {*theirs, *mine}
    assert heard_of(told_account) == set(theirs)
    assert [change["kind"] for change in told_account["changes"]].count("deleted") == 1


async def synced(service: httpx.AsyncClient, device: Guest, cursor: str | None = None) -> dict[str, Any]:
    sent = {"cursor": cursor} if cursor else {}
    answer = await service.post("/v1/sync", json=sent, headers=device.headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def heard_of(told: dict[str, Any]) -> set[str]:
    return {change["session"]["id"] for change in told["changes"] if change["kind"] == "session"}


async def same_id(service: httpx.AsyncClient, guest: Guest, account: Guest) -> str:
    session_id = str(uuid4())
    for person in (guest, account):
        await start(service, person, id=session_id, started_at=NOW.isoformat())
    return session_id


async def test_the_same_session_on_both_sides_is_one_without_a_word(service: httpx.AsyncClient) -> None:
    email = an_email()
    account, guest = await register(service, email), await open_guest(service)
    session_id = await same_id(service, guest, account)
    joined = await join(service, guest, email)
    assert joined["united"]["differing"] == []
    assert await history(service, account) == {session_id: "active"}


@pytest.mark.parametrize("ended_by", ["guest", "account"])
async def test_of_two_under_one_id_the_one_that_ended_stays(service: httpx.AsyncClient, ended_by: str) -> None:
    email = an_email()
    account, guest = await register(service, email), await open_guest(service)
    session_id = await same_id(service, guest, account)
    await complete(service, guest if ended_by == "guest" else account, session_id, pain_after=[rating(2)])
    other = account if ended_by == "guest" else guest
    await service.put(f"/v1/sessions/{session_id}/record", json={"ratings": [rating(9)]}, headers=other.headers)
    joined = await join(service, guest, email)
    assert joined["united"]["differing"] == [{"id": session_id, "kept": ended_by}]
    session = (await service.get(f"/v1/sessions/{session_id}", headers=account.headers)).json()
    assert (session["status"], [row["value"] for row in session["outcome"]["pain_after"]]) == ("completed", [2])
    assert session["record"] is None
    assert (await read_progress(service, account))["sessions"] == 1


@pytest.mark.parametrize("later", ["guest", "account"])
async def test_of_two_that_ended_the_one_touched_last_stays(service: httpx.AsyncClient, later: str) -> None:
    email = an_email()
    account, guest = await register(service, email), await open_guest(service)
    session_id = await same_id(service, guest, account)
    people = {"guest": guest, "account": account}
    for side in sorted(people, key=lambda name: name == later):
        await complete(service, people[side], session_id, note=side)
    joined = await join(service, guest, email)
    assert joined["united"]["differing"] == [{"id": session_id, "kept": later}]
    session = (await service.get(f"/v1/sessions/{session_id}", headers=guest.headers)).json()
    assert session["outcome"]["note"] == later
    assert (await read_progress(service, account))["sessions"] == 1


@pytest.mark.parametrize("deleted_by", ["guest", "account"])
async def test_what_either_side_deleted_stays_deleted(service: httpx.AsyncClient, deleted_by: str) -> None:
    email = an_email()
    account, guest = await register(service, email), await open_guest(service)
    session_id = await same_id(service, guest, account)
    keeper, deleter = (account, guest) if deleted_by == "guest" else (guest, account)
    await complete(service, keeper, session_id)
    await service.delete(f"/v1/sessions/{session_id}", headers=deleter.headers)
    joined = await join(service, guest, email)
    assert joined["united"]["deleted"] == [session_id]
    gone = await service.get(f"/v1/sessions/{session_id}", headers=account.headers)
    require_problem(gone, 410, "session-deleted")
    assert (await read_progress(service, account))["sessions"] == 0


@pytest.mark.parametrize("kept", ["guest", "account"])
async def test_ratings_that_stood_by_themselves_stay_with_the_session_that_stays(
    service: httpx.AsyncClient, kept: str
) -> None:
    email = an_email()
    account, guest = await register(service, email), await open_guest(service)
    session_id, shared = await same_id(service, guest, account), str(uuid4())
    people = {"guest": guest, "account": account}
    alone = {side: str(uuid4()) for side in people}
    for side in sorted(people, key=lambda name: name == kept):
        await complete(service, people[side], session_id, note=side)
        for rating_id, place in ((shared, "left"), (alone[side], "right")):
            given = rating(5, id=rating_id, side=place, session=session_id, moment="next_morning")
            answer = await service.post("/v1/me/ratings", json=given, headers=people[side].headers)
            assert answer.status_code == 201, answer.text
    cursor = (await synced(service, account))["cursor"]
    await join(service, guest, email)
    told = (await synced(service, account, cursor))["changes"]
    left = (await service.get("/v1/me/ratings", headers=account.headers)).json()["items"]
    assert {row["id"] for row in left} == {shared, alone[kept]}
    gone = {change["deleted"]["id"] for change in told if change["kind"] == "deleted"}
    assert gone == ({alone["account"]} if kept == "guest" else set())


@pytest.mark.parametrize("deleted_by", ["guest", "account"])
async def test_a_rating_that_either_side_deleted_stays_deleted(service: httpx.AsyncClient, deleted_by: str) -> None:
    email = an_email()
    account, guest = await register(service, email), await open_guest(service)
    given = rating(5, id=str(uuid4()))
    for person in (guest, account):
        assert (await service.post("/v1/me/ratings", json=given, headers=person.headers)).status_code == 201
    deleter = guest if deleted_by == "guest" else account
    await service.delete(f"/v1/me/ratings/{given['id']}", headers=deleter.headers)
    await join(service, guest, email)
    assert (await service.get("/v1/me/ratings", headers=account.headers)).json()["items"] == []
    again = await service.post("/v1/me/ratings", json=given, headers=account.headers)
    require_problem(again, 410, "rating-deleted")


@pytest.mark.parametrize("strict", ["guest", "account"])
async def test_the_stricter_screening_counts(service: httpx.AsyncClient, strict: str) -> None:
    email = an_email()
    account, guest = await register(service, email), await open_guest(service)
    people = {"guest": guest, "account": account}
    questions = (await service.get("/v1/screening")).json()["questions"]
    first, second = (question["id"] for question in questions[-2:])
    await answer_screening(service, people[strict], first)
    await answer_screening(service, account if strict == "guest" else guest, second)
    await join(service, guest, email)
    mine = (await service.get("/v1/me/screening", headers=account.headers)).json()
    assert {question for question, answer in mine["answers"].items() if answer == "yes"} == {first, second}
    assert mine["answers"].keys() == {question["id"] for question in questions}


@pytest.mark.parametrize("locked", ["guest", "account"])
async def test_a_red_flag_on_either_side_locks_both(service: httpx.AsyncClient, locked: str) -> None:
    email = an_email()
    account, guest = await register(service, email), await open_guest(service)
    for person in (guest, account):
        await answer_screening(service, person)
    person = guest if locked == "guest" else account
    session = await start(service, person)
    await service.post(f"/v1/sessions/{session['id']}/abandon", json={"reason": "red_flag"}, headers=person.headers)
    await join(service, guest, email)
    for device in (guest, account):
        sent = {"routine": "seed-full", "no_red_flags": True}
        require_problem(await service.post("/v1/sessions", json=sent, headers=device.headers), 403, "screening-stop")
    await answer_screening(service, guest)
    await start(service, account)


async def test_a_screening_that_only_the_guest_has_comes_along(service: httpx.AsyncClient) -> None:
    email = an_email()
    account, guest = await register(service, email), await open_guest(service)
    given = await answer_screening(service, guest)
    await join(service, guest, email)
    mine = (await service.get("/v1/me/screening", headers=account.headers)).json()
    assert (mine["answers"], mine["answered_at"]) == (given["answers"], given["answered_at"])


@pytest.mark.parametrize(("last", "in_force"), [("given", ["health-data@1"]), ("withdrawn", [])])
async def test_of_a_consent_the_last_word_counts(service: httpx.AsyncClient, last: str, in_force: list[str]) -> None:
    email = an_email()
    path = "/v1/me/consents/health-data@1"
    account, guest = await register(service, email), await open_guest(service, consents=[])
    if last == "given":
        await service.delete(path, headers=account.headers)
        await service.put(path, headers=guest.headers)
    else:
        await service.put(path, headers=guest.headers)
        await service.delete(path, headers=account.headers)
    assert (await join(service, guest, email))["account"]["consents"] == in_force


async def test_no_health_data_stays_where_the_last_word_was_that_none_is_kept(service: httpx.AsyncClient) -> None:
    email = an_email()
    account, guest = await register(service, email), await open_guest(service)
    await a_week(service, guest, days_ago=1)
    await service.delete("/v1/me/consents/health-data@1", headers=account.headers)
    await join(service, guest, email)
    assert (await read_progress(service, account))["sessions"] == 2
    pain = (await service.get("/v1/me/progress/pain", headers=account.headers)).json()
    assert (pain["trend"]["ratings"], pain["items"]) == (0, [])


async def test_the_union_is_noted(service: httpx.AsyncClient) -> None:
    email = an_email()
    account, guest = await register(service, email), await open_guest(service)
    await join(service, guest, email)
    events = (await service.get("/v1/me/security-events", headers=account.headers)).json()["items"]
    assert events[0]["kind"] == "accounts_united"


def test_every_table_of_a_person_says_what_a_union_makes_of_it() -> None:
    personal = {name for name, table in metadata.tables.items() if "user_id" in table.c}
    told = MOVED | COUNTED_ANEW | THE_ACCOUNTS_OWN | LOOK_UPS
    assert personal == told, "Give the feature's `union` the new table, and let `test_union` practise it"


async def test_every_row_of_the_guest_has_gone_over_or_is_counted_anew(
    service: httpx.AsyncClient, database_url: str
) -> None:
    email = an_email()
    account = await register(service, email, consents=[], weekly_target=1)
    guest = await open_guest(service, weekly_target=1)
    await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code})
    await a_week(service, guest, days_ago=1)
    await answer_screening(service, guest)
    await freeze_and_put_away(service, guest)
    before, own = counted(database_url, guest.id), counted(database_url, account.id)
    moving = MOVED | COUNTED_ANEW
    assert [name for name in moving if not before[name]] == [], "the guest needs a row in every table"
    await join(service, guest, email)
    after = counted(database_url, account.id)
    added = {"security_event": 1}
    assert {name: after[name] for name in moving} == {
        name: before[name] + own[name] + added.get(name, 0) for name in moving
    }
    assert not any(counted(database_url, guest.id).values())


async def freeze_and_put_away(service: httpx.AsyncClient, guest: Guest) -> None:
    """Two days off long ago, and the notice of the week that was reached."""
    days = {"first_day": "2026-01-05", "last_day": "2026-01-06"}
    frozen = await service.put(f"/v1/me/freezes/{uuid4()}", json=days, headers=guest.headers)
    assert frozen.status_code == 200, frozen.text
    notice, *_ = (await service.get("/v1/me/notices", headers=guest.headers)).json()["items"]
    await service.post(f"/v1/me/notices/{notice['id']}/acknowledge", headers=guest.headers)


def counted(database_url: str, user: UUID) -> dict[str, int]:
    """How many rows each table has of the person."""
    names = sorted(name for name, table in metadata.tables.items() if "user_id" in table.c)
    counts = [f"(SELECT count(*) FROM {name} WHERE user_id = :user)" for name in names]  # noqa: S608 - names of our own
    [row] = rows_of(database_url, f"SELECT {', '.join(counts)}", user=user)
    return dict(zip(names, map(int, row), strict=True))


async def test_what_the_guest_does_while_it_joins_is_not_lost(service: httpx.AsyncClient) -> None:
    for _ in range(2):
        email = an_email()
        account, guest = await register(service, email), await open_guest(service)
        sent = {"email": email, "password": PASSWORD}
        ids = [str(uuid4()) for _ in range(12)]
        started = [start(service, guest, id=session_id) for session_id in ids]
        joining = service.post("/v1/me/credentials", json=sent, headers=guest.headers)
        refreshing = [service.post("/v1/tokens/refresh", json={"refresh_token": guest.refresh_token}) for _ in range(4)]
        begun = asyncio.gather(*started)
        joined, *renewed = await asyncio.gather(joining, *refreshing)
        await begun
        assert joined.status_code == 200
        assert set(await history(service, account)) == set(ids)
        for refreshed in renewed:
            assert refreshed.status_code == 201
            headers = {"authorization": f"Bearer {refreshed.json()['access_token']}"}
            assert (await service.get("/v1/me", headers=headers)).json()["id"] == str(account.id)


async def test_guests_that_join_one_account_at_once_hold_up_nobody(service: httpx.AsyncClient) -> None:
    email = an_email()
    account = await register(service, email)
    guests = [await open_guest(service) for _ in range(6)]
    ids = [(await start(service, guest))["id"] for guest in guests]
    joined = [join(service, guest, email) for guest in guests]
    changes = [service.patch("/v1/me", json={"weekly_target": n + 1}, headers=account.headers) for n in range(6)]
    *_, last = await asyncio.gather(*joined, *changes)
    assert last.status_code == 200
    assert set(await history(service, account)) == set(ids)
