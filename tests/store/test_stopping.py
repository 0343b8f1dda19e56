import asyncio
import ctypes
import threading

import pytest

from api.db.engines import store_for
from api.db.store import StoreLimits
from api.domain.errors import Unavailable
from tests.store.shelf import Gate, ids, kept_ids, opened, put


async def test_a_stop_under_load_finishes_what_waits_and_forgets_nothing_acknowledged(url: str) -> None:
    store = store_for(url, limits=StoreLimits(grace_s=20))
    await store.open()
    early = [asyncio.create_task(store.write(put(number))) for number in range(200)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    late = [asyncio.create_task(store.write(put(number))) for number in range(200, 210)]
    outcomes = await asyncio.gather(*early, *late, return_exceptions=True)
    await closing
    acknowledged = {number for number in outcomes if isinstance(number, int)}
    assert acknowledged == kept_ids(url) == set(range(200))
    assert all(isinstance(outcome, Unavailable) for outcome in outcomes[200:])


async def test_what_the_grace_does_not_suffice_for_is_refused(url: str) -> None:
    others = set(store_threads())
    store = store_for(url, limits=StoreLimits(grace_s=0.2, pool=1))
    await store.open()
    gate = Gate(put(1))
    tasks = [asyncio.create_task(store.write(unit)) for unit in (gate, put(2))]
    await asyncio.to_thread(gate.entered.wait)
    await store.close()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Unavailable, Unavailable]
    gate.opened.set()
    await asyncio.to_thread(join, set(store_threads()) - others)
    assert 2 not in kept_ids(url)


async def test_a_store_that_is_not_open_refuses(url: str) -> None:
    store = store_for(url)
    for way in (store.write, store.read, store.read_long):
        with pytest.raises(Unavailable):
            await way(ids)
    with pytest.raises(Unavailable):
        await store.ready()
    await store.close()


async def test_no_thread_outlives_the_store(url: str) -> None:
    others = set(store_threads())
    async with opened(url) as store:
        await store.write(put(1))
        assert set(store_threads()) > others
    assert set(store_threads()) <= others


async def test_a_dead_writer_refuses_everyone_at_once_and_shows_in_ready(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    others = set(store_threads())
    async with opened(url, wait_s=60, pool=1) as store:
        await store.ready()
        own = set(store_threads()) - others
        kill(next(thread for thread in own if thread.name in {"unknot-writer-0", "unknot-postgres-0"}))
        for number in range(3):
            async with asyncio.timeout(20):
                with pytest.raises(Unavailable):
                    await store.write(put(number))
        with pytest.raises(Unavailable):
            await store.ready()
    assert "thread died" in caplog.text
    assert kept_ids(url) == set()


def kill(thread: threading.Thread) -> None:
    """Raises SystemExit in the thread, as soon as it next runs a line of Python."""
    assert thread.ident is not None
    assert ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit)) == 1


def store_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("unknot-")]


def join(threads: set[threading.Thread]) -> None:
    for thread in threads:
        thread.join(20)
