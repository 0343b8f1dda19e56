"""Log lines with the id of the request they belong to; never a body, a header or a query."""

import logging
import sys
from asyncio import get_running_loop
from collections import deque
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from contextvars import ContextVar
from itertools import islice
from typing import Literal, TextIO

from pydantic_core import to_json

from api.web.access import access_log, instant

Form = Literal["auto", "text", "json"]
TEXT = "%(instant)s %(levelname)s %(name)s [%(request_id)s] %(message)s"
LATER_S = 0.01
LINES_AT_ONCE = 12
"""Together they have less than 4096 bytes, so that a pipe never puts those of another process between them."""

request_id: ContextVar[str] = ContextVar("request_id", default="-")


class ForPeople(logging.Formatter):
    def __init__(self) -> None:
        super().__init__(TEXT)

    def format(self, record: logging.LogRecord) -> str:
        record.instant, record.request_id = instant(record.created), request_id.get()
        return super().format(record)


class ForMachines(logging.Formatter):
    """A JSON object on each line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": instant(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request_id": request_id.get(),
            "message": written(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = written(self.formatException(record.exc_info))
        return to_json(line).decode()


def written(text: str) -> bytes:
    """As JSON takes it, lone surrogates too."""
    return text.encode(errors="backslashreplace")


class Output(logging.StreamHandler[TextIO]):
    """Writes what is logged at once, and lines that may come `later` together, a moment after the first.

    They stand in the order in which they came.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._waiting: deque[str] = deque()

    def later(self, line: str) -> None:
        """To be called on the event loop."""
        if not self._waiting:
            get_running_loop().call_later(LATER_S, self.flush)
        self._waiting.append(line)

    def emit(self, record: logging.LogRecord) -> None:
        self.flush()
        super().emit(record)

    def flush(self) -> None:
        # Where this is called there may be nobody who could be told that the stream takes nothing.
        with self.lock or nullcontext(), suppress(OSError, ValueError):
            while self._waiting:
                self.stream.write("".join(islice(self._taken(), LINES_AT_ONCE)))
                super().flush()
            super().flush()

    def _taken(self) -> Iterator[str]:
        """One by one, since the loop may bring more meanwhile."""
        while self._waiting:
            yield self._waiting.popleft()


def configure(level: str, form: Form = "auto") -> None:
    """What is logged goes to standard error: as text where that is a terminal, as JSON elsewhere."""
    output = Output(sys.stderr)
    readable = form == "text" or (form == "auto" and sys.stderr.isatty())
    output.setFormatter(ForPeople() if readable else ForMachines())
    logging.basicConfig(level=level.upper(), handlers=[output], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    access_log.begin(output.later if logging.root.isEnabledFor(logging.INFO) else None, readable=readable)
