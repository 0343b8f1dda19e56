"""An open load on loopback: requests leave when their time has come, whether the ones before were answered or not.

Bounded in rate, time and connections, and run in a process of its own. Nothing that the server does delays a request,
so waits count from when it left; when that was later than it was due, the machine was too busy for the load.
"""

import select
import socket
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from tests.bench.load import measured

LARGEST_READ = 1 << 18
MOST_CONNECTIONS = 3000
PATIENCE_S = 10.0
TURN_S = 0.001


@dataclass(frozen=True, slots=True)
class Flood:
    """`requests` leave in their order, evenly, `rate` a second."""

    port: int
    rate: float
    requests: Sequence[bytes]


@dataclass(slots=True)
class Answers:
    """By status: seconds after which each answer came, counted from when its request left."""

    waits: dict[int, list[float]] = field(default_factory=partial(defaultdict, list))
    sent: int = 0
    broken: int = 0
    late_s: float = 0.0
    """The furthest that the load itself fell behind."""
    bodies: dict[int, bytes] = field(default_factory=dict)
    """One whole answer of each status."""

    def counted(self) -> dict[int, int]:
        return {status: len(waits) for status, waits in self.waits.items()}

    def within(self, seconds: float) -> int:
        """How many were served in time."""
        return sum(wait <= seconds for status, waits in self.waits.items() if status < 400 for wait in waits)

    def slowest(self, status: int, share: float = 0.99) -> float:
        waits = sorted(self.waits.get(status, ()))
        return waits[int(len(waits) * share)] if waits else 0.0


class Line:
    """One connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(0)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect_ex(("127.0.0.1", port))
        self.left, self.unsent, self.data = 0.0, b"", b""

    def send(self) -> bool:
        """Whether all of it has left."""
        try:
            self.unsent = self.unsent[self.socket.send(self.unsent) :]
        except BlockingIOError:
            return False
        return not self.unsent

    def receive(self) -> int | None:
        """The status, once the answer is there."""
        chunk = self.socket.recv(LARGEST_READ)
        if not chunk:
            raise ConnectionError
        self.data += chunk
        if b"\r\n\r\n" not in self.data:
            return None
        status, size = measured(self.data)
        return status if len(self.data) >= size else None


def run(flood: Flood) -> Answers:
    return Load(flood).run()


class Load:
    def __init__(self, flood: Flood) -> None:
        self.flood, self.answers = flood, Answers()
        self.epoll = select.epoll()
        self.lines: dict[int, Line] = {}
        self.free: list[Line] = []

    def run(self) -> Answers:
        began, sent = time.perf_counter(), 0
        last = began + len(self.flood.requests) / self.flood.rate
        while sent < len(self.flood.requests) or (self.under_way() and time.perf_counter() < last + PATIENCE_S):
            now = time.perf_counter()
            while sent < len(self.flood.requests) and began + sent / self.flood.rate <= now:
                self.dispatch(self.flood.requests[sent])
                self.answers.late_s = max(self.answers.late_s, now - began - sent / self.flood.rate)
                sent += 1
                self.answers.sent += 1
            # Were it woken by each answer, the server that sends it would pay for that: clients are elsewhere in life.
            time.sleep(TURN_S)
            for descriptor, events in self.epoll.poll(0):
                self.serve(self.lines[descriptor], events)
        self.answers.broken += self.under_way()
        for line in self.lines.values():
            line.socket.close()
        return self.answers

    def under_way(self) -> int:
        return len(self.lines) - len(self.free)

    def dispatch(self, request: bytes) -> None:
        if not self.free and len(self.lines) >= MOST_CONNECTIONS:
            self.answers.broken += 1
            return
        line = self.free.pop() if self.free else self.opened()
        line.left, line.unsent, line.data = time.perf_counter(), request, b""
        self.epoll.modify(line.socket.fileno(), select.EPOLLIN | select.EPOLLOUT)
        self.serve(line, select.EPOLLOUT)

    def opened(self) -> Line:
        line = Line(self.flood.port)
        self.lines[line.socket.fileno()] = line
        self.epoll.register(line.socket.fileno(), select.EPOLLIN)
        return line

    def serve(self, line: Line, events: int) -> None:
        try:
            if line.unsent and events & select.EPOLLOUT and line.send():
                self.epoll.modify(line.socket.fileno(), select.EPOLLIN)
            if events & ~select.EPOLLOUT and (status := line.receive()) is not None:
                self.answers.waits[status].append(time.perf_counter() - line.left)
                self.answers.bodies.setdefault(status, line.data)
                self.free.append(line)
        except OSError:
            self.drop(line)

    def drop(self, line: Line) -> None:
        """A connection that the server ended; the request that was on it got no answer."""
        if line in self.free:
            self.free.remove(line)
        else:
            self.answers.broken += 1
        self.lines.pop(line.socket.fileno())
        line.socket.close()
