"""uvicorn's HTTP protocol with an end to its patience: a client that stalls is let go.

uvicorn itself waits for ever for the rest of a head or of a body, and for a client that takes nothing of its answer.
"""

import asyncio

from api.web.doorway import NOTHING, Doorway
from api.web.problems import HeadersTooLarge

HEAD_BYTES = 64 * 1024
"""Far more than what the application refuses; nothing else bounds the memory that a head takes."""
EXCESS_BYTES = 1 << 20
"""What is still heard of a body that was answered already, so that its client gets to read the answer."""
TOO_LONG = HeadersTooLarge(f"All headers together may have far less than {HEAD_BYTES} bytes.")


class PatientProtocol(Doorway):
    """Times are in seconds, rates in bytes a second."""

    head_s = 10.0
    body_s, body_rate = 30.0, 8 * 1024  # a body may take longer as long as it comes at this rate
    take_s = 30.0  # in which a client takes some of its answer
    leave_s = 0.5  # of a stopping server, for a request that is on its way to a connection that lies idle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self.since, self.came = self.loop.time(), 0
        self.watch = self.loop.call_later(self.head_s, self.look)

    def connection_lost(self, exc: Exception | None) -> None:
        self.watch.cancel()
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
        self.since, self.came = self.loop.time(), 0

    def on_headers_complete(self) -> None:
        self.since, self.came = self.loop.time(), 0
        super().on_headers_complete()

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

    def shutdown(self) -> None:
        self.leaving = True
        self.loop.call_later(self.leave_s, super().shutdown)
