"""What CI and developers run: one command for each act, the same everywhere."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
CHECKS = (
    ("ruff", "check", "--quiet"),
    ("ruff", "format", "--check", "--quiet"),
    ("mypy",),
    ("lint-imports",),
    ("unknot", "content", "check"),
)
PYTEST = ("pytest", "-q", "-n", "2", "--dist", "worksteal")


def check() -> int:
    """Lint, types, floors and content, then the tests marked as checks: migrations and the OpenAPI document."""
    return run(*CHECKS, (*PYTEST, "-m", "check"))


def test() -> int:
    """Everything that CI runs; each step that fails is told, and the first one decides the answer."""
    return run(*CHECKS, PYTEST)


def run(*commands: tuple[str, ...]) -> int:
    """Runs all commands, so that one run shows all there is to mend; the exit status of the first that failed."""
    if not (ROOT / "pyproject.toml").exists():
        print("unknot: this needs a checkout of the project; there, run: python3 -m api test")
        return 2
    failures = []
    for command in commands:
        print("==>", *command, flush=True)
        outcome = subprocess.run([str(SCRIPTS / command[0]), *command[1:]], cwd=ROOT, env=environment(), check=False)  # noqa: S603 - fixed commands of the project's own environment
        if outcome.returncode:
            failures.append((command, outcome.returncode))
    for command, status in failures:
        print("failed:", *command, f"(exit {status})", flush=True)
    return failures[0][1] if failures else 0


def environment() -> dict[str, str]:
    """Settings of a server that somebody runs beside the tests must not reach them, but for the tests' own."""
    kept = {"UNKNOT_TEST_DATABASE_URL"}
    return {name: value for name, value in os.environ.items() if not name.startswith("UNKNOT_") or name in kept}
