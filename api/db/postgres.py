"""The store on PostgreSQL: a bounded number of threads, and exactly as many connections."""

import asyncio
import os
import random
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, QueuePool, create_engine, exc, text

from api import metrics
from api.db.failures import is_lost, is_rival, translated
from api.db.jobs import Job, Jobs
from api.db.scrubbing import AT_MOST_S, scrub_postgresql, scrubbing
from api.db.store import StoreLimits, Unit
from api.domain.errors import Unavailable

T = TypeVar("T")

WRITE, READ, READ_LONG = "write", "read", "read_long"
REPEATABLE_READ = 3  # psycopg's number for it; its import is too slow for whoever runs on SQLite
ATTEMPTS = 4
READY_S = 2.0
RECYCLE_S = 1800
SET_LIMITS = text(
    "SELECT set_config('statement_timeout', :statement, true), set_config('lock_timeout', :lock, true),"
    " set_config('idle_in_transaction_session_timeout', :idle, true)"
)


class PostgresStore:
    def __init__(self, url: URL, limits: StoreLimits) -> None:
        self._limits = limits
        size = limits.pool + limits.long_reads
        self._engine = create_engine(url, **engine_options(url, limits), poolclass=QueuePool, pool_size=size)
        self._short = Jobs("unknot-postgres", limits, threads=limits.pool, serve=self._serve)
        self._long = Jobs("unknot-postgres-long", limits, threads=limits.long_reads, serve=self._serve)
        self._scrubs = Jobs("unknot-scrubber", limits, threads=1, serve=scrubbing(unhurried_engine(url, limits)))

    async def open(self) -> None:
        self._short.start()
        self._long.start()
        self._scrubs.start()
        try:
            await self._short.run(_ask, READ)
        except Unavailable:
            await self.close()
            raise

    async def close(self) -> None:
        await asyncio.gather(self._short.close(), self._long.close(), self._scrubs.close())

    async def write(self, unit: Unit[T]) -> T:
        return await self._short.run(unit, WRITE)

    async def read(self, unit: Unit[T]) -> T:
        return await self._short.run(unit, READ)

    async def read_long(self, unit: Unit[T], *, wait_s: float | None = None) -> T:
        return await self._long.run(unit, READ_LONG, wait_s=wait_s or self._limits.long_s)

    async def scrub(self, tables: Sequence[str], *, rewrite: bool = False) -> bool:
        unit = partial(scrub_postgresql, tables=tables, rewrite=rewrite)
        return await self._scrubs.run(unit, wait_s=AT_MOST_S)

    async def ready(self) -> None:
        self._long.check()
        if await self._short.run(_takes_no_writes, WRITE, wait_s=READY_S):
            raise Unavailable("The database takes no writes.")

    def _serve(self, jobs: Jobs) -> None:
        try:
            while (job := jobs.take()) is not None:
                with jobs.busy.track_inprogress():
                    self._run(job)
                jobs.deliver([job])
        finally:
            # The engine's own dispose() would forget a connection that another thread still has.
            self._engine.pool.dispose()

    def _run(self, job: Job) -> None:
        """Runs the unit again, whole, when a rival won or the connection was lost: then nothing of it was kept."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                job.value = self._attempt(job)
            except BaseException as error:  # noqa: BLE001 - it belongs to the caller, whatever it is
                if is_lost(error):
                    # Whatever ended this connection has most likely ended those that lie idle too.
                    self._engine.pool.dispose()
                if attempt < ATTEMPTS and job.wanted and _is_worth_another(error, attempt):
                    metrics.REPEATED.inc()
                    time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - spreads rivals, no secret
                    continue
                job.fail(translated(error, writing=job.mode == WRITE))
            return

    def _attempt(self, job: Job) -> Any:
        with self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            _begin_as(job.mode, driver)
            with job.can_be_cut(partial(_hang_up, driver)):
                if self._limits.pooler == "transaction" or job.mode == READ_LONG:
                    connection.execute(SET_LIMITS, timeouts(self._limits, long=job.mode == READ_LONG))
                value = job.unit(connection)
                _commit(connection)
            return value


def engine_options(url: URL, limits: StoreLimits) -> dict[str, Any]:
    """Options of an engine on which nothing waits for ever, neither for the network nor for another transaction."""
    arguments: dict[str, Any] = {
        "connect_timeout": limits.connect_s,
        "application_name": "unknot",
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": int(limits.wait_s * 1000),
    }
    if limits.pooler == "transaction":
        # Behind a pooler the next transaction may meet another server connection: no prepared statement is there,
        # and what was set at the start of ours is not either.
        arguments["prepare_threshold"] = None
    else:
        settings = timeouts(limits)
        arguments["options"] = (
            f"{url.query.get('options', '')} -c statement_timeout={settings['statement']}"
            f" -c lock_timeout={settings['lock']} -c idle_in_transaction_session_timeout={settings['idle']}"
        )
    return {
        "connect_args": arguments,
        "hide_parameters": True,
        "max_overflow": 0,
        "pool_timeout": limits.wait_s,
        "pool_recycle": RECYCLE_S,
        "use_native_hstore": False,
    }


def unhurried_engine(url: URL, limits: StoreLimits) -> Engine:
    """For statements that take long and stand in no transaction; they wait no longer for a lock than any other."""
    arguments = engine_options(url, replace(limits, statement_s=AT_MOST_S))["connect_args"]
    options = {"connect_args": arguments, "hide_parameters": True, "isolation_level": "AUTOCOMMIT"}
    return create_engine(url, poolclass=NullPool, **options)


def timeouts(limits: StoreLimits, *, long: bool = False) -> dict[str, str]:
    """In milliseconds, as PostgreSQL reads a bare number."""
    statement_s = limits.long_s if long else limits.statement_s
    idle_s = limits.long_s if long else limits.wait_s
    seconds = {"statement": statement_s, "lock": limits.lock_s, "idle": idle_s}
    return {name: str(int(value * 1000)) for name, value in seconds.items()}


def _is_worth_another(error: BaseException, attempt: int) -> bool:
    return is_rival(error) or (is_lost(error) and attempt == 1)


def _begin_as(mode: str, driver: Any) -> None:
    """Says how the driver's BEGIN will read; None leaves it to the server, which may be one that takes no writes."""
    driver.read_only = None if mode == WRITE else True
    driver.isolation_level = None if mode == WRITE else REPEATABLE_READ


def _hang_up(driver: Any) -> None:
    """Ends the wait of the thread that speaks with the server: a network that swallows everything never would."""
    if not driver.closed:
        with suppress(OSError), socket.socket(fileno=os.dup(driver.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)


def _commit(connection: Connection) -> None:
    try:
        with metrics.COMMITS.time():
            connection.commit()
    except exc.DBAPIError as error:
        if is_lost(error):
            raise Unavailable("The database went away while it was committing.") from error
        raise


def _ask(db: Connection) -> None:
    db.execute(text("SELECT 1"))


def _takes_no_writes(db: Connection) -> bool:
    return bool(db.execute(text("SHOW transaction_read_only")).scalar_one() == "on")
