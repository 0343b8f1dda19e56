"""`unknot progress check` and `rebuild`, as a person runs them beside a server."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from alembic import command

from api.cli import main
from api.db import migrations
from api.db.engines import engine_for
from api.main import create_app
from api.sessions import plans
from api.settings import Settings
from tests.conftest import DATABASES, database
from tests.content.loaded import CONTENT
from tests.databases import rows_of
from tests.factories import open_guest, practise, rating

DAMAGE = [
    "UPDATE progress SET sessions = sessions + 1",
    "UPDATE progress_day SET active_ms = active_ms + 1",
    "DELETE FROM progress_run",
    "UPDATE progress_ladder SET last_day = '2020-01-01'",
    "UPDATE progress_ladder SET state = '{}'",
    "UPDATE progress_ladder SET lower = 0",
    "DELETE FROM progress_ladder WHERE exercise = 'pull-up-bar-hang'",
    "DELETE FROM progress_practice WHERE exercise = 'pull-up-bar-hang'",
    "UPDATE progress_practice SET rung = 2",
    "UPDATE progress_practice SET before = before || ' '",
    "UPDATE progress_week SET sessions = sessions + 1",
    "UPDATE progress_week SET state = 'skipped'",
    "DELETE FROM progress_stretch",
    "DELETE FROM progress",
    "UPDATE progress SET ratings = ratings + 1",
    "UPDATE progress_pain_day SET total = total - 1",
]


def unknot(*words: str) -> int:
    """The command's exit status; what it prints goes to the test's own output."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture
async def practised(fresh_database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two people have practised three times each, with less pain after; the command finds it in the environment."""
    monkeypatch.setenv("UNKNOT_DATABASE_URL", fresh_database_url)
    await practise_there(fresh_database_url)
    return fresh_database_url


@pytest.fixture(scope="module", params=DATABASES)
async def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The same, for tests that leave it as they found it."""
    with database(request.param, tmp_path_factory.mktemp("recount")) as url:
        await practise_there(url)
        yield url


async def practise_there(url: str) -> None:
    app = create_app(Settings(database_url=url, rate_limit_per_minute=0, sign_up_limit_per_hour=0), CONTENT)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://unknot.test") as service,
    ):
        for _ in range(2):
            guest = await open_guest(service, weekly_target=1)
            for days_ago in (0, 1, 3):
                at = datetime.now(UTC) - timedelta(days=days_ago)
                await practise(service, guest, at, before=4, pain_after=[rating(days_ago)])


def test_check_agrees_with_an_honest_database_and_changes_nothing(
    practised: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rows_of(practised, "SELECT * FROM account ORDER BY id")
    assert unknot("progress", "check") == 0
    assert capsys.readouterr().out == "progress: 0 people wrong\n"
    assert rows_of(practised, "SELECT * FROM account ORDER BY id") == before


@pytest.mark.parametrize("damage", DAMAGE)
def test_check_finds_damage_and_rebuild_repairs_it(
    kept: str, damage: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNKNOT_DATABASE_URL", kept)
    [(victim,)] = rows_of(kept, "SELECT user_id FROM progress ORDER BY user_id LIMIT 1")
    word = "AND" if "WHERE" in damage else "WHERE"
    rows_of(kept, f"{damage} {word} user_id = :victim", victim=victim)
    assert unknot("progress", "check") == 1
    assert "progress: 1 people wrong" in capsys.readouterr().out
    assert unknot("progress", "rebuild") == 0
    assert "progress: 1 people rebuilt" in capsys.readouterr().out
    assert unknot("progress", "check") == 0


@pytest.fixture
def forgetful() -> Iterator[None]:
    """What this process remembers of plans is true of every database but of one that was taken back in time."""
    yield
    plans.remembered.clear()


def migrated_from(url: str, revision: str) -> None:
    """Takes a database back to that revision and up again."""
    engine = engine_for(url)
    with migrations.migrating(engine) as connection:
        command.downgrade(migrations.configured(connection=connection), revision)
    migrations.upgrade(engine)
    engine.dispose()
    plans.remembered.clear()


@pytest.mark.usefixtures("forgetful")
def test_the_migration_that_made_the_tables_of_pain_counted_the_sessions_that_were_there(practised: str) -> None:
    migrated_from(practised, "0004")
    assert {tuple(row) for row in rows_of(practised, "SELECT ratings FROM progress")} == {(3,)}
    assert unknot("progress", "check") == 0


@pytest.mark.usefixtures("forgetful")
def test_an_upgraded_database_agrees_with_its_record(practised: str) -> None:
    migrated_from(practised, "0008")
    assert unknot("progress", "check") == 0
    assert {row[0] for row in rows_of(practised, "SELECT state FROM progress_ladder")} == {"{}"}
    assert len(rows_of(practised, "SELECT 1 FROM progress_practice")) == 2 * 3 * 5
    assert rows_of(practised, "SELECT 1 FROM progress_stretch")
