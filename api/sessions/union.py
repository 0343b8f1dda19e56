"""What becomes of a guest's sessions when the guest joins an account."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from api.adherence.queries import closed
from api.db.moving import hand_over
from api.domain.practice import Status
from api.sessions import queries
from api.sessions.service import rebuild_progress

TABLES = (queries.sessions, queries.ratings, closed)


def union(db: Connection, *, source: UUID, target: UUID, revision: int, now: datetime) -> dict[str, object]:
    """Sessions by their id, with their ratings, and frozen and locked days; progress is counted anew.

    Of two that share an id and differ, the one that has ended stays, or else the one touched last. What was deleted on
    either side stays deleted. The answer counts what came over and names both kinds.
    """
    del now
    deleted = deleted_elsewhere(db, source, target)
    differing = settle(db, source, target)
    came = len(db.execute(queries.IDS, {"user_id": source}).all())
    for table in TABLES:
        hand_over(db, table, source=source, target=target, revision=revision)
    rebuild_progress(db, user_id=target)
    return {"sessions": came, "differing": differing, "deleted": deleted}


def deleted_elsewhere(db: Connection, source: UUID, target: UUID) -> list[str]:
    """Deletes on each side what was deleted on the other; the ids."""
    found: list[str] = []
    for mine, theirs in ((source, target), (target, source)):
        for row in db.execute(queries.BURIED_BY, {"user_id": mine, "other_id": theirs}).all():
            db.execute(queries.DELETE_SESSION, {"user_id": mine, "id": row.id})
            found.append(str(row.id))
    return sorted(found)


def settle(db: Connection, source: UUID, target: UUID) -> list[dict[str, str]]:
    """Leaves each id on one side only; those whose content differed, and the side that stays."""
    differing = []
    for row in db.execute(queries.SHARED, {"source": source, "target": target}).all():
        theirs, mine = (sides_row(db, user_id, row.id) for user_id in (source, target))
        guests = rank(theirs) > rank(mine)
        db.execute(queries.DELETE_SESSION, {"user_id": target if guests else source, "id": row.id})
        if content(theirs) != content(mine):
            differing.append({"id": str(row.id), "kept": "guest" if guests else "account"})
    return differing


def sides_row(db: Connection, user_id: UUID, session_id: UUID) -> Row[Any]:
    return queries.STANDING.one(db, {"user_id": user_id, "id": session_id, "plan": None})


def rank(row: Row[Any]) -> tuple[bool, datetime, bytes]:
    return row.status != Status.ACTIVE, row.touched_at, row.start_digest


def content(row: Row[Any]) -> tuple[bytes, bytes | None, bytes | None]:
    return row.start_digest, row.record_digest, row.end_digest
