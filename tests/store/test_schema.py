"""The real tables on both databases, as the migrations make them."""

from sqlalchemy import inspect
from sqlalchemy.engine.interfaces import ReflectedForeignKeyConstraint

from api.db import migrations
from api.db.engines import engine_for
from api.db.revision import is_needed
from api.metadata import metadata


def test_the_migrations_make_exactly_the_tables(fresh_database_url: str) -> None:
    engine = engine_for(fresh_database_url)
    assert is_needed(engine)
    assert migrations.differences(engine, metadata) == []
    engine.dispose()


def test_every_constraint_in_the_database_has_a_name(fresh_database_url: str) -> None:
    engine = engine_for(fresh_database_url)
    found = inspect(engine)
    for table in metadata.tables:
        assert found.get_pk_constraint(table)["name"] == f"pk_{table}"
        every = [
            *found.get_foreign_keys(table),
            *found.get_unique_constraints(table),
            *found.get_check_constraints(table),
        ]
        assert all(each["name"] for each in every), (table, every)
    engine.dispose()


def test_erasing_an_account_can_reach_every_row_of_the_person(fresh_database_url: str) -> None:
    engine = engine_for(fresh_database_url)
    found = inspect(engine)
    for table in metadata.tables.values():
        if "user_id" in table.primary_key.columns:
            assert next(iter(table.primary_key.columns)).name == "user_id"
            assert any(cascades_from_account(key) for key in found.get_foreign_keys(table.name)), table.name
    engine.dispose()


def cascades_from_account(key: ReflectedForeignKeyConstraint) -> bool:
    on_delete = key.get("options", {}).get("ondelete")
    return (key["constrained_columns"], key["referred_table"], on_delete) == (["user_id"], "account", "CASCADE")
