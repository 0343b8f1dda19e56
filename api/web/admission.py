"""How much is worked on at once: what is more is refused before anything is spent on it.

Requests are counted, not connections: those in work, but for the time in which they wait for their own client to send
the body; and those that wait to be read, as far as whoever reads them can tell for how long. Answers that are ready,
and whether the server lives, cost no more than a refusal and are never refused.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Container, Iterable
from functools import lru_cache
from itertools import cycle
from time import monotonic

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import metrics
from api.domain.errors import Refusal, Unavailable
from api.web.limits import FREE_PATHS
from api.web.middleware import chosen_id
from api.web.problems import MEDIA_TYPE, problem_response, status_of
from api.web.ready import Headers, Key, key_of, start_message

log = logging.getLogger("unknot.web")

SHARE = 0.75
"""What reads alone, or writes alone, may take: a flood of the one leaves room for the other."""
READS = frozenset({"GET", "HEAD", "OPTIONS"})
WAITS_S = (b"1", b"2", b"3", b"4")
"""In turn, so that those who were refused together do not come back together."""
COUNTED_S = 0.5
ASKED_S = 0.001
"""For so long the wait of one request tells that of the others: each of thousands a second is not asked about."""
TELL_EVERY_S = 10.0
TOO_MUCH = Unavailable("This server has as much in work as it takes on at once.")
TOO_LONG = "This took longer than the server works on one request."
ADMITTED = "unknot.admitted"
"""In the scope of a request that the gate has admitted already, when it was read."""


def not_at_all() -> float:
    return 0.0


class Gate:
    """Knows how much this process has in work, and whether there is room for more.

    `most` requests find room; those to a `free` address need none.
    """

    def __init__(
        self, *, most: int, most_connections: int, free: Container[Key] = (), origins: Container[str] = ()
    ) -> None:
        self.most_connections = most_connections
        self._in_work = {True: 0, False: 0}
        self._shown = {reads: metrics.IN_WORK.labels("reads" if reads else "writes") for reads in self._in_work}
        self._most, self._share, self._free, self._origins = most, max(1, int(most * SHARE)), free, origins
        self._waits = cycle(WAITS_S)
        self._uncounted = self._refused = 0
        self._told_at = -TELL_EVERY_S
        self._came, self._counted_at, self._rate = 0, 0.0, 0.0
        self._now = self._asked_at = self._unread = 0.0

    def admits(
        self, method: str, address: bytes, *, waited: Callable[[], float] = not_at_all, connections: int = 0
    ) -> bool:
        """Enters the request if there is room; whoever asked has it leave in the end.

        `waited` tells for how many seconds it lay there unread, and is asked only when that matters. `connections` are
        all that are open: no more requests can wait to be read.
        """
        reads = method in READS
        if self._has_room(reads, waited, connections) or self._is_free(key_of(address.decode("latin-1"))):
            self._change(reads, 1)
            if self._uncounted:
                self._tell_refused()
            return True
        self._uncounted += 1
        return False

    def _has_room(self, reads: bool, waited: Callable[[], float], connections: int) -> bool:  # noqa: FBT001 - as below
        self._count_arrival()
        mine, all_in_work = self._in_work[reads], sum(self._in_work.values())
        if mine >= self._share or all_in_work >= self._most:
            return False
        if connections < self._most:
            return True
        if self._now - self._asked_at > ASKED_S:
            # By Little's law as many more wait as came while one did.
            self._unread, self._asked_at = waited() * self._rate, self._now
        return all_in_work + min(self._unread, connections - all_in_work) < self._most

    def _count_arrival(self) -> None:
        self._came, self._now = self._came + 1, monotonic()
        past = self._now - self._counted_at
        if past > COUNTED_S:
            self._rate, self._came, self._counted_at = self._came / past, 0, self._now

    def enter(self, method: str) -> None:
        """Whether there is room or not: it was admitted before and has left only to wait for its client."""
        self._change(method in READS, 1)

    def _is_free(self, key: Key) -> bool:
        return key[0] in FREE_PATHS or key in self._free

    def leave(self, method: str) -> None:
        self._change(method in READS, -1)

    def _change(self, reads: bool, by: int) -> None:  # noqa: FBT001 - which of the two counts
        self._in_work[reads] += by
        self._shown[reads].inc(by)

    def refusal(
        self, refusal: Refusal, method: str, path: str, headers: Iterable[tuple[bytes, bytes]]
    ) -> tuple[Headers, bytes]:
        """The answer to a request of which these headers came, written out for whoever has no time for more."""
        known_as = chosen_id(headers)
        instance = json.dumps(path.encode(errors="replace").decode())
        body = f'{beginning(refusal)}, "instance": {instance}, "request_id": "{known_as}"}}'.encode()
        told = (
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"no-store"),
            *(((b"retry-after", next(self._waits)),) if refusal.retry_after_s else ()),
            (b"x-request-id", known_as.encode()),
            (b"x-content-type-options", b"nosniff"),
        )
        return (*told, *self._for_browsers(headers)), b"" if method == "HEAD" else body

    def _for_browsers(self, headers: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Without this, a page of an allowed origin could not read why it was refused."""
        if "*" in self._origins:
            return ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"Retry-After"))
        origin = next((value for name, value in headers if name == b"origin"), b"")
        if origin.decode("latin-1") not in self._origins:
            return ()
        return ((b"access-control-allow-origin", origin), (b"vary", b"Origin"))

    def _tell_refused(self) -> None:
        """With the next request that is admitted, as the one for the metrics is: there is no time for it in a flood."""
        metrics.NOT_ADMITTED.inc(self._uncounted)
        self._refused, self._uncounted = self._refused + self._uncounted, 0
        if self._now - self._told_at > TELL_EVERY_S:
            log.warning("%d requests more were refused because too much was in work", self._refused)
            self._refused, self._told_at = 0, self._now


