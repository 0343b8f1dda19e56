"""The project's commands in this process: what they say of themselves needs no interpreter of its own each time."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from api.cli import main
from tests.servers import without_settings


@dataclass(frozen=True, slots=True)
class Ended:
    returncode: int
    stdout: str
    stderr: str


class Unknot(Protocol):
    def __call__(self, *words: str, database_url: str, settings: Mapping[str, str] | None = None) -> Ended: ...


@pytest.fixture
def unknot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Unknot:
    """Runs a command within the test's folder; the interpreter would print what it exits with to standard error."""

    def run(*words: str, database_url: str, settings: Mapping[str, str] | None = None) -> Ended:
        monkeypatch.chdir(tmp_path)
        with within({"UNKNOT_DATABASE_URL": database_url, **(settings or {})}), pytest.raises(SystemExit) as ended:
            main(words)
        said = capsys.readouterr()
        match ended.value.code:
            case str() as last_words:
                return Ended(1, said.out, f"{said.err}{last_words}\n")
            case status:
                return Ended(int(status or 0), said.out, said.err)

    return run


@contextmanager
def within(settings: Mapping[str, str]) -> Iterator[None]:
    """A command sets the environment and the log of a process that is its own; both are as before afterwards."""
    before, root = dict(os.environ), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    environment = {**without_settings(), **settings}
    try:
        os.environ.clear()
        os.environ.update(environment)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        root.handlers, root.level = handlers, level
