"""Which errors of a database are the weather (Unavailable) and which are our own bugs (left as they are)."""

import logging
import sqlite3

from sqlalchemy import exc

from api.domain.errors import Unavailable

log = logging.getLogger(__name__)

SQLITE_WEATHER = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PROTOCOL,
    }
)
PRIMARY_CODE = 0xFF
SERIALIZATION_FAILURE, DEADLOCK_DETECTED, READ_ONLY_TRANSACTION = "40001", "40P01", "25006"


def translated(error: BaseException, *, writing: bool) -> BaseException:
    """Unavailable for the weather, logged without any value; every other error itself."""
    if not (is_weather(error) or (writing and is_read_only(error))):
        return error
    log.error("The database failed: %s", described(error))
    refusal = Unavailable("The database cannot do this right now.")
    refusal.__cause__ = error
    return refusal


def is_weather(error: BaseException) -> bool:
    if isinstance(original(error), sqlite3.Error):
        return sqlite_code(error) in SQLITE_WEATHER
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, exc.OperationalError | exc.InterfaceError | exc.TimeoutError)


def is_read_only(error: BaseException) -> bool:
    """The database takes no writes: the weather for a writer, a unit's bug for a reader."""
    return sqlite_code(error) == sqlite3.SQLITE_READONLY or sqlstate(error) == READ_ONLY_TRANSACTION


def is_rival(error: BaseException) -> bool:
    """PostgreSQL gave way to a rival transaction and asks for the whole unit again."""
    return sqlstate(error) in {SERIALIZATION_FAILURE, DEADLOCK_DETECTED}


def is_lost(error: BaseException) -> bool:
    """The connection is gone; if the commit was not sent yet, the server undoes everything."""
    return isinstance(error, exc.DBAPIError) and error.connection_invalidated


def described(error: BaseException) -> str:
    """Class, code and first message only: PostgreSQL's detail and SQLAlchemy's text would carry values."""
    cause = original(error)
    message = getattr(getattr(cause, "diag", None), "message_primary", None) or str(cause).partition("\n")[0]
    return " ".join(filter(None, [type(cause).__name__, sqlstate(error), message]))


def original(error: BaseException) -> BaseException:
    return error.orig if isinstance(error, exc.DBAPIError) and error.orig is not None else error


def sqlstate(error: BaseException) -> str | None:
    return getattr(original(error), "sqlstate", None)


def sqlite_code(error: BaseException) -> int:
    return int(getattr(original(error), "sqlite_errorcode", 0)) & PRIMARY_CODE
