"""Keyset cursors: opaque to the caller, a place in an order to us."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BeforeValidator, Field

from api.domain.errors import Conflict
from api.web.wire import counted

T = TypeVar("T")
PageLimit = Annotated[int, Field(ge=1, le=100), BeforeValidator(counted)]


class CursorUnknown(Conflict):
    code = "cursor-unknown"
    title = "This cursor did not come from here"
    cure = "Start again without a cursor, and pass on `next` as it was given."


def cursor_of(at: datetime, row_id: UUID) -> str:
    return urlsafe_b64encode(f"{at.isoformat()}|{row_id}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> tuple[datetime, UUID]:
    """Raises CursorUnknown for anything that `cursor_of` did not make."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, row_id = text.split("|")
        place = datetime.fromisoformat(at), UUID(row_id)
        if place[0].utcoffset() != timedelta(0) or cursor_of(*place) != cursor:
            raise CursorUnknown
    except (ValueError, NotBase64) as error:
        raise CursorUnknown from error
    return place


def paged(unit: Callable[..., T]) -> Callable[..., T]:
    """A unit that begins `after` a place, as one that is told a cursor.

    The cursor is read within: whoever is nobody we know is told that first, whatever the cursor.
    """

    def from_cursor(db: object, *, cursor: str | None, **arguments: Any) -> T:
        return unit(db, after=None if cursor is None else place_of(cursor), **arguments)

    return from_cursor


@lru_cache(1024)
def listed_at(path: str, **filters: Hashable) -> str:
    """Where a list stands that is narrowed so; what is None does not narrow."""
    return f"{path}?{urlencode({name: value for name, value in filters.items() if value is not None})}"
