"""When units that wait are handed to the threads; the turns of the loop are taken here one by one."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Connection

from api.db.jobs import Job, Jobs
from api.db.store import StoreLimits


def idle(_: Jobs) -> None:
    """There is no thread: the test takes the jobs itself."""


def unit(_: Connection) -> None:
    """Never run."""


def waiting(jobs: Jobs) -> list[Job]:
    return list(iter(jobs.take_waiting, None))


@asynccontextmanager
async def gathering(limits: StoreLimits, units: int) -> AsyncIterator[Jobs]:
    """So many units that came in one turn of the loop, and that turn is over."""
    jobs = Jobs("nobody", limits, threads=0, serve=idle)
    jobs.start()
    tasks = [asyncio.create_task(jobs.run(unit)) for _ in range(units)]
    await asyncio.sleep(0)
    yield jobs
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_units_are_handed_over_together_once_a_turn_brings_no_further_one() -> None:
    async with gathering(StoreLimits(), units=3) as jobs:
        late = asyncio.create_task(jobs.run(unit))
        for _ in range(3):
            assert waiting(jobs) == []
            await asyncio.sleep(0)
        assert len(waiting(jobs)) == 4
        late.cancel()


async def test_one_that_comes_alone_waits_for_one_turn() -> None:
    async with gathering(StoreLimits(), units=1) as jobs:
        await asyncio.sleep(0)
        assert len(waiting(jobs)) == 1


async def test_a_full_group_waits_for_no_more() -> None:
    async with gathering(StoreLimits(group=3), units=4) as jobs:
        await asyncio.sleep(0)
        assert len(waiting(jobs)) == 4


@asynccontextmanager
async def working(serve: Callable[[Jobs], None]) -> AsyncIterator[Jobs]:
    """A queue whose thread works alone, and waits for its first job."""
    jobs = Jobs("somebody", StoreLimits(), threads=1, serve=serve, alone=True)
    jobs.start()
    while not jobs.idle:  # noqa: ASYNC110 - the thread has no event for it
        await asyncio.sleep(0)
    yield jobs
    await jobs.close()


async def test_the_loop_goes_on_once_a_thread_that_works_alone_has_run_what_it_was_handed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.db.jobs.ALONE_S", 60.0)
    ran: list[Job] = []

    def serve(jobs: Jobs) -> None:
        while (job := jobs.take()) is not None:
            ran.append(job)
            jobs.has_run()
            jobs.deliver([job])

    async with working(serve) as jobs:
        task = asyncio.create_task(jobs.run(unit))
        for _ in range(2):
            assert ran == []
            await asyncio.sleep(0)
        assert len(ran) == 1
        await task


async def test_a_thread_that_takes_long_holds_the_loop_up_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.db.jobs.ALONE_S", 0.0)
    go_on = threading.Event()

    def serve(jobs: Jobs) -> None:
        while (job := jobs.take()) is not None:
            go_on.wait()
            jobs.deliver([job])

    async with working(serve) as jobs:
        task = asyncio.create_task(jobs.run(unit))
        await asyncio.sleep(0.01)
        go_on.set()
        await task
