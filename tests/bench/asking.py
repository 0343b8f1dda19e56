"""What the driver is asked while a unit of work runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from api.db import prepared

Asked = tuple[str, list[Any]]
"""A statement, and its parameters once for each time that it is run."""


@contextmanager
def noting() -> Iterator[list[Asked]]:
    """The hot paths run prepared statements only; these two functions hand them to the driver."""
    ask, tell, asked = prepared.ask, prepared.tell, list[Asked]()

    def asking(db: Connection, sql: str, parameters: Any) -> list[Any]:
        asked.append((sql, [parameters]))
        return ask(db, sql, parameters)

    def telling(db: Connection, sql: str, rows: list[Any]) -> int:
        asked.append((sql, rows))
        return tell(db, sql, rows)

    prepared.ask, prepared.tell = asking, telling
    try:
        yield asked
    finally:
        prepared.ask, prepared.tell = ask, tell
