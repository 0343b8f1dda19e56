from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    insert,
    inspect,
    null,
    select,
)
from sqlmodel import SQLModel

from api.db.columns import NAMES, Json
from api.db.engines import engine_for
from api.db.upsert import upsert

metadata = MetaData(naming_convention=NAMES)
parents = Table("parent", metadata, Column("id", Integer, primary_key=True), Column("body", Json))
children = Table(
    "child",
    metadata,
    Column("parent_id", ForeignKey("parent.id"), primary_key=True),
    Column("name", String(20), primary_key=True),
    Column("hits", Integer, nullable=False),
    UniqueConstraint("parent_id", "hits"),
    CheckConstraint("hits > 0", name="hits_positive"),
    Index(None, "name", "hits"),
)
NEW = upsert(children)
HIT = NEW.on_conflict_do_update(
    index_elements=["parent_id", "name"],
    set_={"hits": children.c.hits + NEW.excluded.hits},
    where=children.c.hits < 10,
).returning(children.c.hits)


@pytest.fixture
def db(empty_database_url: str) -> Iterator[Connection]:
    engine = engine_for(empty_database_url)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(parents), {"id": 1, "body": {"steps": [{"held_s": 30}], "note": "ü"}})
        yield connection
    engine.dispose()


def test_json_comes_back_as_it_went_in_and_can_be_searched(db: Connection) -> None:
    assert db.execute(select(parents.c.body)).scalar_one() == {"steps": [{"held_s": 30}], "note": "ü"}
    found = select(parents.c.id).where(parents.c.body["steps"][0]["held_s"].as_integer() == 30)
    assert db.execute(found).scalar_one() == 1


def test_json_none_is_null(db: Connection) -> None:
    db.execute(insert(parents), {"id": 2, "body": None})
    assert db.execute(select(parents.c.id).where(parents.c.body.is_(null()))).scalars().all() == [2]


def test_an_upsert_built_before_any_connection_inserts_updates_and_spares(db: Connection) -> None:
    row = {"parent_id": 1, "name": "a", "hits": 4}
    assert [db.execute(HIT, row).scalar_one_or_none() for _ in range(4)] == [4, 8, 12, None]


def test_an_upsert_may_leave_what_is_there(db: Connection) -> None:
    keep = upsert(children).on_conflict_do_nothing(index_elements=["parent_id", "name"])
    counts = [db.execute(keep, {"parent_id": 1, "name": "a", "hits": hits}).rowcount for hits in (1, 2)]
    assert counts == [1, 0]
    assert db.execute(select(children.c.hits)).scalar_one() == 1


def test_an_upsert_takes_many_rows(db: Connection) -> None:
    keep = upsert(children).on_conflict_do_nothing().returning(children.c.name)
    rows: list[dict[str, Any]] = [{"parent_id": 1, "name": name, "hits": hits} for hits, name in enumerate("ab", 1)]
    assert sorted(db.execute(keep, rows).scalars()) == ["a", "b"]


def test_every_constraint_has_a_name(db: Connection) -> None:
    found = inspect(db)
    assert found.get_pk_constraint("child")["name"] == "pk_child"
    assert [each["name"] for each in found.get_foreign_keys("child")] == ["fk_child_parent_id_parent"]
    assert [each["name"] for each in found.get_unique_constraints("child")] == ["uq_child_parent_id_hits"]
    assert [each["name"] for each in found.get_check_constraints("child")] == ["ck_child_hits_positive"]
    assert "ix_child_name_hits" in {each["name"] for each in found.get_indexes("child")}


def test_sqlmodel_tables_follow_the_same_names() -> None:
    assert SQLModel.metadata.naming_convention == NAMES