@lru_cache(16)
def beginning(refusal: Refusal) -> str:
    """Of its document, without the end: what is the same for every request."""
    status = status_of(type(refusal))
    document = {"type": f"/problems/{refusal.code}", "title": refusal.title, "status": status, "detail": refusal.detail}
    return json.dumps(document).removesuffix("}")


class Admission:
    """Outermost, since it sees every request to its end, and what it refuses shall cost nothing else."""

    def __init__(self, app: ASGIApp, *, gate: Gate) -> None:
        self.app, self.gate = app, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        gate, method = self.gate, scope["method"]
        if ADMITTED not in scope and not gate.admits(method, address_of(scope)):
            headers, body = gate.refusal(TOO_MUCH, method, scope["path"], scope["headers"])
            await send(start_message(status_of(Unavailable), headers))
            await send({"type": "http.response.body", "body": body})
            return

        async def receiving() -> Message:
            gate.leave(method)
            try:
                return await receive()
            finally:
                gate.enter(method)

        try:
            await self.app(scope, receiving, send)
        finally:
            gate.leave(method)


def address_of(scope: Scope) -> bytes:
    path, query = str(scope["path"]).encode(errors="replace"), scope["query_string"]
    return b"%b?%b" % (path, query) if query else path


class Deadline:
    """Gives up, as a problem, what has no answer after so many seconds; waiting for the client does not count."""

    def __init__(self, app: ASGIApp, *, longest_s: float) -> None:
        self.app, self.longest_s = app, longest_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, clock = False, asyncio.get_running_loop().time

        async def receiving() -> Message:
            limit.reschedule(None)
            try:
                return await receive()
            finally:
                limit.reschedule(None if begun else clock() + self.longest_s)

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            limit.reschedule(None)  # from here on it is the client who takes its time
            await send(message)

        try:
            async with asyncio.timeout(self.longest_s) as limit:
                await self.app(scope, receiving, sending)
        except (TimeoutError, asyncio.CancelledError) as error:
            # A stopping server cancels what is still in work when its grace is over.
            if not begun:
                await problem_response(Unavailable(TOO_LONG), scope)(scope, receive, send)
            if begun or isinstance(error, asyncio.CancelledError):
                raise
