"""The file itself: who may read it, who else has it open, and what happens when it is taken away."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection

from api.db.engines import engine_for, held, parsed
from api.db.store import Store
from api.domain.errors import Unavailable
from tests.store.shelf import count, ids, kept_ids, make_tables, opened, put, refused

OPEN_AND_WAIT = """
import sys
from api.db.engines import held
with held(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""
ENDINGS = ("", "-wal", "-shm")


def file_at(url: str) -> Path:
    return Path(str(parsed(url).database))


def beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def remove(path: Path, *endings: str) -> None:
    for ending in endings:
        beside(path, ending).unlink()


def modes_in(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def nothing_is_served(store: Store) -> None:
    await refused(store, put(404))
    for way in (store.read, store.read_long):
        with pytest.raises(Unavailable):
            await way(ids)
    with pytest.raises(Unavailable, match="restart"):
        await store.ready()


async def test_nothing_is_acknowledged_once_the_file_is_removed(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(sqlite_url) as store:
        await store.write(put(1))
        remove(file_at(sqlite_url), *ENDINGS)
        await nothing_is_served(store)
        assert not file_at(sqlite_url).exists()
    assert caplog.text.count("removed or replaced") == caplog.text.count("CRITICAL") == 1


async def test_nothing_is_acknowledged_once_the_folder_is_moved_away(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    url = f"sqlite:///{folder}/moved.db"
    make_tables(url)
    async with opened(url) as store:
        folder.rename(tmp_path / "elsewhere")
        await nothing_is_served(store)


@pytest.mark.parametrize("endings", [("",), ENDINGS])
async def test_another_file_in_its_place_is_not_served_and_not_touched(
    sqlite_url: str, tmp_path: Path, endings: tuple[str, ...]
) -> None:
    other = f"sqlite:///{tmp_path}/other.db"
    make_tables(other)
    async with opened(other) as store:
        await store.write(put(7))
    async with opened(sqlite_url) as store:
        await store.write(put(1))
        remove(file_at(sqlite_url), *endings)
        file_at(other).rename(file_at(sqlite_url))
        before = file_at(sqlite_url).read_bytes()
        await nothing_is_served(store)
    assert file_at(sqlite_url).read_bytes() == before


async def test_a_file_that_is_put_back_needs_a_restart_which_loses_nothing(sqlite_url: str, tmp_path: Path) -> None:
    path = file_at(sqlite_url)
    async with opened(sqlite_url) as store:
        await store.write(put(1))
        path.rename(tmp_path / "aside.db")
        await refused(store, put(2))
        (tmp_path / "aside.db").rename(path)
        await nothing_is_served(store)
    async with opened(sqlite_url) as store:
        await store.write(put(3))
    assert kept_ids(sqlite_url) == {1, 3}


async def test_a_removed_log_stops_the_writer_and_a_clean_stop_saves_what_was_acknowledged(sqlite_url: str) -> None:
    async with opened(sqlite_url) as store:
        await store.write(put(1))
        assert await store.read(count) == 1
        remove(file_at(sqlite_url), "-wal")
        await refused(store, put(2))
        with pytest.raises(Unavailable):
            await store.ready()
    assert kept_ids(sqlite_url) == {1}


async def test_a_file_that_goes_while_a_group_runs_acknowledges_none_of_it(sqlite_url: str) -> None:
    def pull_away(db: Connection) -> None:
        put(1)(db)
        remove(file_at(sqlite_url), *ENDINGS)

    async with opened(sqlite_url) as store:
        await refused(store, pull_away)


async def test_a_store_does_not_make_the_file_it_opens(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no database file"):
        async with opened(f"sqlite:///{tmp_path}/missing.db"):
            pass
    assert not (tmp_path / "missing.db").exists()


async def test_a_new_file_is_for_its_owner_alone_and_so_is_all_that_lies_beside_it(tmp_path: Path) -> None:
    usual = os.umask(0o022)
    try:
        url = f"sqlite:///{tmp_path}/private.db"
        make_tables(url)
        async with opened(url) as store:
            await store.write(put(1))
            modes = modes_in(tmp_path)
    finally:
        os.umask(usual)
    assert modes == {f"private.db{ending}": 0o600 for ending in (*ENDINGS, ".lease")}


async def test_the_mode_of_a_file_that_was_there_is_left_alone(sqlite_url: str) -> None:
    path = file_at(sqlite_url)
    path.chmod(0o640)
    async with opened(sqlite_url) as store:
        await store.write(put(1))
        assert stat.S_IMODE(path.stat().st_mode) == 0o640


async def test_a_name_with_marks_that_an_address_would_read_is_a_name(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/50% of #1 ä.db"
    make_tables(url)
    async with opened(url) as store:
        await store.write(put(1))
    assert kept_ids(url) == {1}
    assert (tmp_path / "50% of #1 ä.db").exists()


async def test_a_second_server_is_refused_until_the_first_one_is_dead(sqlite_url: str) -> None:
    command = [sys.executable, "-c", OPEN_AND_WAIT, sqlite_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as rival:  # noqa: ASYNC220
        assert rival.stdout is not None
        assert rival.stdout.readline() == b"held\n"
        with pytest.raises(Unavailable, match="Another server process"):
            async with opened(sqlite_url):
                pass
        assert kept_ids(sqlite_url) == set()
        rival.kill()
    async with opened(sqlite_url) as store:
        await store.write(put(1))


async def test_a_store_keeps_a_second_server_off_until_it_is_closed(sqlite_url: str) -> None:
    command = [sys.executable, "-c", OPEN_AND_WAIT, sqlite_url]
    async with opened(sqlite_url):
        second = subprocess.run(command, input="", capture_output=True, text=True, check=False)  # noqa: ASYNC221
        assert "Another server process" in second.stderr
    third = subprocess.run(command, input="", capture_output=True, text=True, check=False)  # noqa: ASYNC221
    assert third.stdout == "held\n"


def test_a_link_to_the_file_is_the_same_file(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(file_at(sqlite_url))
    command = [sys.executable, "-c", OPEN_AND_WAIT, f"sqlite:///{tmp_path}/link.db"]
    with held(sqlite_url):
        second = subprocess.run(command, input="", capture_output=True, text=True, check=False)
    assert "Another server process" in second.stderr


def test_commands_work_beside_a_server(sqlite_url: str) -> None:
    with held(sqlite_url):
        engine = engine_for(sqlite_url)
        with engine.begin() as connection:
            put(1)(connection)
        engine.dispose()
    assert kept_ids(sqlite_url) == {1}
