"""The drill: phones at work, a server that is killed under them again and again, and the comparison at the end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import httpx

from api.cli import people_counted_wrong
from tests.crash.comparison import Finding, compare
from tests.crash.log import Log
from tests.crash.phone import Phone
from tests.crash.rows import compare_rows
from tests.servers import Program, Server

LOOK_AGAIN_S = 0.005
ANSWER_S = 30.0
ROUND_S = 120.0
Ordeal = Callable[[Log, Random, asyncio.Event], Awaitable[None]]
"""What happens meanwhile; the event is cleared while there is no server to speak to."""


@dataclass(frozen=True, slots=True)
class Size:
    """`writes` are acknowledged before each kill, which then comes at a random instant of the seconds after."""

    kills: int = 20
    writes: int = 500
    phones: int = 12
    within_s: float = 0.4
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill, and what happened since the one before. `found_done` were kept although their answer never came."""

    number: int
    acknowledged: int
    unanswered: int
    found_done: int
    ready_s: float


async def drill(
    folder: Path, database_url: str, *, size: Size, seed: int, told: Callable[[Kill], None]
) -> tuple[Log, list[Finding]]:
    """Each kill is told when the server is ready again; the findings are empty when nothing was lost."""
    server = Server(folder, database_url, settings={"UNKNOT_WORKERS": str(size.workers)})

    async def killed(log: Log, luck: Random, served: asyncio.Event) -> None:
        await kills(server, log, luck, served, size, told)

    return await under(killed, server, database_url, number=size.phones, seed=seed)


async def under(
    ordeal: Ordeal, server: Program, database_url: str, *, number: int, seed: int
) -> tuple[Log, list[Finding]]:
    """Phones at work while the ordeal lasts, and everything in which their log differs from what is left."""
    log, luck, served = Log(), Random(seed), asyncio.Event()  # noqa: S311 - a drill that can be repeated
    try:
        await asyncio.to_thread(server.start)
        served.set()
        async with client(server) as service:
            async with phones(service, log, luck, served, number):
                await ordeal(log, luck, served)
            findings = await compare(log, service)
    finally:
        server.stop()
    findings += compare_rows(log, database_url)
    return log, findings + check_progress(database_url)


def client(server: Program) -> httpx.AsyncClient:
    unlimited = httpx.Limits(max_connections=None)
    return httpx.AsyncClient(base_url=server.url, timeout=ANSWER_S, limits=unlimited, trust_env=False)


@asynccontextmanager
async def phones(
    service: httpx.AsyncClient, log: Log, luck: Random, served: asyncio.Event, number: int
) -> AsyncIterator[None]:
    """At the end each finishes what it has begun, so that the log knows the outcome of every request."""
    crowd = [Phone(service, log, Random(luck.random()), served) for _ in range(number)]  # noqa: S311 - as above
    async with asyncio.TaskGroup() as tasks:
        for phone in crowd:
            tasks.create_task(phone.live())
        yield
        for phone in crowd:
            phone.tired = True


async def kills(
    server: Server, log: Log, luck: Random, served: asyncio.Event, size: Size, told: Callable[[Kill], None]
) -> None:
    for number in range(1, size.kills + 1):
        before = replace(log)
        await acknowledged(log, size.writes)
        await asyncio.sleep(luck.uniform(0, size.within_s))
        served.clear()
        server.kill()
        ready_s = await asyncio.to_thread(server.start)
        served.set()
        told(since(before, log, number, ready_s))


async def acknowledged(log: Log, writes: int) -> None:
    """Returns when so many more writes were acknowledged."""
    enough = log.acknowledged + writes
    async with asyncio.timeout(ROUND_S):
        while log.acknowledged < enough:  # noqa: ASYNC110 - a count, no event
            await asyncio.sleep(LOOK_AGAIN_S)


def since(before: Log, log: Log, number: int, ready_s: float) -> Kill:
    return Kill(
        number,
        log.acknowledged - before.acknowledged,
        log.unanswered - before.unanswered,
        log.found_done - before.found_done,
        ready_s,
    )


def check_progress(database_url: str) -> list[Finding]:
    wrong = people_counted_wrong(database_url, repair=False)
    return [Finding("progress", f"{person} did not agree with the record") for person in wrong]
