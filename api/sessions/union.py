"""What becomes of a guest's sessions when the guest joins an account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from api.adherence.queries import closed
from api.db.moving import hand_over
from api.domain.practice import Status
from api.progress.service import Kept
from api.sessions import queries
from api.sessions.service import count_anew, drop

TABLES = (queries.sessions, queries.ratings, closed)


@dataclass(frozen=True, slots=True)
class Sides:
    """The guest and the account, whose revision it is."""

    guest: UUID
    account: UUID
    revision: int
    now: datetime

    @property
    def both_ways(self) -> tuple[tuple[UUID, UUID], tuple[UUID, UUID]]:
        return (self.guest, self.account), (self.account, self.guest)

    def drop(self, db: Connection, side: UUID, session_id: UUID) -> None:
        """Deletes a session of one side. The guest's devices begin anew; the account's hear what went with it."""
        if side == self.account:
            drop(db, user_id=side, session_id=session_id, revision=self.revision, now=self.now)
        else:
            db.execute(queries.DELETE_SESSION, {"user_id": side, "id": session_id})


def union(
    db: Connection, *, source: UUID, target: UUID, revision: int, now: datetime, foreseen: Kept | None = None
) -> dict[str, object]:
    """Sessions by their id, with their ratings, and frozen and locked days; progress is counted anew.

    Of two that share an id and differ, the one that has ended stays, or else the one touched last. What was deleted on
    either side, session or rating, stays deleted. The answer counts what came over and names both kinds.
    """
    sides = Sides(source, target, revision, now)
    deleted = deleted_elsewhere(db, sides)
    differing = settle(db, sides)
    came = len(db.execute(queries.IDS, {"user_id": source}).all())
    for table in TABLES:
        hand_over(db, table, source=source, target=target, revision=revision)
    # A rating that both had stays with the session that stays.
    db.execute(queries.UNBURY_RATINGS, {"user_id": target})
    count_anew(db, user_id=target, revision=revision, foreseen=foreseen)
    return {"sessions": came, "differing": differing, "deleted": deleted}


def deleted_elsewhere(db: Connection, sides: Sides) -> list[str]:
    """Deletes on each side what was deleted on the other; the ids of sessions."""
    found: list[str] = []
    for mine, theirs in sides.both_ways:
        asked = {"user_id": mine, "other_id": theirs}
        db.execute(queries.DELETE_RATINGS_BURIED_BY, asked)
        for row in db.execute(queries.BURIED_BY, asked).all():
            sides.drop(db, mine, row.id)
            found.append(str(row.id))
    return sorted(found)


def settle(db: Connection, sides: Sides) -> list[dict[str, str]]:
    """Leaves each id on one side only; those whose content differed, and the side that stays."""
    differing = []
    for row in db.execute(queries.SHARED, {"source": sides.guest, "target": sides.account}).all():
        theirs, mine = (sides_row(db, user_id, row.id) for user_id in (sides.guest, sides.account))
        guests = rank(theirs) > rank(mine)
        sides.drop(db, sides.account if guests else sides.guest, row.id)
        if content(theirs) != content(mine):
            differing.append({"id": str(row.id), "kept": "guest" if guests else "account"})
    return differing


def sides_row(db: Connection, user_id: UUID, session_id: UUID) -> Row[Any]:
    return queries.STANDING.one(db, {"user_id": user_id, "id": session_id, "plan": None})


def rank(row: Row[Any]) -> tuple[bool, datetime, bytes]:
    return row.status != Status.ACTIVE, row.touched_at, row.start_digest


def content(row: Row[Any]) -> tuple[bytes, bytes | None, bytes | None]:
    return row.start_digest, row.record_digest, row.end_digest
