"""Several processes of one server: forks of the first where the system has them, started anew where not."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.databases import postgresql_database
from tests.servers import START_S, Program, Server

ROOT = Path(__file__).parents[2]
LOOK_AGAIN_S = 0.01
ANEW = """
import api.serving
from api.command import main
api.serving.workers_are_forks = lambda: False
main()
"""
"""`unknot` on a system that does not fork."""
SENT_AT_ONCE = """
import os, signal
from api.forks import Forks
for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(each, lambda *_: None)
    fork = Forks.Process(target=signal.pause)
    fork.start()
    os.kill(fork.pid, each)
    fork.join()
    print(fork.exitcode)
"""
MADE = """
from api.forks import Forks
from uuid_utils.compat import uuid4
uuid4()
for _ in range(2):
    fork = Forks.Process(target=lambda: print(uuid4()))
    fork.start()
    fork.join()
"""
TWO = {"UNKNOT_WORKERS": "2", "UNKNOT_LOG_LEVEL": "info"}
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only there workers are forks")


@pytest.fixture
def forked(tmp_path: Path) -> Iterator[Program]:
    with postgresql_database() as url:
        yield from ready_and_stopped(Server(tmp_path, url, settings=TWO), tmp_path)


@pytest.fixture
def spawned(tmp_path: Path) -> Iterator[Program]:
    with postgresql_database() as url:
        command = [sys.executable, "-c", ANEW, "serve"]
        yield from ready_and_stopped(Program(tmp_path, command, {"UNKNOT_DATABASE_URL": url, **TWO}), tmp_path)


def ready_and_stopped(server: Program, folder: Path) -> Iterator[Program]:
    server.start()
    try:
        until(lambda: len(ready(folder)) == 2)
        yield server
    finally:
        server.stop()


@pytest.fixture(params=["forked", "spawned"])
def server(request: pytest.FixtureRequest) -> Program:
    server: Program = request.getfixturevalue(request.param)
    return server


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + START_S
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(LOOK_AGAIN_S)


def ready(folder: Path) -> list[int]:
    """The processes of the workers that ever served, in the order in which they began."""
    log = (folder / "server.log").read_text()
    started = re.findall(r"Started server process \[(\d+)\]", log)
    return [int(pid) for pid in started[: log.count("Application startup complete.")]]


def lives(pid: int) -> bool:
    """Not so one that has ended and of whom nobody has asked how."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def sockets(pid: int) -> set[str]:
    targets = set()
    for path in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # one that was closed meanwhile
            targets.add(str(path.readlink()))
    return {target for target in targets if target.startswith("socket:")}


def test_a_worker_that_is_killed_is_replaced_and_the_other_serves_on(server: Program, tmp_path: Path) -> None:
    killed, other = ready(tmp_path)
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(ready(tmp_path)) == 3)
    assert lives(other)
    assert not lives(killed)
    for _ in range(10):
        httpx.get(f"{server.url}/readyz", trust_env=False).raise_for_status()


def test_a_stop_takes_nobody_on_finishes_what_is_under_way_and_is_a_success(server: Program, tmp_path: Path) -> None:
    assert stopped_under_way(server, signal.SIGTERM, tmp_path) == 0


def test_an_interrupt_is_a_stop(forked: Program, tmp_path: Path) -> None:
    assert stopped_under_way(forked, signal.SIGINT, tmp_path) == 0


def stopped_under_way(server: Program, sent: signal.Signals, folder: Path) -> int:
    """The status, after a request that was begun before is answered, and others were not taken on."""
    with socket.create_connection(("127.0.0.1", server.port)) as phone:
        phone.sendall(b"POST /v1/accounts HTTP/1.1\r\nhost: unknot\r\nexpect: 100-continue\r\n")
        phone.sendall(b"content-type: application/json\r\ncontent-length: 2\r\n\r\n")
        assert phone.recv(1024).startswith(b"HTTP/1.1 100 ")
        server.send(sent)
        until(lambda: is_refused(server.port))
        phone.sendall(b"{}")
        assert phone.recv(1024).startswith(b"HTTP/1.1 201 ")
    status = server.stop()
    assert not any(map(lives, ready(folder)))
    return status


def is_refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return True
    return False


@ON_LINUX
def test_a_worker_has_connections_of_its_own_and_the_first_process_no_thread(forked: Program, tmp_path: Path) -> None:
    own = [sockets(pid) - sockets(forked.pid) for pid in ready(tmp_path)]
    assert all(own)
    assert not set.intersection(*own)
    assert len(list(Path(f"/proc/{forked.pid}/task").iterdir())) == 1


@ON_LINUX
def test_workers_whose_supervisor_was_killed_stop_and_leave_the_port(forked: Program, tmp_path: Path) -> None:
    os.kill(forked.pid, signal.SIGKILL)
    until(lambda: is_refused(forked.port))
    until(lambda: not any(map(lives, ready(tmp_path))))


@ON_LINUX
def test_a_worker_that_is_told_to_stop_while_it_is_made_stops() -> None:
    assert said(SENT_AT_ONCE) == [str(status) for status in (-signal.SIGTERM, 1, -signal.SIGHUP)]


@ON_LINUX
def test_workers_give_different_ids_to_what_they_make() -> None:
    assert len(set(said(MADE))) == 2


def said(code: str) -> list[str]:
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=START_S, check=True)
    return ended.stdout.split()
