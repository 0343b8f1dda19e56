"""`python -m tests.bench.history`: what is read of a person takes the same time however long the history is.

One person with few sessions beside one with many, in a table that holds those of many others besides; on each database
the same reads of both, interleaved. `--sessions 100000 --rows 1000000 5000000` is the size that is promised, and puts
a table of a million rows beside that: seeding both takes ten minutes, and they need 25 GB.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

from sqlalchemy import Engine

from api.db.engines import engine_for
from api.db.migrations import upgrade
from tests.bench.copying import copy_history
from tests.bench.groups import running
from tests.bench.measuring import Bench, Figures, interleaved
from tests.bench.seeding import SESSIONS_A_DAY, Seeded, open_people, practise
from tests.bench.subjects import Subject, bearer, reading
from tests.databases import Run, postgresql_database
from tests.servers import Server

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
            if kind == "postgresql":
                stack.callback(Run().end)
            figures = measured(stack, kind, options)
        for path in READS:
            worst = max(worst, *told(kind, path, figures, options))
    print(f"worst ratio of the medians {worst:.2f}, target {MOST}")
    return 0


def told(kind: str, path: str, figures: dict[str, Figures], options: argparse.Namespace) -> Iterator[float]:
    """Prints and gives each ratio: of much history to little, and of many rows to the fewest."""
    for rows in options.rows:
        few, many = (figures[named(path, who, rows)].p50_ms for who in ("few", "many"))
        whose = f"{SHORT} and {options.sessions:,} sessions of one person among {rows:,}"
        yield shown(kind, path, whose, few, many)
    least, *larger = options.rows
    for rows in larger:
        fewer, more = (figures[named(path, "many", one)].p50_ms for one in (least, rows))
        yield shown(kind, path, f"{least:,} and {rows:,} rows in the table", fewer, more)


def shown(kind: str, path: str, what: str, one: float, other: float) -> float:
    print(f"{kind:10} {path:50} {what:58} {one:8.2f} ms {other:8.2f} ms {other / one:6.2f}")
    return other / one


def named(path: str, who: str, rows: int) -> str:
    return f"{path}, {who} among {rows}"


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tests.bench.history", description=__doc__)
    options.add_argument("--sessions", type=int, default=10_000, help="of the person with many")
    options.add_argument("--rows", type=int, nargs="+", default=[100_000], help="sessions of others; several compare")
    options.add_argument("--seconds", type=float, default=1.0, help="of each measurement")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--database", nargs="+", choices=DATABASES, default=DATABASES)
    return options


def measured(stack: ExitStack, kind: str, options: argparse.Namespace) -> dict[str, Figures]:
    bench = Bench()
    stack.callback(bench.close)
    asked = [one for rows in options.rows for one in subjects(stack, bench, kind, options.sessions, rows)]
    return interleaved(bench, sorted(asked, key=order), seconds=options.seconds, rounds=options.rounds)


def order(subject: Subject) -> int:
    """Those that are compared come one after the other."""
    return [subject.name.startswith(path + ",") for path in READS].index(True)


def subjects(stack: ExitStack, bench: Bench, kind: str, sessions: int, rows: int) -> list[Subject]:
    """The reads of both, by a server of their own on a database of so many rows."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="unknot-history-")))
    url = stack.enter_context(database(kind, folder))
    engine = engine_for(url)
    few, many = seeded(engine, sessions, rows)
    engine.dispose()
    server = stack.enter_context(running(bench, Server(folder, url)))
    people = {"few": few, "many": many}
    return [
        reading(named(path, name, rows), server, path, bearer(who)) for path in READS for name, who in people.items()
    ]


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'history.db'}"
        upgrade(engine_for(url))
        yield url
        return
    with postgresql_database() as url:
        yield url


def seeded(engine: Engine, sessions: int, rows: int) -> tuple[Seeded, Seeded]:
    """So many rows, or up to one history more, are of others who have as much as the one with many."""
    few, many, *others = open_people(engine, 2 + ceil(rows / sessions))
    practise(engine, few, SHORT)
    practise(engine, many, sessions)
    copy_history(engine, many, others)
    return few, many


if __name__ == "__main__":
    sys.exit(main())
