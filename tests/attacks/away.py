"""`python -m tests.attacks.away`: PostgreSQL refuses, goes silent, restarts, and loses connections, under load."""

import asyncio
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx

from tests.attacks.places import options, place
from tests.attacks.proxy import Proxy, proxied
from tests.attacks.table import Row, nothing_lost, told
from tests.crash.drill import acknowledged, client, under
from tests.crash.log import Log
from tests.databases import restart_server
from tests.servers import Server

ANSWERED_S, BACK_S = 5.0, 5.0
WRITES = 30
SETTLE_S = 0.5
ANY = 1_000_000


@dataclass
class Seen:
    """What a watcher was told while the database was away, and how long it took until all was well again."""

    live: set[int] = field(default_factory=set)
    ready: set[int] = field(default_factory=set)
    writes: set[int] = field(default_factory=set)
    longest_s: float = 0.0
    no_problem: int = 0
    back_s: float = 0.0


async def broken(proxy: Proxy, kind: str, seconds: float, service: httpx.AsyncClient) -> Seen:
    seen = Seen()
    {"refused": proxy.refuse, "silent": proxy.swallow}[kind]()
    await asyncio.sleep(SETTLE_S)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        await look(service, seen)
        await asyncio.sleep(0.2)
    proxy.pass_on()
    seen.back_s = await until_well(service)
    return seen


async def look(service: httpx.AsyncClient, seen: Seen) -> None:
    began = time.monotonic()
    live, ready, write = await asyncio.gather(
        service.get("/livez"), service.get("/readyz"), service.post("/v1/accounts", json={})
    )
    seen.longest_s = max(seen.longest_s, time.monotonic() - began)
    seen.live.add(live.status_code)
    seen.ready.add(ready.status_code)
    seen.writes.add(write.status_code)
    for answer in (ready, write):
        told = answer.headers.get("content-type") == "application/problem+json" and "retry-after" in answer.headers
        seen.no_problem += not told


async def until_well(service: httpx.AsyncClient) -> float:
    """Ready, and a write is taken."""
    began = time.monotonic()
    while not await is_well(service):  # noqa: ASYNC110 - a state of the server, no event
        await asyncio.sleep(0.05)
    return time.monotonic() - began


async def is_well(service: httpx.AsyncClient) -> bool:
    ready = await service.get("/readyz")
    return ready.is_success and (await service.post("/v1/accounts", json={})).is_success


def judged(kind: str, seen: Seen) -> list[Row]:
    told = (
        f"live {seen.live}, ready {seen.ready}, writes {seen.writes}, {seen.no_problem} without problem or Retry-After"
    )
    honest = (seen.live, seen.ready, seen.writes, seen.no_problem) == ({200}, {503}, {503}, 0)
    return [
        Row(f"{kind}: live says 200, all else 503", told, honest),
        Row(
            f"{kind}: each answer within {ANSWERED_S:g} s",
            f"longest {seen.longest_s:.2f} s",
            seen.longest_s <= ANSWERED_S,
        ),
        Row(f"{kind}: back within {BACK_S:g} s without a restart", f"{seen.back_s:.2f} s", seen.back_s <= BACK_S),
    ]


async def away(
    folder: Path,
    url: str,
    *,
    seconds: float,
    cuts: int,
    phones: int,
    seed: int,
    writes: int = WRITES,
    restarts: bool = True,
) -> list[Row]:
    rows: list[Row] = []
    with proxied(url) as (proxy, through):
        server = Server(folder, through)

        async def ordeal(log: Log, luck: Random, served: asyncio.Event) -> None:  # noqa: ARG001 - there always is one
            log.unanswered_sign_ups = ANY  # the watcher opens accounts too
            async with client(server) as service:
                for kind in ("refused", "silent"):
                    await acknowledged(log, writes)
                    rows.extend(judged(kind, await broken(proxy, kind, seconds, service)))
                await acknowledged(log, writes)
                if restarts:
                    await asyncio.to_thread(restart_server)
                    back = await until_well(service)
                    rows.append(Row(f"restarted: back within {BACK_S:g} s", f"{back:.2f} s", back <= BACK_S))
                for _ in range(cuts):
                    await asyncio.sleep(luck.uniform(0, 0.2))
                    proxy.cut(luck.random())
                await acknowledged(log, writes)
                rows.append(Row("cut at random", f"{cuts} times; {log.refused} refusals in all", kept=True))

        _, findings = await under(ordeal, server, url, number=phones, seed=seed)
    return [*rows, nothing_lost(findings)]


def main() -> int:
    parser = options("away", __doc__, databases=("postgresql",))
    parser.add_argument("--seconds", type=float, default=60.0, help="that the database is away")
    parser.add_argument("--cuts", type=int, default=50)
    chosen = parser.parse_args()
    with place(chosen.database) as (folder, url):
        rows = asyncio.run(
            away(folder, url, seconds=chosen.seconds, cuts=chosen.cuts, phones=chosen.phones, seed=chosen.seed)
        )
    return told(rows)


if __name__ == "__main__":
    sys.exit(main())
