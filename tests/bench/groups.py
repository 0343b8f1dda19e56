"""What is measured in one interleaved run: each group yields its subjects, each beside what it is judged by."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from api.db.engines import engine_for
from api.db.migrations import upgrade
from tests.bench.measuring import Bench
from tests.bench.seeding import Seeded, open_people, practise
from tests.bench.subjects import A_SYNC, CONNECTIONS, SYNCING, Practice, Subject, bearer, reading
from tests.bench.table import Row
from tests.databases import postgresql_database
from tests.servers import Program, Server

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = "/v1/exercises"
CODINGS = ("identity", "br", "gzip")
SHORT, LONG = 10, 10_000
CROWDS = (CONNECTIONS, 64, 256)
PEOPLE = 512
"""Who practise; a hundred sessions a second of one person would be asked about by none."""
NEWCOMERS = 1500
"""Who sync once each: those that are synced already have a history, which is looked at once more."""
CROWDED = {"UNKNOT_REQUESTS_IN_WORK": "10000"}
"""So that of the largest crowd, each with a request under way at all times, nobody is refused."""
BUSY_SERVER = {"UNKNOT_LOG_LEVEL": "info", "UNKNOT_RATE_LIMIT_PER_MINUTE": "1000000000"}
Judged = Iterator[tuple[Row, Subject | None]]
"""A subject that was named before is judged once more by a row without it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group starts its servers; `stack` ends them."""

    stack: ExitStack
    bench: Bench
    folder: Path

    def ours(self, database_url: str, *, pinned: bool = True, **settings: str) -> Program:
        given = {f"UNKNOT_{name.upper()}": value for name, value in settings.items()}
        server = Server(self.folder, database_url, settings=CROWDED | given)
        return self.stack.enter_context(running(self.bench, server, pinned=pinned))

    def reference(self, name: str, **environment: str) -> Program:
        command = [sys.executable, "-m", "tests.bench.references", name]
        program = Program(self.folder, command, {"PYTHONPATH": str(ROOT)} | CROWDED | environment)
        return self.stack.enter_context(running(self.bench, program))

    def sqlite(self, people: int) -> tuple[str, list[Seeded]]:
        """A new file, and who is in it."""
        path = self.folder / f"{len([*self.folder.glob('*.db')])}.db"
        url = f"sqlite:///{path}"
        engine = engine_for(url)
        upgrade(engine)
        opened = open_people(engine, people)
        engine.dispose()
        return url, opened

    def postgresql(self, people: int) -> tuple[str, list[Seeded]]:
        url = self.stack.enter_context(postgresql_database())
        engine = engine_for(url)
        opened = open_people(engine, people)
        engine.dispose()
        return url, opened


@contextmanager
def running(bench: Bench, server: Program, *, pinned: bool = True) -> Iterator[Program]:
    server.start()
    if pinned:
        bench.pin(server.pid)
    try:
        yield server
    finally:
        server.stop()


def content(place: Place) -> Judged:
    """Ready answers beside a bare callable that sends the same bytes behind the same middleware."""
    url, _ = place.sqlite(0)
    ours, bare = place.ours(url), place.reference("bare")
    for coding in CODINGS:
        headers, reference = {"accept-encoding": coding}, f"bare ASGI, {coding}"
        yield Row(reference), reading(reference, bare, f"/{coding}", headers)
        own = f"GET /v1/exercises, {coding}"
        yield Row(own, reference, 1.15), reading(own, ours, CATALOGUE, headers)
    known = {"if-none-match": httpx.get(ours.url + CATALOGUE, headers={"accept-encoding": "identity"}).headers["etag"]}
    yield Row("bare ASGI, 304"), reading("bare ASGI, 304", bare, "/304", known, status=304)
    own = "GET /v1/exercises, 304"
    yield Row(own, "bare ASGI, 304", 1.15), reading(own, ours, CATALOGUE, known, status=304)


def middleware(place: Place) -> Judged:
    """All layers, admission and its protocol, limits and the log line included, beside the callable alone."""
    naked, bare = place.reference("naked"), place.reference("bare", **BUSY_SERVER)
    yield Row("bare ASGI, no middleware"), reading("bare ASGI, no middleware", naked, "/304", {}, status=304)
    name = "bare ASGI, limited and logged"
    yield Row(name, "bare ASGI, no middleware", above=12), reading(name, bare, "/304", {}, status=304)


def sqlite(place: Place) -> Judged:
    """The product's own start on a file, at several crowds, beside its route without a database and the raw driver."""
    url, people = place.sqlite(PEOPLE + 2)
    short, long, *others = people
    engine = engine_for(url)
    practise(engine, short, SHORT)
    practise(engine, long, LONG)
    engine.dispose()
    ours, none = place.ours(url), place.reference("without-database")
    raw = place.reference("raw-start", UNKNOT_DATABASE_URL=place.sqlite(0)[0])
    for crowd in CROWDS:
        at = f"at {crowd}"
        floor, own, driver = f"POST /v1/sessions, no database, {at}", f"… SQLite, {at}", f"… raw sqlite3, {at}"
        practice = Practice(ours, others, crowd)
        yield Row(floor), Practice(none, others, crowd).start(floor)
        yield Row(driver, floor), Practice(raw, others, crowd).start(driver)
        yield Row(own, floor, 1.6, tail=4), practice.start(own)
        yield Row(own, driver, least=1.0), None
        if crowd == CONNECTIONS:
            yield Row("POST …/complete, SQLite", own, 1.3), practice.complete("POST …/complete, SQLite")
        else:
            yield Row(own, f"… SQLite, at {CONNECTIONS}", least=1.0), None
    yield from progress(ours, short, long)


