"""The real migrations: what they make, there and back, and a server that meets another schema."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, inspect

from api.db import migrations
from api.db.engines import engine_for
from api.db.revision import NEEDED, MigrationError, is_needed, revision
from api.main import WrongRevision, create_app
from api.metadata import metadata
from api.settings import Settings
from tests.content.loaded import CONTENT
from tests.databases import rows_of
from tests.servers import run_unknot

pytestmark = pytest.mark.check


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[Engine]:
    engine = engine_for(empty_database_url)
    yield engine
    engine.dispose()


def test_migrations_make_the_tables_there_and_back_and_there_again(engine: Engine) -> None:
    migrations.upgrade(engine)
    assert migrations.differences(engine, metadata) == [], "Write a migration: the tables in the code have changed"
    with migrations.migrating(engine) as connection:
        command.downgrade(migrations.configured(connection=connection), "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(engine)
    assert migrations.differences(engine, metadata) == []


def test_upgrading_again_changes_nothing(engine: Engine) -> None:
    for _ in range(2):
        migrations.upgrade(engine)
        assert is_needed(engine)
        assert migrations.differences(engine, metadata) == []


async def test_an_application_on_another_schema_does_not_open_and_names_the_cure(empty_database_url: str) -> None:
    app = create_app(Settings(database_url=empty_database_url), CONTENT)
    with pytest.raises(WrongRevision, match=r"needs .+: run `unknot db upgrade`"):
        async with app.router.lifespan_context(app):
            pass


def test_the_command_that_is_named_cures_it(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.servers.without_settings", lambda: {"UNKNOT_MIGRATE": "false"})
    refused = run_unknot("serve", "--port", "0", folder=tmp_path, database_url=empty_database_url)
    assert refused.returncode == 1
    assert refused.stderr.startswith("unknot: the database cannot be used: The database is at revision None")
    assert "run `unknot db upgrade`" in refused.stderr
    assert "Traceback" not in refused.stderr
    upgraded = run_unknot("db", "upgrade", folder=tmp_path, database_url=empty_database_url)
    assert upgraded.stdout == f"database: at revision {NEEDED}\n"
    assert is_needed(engine_for(empty_database_url))


def test_the_code_needs_the_newest_migration() -> None:
    assert migrations.head() == NEEDED


def test_a_database_of_a_newer_unknot_is_left_alone_and_told_in_words(fresh_database_url: str) -> None:
    rows_of(fresh_database_url, "UPDATE alembic_version SET version_num = 'from-the-future'")
    engine = engine_for(fresh_database_url)
    with pytest.raises(MigrationError, match="or a newer one"):
        migrations.upgrade(engine)
    assert revision(engine) == "from-the-future"
    engine.dispose()
