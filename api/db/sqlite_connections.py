"""Connections to an SQLite file, each with the safety that SQLite leaves off unless it is asked for."""

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

from api.db.sqlite_file import make_for_owner

USE_WAL = "PRAGMA journal_mode=WAL"
# With synchronous NORMAL, a loss of power takes acknowledged writes of a WAL file with it.
# What a savepoint may have to undo stands in a temporary file otherwise, which takes longer than the writes themselves.
UNDO_IN_MEMORY = "PRAGMA temp_store=MEMORY"
# What is deleted or replaced shall not be read from the free room of the file; some builds of SQLite do so unasked.
ZERO_DELETED = "PRAGMA secure_delete=ON"
SAFELY = (USE_WAL, "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", ZERO_DELETED)
WRITING = (*SAFELY, UNDO_IN_MEMORY)
RETRY_S = 0.01
READING = ("PRAGMA query_only=ON",)


def sqlite_engine(url: URL, pragmas: Sequence[str], *, patience_s: float, make: bool = False) -> Engine:
    """Opens the file that is there; only with `make` does a connection make a missing one."""
    path = Path(file_of(url)).absolute()
    address = f"{path.as_uri()}?mode=rw"

    def connect() -> sqlite3.Connection:
        if make:
            make_for_owner(str(path))
        # Without isolation_level=None the driver begins transactions by its own rules: too late, and not IMMEDIATE.
        return sqlite3.connect(address, uri=True, isolation_level=None, timeout=patience_s)

    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, creator=connect)

    @event.listens_for(engine, "connect")
    def set_pragmas(driver: sqlite3.Connection, _record: object) -> None:
        for pragma in pragmas:
            _execute_patiently(driver, pragma, patience_s)

    return engine


def file_of(url: URL) -> str:
    return str(url.database)


def _execute_patiently(driver: sqlite3.Connection, pragma: str, patience_s: float) -> None:
    """Two that make a new file a WAL file at once refuse each other, and SQLite does not wait for that by itself."""
    until = time.monotonic() + patience_s
    while True:
        try:
            driver.execute(pragma).close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(RETRY_S)
        else:
            return


def begin_immediately(engine: Engine) -> Engine:
    """Two transactions that read first and write later lose updates without an error, unless both begin IMMEDIATE."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class KeptConnection:
    """One connection for good, opened when first used, and the driver's own beneath it.

    Its owner begins and ends transactions on `driver`; SQLAlchemy believes itself in one endless transaction, which
    spares every unit the bookkeeping of its own. Both belong to the thread that used them first.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._opened: tuple[Connection, sqlite3.Connection] | None = None

    @property
    def connection(self) -> Connection:
        return self._open()[0]

    @property
    def driver(self) -> sqlite3.Connection:
        return self._open()[1]

    def undo(self) -> None:
        """Rolls back whatever stands; a connection that cannot is given up, and the next use opens another."""
        try:
            if self._opened is not None and self.driver.in_transaction:
                self.driver.execute("ROLLBACK")
        except sqlite3.Error:
            self.close()

    def close(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened[0].invalidate()
            opened[0].close()

    def _open(self) -> tuple[Connection, sqlite3.Connection]:
        if self._opened is None:
            connection = self._engine.connect()
            driver = connection.connection.dbapi_connection
            if not isinstance(driver, sqlite3.Connection):
                raise TypeError("not a connection to SQLite")
            self._opened = connection, driver
        return self._opened
