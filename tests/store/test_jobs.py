"""When units that wait are handed to the threads; the turns of the loop are taken here one by one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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
