"""Rows made ready beforehand are what SQLAlchemy would have inserted, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Connection, exc, insert, select

from api.db.bulk import inserting
from api.db.engines import engine_for
from tests.store.test_prepared import ROW, notes

ROWS = [
    {**ROW, "id": UUID(int=number), "name": text, "at": datetime(2026, 1, number, tzinfo=UTC), "hits": hits}
    for number, text, hits in ((1, "tab\tand\\new\nline", None), (2, "\\N", 0), (3, "\N{SNOWMAN}, 'so' \"so\"", -7))
]


@pytest.fixture
def db(empty_database_url: str) -> Iterator[Connection]:
    engine = engine_for(empty_database_url)
    notes.metadata.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_what_was_made_ready_is_what_is_there(db: Connection) -> None:
    run = inserting(db, notes, ROWS)
    assert db.execute(select(notes)).all() == []
    run(db)
    kept = [row._asdict() for row in db.execute(select(notes).order_by(notes.c.id))]
    db.execute(notes.delete())
    db.execute(insert(notes), ROWS)
    assert kept == [row._asdict() for row in db.execute(select(notes).order_by(notes.c.id))] == ROWS


def test_a_row_that_is_there_already_is_refused_as_anywhere(db: Connection) -> None:
    run = inserting(db, notes, ROWS[:1])
    run(db)
    with pytest.raises(exc.IntegrityError), db.begin_nested():
        run(db)
