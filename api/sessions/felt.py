"""Ratings as the database has them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from api.domain.pain import BodySide, Moment, Rating, Region
from api.sessions import queries


def ratings_of(db: Connection, *, user_id: UUID, session_id: UUID) -> tuple[Rating, ...]:
    """All of a session's, in the order in which they came."""
    return tuple(map(rating_of, queries.RATINGS.all(db, {"user_id": user_id, "session_id": session_id})))


def rating_of(row: Row[Any]) -> Rating:
    return Rating(Region(row.region), BodySide(row.side), row.value, Moment(row.moment), at=row.at, step=row.step)
