"""`python -m tests.bench`: Unknot beside references in one run, interleaved, as medians; takes about two minutes."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from api.db.engines import engine_for
from api.db.migrations import upgrade
from tests.bench.measuring import Bench, Figures, medians
from tests.bench.seeding import open_people, practise
from tests.bench.subjects import CONNECTIONS, Practice, Subject, bearer, reading
from tests.bench.table import lines
from tests.databases import Run, postgresql_database
from tests.servers import Program, Server

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = "/v1/exercises"
SHORT, LONG = 10, 10_000
BUSY = 0.9


def main() -> int:
    options = parser().parse_args()
    with ExitStack() as stack:
        bench = Bench()
        stack.callback(bench.close)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="unknot-bench-")))
        subjects = [*catalogue_and_sqlite(stack, bench, folder)]
        if not options.sqlite_only:
            subjects += postgresql(stack, bench, folder)
        figures = interleaved(bench, subjects, seconds=options.seconds, rounds=options.rounds)
    print(*lines(figures), sep="\n")
    busiest = max(one.load for one in figures.values())
    print(f"{CONNECTIONS} connections, medians of {options.rounds} rounds of {options.seconds:g} s")
    print(f"the load was busy for at most {busiest:.0%} of its core" + (": IT IS THE LIMIT" if busiest > BUSY else ""))
    return 0


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    options.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--sqlite-only", action="store_true")
    return options


def interleaved(bench: Bench, subjects: Sequence[Subject], *, seconds: float, rounds: int) -> dict[str, Figures]:
    """A B C, then C B A: what else the machine does meanwhile meets them all alike. One unmeasured round warms up."""
    taken: dict[str, list[Figures]] = {subject.name: [] for subject in subjects}
    for subject in subjects:
        bench.measure(subject, seconds / 2)
    for number in range(rounds):
        for subject in subjects if number % 2 == 0 else reversed(subjects):
            taken[subject.name].append(bench.measure(subject, seconds))
    return {name: medians(one) for name, one in taken.items()}


def catalogue_and_sqlite(stack: ExitStack, bench: Bench, folder: Path) -> Iterator[Subject]:
    url = f"sqlite:///{folder / 'bench.db'}"
    engine = engine_for(url)
    upgrade(engine)
    people = open_people(engine, CONNECTIONS + 2)
    short, long = people.pop(), people.pop()
    practise(engine, short, SHORT)
    practise(engine, long, LONG)
    engine.dispose()
    ours = stack.enter_context(running(bench, Server(folder, url)))
    bare = stack.enter_context(running(bench, reference(folder, "bare")))
    no_database = stack.enter_context(running(bench, reference(folder, "without-database")))
    yield from catalogue(ours, bare)
    practice = Practice(ours, people)
    yield Practice(no_database, people).start("POST /v1/sessions, no database")
    yield practice.start("POST /v1/sessions, SQLite")
    yield practice.complete("POST …/complete, SQLite")
    yield practice.sync("POST /v1/sync of 100, SQLite")
    yield reading("GET /v1/me/progress, 10 sessions", ours, "/v1/me/progress", bearer(short))
    yield reading("GET /v1/me/progress, 10,000 sessions", ours, "/v1/me/progress", bearer(long))


def catalogue(ours: Program, bare: Program) -> Iterator[Subject]:
    for coding in ("identity", "br", "gzip"):
        name = "" if coding == "identity" else f", {coding}"
        yield reading(f"bare ASGI, catalogue{name}", bare, f"/{coding}", {"accept-encoding": coding})
        yield reading(f"GET /v1/exercises{name}", ours, CATALOGUE, {"accept-encoding": coding})
    known = {"if-none-match": httpx.get(ours.url + CATALOGUE, headers={"accept-encoding": "identity"}).headers["etag"]}
    yield reading("bare ASGI, 304", bare, "/304", known, status=304)
    yield reading("GET /v1/exercises, 304", ours, CATALOGUE, known, status=304)


def postgresql(stack: ExitStack, bench: Bench, folder: Path) -> Iterator[Subject]:
    run = Run()
    stack.callback(run.end)
    url = stack.enter_context(postgresql_database())
    engine = engine_for(url)
    people = open_people(engine, CONNECTIONS + 1)
    short = people.pop()
    practise(engine, short, SHORT)
    engine.dispose()
    server = stack.enter_context(running(bench, Server(folder, url)))
    practice = Practice(server, people)
    yield practice.start("POST /v1/sessions, PostgreSQL")
    yield practice.complete("POST …/complete, PostgreSQL")
    yield practice.sync("POST /v1/sync of 100, PostgreSQL")
    yield reading("GET /v1/me/progress, PostgreSQL", server, "/v1/me/progress", bearer(short))


def reference(folder: Path, name: str) -> Program:
    return Program(folder, [sys.executable, "-m", "tests.bench.references", name], {"PYTHONPATH": str(ROOT)})


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
