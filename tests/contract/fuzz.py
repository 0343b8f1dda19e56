"""Schemathesis against the running server, with every check on.

`python -m tests.contract.fuzz --examples 200 --seeds 1 2 3 --database sqlite` is the size to judge a change of the
contract by; the tests run a short one.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.databases import Run, postgresql_database, sqlite_database
from tests.mail.servers import mail_server
from tests.servers import Server, without_settings

HERE = Path(__file__).parent
ST = Path(sys.executable).with_name("st")
PHASES = "examples,coverage,fuzzing,stateful"


def fuzz(
    url: str, *, examples: int, seed: int, phases: str = PHASES, paths: str = ""
) -> subprocess.CompletedProcess[str]:
    """One run of the operations whose paths match; its exit status is 0 when no check failed."""
    command = [str(ST), "--config-file", "schemathesis.toml", "run", f"{url}/openapi.json", "--checks", "all"]
    options = ["--max-examples", str(examples), "--seed", str(seed), "--phases", phases, "--no-color"]
    options += ["--include-path-regex", paths] if paths else []
    return subprocess.run(
        [*command, *options], cwd=HERE, env=without_settings(), capture_output=True, text=True, check=False
    )


@contextmanager
def served(folder: Path, database_url: str) -> Iterator[str]:
    """The address of a real server on that database."""
    with mail_server() as (_, port):
        server = Server(folder, database_url, settings={"UNKNOT_MAIL_URL": f"smtp://127.0.0.1:{port}"})
        server.start()
        try:
            yield server.url
        finally:
            server.stop()


def main() -> int:
    options, run = parser().parse_args(), Run()
    try:
        with tempfile.TemporaryDirectory() as name:
            return max(runs(Path(name), options))
    finally:
        run.end()


def runs(folder: Path, options: argparse.Namespace) -> Iterator[int]:
    """The exit status of one run after another, each told as it ends."""
    database = sqlite_database(folder) if options.database == "sqlite" else postgresql_database()
    with database as database_url, served(folder, database_url) as url:
        for seed in options.seeds:
            outcome = fuzz(url, examples=options.examples, seed=seed)
            print(outcome.stdout, outcome.stderr, flush=True)
            yield outcome.returncode


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(prog="python -m tests.contract.fuzz", description=__doc__)
    arguments.add_argument("--examples", type=int, default=200, help="for each operation and phase")
    arguments.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="one run for each")
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
