"""`python -m tests.attacks.stops`: the server is told to stop under load, again and again."""

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.attacks.places import options, place
from tests.attacks.table import Row, nothing_lost, told
from tests.crash.drill import acknowledged, under
from tests.crash.log import Log
from tests.servers import Server

GRACE_S = 10
WRITES = 50
WITHIN_S = 0.4


@dataclass(frozen=True, slots=True)
class Stop:
    status: int
    seconds: float
    broken_off: int
    """Requests that had reached the server and got no answer."""


async def stopped(
    folder: Path, url: str, *, stops: int, phones: int, seed: int, workers: int = 1, writes: int = WRITES
) -> list[Row]:
    settings = {"UNKNOT_SHUTDOWN_GRACE_S": str(GRACE_S), "UNKNOT_WORKERS": str(workers)}
    server, seen = Server(folder, url, settings=settings), list[Stop]()

    async def ordeal(log: Log, luck: Random, served: asyncio.Event) -> None:
        for _ in range(stops):
            await acknowledged(log, writes)
            await asyncio.sleep(luck.uniform(0, WITHIN_S))
            seen.append(await one_stop(server, log, served))

    log, findings = await under(ordeal, server, url, number=phones, seed=seed)
    longest, broken = max(stop.seconds for stop in seen), sum(stop.broken_off for stop in seen)
    return [
        nothing_lost(findings),
        Row(
            "exit status 0",
            f"{[stop.status for stop in seen].count(0)} of {stops} stops",
            not any(s.status for s in seen),
        ),
        Row(f"ended within {GRACE_S} + 1 s", f"longest {longest:.2f} s", longest <= GRACE_S + 1),
        Row(
            "what was under way is finished", f"{broken} of {log.acknowledged} broken off and repeated", broken <= stops
        ),
    ]


async def one_stop(server: Server, log: Log, served: asyncio.Event) -> Stop:
    """Phones go on until the server has ended, so that new requests come while it stops."""
    began, before = time.monotonic(), log.unanswered - log.unconnected
    status = await asyncio.to_thread(server.stop)
    seconds = time.monotonic() - began
    served.clear()
    await asyncio.sleep(0.1)
    broken_off = log.unanswered - log.unconnected - before
    await asyncio.to_thread(server.start)
    served.set()
    return Stop(status, seconds, broken_off)


def main() -> int:
    parser = options("stops", __doc__)
    parser.add_argument("--stops", type=int, default=20)
    parser.add_argument("--workers", type=int, default=1)
    chosen = parser.parse_args()
    with place(chosen.database) as (folder, url):
        rows = asyncio.run(
            stopped(folder, url, stops=chosen.stops, phones=chosen.phones, seed=chosen.seed, workers=chosen.workers)
        )
    return told(rows)


if __name__ == "__main__":
    sys.exit(main())
