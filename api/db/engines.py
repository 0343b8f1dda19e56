"""From a database's address to what speaks with it. The address's password appears in no error."""

from contextlib import AbstractContextManager, closing, nullcontext

from sqlalchemy import URL, Engine, NullPool, create_engine, make_url
from sqlalchemy.exc import ArgumentError

from api.db.lease import Lease
from api.db.postgres import PostgresStore
from api.db.sqlite import SqliteStore
from api.db.sqlite_connections import WRITING, begin_immediately, file_of, sqlite_engine
from api.db.store import Store, StoreLimits

FORMS = "sqlite:///path/to/file.db or postgresql://user:password@host/database"
POSTGRESQL = frozenset({"postgres", "postgresql", "postgresql+psycopg"})
PATIENCE_S = 5.0


class UnknownAddress(ValueError):
    """The address of a database is none that Unknot can use; the message says which are."""


def store_for(url: str, *, limits: StoreLimits | None = None) -> Store:
    """The store for this address, not yet open; UnknownAddress when the address is none that Unknot can use."""
    address, limits = parsed(url), limits or StoreLimits()
    return SqliteStore(address, limits) if is_sqlite(address) else PostgresStore(address, limits)


def held(url: str) -> AbstractContextManager[object]:
    """Keeps other servers off an SQLite file from now on; raises Unavailable when one has it."""
    address = parsed(url)
    if not is_sqlite(address):
        return nullcontext()
    lease = Lease(file_of(address))
    lease.take()
    return closing(lease)


def engine_for(url: str) -> Engine:
    """An engine for migrations and commands: as safe as the store's connections, and without its time-outs' hurry."""
    address = parsed(url)
    if is_sqlite(address):
        return begin_immediately(sqlite_engine(address, WRITING, patience_s=PATIENCE_S, make=True))
    arguments = {"connect_timeout": StoreLimits().connect_s, "application_name": "unknot", "prepare_threshold": None}
    return create_engine(address, poolclass=NullPool, hide_parameters=True, connect_args=arguments)


def parsed(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise UnknownAddress(f"This is no address of a database. Write {FORMS}") from None
    if address.drivername in POSTGRESQL:
        return address.set(drivername="postgresql+psycopg")
    if not is_sqlite(address):
        raise UnknownAddress(f"Unknot does not know the database {address.drivername!r}. Write {FORMS}")
    if address.database in {None, "", ":memory:"} or str(address.database).startswith("file:") or address.query:
        raise UnknownAddress(f"Unknot keeps its data in a file, not in memory, and takes no options. Write {FORMS}")
    return address


def is_sqlite(address: URL) -> bool:
    return address.drivername == "sqlite"
