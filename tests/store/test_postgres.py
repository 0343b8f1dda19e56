"""Where PostgreSQL bites: connections that die, rivals, and waits without an end."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, text, update

from api.db.engines import engine_for, parsed
from api.db.postgres import engine_options
from api.db.store import Store, StoreLimits, Unit
from api.domain.errors import Unavailable
from tests.attacks.proxy import proxied
from tests.databases import address_of, command
from tests.store.shelf import bump, counters, ids, kept_ids, opened, put, refused, set_value, value

KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND application_name = 'unknot'"


def kill_connections(url: str) -> None:
    command(KILL.format(parsed(url).database))


async def test_the_unit_after_killed_connections_works(postgresql_url: str) -> None:
    async with opened(postgresql_url, pool=3) as store:
        await asyncio.gather(*(store.write(put(number)) for number in range(6)))
        kill_connections(postgresql_url)
        assert await asyncio.gather(*(store.write(put(number)) for number in range(6, 12)))
        kill_connections(postgresql_url)
        assert len(await store.read(ids)) == 12
        kill_connections(postgresql_url)
        assert len(await store.read_long(ids)) == 12


async def test_a_unit_whose_connection_dies_runs_once_more_and_not_for_ever(postgresql_url: str) -> None:
    runs = 0

    def suicide(db: Connection) -> None:
        nonlocal runs
        runs += 1
        put(runs)(db)
        db.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    async with opened(postgresql_url) as store:
        await refused(store, suicide)
        assert runs == 2
        assert await store.read(ids) == set()


async def test_a_commit_whose_answer_is_lost_is_not_repeated(postgresql_url: str) -> None:
    runs = 0

    def unit(db: Connection) -> None:
        nonlocal runs
        runs += 1
        put(runs)(db)
        kill_connections(postgresql_url)

    async with opened(postgresql_url) as store:
        await refused(store, unit)
        assert runs == 1


@contextmanager
def away(url: str) -> Iterator[None]:
    name = parsed(url).database
    command(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    kill_connections(url)
    try:
        yield
    finally:
        command(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


async def test_while_the_database_is_away_units_are_refused_and_then_work_again(postgresql_url: str) -> None:
    async with opened(postgresql_url) as store:
        with away(postgresql_url):
            await refused(store, put(1))
            with pytest.raises(Unavailable):
                await store.read(ids)
            with pytest.raises(Unavailable):
                await store.ready()
        await store.ready()
        await store.write(put(2))
    assert kept_ids(postgresql_url) == {2}


async def test_a_network_that_swallows_everything_holds_nobody_and_no_thread_for_ever(postgresql_url: str) -> None:
    with proxied(postgresql_url) as (proxy, url):
        async with opened(url, wait_s=0.5, connect_s=2, pool=2) as store:
            await asyncio.gather(*(store.write(put(number)) for number in range(4)))
            proxy.swallow()
            outcomes = await asyncio.gather(*(store.write(put(n)) for n in range(10, 14)), return_exceptions=True)
            assert {type(outcome) for outcome in outcomes} == {Unavailable}
            proxy.pass_on()
            async with asyncio.timeout(5):
                while not await works(store):  # noqa: ASYNC110 - a state of the network, no event
                    await asyncio.sleep(0.05)
            await asyncio.gather(*(store.write(put(number)) for number in range(20, 24)))
    # Of a unit whose time was up while it ran, nobody knows whether it was kept.
    assert {*range(4), *range(20, 24)} <= kept_ids(postgresql_url) <= {*range(4), *range(10, 14), *range(20, 24)}


async def works(store: Store) -> bool:
    try:
        await store.ready()
    except Unavailable:
        return False
    return True


async def test_every_connection_cut_at_once_costs_nobody_a_refusal(postgresql_url: str) -> None:
    with proxied(postgresql_url) as (proxy, url):
        async with opened(url, pool=8) as store:
            await asyncio.gather(*(store.write(put(number)) for number in range(16)))
            proxy.cut(1.0)
            await asyncio.sleep(0.1)
            await asyncio.gather(*(store.write(put(number)) for number in range(16, 32)))
    assert kept_ids(postgresql_url) == set(range(32))


async def test_a_database_that_takes_no_writes_is_not_ready(postgresql_url: str) -> None:
    command(f"ALTER DATABASE {parsed(postgresql_url).database} SET default_transaction_read_only = on")
    async with opened(postgresql_url) as store:
        assert await store.read(ids) == set()
        await refused(store, put(1))
        with pytest.raises(Unavailable):
            await store.ready()


async def test_opening_without_a_server_is_refused_without_the_password(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Unavailable) as refusal:
        async with opened("postgresql://someone:opensesame@/nowhere?host=/nonexistent"):
            pass
    assert "opensesame" not in caplog.text + repr(refusal.value) + repr(refusal.value.__cause__)


async def test_a_statement_that_takes_too_long_is_stopped(postgresql_url: str) -> None:
    async with opened(postgresql_url, statement_s=0.2, pool=1) as store:
        await refused(store, lambda db: db.execute(text("SELECT pg_sleep(60)")))
        await store.write(put(1))


async def test_a_row_that_somebody_holds_is_not_waited_for_without_end(postgresql_url: str) -> None:
    holder = engine_for(postgresql_url)
    async with opened(postgresql_url, lock_s=0.2, pool=1) as store:
        with holder.begin() as connection:
            bump(connection)
            await refused(store, bump)
        await store.write(bump)
    holder.dispose()


async def test_without_the_lock_first_rivals_would_lose_an_update(postgresql_url: str) -> None:
    both = threading.Barrier(2, timeout=30)

    def naive(db: Connection) -> None:
        seen = value(db)
        both.wait()
        set_value(db, seen + 1)

    async with opened(postgresql_url, pool=2) as store:
        await asyncio.gather(store.write(naive), store.write(naive))
        assert await store.read(value) == 1


async def test_rivals_in_a_deadlock_both_end_well(postgresql_url: str) -> None:
    both = threading.Barrier(2, timeout=30)
    runs: list[int] = []

    def crosswise(first: int, second: int) -> Unit[None]:
        def unit(db: Connection) -> None:
            runs.append(first)
            add_one(db, first)
            if runs.count(first) == 1:
                both.wait()
            add_one(db, second)

        return unit

    async with opened(postgresql_url, pool=2, lock_s=20) as store:
        await asyncio.gather(store.write(crosswise(1, 2)), store.write(crosswise(2, 1)))
        assert await store.read(value) == 2
    assert len(runs) == 3


def add_one(db: Connection, number: int) -> None:
    db.execute(update(counters).where(counters.c.id == number).values(value=counters.c.value + 1))


async def test_a_unit_that_always_gives_way_is_refused_in_the_end(postgresql_url: str) -> None:
    runs = 0

    def unlucky(db: Connection) -> None:
        nonlocal runs
        runs += 1
        db.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"))

    async with opened(postgresql_url) as store:
        await refused(store, unlucky)
    assert runs == 4


def in_force(db: Connection) -> dict[str, Any]:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    return {name: db.execute(text(f"SHOW {name}")).scalar_one() for name in names}


@pytest.mark.parametrize("pooler", ["none", "transaction"])
async def test_nothing_waits_without_end_with_or_without_a_pooler(postgresql_url: str, pooler: str) -> None:
    limits = {"pool": 1, "pooler": pooler, "statement_s": 4, "lock_s": 2, "wait_s": 9, "long_s": 30}
    async with opened(postgresql_url, **limits) as store:
        short = {"statement_timeout": "4s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "9s"}
        assert await store.write(in_force) == await store.read(in_force) == short
        assert (await store.read_long(in_force))["statement_timeout"] == "30s"


async def test_behind_a_pooler_nothing_is_left_on_a_connection(postgresql_url: str) -> None:
    def left(db: Connection) -> list[str]:
        return list(db.execute(text("SELECT name FROM pg_prepared_statements")).scalars())

    async with opened(postgresql_url, pool=1, pooler="transaction") as store:
        for _ in range(10):
            await store.read(value)
        assert await store.read(left) == []
    async with opened(postgresql_url, pool=1) as store:
        for _ in range(10):
            await store.read(value)
        assert await store.read(left) != []


def test_behind_a_pooler_nothing_is_asked_for_at_the_start() -> None:
    url = parsed("postgresql://host/name?options=-c%20search_path%3Dmine")
    plain = engine_options(url, StoreLimits())["connect_args"]
    pooled = engine_options(url, StoreLimits(pooler="transaction"))["connect_args"]
    assert "-c search_path=mine -c statement_timeout=4000" in plain["options"]
    assert "options" not in pooled
    assert pooled["prepare_threshold"] is None
    assert plain["connect_timeout"] == pooled["connect_timeout"] == 3


async def test_as_many_connections_as_threads_and_no_more(postgresql_url: str) -> None:
    name = parsed(postgresql_url).database
    asked = text("SELECT count(*) FROM pg_stat_activity WHERE datname = :name AND application_name = 'unknot'")
    async with opened(postgresql_url, pool=2, long_reads=1) as store:
        await asyncio.gather(*(store.write(put(number)) for number in range(40)), store.read_long(ids))
        assert await store.read(lambda db: db.execute(asked, {"name": name}).scalar_one()) <= 3
    assert address_of(str(name)) == postgresql_url
