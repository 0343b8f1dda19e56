"""What `unknot serve` refuses before it serves, and what an installed copy brings along."""

import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.servers import Server, run_unknot
from tests.way_in.conftest import Unknot

ROOT = Path(__file__).parents[2]
UNKNOT = Path(sys.executable).with_name("unknot")


def serve(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    given = {f"UNKNOT_{name.upper()}": value for name, value in settings.items()}
    command = [str(UNKNOT), "serve", "--port", "0", *words]
    environment = {**os.environ, **given}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_server_with_broken_content_does_not_start_and_says_where_and_how_to_mend_it(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    broken = content / "exercises" / "pull-up-bar-hang.yaml"
    broken.write_text(broken.read_text().replace("low: 20", "low: 40", 1))
    outcome = serve(tmp_path, content_dir=str(content))
    assert outcome.returncode == 1
    assert "exercises/pull-up-bar-hang.yaml:" in outcome.stderr
    assert "low" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not (tmp_path / "unknot.db").exists()


@pytest.mark.parametrize(
    ("words", "settings", "told"),
    [
        (("--port", "x"), {}, "UNKNOT_PORT"),
        ((), {"rate_limit_per_minute": "-1"}, "UNKNOT_RATE_LIMIT_PER_MINUTE"),
        ((), {"workers": "2"}, "needs PostgreSQL"),
        ((), {"database_url": "mysql://u:secret@h/db"}, "the database cannot be used"),
        ((), {"database_url": "sqlite://"}, "the database cannot be used"),
        ((), {"database_url": "postgresql://u:secret@127.0.0.1:1/db"}, "the database cannot be used"),
        ((), {"migrate": "false"}, "unknot db upgrade"),
    ],
)
def test_what_cannot_be_served_is_told_in_a_line_without_a_traceback_or_a_password(
    unknot: Unknot, words: tuple[str, ...], settings: dict[str, str], told: str
) -> None:
    given = {f"UNKNOT_{name.upper()}": value for name, value in settings.items()}
    outcome = unknot("serve", "--port", "0", *words, database_url="sqlite:///unknot.db", settings=given)
    assert outcome.returncode == 1
    assert told in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "secret" not in outcome.stderr


DATABASE_COMMANDS = [("db", "upgrade"), ("progress", "check"), ("progress", "rebuild")]
UNUSABLE = ["sqlite:///missing/some.db", "mysql://u:secret@h/db", "postgresql://u:secret@127.0.0.1:1/db"]


@pytest.mark.parametrize("words", DATABASE_COMMANDS)
@pytest.mark.parametrize("url", UNUSABLE)
def test_every_database_command_tells_in_a_line_why_the_database_cannot_be_used(
    unknot: Unknot, tmp_path: Path, words: tuple[str, ...], url: str
) -> None:
    outcome = unknot(*words, database_url=url)
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("unknot: the database cannot be used: ")
    assert outcome.stderr.count("\n") == 1
    assert "secret" not in outcome.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [("serve", "--port", "0"), *DATABASE_COMMANDS])
def test_a_file_that_is_no_database_is_told_in_a_line_and_left_alone(
    unknot: Unknot, tmp_path: Path, words: tuple[str, ...]
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear reader, " * 1000)
    outcome = unknot(*words, database_url=f"sqlite:///{letter}")
    assert outcome.returncode == 1
    assert outcome.stderr == "unknot: the database cannot be used: file is not a database\n"
    assert letter.read_text() == "Dear reader, " * 1000


@pytest.mark.parametrize("action", ["check", "rebuild"])
def test_counting_in_a_mistyped_file_names_the_cure_and_makes_no_file(
    unknot: Unknot, tmp_path: Path, action: str
) -> None:
    outcome = unknot("progress", action, database_url="sqlite:///mistyped.db")
    assert outcome.returncode == 1
    assert "run `unknot db upgrade`" in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, f"sqlite:///{tmp_path}/served.db")
    server.start()
    yield server
    server.stop()


def test_a_second_server_on_one_file_is_refused_in_a_line_while_commands_work(
    unknot: Unknot, tmp_path: Path, server: Server
) -> None:
    url = f"sqlite:///{tmp_path}/served.db"
    second = run_unknot("serve", "--port", "0", folder=tmp_path, database_url=url)
    assert second.returncode == 1
    assert second.stderr.startswith("unknot: the database cannot be used: Another server process has this SQLite file")
    assert second.stderr.count("\n") == 1
    for words in DATABASE_COMMANDS:
        assert unknot(*words, database_url=url).returncode == 0
    server.kill()
    server.start()


def test_a_server_whose_file_was_removed_says_that_it_is_not_ready_and_acknowledges_nothing(
    tmp_path: Path, server: Server
) -> None:
    for path in tmp_path.glob("served.db*"):
        path.unlink()
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        assert client.post("/v1/accounts", json={}).status_code == 503
        assert client.get("/readyz").status_code == 503
        assert client.get("/livez").status_code == 200
    assert not list(tmp_path.glob("served.db*"))


def test_the_wheel_carries_content_and_migrations(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("content", "alembic"):
        files = {path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.suffix in {".yaml", ".py"}}
        assert {f"api/bundled/{path}" for path in files} <= names
    assert {"api/web/static/docs.js", "api/cli.py"} <= names
    assert not {name for name in names if name.startswith("tests/")}


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_ends_as_a_success(server: Server, sent: signal.Signals) -> None:
    assert server.stop(sent) == 0
