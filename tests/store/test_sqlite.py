"""Where SQLite bites: disks that are full, commits that fail, and others who hold the only write lock."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text

from api.db.engines import engine_for, parsed
from api.db.store import Store, Unit
from api.domain.errors import Conflict, Unavailable
from tests.store.shelf import Gate, bump, count, debts, ids, kept_ids, opened, put, things

LARGE = "x" * 200_000


async def outcomes_of_one_group(store: Store, *units: Unit[Any]) -> list[Any]:
    """Runs the units in one group: they queue while its first member is held."""
    gate = Gate()
    first = asyncio.create_task(store.write(gate))
    await asyncio.to_thread(gate.entered.wait)
    tasks = [asyncio.create_task(store.write(unit)) for unit in units]
    for _ in range(4):  # begun, gathered, looked at again, handed over
        await asyncio.sleep(0)
    gate.opened.set()
    return await asyncio.gather(first, *tasks, return_exceptions=True)


def limit_pages(spare: int) -> Unit[None]:
    def unit(db: Connection) -> None:
        pages = db.execute(text("PRAGMA page_count")).scalar_one()
        db.execute(text(f"PRAGMA max_page_count = {pages + spare}"))

    return unit


async def test_a_full_disk_within_a_group_fails_every_member(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(_db: Connection) -> None:
        raise Conflict("no")

    async with opened(sqlite_url, group_ms=10_000) as store:
        await store.write(put(1))
        await store.write(limit_pages(4))
        units = [put(2), refuse, put(3, LARGE)]
        outcomes = await outcomes_of_one_group(store, *units)
        assert [type(outcome) for outcome in outcomes] == [Unavailable] * 4
        assert kept_ids(sqlite_url) == {1}
        await store.write(limit_pages(10_000))
        await store.write(put(4))
    assert kept_ids(sqlite_url) == {1, 4}
    assert "full" in caplog.text
    assert "xxx" not in caplog.text


async def test_a_unit_that_swallows_a_full_disk_fails_its_group_all_the_same(sqlite_url: str) -> None:
    def deaf(db: Connection) -> None:
        with pytest.raises(Exception, match="full"):
            put(2, LARGE)(db)
        put(3)(db)

    async with opened(sqlite_url, group_ms=10_000) as store:
        await store.write(limit_pages(4))
        outcomes = await outcomes_of_one_group(store, put(1), deaf)
        assert [type(outcome) for outcome in outcomes] == [Unavailable] * 3
        await store.write(put(4))
        assert 1 not in await store.read(ids)


async def test_a_commit_that_fails_fails_every_member(sqlite_url: str) -> None:
    def owe(db: Connection) -> None:
        db.execute(insert(debts), {"id": 1, "thing_id": 404})

    async with opened(sqlite_url, group_ms=10_000) as store:
        outcomes = await outcomes_of_one_group(store, put(1), owe, put(2))
        assert [type(outcome) for outcome in outcomes] == [Unavailable] * 4
        assert await store.read(count) == 0
        await store.write(put(3))
    assert kept_ids(sqlite_url) == {3}


@pytest.mark.parametrize("ending", ["commit", "rollback", "close"])
async def test_a_unit_that_ends_the_transaction_itself_fails_its_group_and_nothing_else(
    sqlite_url: str, ending: str
) -> None:
    def end(db: Connection) -> None:
        bump(db)
        driver = db.connection.dbapi_connection if ending == "close" else db
        getattr(driver, ending)()

    async with opened(sqlite_url, group_ms=10_000) as store:
        outcomes = await outcomes_of_one_group(store, end, put(1))
        assert [type(outcome) for outcome in outcomes][:2] == [Unavailable] * 2
        await store.write(put(2))
        await store.ready()


async def test_nobody_is_answered_and_nothing_is_seen_before_the_commit_of_the_group(sqlite_url: str) -> None:
    async with opened(sqlite_url, group_ms=10_000) as store:
        gate = Gate(put(2))
        first, second = asyncio.create_task(store.write(put(1))), asyncio.create_task(store.write(gate))
        await asyncio.to_thread(gate.entered.wait)
        await asyncio.sleep(0.05)
        assert not first.done()
        assert await store.read(ids) == set()
        assert await store.read_long(ids) == set()
        gate.opened.set()
        assert set(await asyncio.gather(first, second)) == {1, 2}
        assert await store.read(ids) == {1, 2}


async def test_a_group_is_bounded_in_number(sqlite_url: str) -> None:
    async with opened(sqlite_url, group=2, group_ms=10_000) as store:
        gate, held = Gate(), Gate()
        tasks = [asyncio.create_task(store.write(unit)) for unit in (gate, put(1), held, put(2))]
        await asyncio.to_thread(gate.entered.wait)
        gate.opened.set()
        await asyncio.to_thread(held.entered.wait)
        assert await store.read(ids) == {1}
        held.opened.set()
        await asyncio.gather(*tasks)


async def test_a_group_is_bounded_in_time(sqlite_url: str) -> None:
    async with opened(sqlite_url, group_ms=0) as store:
        gate, held = Gate(put(1)), Gate(put(2))
        tasks = [asyncio.create_task(store.write(unit)) for unit in (gate, held)]
        await asyncio.to_thread(gate.entered.wait)
        gate.opened.set()
        await asyncio.to_thread(held.entered.wait)
        assert await store.read(ids) == {1}
        held.opened.set()
        await asyncio.gather(*tasks)


@contextmanager
def foreign_lock(url: str) -> Iterator[None]:
    foreign = sqlite3.connect(str(parsed(url).database), isolation_level=None, check_same_thread=False)
    foreign.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        foreign.close()


async def test_a_foreign_lock_freezes_neither_reads_nor_the_loop_and_writers_recover(sqlite_url: str) -> None:
    async with opened(sqlite_url, wait_s=1.0) as store:
        await store.write(put(1))
        with foreign_lock(sqlite_url):
            writers = [asyncio.create_task(store.write(put(number))) for number in (2, 3)]
            turns = 0
            while not all(writer.done() for writer in writers):
                assert await store.read(ids) == {1}
                assert await store.read_long(ids) == {1}
                await asyncio.sleep(0.01)
                turns += 1
            outcomes = await asyncio.gather(*writers, return_exceptions=True)
            assert [type(outcome) for outcome in outcomes] == [Unavailable] * 2
            assert turns > 5
            with pytest.raises(Unavailable):
                await store.ready()
        await store.write(put(4))
        await store.ready()
    assert kept_ids(sqlite_url) == {1, 4}


async def test_a_short_foreign_lock_is_waited_for(sqlite_url: str) -> None:
    async with opened(sqlite_url) as store:
        with foreign_lock(sqlite_url):
            writer = asyncio.create_task(store.write(put(1)))
            await asyncio.sleep(0.6)
            assert not writer.done()
        assert await writer == 1


async def test_a_store_stops_while_a_foreign_lock_holds(sqlite_url: str) -> None:
    async with opened(sqlite_url, grace_s=0.3) as store:
        with foreign_lock(sqlite_url):
            writer = asyncio.create_task(store.write(put(1)))
            await asyncio.sleep(0)
            await store.close()
            with pytest.raises(Unavailable):
                await writer


def safety(db: Connection) -> tuple[Any, ...]:
    return tuple(
        db.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("synchronous", "foreign_keys", "journal_mode")
    )


async def test_every_writer_is_on_the_disk_before_it_answers_and_keeps_foreign_keys(sqlite_url: str) -> None:
    async with opened(sqlite_url) as store:
        assert await store.write(safety) == (2, 1, "wal")
    engine = engine_for(sqlite_url)
    with engine.begin() as connection:
        assert safety(connection) == (2, 1, "wal")
    engine.dispose()


async def test_commands_begin_immediately_so_that_nobody_loses_an_update(sqlite_url: str) -> None:
    engine = engine_for(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("SELECT 1"))
        rival = sqlite3.connect(str(parsed(sqlite_url).database), timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            rival.execute("BEGIN IMMEDIATE")
        rival.close()
        connection.execute(insert(things), {"id": 1, "name": "mine"})
    engine.dispose()


async def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        async with opened(f"sqlite:///{tmp_path}/missing/file.db"):
            pass


def test_who_opens_a_new_file_waits_for_another_who_does(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    rival = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    rival.execute("BEGIN IMMEDIATE")
    engine = engine_for(f"sqlite:///{path}")
    release = threading.Timer(0.3, rival.close)
    release.start()
    with engine.begin() as connection:
        assert safety(connection) == (2, 1, "wal")
    engine.dispose()
    release.join()
