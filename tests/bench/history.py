"""`python -m tests.bench.history`: what is read of a person takes the same time however long the history is.

One person with few sessions beside one with many, in a table that holds those of many others besides; on each database
the same reads of both, interleaved. `--rows 5000000` is the size that is promised; the seeding then takes minutes.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

from sqlalchemy import Engine

from api.db.engines import engine_for
from api.db.migrations import upgrade
from tests.bench.copying import copy_history
from tests.bench.measuring import Bench, Figures, medians
from tests.bench.seeding import SESSIONS_A_DAY, Seeded, open_people, practise
from tests.bench.subjects import Subject, bearer, reading
from tests.databases import Run, postgresql_database
from tests.servers import Program, Server

DATABASES = ("sqlite", "postgresql")
SHORT, MOST = 10, 1.1
DAYS = timedelta(days=SHORT // SESSIONS_A_DAY - 1)
"""On all of which both practised, so that the same is told of both."""
SPAN = f"first_day={datetime.now(UTC).date() - DAYS}"
READS = (
    "/v1/me/progress",
    f"/v1/me/progress/days?{SPAN}",
    f"/v1/me/progress/weeks?{SPAN}",
    "/v1/me/progress/levels",
    "/v1/me/progress/pain",
    "/v1/me/today",
    "/v1/me/notices",
    f"/v1/sessions?limit={SHORT}",
    f"/v1/sessions?limit={SHORT}&done=pull-up-bar-hang",
)


def main() -> int:
    options = parser().parse_args()
    worst = 0.0
    for kind in options.database:
        with ExitStack() as stack:
            figures = measured(stack, kind, options)
        print(f"{kind}: {SHORT} and {options.sessions:,} sessions of one person, {options.rows:,} rows in the table")
        for path in READS:
            few, many = figures[f"{path}, few"], figures[f"{path}, many"]
            ratio = many.p50_ms / few.p50_ms
            worst = max(worst, ratio)
            print(f"{path:40} {few.p50_ms:8.2f} ms {many.p50_ms:8.2f} ms {ratio:6.2f}")
    print(f"worst ratio of the medians {worst:.2f}, target {MOST}")
    return 0


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tests.bench.history", description=__doc__)
    options.add_argument("--sessions", type=int, default=10_000, help="of the person with many")
    options.add_argument("--rows", type=int, default=100_000, help="sessions of others")
    options.add_argument("--seconds", type=float, default=1.0, help="of each measurement")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--database", nargs="+", choices=DATABASES, default=DATABASES)
    return options


def measured(stack: ExitStack, kind: str, options: argparse.Namespace) -> dict[str, Figures]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="unknot-history-")))
    url = stack.enter_context(database(kind, folder))
    engine = engine_for(url)
    few, many = seeded(engine, options.sessions, options.rows)
    engine.dispose()
    bench = Bench()
    stack.callback(bench.close)
    server = stack.enter_context(running(bench, Server(folder, url)))
    return interleaved(bench, subjects(server, few, many), options.seconds, options.rounds)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'history.db'}"
        upgrade(engine_for(url))
        yield url
        return
    run = Run()
    try:
        with postgresql_database() as url:
            yield url
    finally:
        run.end()


def seeded(engine: Engine, sessions: int, rows: int) -> tuple[Seeded, Seeded]:
    """So many rows, or up to one history more, are of others who have as much as the one with many."""
    few, many, *others = open_people(engine, 2 + ceil(rows / sessions))
    practise(engine, few, SHORT)
    practise(engine, many, sessions)
    copy_history(engine, many, others)
    return few, many


def subjects(server: Program, few: Seeded, many: Seeded) -> list[Subject]:
    people = {"few": few, "many": many}
    return [reading(f"{path}, {name}", server, path, bearer(who)) for path in READS for name, who in people.items()]


def interleaved(bench: Bench, asked: Sequence[Subject], seconds: float, rounds: int) -> dict[str, Figures]:
    taken: dict[str, list[Figures]] = {subject.name: [] for subject in asked}
    for subject in asked:
        bench.measure(subject, seconds / 2)
    for number in range(rounds):
        for subject in asked if number % 2 == 0 else reversed(asked):
            taken[subject.name].append(bench.measure(subject, seconds))
    return {name: medians(figures) for name, figures in taken.items()}


@contextmanager
def running(bench: Bench, server: Program) -> Iterator[Program]:
    server.start()
    bench.pin(server.pid)
    try:
        yield server
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
