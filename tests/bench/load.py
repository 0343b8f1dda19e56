"""A load on loopback: a bounded number of kept connections, each with one request under way, for a bounded time.

Runs in a process of its own. Plain sockets and epoll, because a client library would cost more than the server.
"""

import select
import socket
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

LARGEST_READ = 1 << 18
PATIENCE_S = 10.0
NOT_MODIFIED, NO_CONTENT = 304, 204
LENGTH = b"content-length: "


@dataclass(frozen=True, slots=True)
class Job:
    """`requests` are each connection's own, in order; they begin anew when `repeat` is set."""

    port: int
    seconds: float
    requests: Sequence[Sequence[bytes]]
    repeat: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """`taken` is how many of its requests each connection has sent; `busy` is the load's own share of its core."""

    answers: int
    seconds: float
    p50_ms: float
    p99_ms: float
    statuses: Counter[int]
    busy: float
    taken: tuple[int, ...]


class Connection:
    def __init__(self, port: int, requests: Sequence[bytes], *, repeat: bool) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.taken = 0
        self._requests, self._repeat = requests, repeat
        self._missing, self._status, self._sent_at = 0, 0, 0

    def send(self) -> bool:
        """False when there is nothing left to send."""
        place = self.taken % len(self._requests) if self._repeat else self.taken
        if place >= len(self._requests):
            return False
        self.taken += 1
        self._sent_at = time.perf_counter_ns()
        self.socket.sendall(self._requests[place])
        return True

    def receive(self) -> tuple[int, int] | None:
        """Status and nanoseconds of an answer that is complete now."""
        data = self.socket.recv(LARGEST_READ)
        if not data:
            raise ConnectionError("the server closed a connection")
        if self._missing:
            self._missing -= len(data)
        else:
            self._status, size = measured(data)
            self._missing = size - len(data)
        return None if self._missing else (self._status, time.perf_counter_ns() - self._sent_at)


def measured(data: bytes) -> tuple[int, int]:
    """Status and size of an answer of which the whole head is there."""
    end = data.index(b"\r\n\r\n")
    status = int(data[9:12])
    if status in {NOT_MODIFIED, NO_CONTENT}:
        return status, end + 4
    begin = data.index(LENGTH, 0, end) + len(LENGTH)
    return status, end + 4 + int(data[begin : data.index(b"\r\n", begin)])


def run(job: Job) -> Outcome:
    """Ends early when a connection has nothing left to send, so that the number of them stays what it was."""
    connections = [Connection(job.port, requests, repeat=job.repeat) for requests in job.requests]
    began, worked = time.perf_counter(), time.process_time()
    times, statuses = exchange(connections, began + job.seconds)
    seconds, busy = time.perf_counter() - began, time.process_time() - worked
    for connection in connections:
        connection.socket.close()
    times.sort()
    p50, p99 = (times[int(len(times) * share)] / 1e6 for share in (0.5, 0.99))
    return Outcome(len(times), seconds, p50, p99, statuses, busy / seconds, tuple(c.taken for c in connections))


def exchange(connections: Sequence[Connection], until: float) -> tuple[list[int], Counter[int]]:
    times: list[int] = []
    statuses: Counter[int] = Counter()
    going, waiting = True, 0
    with select.epoll() as epoll:
        by_descriptor = {connection.socket.fileno(): connection for connection in connections}
        for descriptor, connection in by_descriptor.items():
            epoll.register(descriptor, select.EPOLLIN)
            waiting += connection.send()
        while waiting:
            going = going and time.perf_counter() < until
            for descriptor, _ in epoll.poll(PATIENCE_S) or stalled():
                connection = by_descriptor[descriptor]
                if (answer := connection.receive()) is None:
                    continue
                statuses[answer[0]] += 1
                times.append(answer[1])
                going = going and connection.send()
                waiting -= not going
    return times, statuses


def stalled() -> list[tuple[int, int]]:
    raise TimeoutError("the server stopped answering")
