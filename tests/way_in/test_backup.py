"""A backup that is made while the server serves, and what a restore makes of it."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.conftest import database
from tests.crash.drill import acknowledged, client, phones
from tests.crash.log import Log
from tests.databases import programs, rows_of, sqlite_database
from tests.servers import Server, run_unknot


@pytest.fixture
def backed_up(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A database that nobody serves, and its backup."""
    with sqlite_database(tmp_path) as url:
        target = tmp_path / "copy.backup"
        assert run_unknot("db", "backup", str(target), folder=tmp_path, database_url=url).returncode == 0
        yield url, target


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
            made = await asyncio.to_thread(command, "backup", target, tmp_path, empty_database_url)
            await acknowledged(log, 5)
    finally:
        server.stop()
    assert made == f"database: backup of {target} is done\n"
    assert target.stat().st_mode & 0o777 == 0o600
    with database(kind, tmp_path, migrated=False) as elsewhere:
        command("restore", target, tmp_path, elsewhere)
        kept = {row[0] for row in rows_of(elsewhere, "SELECT id FROM session WHERE status = 'completed'")}
        deleted = {session_id for (_, session_id), session in log.sessions() if session.deleted}
        assert {identity(known_id, kind) for known_id in known - deleted} <= {str(one) for one in kept}
        checked = run_unknot("progress", "check", folder=tmp_path, database_url=elsewhere)
        assert checked.stdout == "progress: 0 people wrong\n", checked.stderr


def identity(session_id: object, kind: str) -> str:
    return str(session_id).replace("-", "") if kind == "sqlite" else str(session_id)


def command(action: str, file: Path, folder: Path, url: str) -> str:
    outcome = run_unknot("db", action, str(file), folder=folder, database_url=url)
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout


def test_a_backup_replaces_no_file(backed_up: tuple[str, Path], tmp_path: Path) -> None:
    url, target = backed_up
    before = target.read_bytes()
    assert "never replaces another" in refused("backup", target, tmp_path, url)
    assert target.read_bytes() == before


def test_a_restore_fills_only_an_empty_place(backed_up: tuple[str, Path], tmp_path: Path) -> None:
    url, target = backed_up
    assert "move it aside first" in refused("restore", target, tmp_path, url)
    orphan = tmp_path / "other.db-wal"
    orphan.touch()
    assert "other.db-wal is there already" in refused("restore", target, tmp_path, f"sqlite:///{tmp_path}/other.db")


@pytest.mark.parametrize("damage", [b"", b"Dear reader, ", None])
def test_what_is_no_whole_backup_is_not_restored(
    backed_up: tuple[str, Path], tmp_path: Path, damage: bytes | None
) -> None:
    _, target = backed_up
    if damage is None:
        with sqlite3.connect(target) as connection:
            connection.execute("PRAGMA foreign_keys=OFF")
            connection.execute("INSERT INTO tombstone VALUES ('x', 'y', 'z', 0, 0)")
        connection.close()
    else:
        target.write_bytes(damage * 1000)
    refused("restore", target, tmp_path, f"sqlite:///{tmp_path}/other.db")
    assert not list(tmp_path.glob("other.db*[!e]"))


def test_a_backup_of_nothing_leaves_nothing(tmp_path: Path) -> None:
    refused("backup", tmp_path / "x.backup", tmp_path, f"sqlite:///{tmp_path}/missing.db")
    assert not list(tmp_path.iterdir())


def test_without_its_programs_postgresql_is_told_to_need_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    told = refused("backup", tmp_path / "x", tmp_path, "postgresql://u:secret@127.0.0.1:1/db")
    assert "apt-get install postgresql-client" in told
    assert "secret" not in told


def refused(action: str, file: Path, folder: Path, url: str) -> str:
    outcome = run_unknot("db", action, str(file), folder=folder, database_url=url)
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("unknot: the database cannot be used: ")
    assert outcome.stderr.count("\n") == 1
    assert "secret" not in outcome.stderr
    return outcome.stderr
