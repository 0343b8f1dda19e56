"""What CI and developers run: one command for each act, the same everywhere."""

import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
CHECKS = (
    ("mypy",),  # the slowest one first
    ("ruff", "check", "--quiet"),
    ("ruff", "format", "--check", "--quiet"),
    ("lint-imports",),
    ("unknot", "content", "check"),
)
PYTEST = ("pytest", "-q", "-n", "2", "--dist", "worksteal")


def check() -> int:
    """Lint, types, floors and content, then the tests marked as checks: migrations and the OpenAPI document."""
    return run(CHECKS, (*PYTEST, "-m", "check"))


def test() -> int:
    """Everything that CI runs; each step that fails is told, and the first one decides the answer."""
    return run(CHECKS, PYTEST)


def run(checks: Iterable[tuple[str, ...]], tests: tuple[str, ...]) -> int:
    """Runs everything, so that one run shows all there is to mend; the exit status of the first that failed."""
    if not (ROOT / "pyproject.toml").exists():
        print("unknot: this needs a checkout of the project; there, run: python3 -m api test")
        return 2
    with ThreadPoolExecutor(max_workers=2) as beside:
        outcomes = list(beside.map(checked, checks))
    outcomes.append((tests, told(tests)))
    failures = [(command, status) for command, status in outcomes if status]
    for command, status in failures:
        print("failed:", *command, f"(exit {status})", flush=True)
    return failures[0][1] if failures else 0


def checked(command: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """Its exit status, after all it says is printed at once."""
    outcome = subprocess.run(  # noqa: S603 - fixed commands of the project's own environment
        located(command),
        cwd=ROOT,
        env=environment(),
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    print("==> " + " ".join(command) + "\n" + outcome.stdout, end="", flush=True)
    return command, outcome.returncode


def told(command: tuple[str, ...]) -> int:
    """Its exit status; what it says is seen as it comes."""
    print("==>", *command, flush=True)
    return subprocess.run(located(command), cwd=ROOT, env=environment(), check=False).returncode  # noqa: S603 - as above


def located(command: tuple[str, ...]) -> list[str]:
    """In the project's own environment."""
    return [str(SCRIPTS / command[0]), *command[1:]]


def environment() -> dict[str, str]:
    """Settings of a server that somebody runs beside the tests must not reach them, but for the tests' own."""
    kept = {"UNKNOT_TEST_DATABASE_URL"}
    return {name: value for name, value in os.environ.items() if not name.startswith("UNKNOT_") or name in kept}
