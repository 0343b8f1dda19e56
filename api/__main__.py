"""`python3 -m api …`: the one way in, on a machine that has only Python.

In a checkout it keeps `.venv` as the lock says and hands over to `unknot` in it; an installed copy has its
environment already and answers at once. Standard library only, since nothing else is there yet.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
SCRIPTS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
STAMP = ENVIRONMENT / "unknot.stamp"
RUNTIME, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"


def main() -> None:
    if sys.version_info < (3, 11):
        raise SystemExit("Unknot needs Python 3.11 or newer; this is " + sys.version.split()[0])
    arguments = sys.argv[1:]
    if not RUNTIME.exists():
        from api.command import main as installed

        installed(arguments)
        return
    prepare(development=bool({"test", "check"} & set(arguments[:1])))
    hand_over([str(SCRIPTS / "unknot"), *arguments])


def prepare(*, development: bool) -> None:
    """Makes `.venv`, or renews it when the lock, the project file or the Python has changed."""
    if installed_stamp() in ({stamp(DEVELOPMENT)} if development else {stamp(DEVELOPMENT), stamp(RUNTIME)}):
        return
    lock = DEVELOPMENT if development or installed_stamp().startswith(DEVELOPMENT.name) else RUNTIME
    print("unknot: preparing .venv from " + lock.name + " (once; about a minute)", file=sys.stderr, flush=True)
    make_environment()
    pip("--require-hashes", "--no-deps", "-r", str(lock))
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(stamp(lock))


def stamp(lock: Path) -> str:
    content = lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + sys.version.encode() + str(ROOT).encode()
    return lock.name + " " + hashlib.sha256(content).hexdigest()


def installed_stamp() -> str:
    return STAMP.read_text() if STAMP.exists() else ""


def make_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        version = "%d.%d" % sys.version_info[:2]
        raise SystemExit(
            "unknot: this Python cannot make an environment yet. On Debian or Ubuntu:\n"
            "    apt-get install python%s-venv" % version
        )
    STAMP.unlink(missing_ok=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)


def pip(*arguments: str) -> None:
    command = [str(SCRIPTS / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    outcome = subprocess.run([*command, *arguments], check=False)
    if outcome.returncode:
        raise SystemExit("unknot: the packages could not be installed; see above")


def hand_over(command: list[str]) -> None:
    if os.name == "nt":
        raise SystemExit(subprocess.call(command))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
