"""What nobody needs any more goes by itself, a bounded number at a time, done by one of several servers."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from api import cli
from api.domain.retention import RECEIPTS_KEPT, TOMBSTONES_KEPT
from api.privacy import chores, erasing, sweeping
from tests.contract.probing import require_problem
from tests.databases import rows_of
from tests.factories import Guest, an_email, open_guest, register, start
from tests.privacy.test_erasure import ERASE, rows_left
from tests.privacy.test_export import lived

NOW = datetime.now(UTC)
IDLE = timedelta(days=730)
A_DAY = timedelta(days=1)


async def swept(app: FastAPI, now: datetime = NOW) -> Counter[str]:
    return await sweeping.sweep(app.state.store, idle=IDLE, now=now)


def move(url: str, table: str, column: str, at: datetime, guest: Guest) -> None:
    statement = f"UPDATE {table} SET {column} = :at WHERE user_id = :id"  # noqa: S608 - names of our own
    rows_of(url, statement, at=stored(url, at), id=guest.id)


def stored(url: str, at: datetime) -> Any:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if url.startswith("sqlite") else at


@pytest.mark.parametrize(("days", "stays"), [(729, True), (731, False)])
async def test_a_guest_of_whom_no_device_was_here_for_so_long_is_erased(
    alone: FastAPI, caller: httpx.AsyncClient, own_url: str, days: int, *, stays: bool
) -> None:
    guest, other = await open_guest(caller), await open_guest(caller)
    await start(caller, guest)
    move(own_url, "token", "created_at", NOW - timedelta(days=days), guest)
    assert (await swept(alone))["guests"] == (0 if stays else 1)
    assert bool(rows_left(own_url, guest)) == stays
    assert (await caller.get("/v1/me", headers=other.headers)).status_code == 200


async def test_a_device_that_refreshed_is_one_that_was_here(
    alone: FastAPI, caller: httpx.AsyncClient, own_url: str
) -> None:
    guest = await open_guest(caller)
    move(own_url, "token", "created_at", NOW - 2 * IDLE, guest)
    move(own_url, "token", "used_at", NOW - A_DAY, guest)
    assert (await swept(alone))["guests"] == 0


async def test_who_has_an_address_is_no_guest_and_is_not_erased_for_staying_away(
    alone: FastAPI, caller: httpx.AsyncClient, own_url: str
) -> None:
    person = await register(caller, an_email())
    move(own_url, "token", "created_at", NOW - 2 * IDLE, person)
    assert (await swept(alone))["guests"] == 0
    assert rows_left(own_url, person)["account"] == 1


async def test_a_guest_who_comes_back_while_it_is_swept_stays(
    alone: FastAPI, caller: httpx.AsyncClient, own_url: str
) -> None:
    guest = await open_guest(caller)
    late = partial(erasing.erase_idle_guest, user_id=guest.id, before=NOW - IDLE, now=NOW)
    assert await alone.state.store.write(late) is None
    assert rows_left(own_url, guest)["account"] == 1
    gone = partial(erasing.erase_idle_guest, user_id=uuid7(), before=NOW, now=NOW)
    assert await alone.state.store.write(gone) is None


async def test_expired_tokens_go_and_the_newest_of_each_person_stays_to_tell_when_they_were_here(
    alone: FastAPI, caller: httpx.AsyncClient, own_url: str
) -> None:
    guest = await open_guest(caller)
    await caller.post("/v1/tokens", json={"recovery_code": guest.recovery_code})
    in_a_year = NOW + timedelta(days=365)
    for now, left in ((NOW, 4), (in_a_year, 2), (in_a_year, 2)):
        await swept(alone, now)
        assert rows_left(own_url, guest)["tokens"] == left


async def test_a_tombstone_and_a_receipt_go_when_their_time_is_over(alone: FastAPI, caller: httpx.AsyncClient) -> None:
    guest, gone = await open_guest(caller), await open_guest(caller)
    path = f"/v1/sessions/{(await start(caller, guest))['id']}"
    await caller.delete(path, headers=guest.headers)
    await caller.delete(ERASE, headers=gone.headers)
    await swept(alone, NOW + RECEIPTS_KEPT - A_DAY)
    assert (await caller.delete(ERASE, headers=gone.headers)).status_code == 200
    require_problem(await caller.get(path, headers=guest.headers), 410, "session-deleted")
    assert (await swept(alone, NOW + RECEIPTS_KEPT + A_DAY))["erasure"] >= 1
    require_problem(await caller.delete(ERASE, headers=gone.headers), 401, "unauthenticated")
    await swept(alone, NOW + TOMBSTONES_KEPT + A_DAY)
    require_problem(await caller.get(path, headers=guest.headers), 404, "session-not-found")


async def test_an_erasure_that_a_stop_broke_off_is_ended_by_the_sweep(
    alone: FastAPI, caller: httpx.AsyncClient, own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = await open_guest(caller)
    await lived(caller, guest)
    monkeypatch.setattr(erasing, "ROWS_AT_ONCE", 5)
    erase = partial(erasing.erase, user_id=guest.id, app=None, asked_by=b"\1" * 32, now=NOW)
    assert not (await alone.state.store.write(erase)).finished
    await swept(alone)
    assert rows_left(own_url, guest) == {}


async def test_more_than_goes_in_one_unit_goes_in_several(
    alone: FastAPI, caller: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOW + TOMBSTONES_KEPT + A_DAY
    await swept(alone, later)
    guest = await open_guest(caller)
    for _ in range(5):
        session = await start(caller, guest)
        await caller.delete(f"/v1/sessions/{session['id']}", headers=guest.headers)
    monkeypatch.setattr(sweeping, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(sweeping, "ROWS_OF_A_KIND", 3)
    assert [(await swept(alone, later))["tombstone"] for _ in range(3)] == [3, 2, 0]


async def test_of_several_servers_one_does_what_is_due(alone: FastAPI) -> None:
    claim = partial(chores.claim, name=chores.SWEEP, until=NOW + A_DAY, now=NOW)
    won = await asyncio.gather(*(alone.state.store.write(claim) for _ in range(8)))
    assert sorted(won) == [False] * 7 + [True]


async def test_what_was_made_due_while_it_was_done_is_due_again(alone: FastAPI) -> None:
    store, lease = alone.state.store, NOW + A_DAY
    await store.write(partial(chores.make_due, name=chores.SCRUB, at=NOW))
    assert await store.write(partial(chores.claim, name=chores.SCRUB, until=lease, now=NOW))
    await store.write(partial(chores.make_due, name=chores.SCRUB, at=NOW))
    await store.write(partial(chores.settle, name=chores.SCRUB, claimed=lease, at=None))
    assert await store.read(partial(chores.is_due, name=chores.SCRUB, now=NOW))


async def test_a_server_tidies_by_itself_and_only_when_something_is_due(
    alone: FastAPI, caller: httpx.AsyncClient, own_url: str
) -> None:
    tidy = partial(sweeping.tidy, alone.state.store, idle=IDLE, every=A_DAY)
    await alone.state.store.write(partial(chores.make_due, name=chores.SWEEP, at=NOW))
    idle = await open_guest(caller)
    move(own_url, "token", "created_at", NOW - 2 * IDLE, idle)
    await tidy()
    assert rows_left(own_url, idle) == {}
    due = dict(rows_of(own_url, "SELECT name, due_at FROM chore"))
    assert due[chores.SCRUB] is None
    assert str(due[chores.SWEEP]) > str(NOW)
    await tidy()
    assert dict(rows_of(own_url, "SELECT name, due_at FROM chore")) == due


@pytest.mark.parametrize("options", [[], ["--rewrite"]])
def test_the_command_says_what_it_swept(
    fresh_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    monkeypatch.setenv("UNKNOT_DATABASE_URL", fresh_database_url)
    account = "INSERT INTO account VALUES (:id, 1, :at, NULL, 'UTC', 'en', 3, 0, '')"
    for days in (1, 800):
        at = stored(fresh_database_url, NOW - timedelta(days=days))
        rows_of(fresh_database_url, account, id=uuid7(), at=at)
    with pytest.raises(SystemExit, match="0"):
        cli.main(["sweep", *options])
    assert "sweep: 1 guests\n" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="0"):
        cli.main(["sweep", *options])
    assert capsys.readouterr().out == "sweep: nothing was due\n"
    assert rows_of(fresh_database_url, "SELECT count(*) FROM account") == [(1,)]
