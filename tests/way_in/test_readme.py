"""The README's session, run as it stands against a real server."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.databases import postgresql_database, sqlite_database
from tests.servers import Server

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
CURL = Path(__file__).with_name("curl.py")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def printed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What the four calls that print have printed."""
    folder = tmp_path_factory.mktemp("readme")
    with sqlite_database(folder) if request.param == "sqlite" else postgresql_database() as database_url:
        server = Server(folder, database_url)
        try:
            server.start()
            output = run(session_calls(server.url), folder)
        finally:
            server.stop()
    return [json.loads(line) for line in output.splitlines() if line]


def session_calls(url: str) -> str:
    [block] = [code for code in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if "/sessions" in code]
    script, replaced = re.subn(r"^URL=.*$", f"URL={url}/v1", block, flags=re.MULTILINE)
    assert replaced == 1
    return script.replace("\ncurl", "\necho; curl")


def run(script: str, folder: Path) -> str:
    """In a shell that finds our stand-in for curl first: a fresh machine has none."""
    shim = folder / "curl"
    shim.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, str(CURL)])} "$@"\n')
    shim.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    outcome = subprocess.run(["/bin/sh", "-eu", "-c", script], env=environment, capture_output=True, text=True)  # noqa: PLW1510 - shown below
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout


def test_five_calls_play_a_guided_session(printed: list[Any]) -> None:
    routine, session, completed, progress = printed
    assert routine["id"] == session["timeline"]["routine"] == "seed-full"
    assert completed["outcome"]["pain_change"] == -2
    assert completed["outcome"]["exercises"] == [{"exercise": "pull-up-bar-hang", "held_s": 20, "reps": 0}]
    assert progress["sessions"] == 1


def test_the_step_that_the_readme_shows_is_one_of_the_timeline(printed: list[Any]) -> None:
    [block] = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    shown = json.loads(block)
    segments = printed[1]["timeline"]["segments"]
    [step] = [step for segment in segments for step in segment["steps"] if step["id"] == shown["id"]]
    cues = shown.pop("cues")
    assert [cue for cue in cues if cue not in step["cues"]] == []
    assert step | shown == step
