"""The access log: one line for each answered request, with its pattern and its id; never a person's."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from time import time

from pydantic_core import to_json

NAME = "unknot.access"


class AccessLog:
    """A line for each answered request, not by way of a logger: that takes several times as long as what is told."""

    def __init__(self) -> None:
        self._write: Callable[[str], None] | None = None
        self._readable = False
        self._kinds: dict[tuple[str, str, int], Callable[..., str]] = {}

    def begin(self, write: Callable[[str], None] | None, *, readable: bool) -> None:
        """From now on lines are handed there; None: nowhere."""
        self._write, self._readable = write, readable
        self._kinds.clear()

    def tell(self, method: str, route: str, status: int, seconds: float, known_as: str) -> None:
        if self._write is None:
            return
        kind = (method, route, status)
        line = self._kinds.get(kind)
        if line is None:
            template = for_people(*kind) if self._readable else for_machines(*kind)
            line = self._kinds[kind] = template.format
        self._write(line(instant(time()), known_as, seconds * 1000))


access_log = AccessLog()


def for_people(method: str, route: str, status: int) -> str:
    return fillable(f"<time> INFO {NAME} [<id>] {method} {route} {status} <ms> ms\n")


def for_machines(method: str, route: str, status: int) -> str:
    members = {
        "time": "<time>",
        "level": "info",
        "logger": NAME,
        "request_id": "<id>",
        "message": f"{method} {route} {status} <ms> ms",
        "method": method,
        "route": route,
        "status": status,
        "duration_ms": "<ms>",
    }
    return fillable(to_json(members).decode() + "\n")


def fillable(line: str) -> str:
    """For `format`, with what differs from one request of its kind to the next; nothing of that needs an escape."""
    line = line.replace("{", "{{").replace("}", "}}").replace('"<ms>"', "<ms>")
    return line.replace("<time>", "{0}").replace("<id>", "{1}").replace("<ms>", "{2:.1f}")


def instant(seconds: float) -> str:
    """In UTC and to the millisecond, by RFC 3339."""
    return f"{up_to_the_second(int(seconds))}.{int(seconds % 1 * 1000):03d}Z"


@lru_cache(1)
def up_to_the_second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
