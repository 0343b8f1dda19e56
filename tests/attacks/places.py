"""Where an attack takes place: a folder, a database of its own, and the options that all attacks have."""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.crash.__main__ import database


def options(
    name: str, purpose: str | None, *, databases: tuple[str, ...] = ("sqlite", "postgresql")
) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m tests.attacks.{name}", description=purpose)
    parser.add_argument("--database", choices=databases, default=databases[0])
    parser.add_argument("--phones", type=int, default=8, help="each has two devices")
    parser.add_argument("--seed", type=int, default=1)
    return parser


@contextmanager
def place(kind: str) -> Iterator[tuple[Path, str]]:
    with tempfile.TemporaryDirectory(prefix="unknot-attack-") as name, database(kind, Path(name)) as url:
        yield Path(name), url
