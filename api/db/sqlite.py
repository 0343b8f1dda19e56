"""The store on an SQLite file: one thread writes, the event loop reads points, a few threads read at length."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, text

from api.db.failures import translated
from api.db.jobs import Jobs
from api.db.lease import Lease
from api.db.scrubbing import AT_MOST_S, scrub_sqlite, scrubbing
from api.db.sqlite_connections import READING, SAFELY, KeptConnection, file_of, sqlite_engine
from api.db.sqlite_file import WatchedFile
from api.db.sqlite_writer import Writer
from api.db.store import StoreLimits, Unit
from api.domain.errors import Unavailable

T = TypeVar("T")

# A WAL file lets readers read whoever writes. The rare exceptions may not hold the event loop any longer than this.
INLINE_PATIENCE_S = 0.02
LONG_PATIENCE_S = 2.0
READY_S = 2.0


class Reader:
    """Runs units on one connection that refuses writes, each on a snapshot of what was committed when it began."""

    def __init__(self, engine: Engine, file: WatchedFile) -> None:
        self._kept, self._file = KeptConnection(engine), file

    def run(self, unit: Unit[T]) -> T:
        self._file.check()
        try:
            self._kept.driver.execute("BEGIN")
            return unit(self._kept.connection)
        finally:
            self._kept.undo()

    def close(self) -> None:
        self._kept.close()


class SqliteStore:
    """A store for one server process: two would fight for the file's only write lock, so a lease keeps others off.

    The file must be there before, and stay: once it was removed or replaced, everything is Unavailable until another
    store opens what is there then.
    """

    def __init__(self, url: URL, limits: StoreLimits) -> None:
        self._limits = limits
        self._lease, self._file = Lease(file_of(url)), WatchedFile(file_of(url))
        self._inline = Reader(sqlite_engine(url, READING, patience_s=INLINE_PATIENCE_S), self._file)
        self._long_engine = sqlite_engine(url, READING, patience_s=LONG_PATIENCE_S)
        self._writes = Jobs("unknot-writer", limits, threads=1, serve=Writer(url, limits, self._file).serve, alone=True)
        self._long = Jobs("unknot-reader", limits, threads=limits.long_reads, serve=self._serve_long)
        scrubs = scrubbing(sqlite_engine(url, SAFELY, patience_s=LONG_PATIENCE_S))
        self._scrubs = Jobs("unknot-scrubber", limits, threads=1, serve=scrubs)
        self._open = False

    async def open(self) -> None:
        self._lease.take()
        try:
            self._file.remember()
            self._writes.start()
            await self._writes.run(_nothing)
        except BaseException:
            await self._writes.close()
            self._lease.close()
            raise
        self._long.start()
        self._scrubs.start()
        self._open = True

    async def close(self) -> None:
        await asyncio.gather(self._writes.close(), self._long.close(), self._scrubs.close())
        self._open = False
        self._inline.close()
        self._lease.close()

    async def write(self, unit: Unit[T]) -> T:
        return await self._writes.run(unit)

    async def read(self, unit: Unit[T]) -> T:
        if not self._open:
            raise Unavailable("The store is not open.")
        try:
            return self._inline.run(unit)
        except Exception as error:
            failure = translated(error, writing=False)
            if failure is error:
                raise
            raise failure from error

    async def read_long(self, unit: Unit[T], *, wait_s: float | None = None) -> T:
        return await self._long.run(unit, wait_s=wait_s or self._limits.long_s)

    async def scrub(self, tables: Sequence[str], *, rewrite: bool = False) -> bool:
        del tables
        return await self._scrubs.run(partial(scrub_sqlite, rewrite=rewrite), wait_s=AT_MOST_S)

    async def ready(self) -> None:
        self._long.check()
        await self.read(_ask)
        await self._writes.run(_nothing, wait_s=READY_S)

    def _serve_long(self, jobs: Jobs) -> None:
        reader = Reader(self._long_engine, self._file)
        try:
            while (job := jobs.take()) is not None:
                try:
                    with jobs.busy.track_inprogress():
                        job.value = reader.run(job.unit)
                except BaseException as error:  # noqa: BLE001 - it belongs to the caller, whatever it is
                    job.fail(translated(error, writing=False))
                jobs.deliver([job])
        finally:
            reader.close()


def _nothing(_db: Connection) -> None:
    """Proves that a transaction can begin and end."""


def _ask(db: Connection) -> None:
    db.execute(text("SELECT count(*) FROM sqlite_master"))
