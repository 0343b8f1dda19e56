"""`python -m tests.attacks.memory`: bodies without an end, many at once, and what they cost the server."""

import argparse
import re
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import repeat
from pathlib import Path

from tests.attacks.places import place
from tests.attacks.table import Row, told
from tests.servers import Server

MB = 1 << 20
PIECE = b" " * (64 * 1024)
READ_MB, GROWTH_MB = 8, 64
HEAD = b"POST /v1/accounts HTTP/1.1\r\nhost: unknot.test\r\ncontent-type: application/json\r\n"
REFUSED = re.compile(rb"HTTP/1\.1 4\d\d ")
Body = Callable[[int], Iterator[bytes]]


def announced(size: int) -> Iterator[bytes]:
    yield HEAD + b"content-length: %d\r\n\r\n" % size
    yield from repeat(PIECE, size // len(PIECE))


def chunked(size: int) -> Iterator[bytes]:
    yield HEAD + b"transfer-encoding: chunked\r\n\r\n"
    yield from repeat(b"%x\r\n%b\r\n" % (len(PIECE), PIECE), size // len(PIECE))
    yield b"0\r\n\r\n"


def head(size: int) -> Iterator[bytes]:
    """A header section that goes on and on."""
    yield HEAD
    yield from (b"x-%d: %b\r\n" % (number, PIECE[:8000].replace(b" ", b"y")) for number in range(size // 8000))


def nested(size: int) -> Iterator[bytes]:
    yield from (HEAD + b"content-length: %d\r\n\r\n" % min(size, 60_000), b"[" * min(size, 60_000))


def sent(port: int, body: Iterator[bytes]) -> tuple[bytes, int]:
    """The beginning of the answer, and how many bytes could be sent until the server wanted no more."""
    count, answer = 0, b""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        with suppress(ConnectionError):
            for piece in body:
                line.sendall(piece)
                count += len(piece)
        with suppress(ConnectionError):
            answer = line.recv(4096)
    return answer, count


def attacked(server: Server, *, large_mb: int, number: int, each_mb: int) -> list[Row]:
    rows = []
    for kind in (announced, chunked, head, nested):
        before = read_bytes(server.pid)
        answer, _ = sent(server.port, kind(large_mb * MB))
        read = (read_bytes(server.pid) - before) / MB
        what = f"{large_mb} MB {kind.__name__}: refused, {READ_MB} MB read at most"
        rows.append(Row(what, f"{answer[:12].decode()}, {read:.1f} MB", bool(REFUSED.match(answer)) and read < READ_MB))
    for body in (announced, chunked):
        before_mb = resident_mb(server.pid)
        with ThreadPoolExecutor(number) as pool:
            answers = list(pool.map(lambda _, body=body: sent(server.port, body(each_mb * MB))[0], range(number)))
        growth = peak_mb(server.pid) - before_mb
        refused = sum(bool(REFUSED.match(answer)) for answer in answers)
        figure = f"{growth:.0f} MB more, {refused} refused"
        rows.append(
            Row(f"{number} x {each_mb} MB {body.__name__} at once", figure, growth < GROWTH_MB and refused == number)
        )
    return rows


def read_bytes(pid: int) -> int:
    return int(re.findall(r"rchar: (\d+)", Path(f"/proc/{pid}/io").read_text())[0])


def resident_mb(pid: int) -> float:
    return status_mb(pid, "VmRSS")


def peak_mb(pid: int) -> float:
    return status_mb(pid, "VmHWM")


def status_mb(pid: int, name: str) -> float:
    return int(re.findall(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[0]) / 1024


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.memory", description=__doc__)
    parser.add_argument("--large", type=int, default=100, help="MB of the largest body")
    large = parser.parse_args().large
    with place("sqlite") as (folder, url):
        server = Server(folder, url)
        server.start()
        try:
            return told(attacked(server, large_mb=large, number=20, each_mb=20))
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
