"""A database beside the database, for a unit that works out at length what it will write, while nobody waits for it."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Connection, StaticPool, Table, create_engine, insert, select
from sqlmodel import SQLModel

ROWS_AT_ONCE = 500


@contextmanager
def scratch(tables: Sequence[Table]) -> Iterator[Connection]:
    """These tables, empty, in SQLite. What grows out of memory goes to a file without a name, which ends with this."""
    engine = create_engine("sqlite://", poolclass=StaticPool, hide_parameters=True, creator=lambda: sqlite3.connect(""))
    try:
        with engine.connect() as db:
            for pragma in ("journal_mode=OFF", "synchronous=OFF"):
                db.exec_driver_sql(f"PRAGMA {pragma}")
            SQLModel.metadata.create_all(db, tables)
            yield db
    finally:
        engine.dispose()


def copied(source: Connection, target: Connection, table: Table, which: ColumnElement[bool]) -> None:
    """Copies those rows of the table, a few at a time."""
    query = select(table).where(which).execution_options(yield_per=ROWS_AT_ONCE)
    for rows in source.execute(query).partitions():
        given: list[dict[str, Any]] = [row._asdict() for row in rows]
        target.execute(insert(table), given)
