"""`python -m tests.attacks.overload`: several times the requests that the server can serve, and what becomes of them.

It needs two cores that nobody else uses. The server has all but the last and the load has that one, when the capacity
is measured as well as in the flood: a load that sends five times as much would take the more of a core that both share.
"""

import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from uuid_utils.compat import uuid7

from api.db.engines import engine_for
from api.db.migrations import upgrade
from tests.attacks import flood
from tests.attacks.flood import Answers, Flood
from tests.attacks.places import options, place
from tests.attacks.table import Row, told
from tests.bench import load
from tests.bench.measuring import cpu_seconds
from tests.bench.seeding import Seeded, open_people
from tests.bench.subjects import bearer, post, request, start_body
from tests.cores import confined, parted
from tests.servers import Server, family

PEOPLE = 32
MIX = ("write", "read", "read", "write", "list")
IN_TIME_S, REFUSAL_S, NORMAL_S, LIVE_S = 1.0, 0.25, 3.0, 1.0
WANTED, REFUSED = 0.8, 503
FASTEST = 4000
"""Requests a second that no server here outruns."""
LOOK_EVERY_S, QUIET = 0.25, 0.05


def requests(people: Sequence[Seeded], number: int) -> list[bytes]:
    """Starts of sessions under ids of their own, among reads of progress and history."""
    made = []
    for turn in range(number):
        person = people[turn // len(MIX) % len(people)]
        match MIX[turn % len(MIX)]:
            case "write":
                made.append(post("/v1/sessions", person, start_body(str(uuid7()))))
            case "list":
                made.append(request("GET", "/v1/sessions?limit=5", bearer(person)))
            case _:
                made.append(request("GET", "/v1/me/progress", bearer(person)))
    return made


def capacity(port: int, people: Sequence[Seeded], seconds: float) -> float:
    """Answers a second to as many connections as there are people, each with one request under way."""
    each = [requests([person], int(FASTEST * seconds / len(people))) for person in people]
    outcome = load.run(load.Job(port, seconds, each, repeat=False))
    if not set(outcome.statuses) <= {200, 201}:
        raise RuntimeError(f"refused below its capacity: {outcome.statuses}")
    return outcome.answers / outcome.seconds


def flooded(
    folder: Path, url: str, *, times: float, seconds: float, workers: int = 1
) -> tuple[float, Answers, Answers]:
    """The capacity, before and after; the answers to a flood of so many times that, and to half of it just after."""
    engine = engine_for(url)
    upgrade(engine)
    people = open_people(engine, PEOPLE)
    engine.dispose()
    server = Server(folder, url, settings={"UNKNOT_WORKERS": str(workers)})
    servers, loads = parted()
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawned, initializer=os.sched_setaffinity, initargs=(0, loads)) as pool:
        try:
            with confined(servers):
                server.start()
            settle(server)
            pool.submit(capacity, server.port, people, seconds / 4).result()
            able = pool.submit(capacity, server.port, people, seconds / 2).result()
            crowd = Flood(server.port, able * times, requests(people, int(able * times * seconds)))
            answers = pool.submit(flood.run, crowd).result()
            time.sleep(NORMAL_S)
            calm = Flood(server.port, able / 2, requests(people, int(able / 2 * seconds)))
            calmly = pool.submit(flood.run, calm).result()
            # A machine that others use changes its pace meanwhile.
            later = pool.submit(capacity, server.port, people, seconds / 2).result()
            return (able + later) / 2, answers, calmly
        finally:
            server.stop()


def settle(server: Server) -> None:
    """Waits until the server has drawn its pictures: what that takes would be missing in its capacity."""
    used, before = sum(map(cpu_seconds, family(server.pid))), 0.0
    while used - before > QUIET * LOOK_EVERY_S:
        time.sleep(LOOK_EVERY_S)
        used, before = sum(map(cpu_seconds, family(server.pid))), used


def judged(able: float, crowd: Answers, calm: Answers, *, times: float, seconds: float) -> list[Row]:
    goodput = crowd.within(IN_TIME_S) / seconds / able
    writes = crowd.counted().get(201, 0) / (able * seconds * MIX.count("write") / len(MIX))
    refusals, normal = crowd.slowest(REFUSED), calm.within(IN_TIME_S) / max(1, calm.sent)
    untold = [status for status, answer in crowd.bodies.items() if status >= 400 and not is_refusal(answer)]
    return [
        Row(f"at {times:g} times {able:.0f}/s, {WANTED:.0%} of it in time", f"{goodput:.0%}", goodput >= WANTED),
        Row("writes keep a share", f"{writes:.0%} of theirs", writes >= 0.5),
        Row(f"refusals within {REFUSAL_S * 1000:.0f} ms", f"p99 {refusals * 1000:.0f} ms", refusals <= REFUSAL_S),
        Row("refusals are problems with Retry-After", f"{dict(crowd.counted())}", not untold),
        Row("every request is answered", f"{crowd.broken} of {crowd.sent} not", not crowd.broken),
        Row("the load itself is in time", f"at most {crowd.late_s:.2f} s late", crowd.late_s < IN_TIME_S),
        Row(f"normal again after {NORMAL_S:g} s", f"{normal:.1%} of half the capacity", normal >= 0.99),
    ]


def is_refusal(answer: bytes) -> bool:
    head, _, body = answer.lower().partition(b"\r\n\r\n")
    return b"\r\nretry-after: " in head and b"application/problem+json" in head and b'"/problems/' in body


def main() -> int:
    parser = options("overload", __doc__)
    parser.add_argument("--times", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--workers", type=int, default=1)
    chosen = parser.parse_args()
    with place(chosen.database) as (folder, url):
        found = flooded(folder, url, times=chosen.times, seconds=chosen.seconds, workers=chosen.workers)
    return told(judged(*found, times=chosen.times, seconds=chosen.seconds))


if __name__ == "__main__":
    sys.exit(main())
