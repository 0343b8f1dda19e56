"""The store's own tables and units: things on shelves, small enough to see through."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import Column, Connection, ForeignKey, Integer, MetaData, String, Table, func, insert, select, update

from api.db.engines import engine_for, store_for
from api.db.store import Store, StoreLimits, Unit
from api.domain.errors import Unavailable

metadata = MetaData()
things = Table("thing", metadata, Column("id", Integer, primary_key=True), Column("name", String(200), nullable=False))
counters = Table(
    "counter", metadata, Column("id", Integer, primary_key=True), Column("revision", Integer), Column("value", Integer)
)
# Deferred, which Unknot's own tables never are: the way to make a real COMMIT fail.
debts = Table(
    "debt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("thing_id", ForeignKey("thing.id", deferrable=True, initially="DEFERRED")),
)


def make_tables(url: str) -> None:
    engine = engine_for(url)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(counters), {"id": 1, "revision": 0, "value": 0})
        connection.execute(insert(counters), {"id": 2, "revision": 0, "value": 0})
    engine.dispose()


@asynccontextmanager
async def opened(url: str, **limits: Any) -> AsyncIterator[Store]:
    store = store_for(url, limits=StoreLimits(**{"grace_s": 5.0, **limits}))
    await store.open()
    try:
        yield store
    finally:
        await store.close()


def put(number: int, name: str = "thing") -> Unit[int]:
    def unit(db: Connection) -> int:
        db.execute(insert(things), {"id": number, "name": name})
        return number

    return unit


def ids(db: Connection) -> set[int]:
    return set(db.execute(select(things.c.id)).scalars())


def count(db: Connection) -> int:
    return db.execute(select(func.count()).select_from(things)).scalar_one()


def bump(db: Connection) -> None:
    db.execute(update(counters).where(counters.c.id == 1).values(revision=counters.c.revision + 1))


def value(db: Connection) -> int:
    found: int = db.execute(select(counters.c.value).where(counters.c.id == 1)).scalar_one()
    return found


def set_value(db: Connection, number: int) -> None:
    db.execute(update(counters).where(counters.c.id == 1).values(value=number))


def kept_ids(url: str) -> set[int]:
    """What is in the database for a process that opens it now."""
    engine = engine_for(url)
    with engine.connect() as connection:
        found = ids(connection)
    engine.dispose()
    return found


class Gate:
    """A unit that holds its thread until the test lets it go; `inner` runs first."""

    def __init__(self, inner: Unit[Any] | None = None) -> None:
        self.entered, self.opened = threading.Event(), threading.Event()
        self.inner = inner

    def __call__(self, db: Connection) -> Any:
        result = self.inner(db) if self.inner else None
        self.entered.set()
        assert self.opened.wait(30)
        return result


async def refused(store: Store, unit: Unit[Any]) -> None:
    with pytest.raises(Unavailable):
        await store.write(unit)
