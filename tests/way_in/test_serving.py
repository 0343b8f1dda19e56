"""What `unknot serve` refuses before it serves, and what an installed copy brings along."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

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
    tmp_path: Path, words: tuple[str, ...], settings: dict[str, str], told: str
) -> None:
    outcome = serve(tmp_path, *words, **settings)
    assert outcome.returncode == 1
    assert told in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "secret" not in outcome.stderr


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
