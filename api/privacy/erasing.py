"""Units of work that take a person out, a bounded number of rows at a time."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row
from uuid_utils.compat import uuid7

from api.accounts.refusals import AccountMoved
from api.accounts.service import next_revision
from api.domain.errors import Unauthenticated
from api.privacy import queries
from api.privacy.chores import SCRUB, make_due
from api.privacy.parts import erasing_order

ROWS_AT_ONCE = 1000
"""So many rows go in one unit, which keeps nobody else waiting for long."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`erased` counts the rows that went, by part. It is `finished` when none is left."""

    id: UUID
    erased_at: datetime
    erased: dict[str, int]
    finished: bool


def erase(db: Connection, *, user_id: UUID, app: str | None, asked_by: bytes, now: datetime) -> Receipt:
    """Signs the person out everywhere and deletes their rows, or the first of many: `go_on` deletes the rest.

    `asked_by` is the digest of the token that asked.
    """
    del app
    next_revision(db, user_id=user_id)
    begin(db, user_id=user_id, asked_by=asked_by, now=now)
    return go_on(db, erasure=receipt_for(db, asked_by=asked_by).id)


def erase_idle_guest(db: Connection, *, user_id: UUID, before: datetime, now: datetime) -> Receipt | None:
    """As `erase`, unless the guest was there since."""
    try:
        next_revision(db, user_id=user_id)
    except AccountMoved:
        return None
    asked = {"user_id": user_id, "before": before, "at_most": 1}
    if db.execute(queries.IS_IDLE_GUEST, asked).one_or_none() is None:
        return None
    return go_on(db, erasure=begin(db, user_id=user_id, asked_by=None, now=now))


def begin(db: Connection, *, user_id: UUID, asked_by: bytes | None, now: datetime) -> UUID:
    erasure = uuid7()
    row: dict[str, Any] = {"id": erasure, "asked_by": asked_by, "erasing": user_id, "erased_at": now, "counts": {}}
    db.execute(queries.BEGIN_ERASURE, row)
    make_due(db, name=SCRUB, at=now)
    return erasure


def go_on(db: Connection, *, erasure: UUID) -> Receipt:
    """Deletes some more of what an erasure has to, and says whether that was all."""
    row = db.execute(queries.ERASURE, {"id": erasure}).one()
    if row.erasing is None:
        return receipt_of(row)
    counts, left = Counter(row.counts), ROWS_AT_ONCE
    for part in erasing_order():
        gone = part.erase(db, row.erasing, left)
        counts[part.name] += gone
        left -= gone
        if not left:
            break
    changes: dict[str, Any] = {"counts": dict(+counts), "erasing": None if left else row.erasing}
    return receipt_of(db.execute(queries.CHANGE_ERASURE, {"id_": erasure, **changes}).one())


def receipt_for(db: Connection, *, asked_by: bytes) -> Receipt:
    """What the token of that digest was told when it asked for the erasure; raises Unauthenticated."""
    row = db.execute(queries.ERASURE_ASKED_BY, {"asked_by": asked_by}).one_or_none()
    if row is None:
        raise Unauthenticated
    return receipt_of(row)


def receipt_of(row: Row[Any]) -> Receipt:
    return Receipt(row.id, row.erased_at, row.counts, finished=row.erasing is None)


def under_way(db: Connection) -> list[UUID]:
    """Erasures that a stop of the server broke off, or that somebody is at just now."""
    return list(db.execute(queries.ERASURES_UNDER_WAY).scalars())
