"""What is sent in answer to a request: the layers around it say what they add, and one of them adds it all."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.types import Message, Send

from api.web.ready import Headers

ANSWERING = "unknot.answering"
Late = Callable[[int], Headers]


class Answering:
    """Stands in for `send`. `status` is 0 until the answer has begun.

    Headers that are known before are `added`; what depends on the status is asked of `late` as the answer begins.
    """

    __slots__ = ("_send", "added", "late", "status")

    def __init__(self, send: Send, added: list[tuple[bytes, bytes]]) -> None:
        self._send, self.added, self.late, self.status = send, added, None, 0

    added: list[tuple[bytes, bytes]]
    late: Late | None
    status: int

    def __call__(self, message: Message) -> Awaitable[None]:
        if not self.status:
            status = self.status = message["status"]
            headers = [*message["headers"], *self.added]
            if self.late is not None:
                headers += self.late(status)
            message["headers"] = headers
        return self._send(message)


def answering(scope: MutableMapping[str, Any]) -> Answering:
    """Raises KeyError where nobody is: outside of `Trace`."""
    found: Answering = scope[ANSWERING]
    return found
