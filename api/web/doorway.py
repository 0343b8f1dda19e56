"""uvicorn's HTTP protocol with a door: what finds no room is refused before there is a task for it.

uvicorn itself takes on as many requests and connections as come.
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
from api.web.problems import Malformed, status_of

LAST_CAME = slice(52, 56)
"""Where Linux tells, in its `tcp_info`, how many milliseconds ago it received data."""
TOO_MANY = Unavailable("This server keeps as many connections as it can.")
NO_HTTP = Malformed()
NOTHING: Any = SimpleNamespace(
    response_started=True, response_complete=True, more_body=False, keep_alive=True, message_event=asyncio.Event()
)
"""Stands for the request that a new connection has not brought yet: as if it had been answered."""


class Doorway(HttpToolsProtocol):
    """Finds the Gate in the state of the application's lifespan."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self.gate: Gate = self.app_state["gate"]
        self.surplus = len(self.connections) > self.gate.most_connections
        self.in_head = self.leaving = False
        self.cycle = NOTHING
        self.url, self.headers, self.unsent = b"", [], b""
        # uvloop's own socket would be duplicated for every question.
        given = transport.get_extra_info("socket")
        self.asked = socket.socket(given.family, given.type, given.proto, fileno=given.fileno())

    def connection_lost(self, exc: Exception | None) -> None:
        self.asked.detach()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.in_head = True

    def on_headers_complete(self) -> None:
        self.in_head = False
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

    def is_idle(self) -> bool:
        return self.cycle.response_complete

    def waited(self) -> float:
        """How long the request lay there before it was read; only Linux knows."""
        if sys.platform != "linux":
            return 0.0
        told = self.asked.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, LAST_CAME.stop)
        return int.from_bytes(told[LAST_CAME], sys.byteorder) / 1000

    def keeps_alive(self) -> bool:
        return not self.leaving and self.parser.should_keep_alive() and self.parser.get_http_version() != "1.0"

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        if self.is_idle() or not self.cycle.response_started:
            self.in_head = True  # nobody can tell where the next one begins
            self.refuse(NO_HTTP)
        self.transport.close()

    def refuse(self, refusal: Refusal) -> None:
        """Answers before there is a task for the request: that would cost several times as much."""
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
