"""A backup that is made while the server serves, and what a restore makes of it."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from api.cli import people_counted_wrong
from api.db.backup import backup, restore
from api.db.revision import NEEDED
from api.domain.errors import Unavailable
from tests.conftest import database
from tests.crash.drill import acknowledged, client, phones
from tests.crash.log import Log
from tests.databases import postgresql_database, programs, rows_of, sqlite_database
from tests.servers import Server
from tests.way_in.conftest import Unknot


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    with postgresql_database() as url:
        yield url


@pytest.fixture
def backed_up(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A database that nobody serves, and its backup."""
    with sqlite_database(tmp_path) as url:
        backup(url, tmp_path / "copy.backup")
        yield url, tmp_path / "copy.backup"


async def test_a_backup_made_under_load_has_all_that_was_acknowledged_before_and_is_whole(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = "sqlite" if empty_database_url.startswith("sqlite") else "postgresql"
    if kind == "postgresql":
        monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")
    server, log, served = Server(tmp_path, empty_database_url), Log(), asyncio.Event()
    target = tmp_path / "all.backup"
    await asyncio.to_thread(server.start)
    served.set()
    try:
        async with client(server) as service, phones(service, log, Random(1), served, 3):  # noqa: S311 - no secret
            await acknowledged(log, 15)
            known = {session_id for (_, session_id), session in log.sessions() if session.completed}
            await asyncio.to_thread(backup, empty_database_url, target)
            await acknowledged(log, 5)
    finally:
        server.stop()
    assert target.stat().st_mode & 0o777 == 0o600
    with database(kind, tmp_path, migrated=False) as elsewhere:
        restore(elsewhere, target)
        kept = {row[0] for row in rows_of(elsewhere, "SELECT id FROM session WHERE status = 'completed'")}
        deleted = {session_id for (_, session_id), session in log.sessions() if session.deleted}
        assert {identity(known_id, kind) for known_id in known - deleted} <= {str(one) for one in kept}
        assert people_counted_wrong(elsewhere, repair=False) == []


def identity(session_id: object, kind: str) -> str:
    return str(session_id).replace("-", "") if kind == "sqlite" else str(session_id)


def test_the_commands_copy_a_database_and_fill_an_empty_place_with_it(
    unknot: Unknot, fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = "sqlite" if fresh_database_url.startswith("sqlite") else "postgresql"
    if kind == "postgresql":
        monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")
    made = unknot("db", "backup", "all.backup", database_url=fresh_database_url)
    assert made.stdout == "database: backup of all.backup is done\n", made.stderr
    with database(kind, tmp_path, migrated=False) as elsewhere:
        filled = unknot("db", "restore", "all.backup", database_url=elsewhere)
        assert filled.stdout == "database: restore of all.backup is done\n", filled.stderr
        assert rows_of(elsewhere, "SELECT version_num FROM alembic_version") == [(NEEDED,)]


def test_a_backup_replaces_no_file(backed_up: tuple[str, Path]) -> None:
    url, target = backed_up
    before = target.read_bytes()
    with pytest.raises(Unavailable, match="never replaces another"):
        backup(url, target)
    assert target.read_bytes() == before


def test_a_restore_fills_only_an_empty_place(backed_up: tuple[str, Path], tmp_path: Path) -> None:
    url, source = backed_up
    with pytest.raises(Unavailable, match="move it aside first"):
        restore(url, source)
    (tmp_path / "other.db-wal").touch()
    with pytest.raises(Unavailable, match=r"other\.db-wal is there already"):
        restore(f"sqlite:///{tmp_path}/other.db", source)


def test_a_restore_does_not_overwrite_the_tables_of_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    source = tmp_path / "some.backup"
    source.touch()
    with pytest.raises(Unavailable, match="has tables already"):
        restore(postgresql_url, source)


@pytest.mark.parametrize("damage", ["no database", "no tables", "an orphan"])
def test_what_is_no_whole_backup_is_not_restored(backed_up: tuple[str, Path], tmp_path: Path, damage: str) -> None:
    _, source = backed_up
    if damage == "an orphan":
        connection = sqlite3.connect(source)
        connection.execute(
            "INSERT INTO tombstone (user_id, kind, id, deleted_at, revision) VALUES ('x', 'y', 'z', 0, 0)"
        )
        connection.commit()
        connection.close()
    else:
        source.write_bytes(b"Dear reader, " * 1000 if damage == "no database" else b"")
    with pytest.raises(Unavailable):
        restore(f"sqlite:///{tmp_path}/other.db", source)
    assert {path.name for path in tmp_path.glob("other.db*")} == {"other.db.lease"}


def test_a_backup_of_nothing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="unable to open"):
        backup(f"sqlite:///{tmp_path}/missing.db", tmp_path / "x.backup")
    assert not list(tmp_path.iterdir())


def test_without_its_programs_postgresql_is_told_to_need_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="apt-get install postgresql-client") as told:
        backup("postgresql://u:secret@127.0.0.1:1/db", tmp_path / "x")
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("action", ["backup", "restore"])
def test_the_command_tells_in_a_line_why_it_cannot(unknot: Unknot, action: str) -> None:
    outcome = unknot("db", action, "x", database_url="sqlite:///missing/some.db")
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("unknot: the database cannot be used: ")
    assert outcome.stderr.count("\n") == 1