def progress(server: Program, short: Seeded, long: Seeded) -> Judged:
    less, more = f"GET /v1/me/progress, {SHORT}", f"GET /v1/me/progress, {LONG:,}"
    floor = f"POST /v1/sessions, no database, at {CONNECTIONS}"
    yield Row(less, floor, 0.95), reading(less, server, "/v1/me/progress", bearer(short))
    yield Row(more, less, 1.1), reading(more, server, "/v1/me/progress", bearer(long))


def postgresql(place: Place) -> Judged:
    """Start and complete beside the same statements by the raw driver behind the same route."""
    url, people = place.postgresql(PEOPLE)
    ours = place.ours(url)
    raw_start = place.reference("raw-start", UNKNOT_DATABASE_URL=place.postgresql(0)[0])
    raw_complete = place.reference("raw-complete", UNKNOT_DATABASE_URL=place.postgresql(0)[0])
    practice, by_start = Practice(ours, people), Practice(raw_complete, people)
    yield Row("start, raw psycopg"), Practice(raw_start, people).start("start, raw psycopg")
    yield Row("start, PostgreSQL", "start, raw psycopg", 1.5), practice.start("start, PostgreSQL")
    yield Row("complete, raw psycopg"), by_start.complete_anything("complete, raw psycopg")
    yield Row("complete, PostgreSQL", "complete, raw psycopg", 1.5), practice.complete("complete, PostgreSQL")
    yield Row("complete, PostgreSQL", "start, PostgreSQL", 1.3), None
    yield Row("progress, PostgreSQL"), reading("progress, PostgreSQL", ours, "/v1/me/progress", bearer(people[0]))


def sync(place: Place) -> Judged:
    """A hundred sessions lived offline in one request, beside as many starts and completions, and a tutorial's loop."""
    for kind, databases in (("SQLite", place.sqlite), ("PostgreSQL", place.postgresql)):
        url, people = databases(PEOPLE + NEWCOMERS)
        server, loop = place.ours(url), place.reference("orm-loop", UNKNOT_DATABASE_URL=databases(0)[0])
        practice, newcomers = Practice(server, people[:PEOPLE]), Practice(server, people[PEOPLE:])
        start, complete, synced = f"one start, {kind}", f"one complete, {kind}", f"sync of {A_SYNC}, {kind}"
        yield Row(start), practice.start(start)
        yield Row(complete), practice.complete(complete)
        yield Row(synced, (start, complete), 0.1, times=A_SYNC), newcomers.sync(synced)
        looped = f"… as a loop of SQLModel objects, {kind}"
        yield Row(looped), Practice(loop, people[:SYNCING]).sync_anything(looped)
        yield Row(synced, looped), None


def workers(place: Place) -> Judged:
    """Two processes beside one; the load and PostgreSQL need cores of their own for this to say much."""
    for number in (1, 2):
        url, people = place.postgresql(1)
        server = place.ours(url, pinned=False, workers=str(number))
        name = f"progress, PostgreSQL, {number} processes"
        row = Row(name) if number == 1 else Row(name, "progress, PostgreSQL, 1 processes", least=1.8)
        yield row, reading(name, server, "/v1/me/progress", bearer(people[0]))


GROUPS = {
    "content": content,
    "middleware": middleware,
    "sqlite": sqlite,
    "postgresql": postgresql,
    "sync": sync,
    "workers": workers,
}


ON_POSTGRESQL = {"postgresql", "sync", "workers"}


def chosen(place: Place, names: Sequence[str]) -> Judged:
    for name in names:
        yield from GROUPS[name](place)
