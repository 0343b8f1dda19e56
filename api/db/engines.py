"""From a database's address to what speaks with it. The address's password appears in no error."""

from sqlalchemy import URL, Engine, NullPool, create_engine, make_url
from sqlalchemy.exc import ArgumentError

from api.db.postgres import PostgresStore
from api.db.sqlite import SqliteStore
from api.db.sqlite_connections import WRITING, begin_immediately, sqlite_engine
from api.db.store import Store, StoreLimits

FORMS = "sqlite:///path/to/file.db or postgresql://user:password@host/database"
POSTGRESQL = frozenset({"postgres", "postgresql", "postgresql+psycopg"})
PATIENCE_S = 5.0


def store_for(url: str, *, limits: StoreLimits | None = None) -> Store:
    """The store for this address, not yet open; ValueError when the address is none that Unknot can use."""
    address, limits = parsed(url), limits or StoreLimits()
    return SqliteStore(address, limits) if is_sqlite(address) else PostgresStore(address, limits)


def engine_for(url: str) -> Engine:
    """An engine for migrations and commands: as safe as the store's connections, and without its time-outs' hurry."""
    address = parsed(url)
    if is_sqlite(address):
        return begin_immediately(sqlite_engine(address, WRITING, patience_s=PATIENCE_S))
    arguments = {"connect_timeout": StoreLimits().connect_s, "application_name": "unknot", "prepare_threshold": None}
    return create_engine(address, poolclass=NullPool, hide_parameters=True, connect_args=arguments)


def parsed(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(f"This is no address of a database. Write {FORMS}") from None
    if address.drivername in POSTGRESQL:
        return address.set(drivername="postgresql+psycopg")
    if not is_sqlite(address):
        raise ValueError(f"Unknot does not know the database {address.drivername!r}. Write {FORMS}")
    if address.database in {None, "", ":memory:"} or str(address.database).startswith("file:") or address.query:
        raise ValueError(f"Unknot keeps its data in a file, not in memory, and takes no options. Write {FORMS}")
    return address


def is_sqlite(address: URL) -> bool:
    return address.drivername == "sqlite"
