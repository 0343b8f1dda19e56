"""uvicorn's HTTP protocol with an end to its patience: a client that stalls is let go, and a flood is refused early.

uvicorn itself waits for ever for the rest of a head or of a body, for a client that takes nothing of its answer, and
for as many of them as there are.
"""

import asyncio
import socket
import sys
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.domain.errors import Refusal, Unavailable
from api.web.admission import ADMITTED, TOO_MUCH, Gate
from api.web.problems import HeadersTooLarge, Malformed, status_of

HEAD_BYTES = 64 * 1024
"""Far more than what the application refuses; nothing else bounds the memory that a head takes."""
LAST_CAME = slice(52, 56)
"""Where Linux tells, in its `tcp_info`, how many milliseconds ago it received data."""
EXCESS_BYTES = 1 << 20
"""What is still heard of a body that was answered already, so that its client gets to read the answer."""
TOO_MANY = Unavailable("This server keeps as many connections as it can.")
NO_HTTP = Malformed()
NOTHING: Any = SimpleNamespace(
    response_started=True, response_complete=True, more_body=False, keep_alive=True, message_event=asyncio.Event()
)
"""Stands for the request that a new connection has not brought yet: as if it had been answered."""
TOO_LONG = HeadersTooLarge(f"All headers together may have far less than {HEAD_BYTES} bytes.")


class PatientProtocol(HttpToolsProtocol):
    """Finds the Gate in the state of the application's lifespan. Times are in seconds, rates in bytes a second."""

    head_s = 10.0
    body_s, body_rate = 30.0, 8 * 1024  # a body may take longer as long as it comes at this rate
    take_s = 30.0  # in which a client takes some of its answer
    leave_s = 0.5  # of a stopping server, for a request that is on its way to a connection that lies idle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self.gate: Gate = self.app_state["gate"]
        self.surplus = len(self.connections) > self.gate.most_connections
        self.in_head = self.leaving = False
        self.cycle = NOTHING
        self.since, self.came, self.url, self.headers = self.loop.time(), 0, b"", []
        self.unsent = b""
        # uvloop's own socket would be duplicated for every question.
        given = transport.get_extra_info("socket")
        self.asked = socket.socket(given.family, given.type, given.proto, fileno=given.fileno())
        self.watch = self.loop.call_later(self.head_s, self.look)

    def connection_lost(self, exc: Exception | None) -> None:
        self.watch.cancel()
        self.asked.detach()
        super().connection_lost(exc)

    def look(self) -> None:
        """Now and then, instead of a timer for each request."""
        if self.is_overdue():
            self.transport.abort()
        elif self.is_left():
            self.transport.close()
        self.watch = self.loop.call_later(self.head_s / 4, self.look)

    def is_overdue(self) -> bool:
        waited = self.loop.time() - self.since
        if self.flow.write_paused:
            return waited > self.take_s
        if self.is_idle():
            return waited > self.head_s
        return self.cycle.more_body and waited > max(self.body_s, self.came / self.body_rate)

    def is_left(self) -> bool:
        """Whether nothing has come since the last answer; uvicorn's own timer for that costs each request more."""
        answered = self.cycle is not NOTHING and self.is_idle() and self.came == 0
        return answered and self.loop.time() - self.since > self.timeout_keep_alive

    def waited(self) -> float:
        """How long the request lay there before it was read; only Linux knows."""
        if sys.platform != "linux":
            return 0.0
        told = self.asked.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, LAST_CAME.stop)
        return int.from_bytes(told[LAST_CAME], sys.byteorder) / 1000

    def is_idle(self) -> bool:
        return self.cycle.response_complete

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.came += len(data)
        if self.came > HEAD_BYTES:
            self.bound()

    def bound(self) -> None:
        """What is more than a head may be is only taken if it is the body of a request that is in work."""
        if self.in_head and self.is_idle():
            self.refuse(TOO_LONG)
        elif self.came > EXCESS_BYTES and (self.in_head or self.is_idle()):
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.since, self.came, self.in_head = self.loop.time(), 0, True

    def on_headers_complete(self) -> None:
        self.since, self.came, self.in_head = self.loop.time(), 0, False
        method = self.parser.get_method().decode()
        if not self.is_idle():
            super().on_headers_complete()  # waits until the one before is answered
        elif self.surplus or not self.is_admitted(method):
            self.refuse(TOO_MANY if self.surplus else TOO_MUCH)
        else:
            self.scope[ADMITTED] = True  # type: ignore[literal-required]  # read by Admission alone
            try:
                super().on_headers_complete()
            except BaseException:  # an address that cannot be parsed
                self.gate.leave(method)
                raise
            self.cycle.keep_alive = self.cycle.keep_alive and not self.leaving

    def is_admitted(self, method: str) -> bool:
        return self.gate.admits(method, self.url, waited=self.waited, connections=len(self.connections))

    def on_response_complete(self) -> None:
        """As uvicorn's, but for the timer."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.since, self.came = self.loop.time(), 0
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())

    def pause_writing(self) -> None:
        self.since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self.since = self.loop.time()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        if self.is_idle() or not self.cycle.response_started:
            self.in_head = True  # nobody can tell where the next one begins
            self.refuse(NO_HTTP)
        self.transport.close()

    def keeps_alive(self) -> bool:
        return not self.leaving and self.parser.should_keep_alive() and self.parser.get_http_version() != "1.0"

    def shutdown(self) -> None:
        self.leaving = True
        self.loop.call_later(self.leave_s, super().shutdown)

    def refuse(self, refusal: Refusal) -> None:
        """Answers before there is a task or a scope for the request: that would cost several times as much."""
        path = self.url.decode("latin-1").partition("?")[0]
        headers, body = self.gate.refusal(refusal, self.parser.get_method().decode(), path, self.headers)
        closes = self.surplus or self.in_head or not self.keeps_alive()
        told = [*self.server_state.default_headers, *headers, *([(b"connection", b"close")] if closes else [])]
        answer = b"".join((status_line(refusal), *map(line, told), b"\r\n", body))
        if closes:
            self.transport.write(self.unsent + answer)
            self.transport.close()
        elif not self.unsent:
            # All refusals of a turn one after the other: between requests that are read, each takes twice as long.
            self.loop.call_soon(self.send_refusals)
        self.unsent += answer

    def send_refusals(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(self.unsent)
        self.unsent = b""


@lru_cache(256)
def line(header: tuple[bytes, bytes]) -> bytes:
    """Of most headers of a refusal it is the same each time."""
    return b"%b: %b\r\n" % header


@lru_cache(16)
def status_line(refusal: Refusal) -> bytes:
    return STATUS_LINE[status_of(type(refusal))]
