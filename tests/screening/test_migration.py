"""What the migration makes of sessions that were there before it."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from alembic import command
from sqlalchemy import Engine, MetaData, Table, insert, select

from api.db import migrations
from api.db.engines import engine_for

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def filled(engine: Engine, table: str, **members: Any) -> None:
    """A row with something in every column that needs it, as the schema of the day has it."""
    found = Table(table, MetaData(), autoload_with=engine)
    some = {"VARCHAR": "x", "BIGINT": 1, "INTEGER": 1, "SMALLINT": 1, "BLOB": b"x", "BYTEA": b"x", "DATE": AT.date()}
    needed = {column.name: column for column in found.columns if not column.nullable and column.name not in members}
    row = {name: some.get(str(column.type).partition("(")[0], AT) for name, column in needed.items()}
    with engine.begin() as db:
        db.execute(insert(found), {**row, **members})


def test_a_red_flag_from_before_locks_and_a_held_level_says_why(empty_database_url: str) -> None:
    engine = engine_for(empty_database_url)
    with migrations.migrating(engine) as connection:
        command.upgrade(migrations.configured(connection=connection), "0001")
    person = uuid4() if engine.dialect.name == "postgresql" else uuid4().hex
    filled(engine, "account", id=person)
    filled(engine, "plan", digest="p")
    sessions = (("stopped", "red_flag", AT, 0, 4), ("active", None, None, 0, 0))
    for number, (status, reason, ended_at, level, asked) in enumerate(sessions):
        id_ = uuid4() if engine.dialect.name == "postgresql" else uuid4().hex
        members = {"status": status, "reason": reason, "ended_at": ended_at, "end_received_at": ended_at}
        levels = {"level": level, "asked_level": asked, "plan": "p", "revision": number + 1}
        filled(engine, "session", user_id=person, id=id_, **members, **levels)
    migrations.upgrade(engine)
    found = {name: Table(name, MetaData(), autoload_with=engine) for name in ("screening", "session")}
    with engine.connect() as db:
        [lock] = db.execute(select(found["screening"]))
        held = db.execute(select(found["session"].c.held_because).order_by(found["session"].c.revision))
        assert [row.held_because for row in held] == ["no-screening", None]
    assert lock.revision == 1
    assert str(lock.locked_at).startswith("2026-11-23")
    assert lock.answers_id is None
    engine.dispose()
