"""Prepared statements do what SQLAlchemy would have done with them, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    bindparam,
    delete,
    exc,
    insert,
    select,
    text,
)
from sqlalchemy import update as changing
from sqlmodel.sql.sqltypes import UTCDateTime

from api.db.columns import Json
from api.db.engines import engine_for
from api.db.prepared import Prepared
from api.db.upsert import upsert
from tests.store.shelf import opened, refused

notes = Table(
    "note",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("name", String(20), nullable=False),
    Column("at", UTCDateTime),
    Column("body", Json),
    Column("hits", Integer),
)
ONE, TWO = UUID(int=1), UUID(int=2)
ROW: dict[str, Any] = {
    "id": ONE,
    "name": "one",
    "at": datetime(2026, 11, 23, 8, 0, 0, 5, UTC),
    "body": {"steps": [1, None], "ü": "\N{SNOWMAN}"},
    "hits": 3,
}
BY_ID = select(notes).where(notes.c.id == bindparam("id"))
HIT = (
    upsert(notes).on_conflict_do_update(index_elements=["id"], set_={"hits": notes.c.hits + 1}).returning(notes.c.hits)
)


@pytest.fixture
def db(empty_database_url: str) -> Iterator[Connection]:
    engine = engine_for(empty_database_url)
    notes.metadata.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_every_kind_of_value_goes_in_and_comes_out_as_sqlalchemy_has_it(db: Connection) -> None:
    Prepared(insert(notes)).run_each(db, [ROW, {**ROW, "id": TWO, "at": None, "body": None, "hits": None}])
    for key in (ONE, TWO):
        found = Prepared(BY_ID).one(db, {"id": key})
        assert found == db.execute(BY_ID, {"id": key}).one()
        assert found._fields == tuple(notes.c.keys())
    assert Prepared(BY_ID).one(db, {"id": ONE})._asdict() == ROW
    assert db.execute(select(notes.c.id).where(notes.c.body.is_(None))).scalar_one() == TWO


def test_no_row_is_none_or_an_error(db: Connection) -> None:
    assert Prepared(BY_ID).one_or_none(db, {"id": TWO}) is None
    with pytest.raises(LookupError):
        Prepared(BY_ID).one(db, {"id": TWO})


def test_an_update_sets_what_is_given_and_tells_how_many_rows_it_changed(db: Connection) -> None:
    Prepared(insert(notes)).run(db, ROW)
    change = Prepared(changing(notes).where(notes.c.id == bindparam("id_")))
    assert change.run(db, {"id_": ONE, "hits": 5}) == 1
    assert change.run(db, {"id_": ONE, "hits": 6, "name": "other"}) == 1
    assert change.run(db, {"id_": TWO, "hits": 7}) == 0
    assert Prepared(BY_ID).one(db, {"id": ONE})._asdict() == {**ROW, "hits": 6, "name": "other"}
    assert Prepared(delete(notes).where(notes.c.id == bindparam("id"))).run(db, {"id": ONE}) == 1


def test_a_value_within_the_statement_is_kept_between_runs(db: Connection) -> None:
    hit = Prepared(HIT)
    assert [hit.one(db, {"id": ONE, "name": "x", "hits": 1}).hits for _ in range(3)] == [1, 2, 3]


def test_parameters_that_expand_are_refused(db: Connection) -> None:
    with pytest.raises(TypeError, match="expand"):
        Prepared(select(notes).where(notes.c.id.in_(bindparam("ids", expanding=True)))).all(db, {"ids": [ONE]})


def test_a_broken_rule_is_the_error_of_sqlalchemy_without_the_values(db: Connection) -> None:
    Prepared(insert(notes)).run(db, ROW)
    with pytest.raises(exc.IntegrityError) as caught:
        Prepared(insert(notes)).run(db, {**ROW, "name": "secret"})
    assert "secret" not in str(caught.value)


def test_what_was_begun_by_a_prepared_statement_is_undone_with_the_transaction(empty_database_url: str) -> None:
    engine = engine_for(empty_database_url)
    notes.metadata.create_all(engine)
    with engine.connect() as db:
        Prepared(insert(notes)).run(db, ROW)
        db.rollback()
        assert Prepared(BY_ID).one_or_none(db, {"id": ONE}) is None
        Prepared(insert(notes)).run(db, ROW)
        db.commit()
    with engine.connect() as db:
        assert Prepared(BY_ID).one(db, {"id": ONE}).name == "one"
    engine.dispose()


async def test_a_connection_that_is_lost_in_a_prepared_statement_is_replaced_and_the_unit_runs_once_more(
    postgresql_url: str,
) -> None:
    leave = Prepared(select(text("pg_terminate_backend(pg_backend_pid())")))
    runs = 0

    def suicide(db: Connection) -> None:
        nonlocal runs
        runs += 1
        leave.run(db, {})

    async with opened(postgresql_url) as store:
        await refused(store, suicide)
        assert runs == 2
        assert await store.read(lambda db: db.execute(text("SELECT 1")).scalar_one()) == 1
