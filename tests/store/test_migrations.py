"""Migrations on tables of their own, written by the same env.py and template that the real ones use."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import Script
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    inspect,
    select,
)
from sqlmodel.sql.sqltypes import AutoString

from api.db import migrations
from api.db.columns import NAMES, Json
from api.db.engines import engine_for
from api.db.revision import MigrationError, revision

FIRST = MetaData(naming_convention=NAMES)
parents = Table("parent", FIRST, Column("id", Integer, primary_key=True), Column("body", Json, nullable=False))
children = Table(
    "child",
    FIRST,
    Column("id", Integer, primary_key=True),
    Column("parent_id", ForeignKey("parent.id", ondelete="CASCADE"), nullable=False),
    Column("name", AutoString(20)),
    Column("at", DateTime(timezone=True)),
)
SECOND = MetaData(naming_convention=NAMES)
Table("parent", SECOND, Column("id", Integer, primary_key=True), Column("body", Json), Column("title", String(9)))
children.to_metadata(SECOND)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    folder = tmp_path / "alembic"
    shutil.copytree(migrations.migrations_directory(), folder, ignore=shutil.ignore_patterns("*.py[co]", "20*"))
    (folder / "versions").mkdir(exist_ok=True)
    return folder


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[Engine]:
    engine = engine_for(empty_database_url)
    yield engine
    engine.dispose()


def test_a_written_migration_makes_the_tables_and_then_nothing_differs(engine: Engine, directory: Path) -> None:
    assert migrations.differences(engine, FIRST)
    path = write_revision(engine, "first tables", FIRST, directory)
    assert path.name[4::3][:2] == "--"
    assert path.name.endswith("_first_tables.py")
    assert revision(engine) is None
    migrations.upgrade(engine, directory=directory)
    assert migrations.differences(engine, FIRST) == []
    assert revision(engine) == migrations.head(directory=directory) is not None


def test_a_changed_table_differs_and_a_downgrade_undoes(engine: Engine, directory: Path) -> None:
    two_migrations(engine, directory)
    assert migrations.differences(engine, SECOND) == []
    assert migrations.differences(engine, FIRST) != []
    with migrations.migrating(engine) as connection:
        command.downgrade(migrations.configured(directory, connection), "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}


def test_changing_a_parent_keeps_its_children(engine: Engine, directory: Path) -> None:
    two_migrations(engine, directory)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(children)).scalar_one() == 1


def write_revision(engine: Engine, message: str, metadata: MetaData, directory: Path) -> Path:
    with engine.connect() as connection:
        config = migrations.configured(directory, connection)
        config.attributes["metadata"] = metadata
        script = command.revision(config, message, autogenerate=True)
    assert isinstance(script, Script)
    return Path(script.path)


def two_migrations(engine: Engine, directory: Path) -> None:
    write_revision(engine, "first", FIRST, directory)
    migrations.upgrade(engine, directory=directory)
    with engine.begin() as connection:
        connection.execute(insert(parents), {"id": 1, "body": {}})
        connection.execute(insert(children), {"id": 1, "parent_id": 1})
    write_revision(engine, "second", SECOND, directory)
    migrations.upgrade(engine, directory=directory)


def write(directory: Path, body: str) -> None:
    header = 'import sqlalchemy as sa\nfrom alembic import op\nrevision = "bad"\ndown_revision = None\n'
    (directory / "versions" / "2026-01-01-0000_bad.py").write_text(f"{header}\n\ndef upgrade() -> None:\n{body}")


def test_a_migration_that_fails_leaves_nothing_behind(engine: Engine, directory: Path) -> None:
    write(directory, '    op.create_table("half", sa.Column("id", sa.Integer))\n    raise RuntimeError("halfway")\n')
    with pytest.raises(RuntimeError, match="halfway"):
        migrations.upgrade(engine, directory=directory)
    assert inspect(engine).get_table_names() == []


def test_a_migration_that_leaves_orphans_in_sqlite_is_undone(tmp_path: Path, directory: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/orphans.db")
    FIRST.create_all(engine)
    write(directory, '    op.execute("INSERT INTO child (id, parent_id) VALUES (1, 404)")\n')
    with pytest.raises(MigrationError, match="1 rows"):
        migrations.upgrade(engine, directory=directory)
    assert revision(engine) is None


def test_two_servers_that_start_together_take_turns(empty_database_url: str, engine: Engine, directory: Path) -> None:
    write(directory, '    op.create_table("once", sa.Column("id", sa.Integer))\n    __import__("time").sleep(0.2)\n')
    failures: list[Exception] = []

    def start() -> None:
        own = engine_for(empty_database_url)
        try:
            migrations.upgrade(own, directory=directory)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(error)
        own.dispose()

    servers = [threading.Thread(target=start) for _ in range(2)]
    for server in servers:
        server.start()
    for server in servers:
        server.join()
    assert failures == []
    assert revision(engine) == migrations.head(directory=directory)
