"""Real servers as processes of their own, which a test may kill."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

LIMITS = ("RATE_LIMIT_PER_MINUTE", "SIGN_UP_LIMIT_PER_HOUR", "SIGN_IN_LIMIT_PER_MINUTE", "SIGN_IN_ATTEMPTS")
UNLIMITED = {**{f"UNKNOT_{name}": "0" for name in LIMITS}, "UNKNOT_LOG_LEVEL": "warning"}
UNKNOT = Path(sys.executable).with_name("unknot")
START_S, STOP_S = 120.0, 20.0
LOOK_AGAIN_S = 0.01


class Program:
    """A program that serves HTTP on the loopback `--port` it is given, as often as it is started."""

    def __init__(self, folder: Path, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder, self._log = folder, folder / "server.log"
        self._command = [*command, "--port", str(self.port)]
        self._environment = {**without_settings(), **UNLIMITED, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> float:
        """Waits until it serves; the seconds that took."""
        began = time.monotonic()
        with self._log.open("ab") as log:
            # A group of its own, so that a kill reaches worker processes too.
            self._process = subprocess.Popen(
                self._command, cwd=self._folder, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        wait_until_ready(self.url, self._process, self._log)
        return time.monotonic() - began

    def kill(self) -> None:
        """As the kernel does it: nothing of the server gets to run again."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def send(self, sent: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(sent)

    def stop(self, sent: signal.Signals = signal.SIGTERM) -> int:
        """Waits until it has ended, which it may have done before; its exit status."""
        assert self._process is not None
        if self._process.poll() is None:
            self.send(sent)
        return self._process.wait(STOP_S)


class Server(Program):
    """`unknot serve` without rate limits."""

    def __init__(self, folder: Path, database_url: str, *, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(folder, [str(UNKNOT), "serve"], {"UNKNOT_DATABASE_URL": database_url, **(settings or {})})


def run_unknot(
    *arguments: str, folder: Path, database_url: str, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Another of the project's commands, on the same database."""
    environment = {**without_settings(), "UNKNOT_DATABASE_URL": database_url, **(settings or {})}
    return subprocess.run(
        [str(UNKNOT), *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    with httpx.Client(base_url=url, timeout=STOP_S, trust_env=False) as probe:
        while not is_ready(probe):
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode} while it started:\n{log.read_text()}")
            if time.monotonic() > until:
                raise RuntimeError("the server did not get ready")
            time.sleep(LOOK_AGAIN_S)


def family(pid: int) -> list[int]:
    """The process and those that it started, its workers among them."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def is_ready(probe: httpx.Client) -> bool:
    try:
        return probe.get("/readyz").is_success
    except httpx.TransportError:
        return False


def without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("UNKNOT_")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
