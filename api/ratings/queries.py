"""Statements of ratings that came on their own: they alone have a digest of what was sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, tuple_

from api.db.changes import changed_after
from api.db.prepared import Prepared
from api.sessions.queries import ratings

OWN = ratings.c.digest.is_not(None)
ONE = Prepared(select(ratings).where(ratings.c.user_id == bindparam("user_id"), ratings.c.id == bindparam("id"), OWN))
CHANGED = changed_after(ratings, OWN)
INSERT = Prepared(insert(ratings))
DELETE = delete(ratings).where(ratings.c.user_id == bindparam("user_id"), ratings.c.id == bindparam("id"))


def page(db: Connection, *, user_id: UUID, after: tuple[datetime, UUID] | None, limit: int) -> list[Row[Any]]:
    """Newest first."""
    query = select(ratings).where(ratings.c.user_id == user_id, OWN)
    if after:
        query = query.where(tuple_(ratings.c.at, ratings.c.id) < after)
    return list(db.execute(query.order_by(ratings.c.at.desc(), ratings.c.id.desc()).limit(limit)))
