"""What every unit may rely on, whichever database is behind the store."""

import asyncio
import sqlite3
import threading
from functools import partial

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from api.db.engines import engine_for
from api.db.savepoint import attempt
from api.domain.errors import Conflict, Unavailable
from tests.store.shelf import Gate, bump, count, ids, kept_ids, opened, put, refused, set_value, things, value

RIVALS = 20


async def test_the_answer_comes_after_the_commit(url: str) -> None:
    async with opened(url) as store:
        for number in range(10):
            assert await store.write(put(number)) == number
            assert number in kept_ids(url)


async def test_what_a_unit_raises_comes_back_and_its_writes_are_undone(url: str) -> None:
    def unit(db: Connection) -> None:
        put(1)(db)
        raise Conflict("no")

    async with opened(url) as store:
        with pytest.raises(Conflict):
            await store.write(unit)
        assert await store.read(ids) == set()


async def test_a_member_that_raises_takes_nobody_with_it(url: str) -> None:
    def wrong(db: Connection) -> None:
        put(2)(db)
        raise Conflict("no")

    async with opened(url, pool=1, group_ms=10_000) as store:
        gate = Gate(put(1))
        tasks = [asyncio.create_task(store.write(unit)) for unit in (gate, wrong, put(3))]
        await asyncio.to_thread(gate.entered.wait)
        gate.opened.set()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert (outcomes[0], outcomes[2]) == (1, 3)
    assert isinstance(outcomes[1], Conflict)
    assert kept_ids(url) == {1, 3}


async def test_a_broken_constraint_is_a_bug_and_not_the_weather(url: str) -> None:
    async with opened(url) as store:
        await store.write(put(1))
        with pytest.raises(IntegrityError):
            await store.write(put(1))


async def test_a_missing_table_is_a_bug_and_not_the_weather(url: str) -> None:
    async with opened(url) as store:
        for way in (store.write, store.read, store.read_long):
            with pytest.raises(DBAPIError):
                await way(lambda db: db.execute(text("SELECT * FROM nowhere")))


async def test_an_exception_that_no_future_takes_still_reaches_the_caller(url: str) -> None:
    def stop(_db: Connection) -> None:
        next(iter(()))

    def leave(_db: Connection) -> None:
        raise SystemExit

    async with opened(url) as store:
        for unit in (stop, leave):
            with pytest.raises(RuntimeError):
                await store.write(unit)
            with pytest.raises(RuntimeError):
                await store.read_long(unit)
        await store.ready()


@pytest.mark.parametrize("way", ["read", "read_long"])
async def test_reads_cannot_write(url: str, way: str) -> None:
    async with opened(url) as store:
        with pytest.raises(DBAPIError):
            await getattr(store, way)(put(1))
        assert await store.read(ids) == set()


@pytest.mark.parametrize("way", ["read", "read_long"])
async def test_a_read_sees_one_snapshot(url: str, way: str) -> None:
    def twice(db: Connection) -> tuple[int, int]:
        before = count(db)
        other = threading.Thread(target=write_aside, args=(url,))
        other.start()
        other.join()
        return before, count(db)

    async with opened(url) as store:
        assert await getattr(store, way)(twice) == (0, 0)
        assert await getattr(store, way)(count) == 1


def write_aside(url: str) -> None:
    engine = engine_for(url)
    with engine.begin() as connection:
        connection.execute(insert(things), {"id": 99, "name": "aside"})
    engine.dispose()


async def test_reads_do_not_see_what_is_not_committed_yet(url: str) -> None:
    async with opened(url) as store:
        gate = Gate(put(1))
        writer = asyncio.create_task(store.write(gate))
        await asyncio.to_thread(gate.entered.wait)
        assert await store.read(ids) == set()
        assert await store.read_long(ids) == set()
        gate.opened.set()
        await writer
        assert await store.read(ids) == {1}


async def test_twenty_rivals_on_one_row_lose_nothing(url: str) -> None:
    def add_one(db: Connection) -> None:
        bump(db)
        set_value(db, value(db) + 1)

    async with opened(url) as store:
        await asyncio.gather(*(store.write(add_one) for _ in range(RIVALS)))
        assert await store.read(value) == RIVALS


async def test_a_cancelled_waiter_is_skipped(url: str) -> None:
    async with opened(url, pool=1, group_ms=10_000) as store:
        gate = Gate(put(1))
        first = asyncio.create_task(store.write(gate))
        await asyncio.to_thread(gate.entered.wait)
        gone, stays = asyncio.create_task(store.write(put(2))), asyncio.create_task(store.write(put(3)))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.wait([gone])
        gate.opened.set()
        await asyncio.gather(first, stays)
    assert kept_ids(url) == {1, 3}


async def test_a_full_queue_refuses_at_once_and_says_when_to_come_back(url: str) -> None:
    async with opened(url, pool=1, queue=2) as store:
        gate = Gate()
        waiting = [asyncio.create_task(store.write(unit)) for unit in (gate, put(1))]
        await asyncio.to_thread(gate.entered.wait)
        with pytest.raises(Unavailable) as refusal:
            await store.write(put(2))
        assert refusal.value.retry_after_s
        gate.opened.set()
        await asyncio.gather(*waiting)
        assert await store.write(put(3)) == 3
    assert kept_ids(url) == {1, 3}


async def test_who_waits_too_long_is_refused_and_the_unit_never_runs(url: str) -> None:
    async with opened(url, pool=1, wait_s=0.3) as store:
        gate = Gate()
        first = asyncio.create_task(store.write(gate))
        await asyncio.to_thread(gate.entered.wait)
        await refused(store, put(1))
        gate.opened.set()
        with pytest.raises(Unavailable):
            await first
        await store.write(put(2))
    assert kept_ids(url) == {2}


async def test_a_part_that_fails_is_undone_alone_and_the_unit_goes_on(url: str) -> None:
    def wrong(db: Connection) -> None:
        put(2)(db)
        put(2)(db)

    def unit(db: Connection) -> list[bool]:
        return [attempt(db, partial(work, db)) for work in (put(1), wrong, put(3))]

    async with opened(url) as store:
        assert await store.write(unit) == [True, False, True]
    assert kept_ids(url) == {1, 3}


async def test_a_part_leaves_the_weather_to_the_store(url: str) -> None:
    def unit(db: Connection) -> None:
        put(1)(db)
        attempt(db, partial(stormy, db))

    def stormy(db: Connection) -> None:
        put(2)(db)
        busy = sqlite3.OperationalError("database is locked")
        busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise OperationalError(None, None, busy)

    async with opened(url) as store:
        with pytest.raises(Unavailable):
            await store.write(unit)
    assert kept_ids(url) == set()
