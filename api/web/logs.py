"""Log lines with the id of the request they belong to; never a body, a header or a query."""

import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from time import time
from typing import Any, Literal

from pydantic_core import to_json

Form = Literal["auto", "text", "json"]
TEXT = "%(instant)s %(levelname)s %(name)s [%(request_id)s] %(message)s"

access_log = logging.getLogger("unknot.access")
request_id: ContextVar[str] = ContextVar("request_id", default="-")
IN_EVERY_LINE = vars(logging.LogRecord(access_log.name, logging.INFO, __file__, 0, "%s %s %d %.1f ms", (), None))


class AccessLine(logging.LogRecord):
    """A request that was answered. Finds out only what is its own: a whole record costs three times as much."""

    def __init__(self, method: str, route: str, status: int, seconds: float) -> None:
        now, duration_ms = time(), seconds * 1000
        told = {"method": method, "route": route, "status": status, "duration_ms": round(duration_ms, 1)}
        self.__dict__ = {
            **IN_EVERY_LINE,
            "created": now,
            "msecs": now % 1 * 1000,
            "args": (method, route, status, duration_ms),
            "told": told,
        }


class ForPeople(logging.Formatter):
    def __init__(self) -> None:
        super().__init__(TEXT)

    def format(self, record: logging.LogRecord) -> str:
        record.instant, record.request_id = instant(record.created), request_id.get()
        return super().format(record)


class ForMachines(logging.Formatter):
    """A JSON object on each line; what a record tells beside its message has members of its own."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = getattr(record, "told", {})
        line = {
            "time": instant(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request_id": request_id.get(),
            "message": written(record.getMessage()),
            **told,
        }
        if record.exc_info:
            line["exception"] = written(self.formatException(record.exc_info))
        return to_json(line).decode()


def written(text: str) -> bytes:
    """As JSON takes it, lone surrogates too."""
    return text.encode(errors="backslashreplace")


def instant(seconds: float) -> str:
    """In UTC and to the millisecond, by RFC 3339."""
    return f"{up_to_the_second(int(seconds))}.{int(seconds % 1 * 1000):03d}Z"


@lru_cache(1)
def up_to_the_second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def configure(level: str, form: Form = "auto") -> None:
    """What is logged goes to standard error: as text where that is a terminal, as JSON elsewhere."""
    handler = logging.StreamHandler(sys.stderr)
    readable = form == "text" or (form == "auto" and sys.stderr.isatty())
    handler.setFormatter(ForPeople() if readable else ForMachines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
