"""What happened to an account, kept for its owner. Without addresses: who called from where is not needed for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row
from uuid_utils.compat import uuid7

from api.accounts import queries
from api.domain.permission import SecurityEventKind


def note(
    db: Connection, *, user_id: UUID, kind: SecurityEventKind, app: str | None, now: datetime, about: str | None = None
) -> None:
    row = {"user_id": user_id, "id": uuid7(), "kind": kind, "at": now, "app": app, "about": about}
    db.execute(queries.INSERT_EVENT, row)


def list_events(db: Connection, *, user_id: UUID, after: tuple[datetime, UUID] | None, limit: int) -> list[Row[Any]]:
    """At most `limit`, the newest first, and one more where there are more."""
    return queries.events(db, user_id=user_id, before=after[1] if after else None, limit=limit + 1)
