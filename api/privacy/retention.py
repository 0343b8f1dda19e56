"""Units of work on what nobody needs any more: found by reading at length, deleted by key, some at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, exists, select, tuple_

from api.accounts.queries import tombstones
from api.domain.retention import RECEIPTS_KEPT, TOMBSTONES_KEPT
from api.privacy import queries
from api.privacy.parts import all_parts


@dataclass(frozen=True, slots=True)
class Outdated:
    """Rows of a table that may go."""

    table: Table
    which: ColumnElement[bool]

    def find(self, db: Connection, *, at_most: int) -> Sequence[Row[Any]]:
        """Their keys."""
        return db.execute(select(*self.table.primary_key.columns).where(self.which).limit(at_most)).all()

    def drop(self, db: Connection, *, keys: Sequence[Row[Any]]) -> int:
        """Those of the keys that still may go; how many there were."""
        here = tuple_(*self.table.primary_key.columns).in_([tuple(key) for key in keys])
        return db.execute(delete(self.table).where(here, self.which)).rowcount


def outdated(now: datetime) -> Iterator[Outdated]:
    for part in all_parts():
        if "expires_at" in part.table.c:
            yield Outdated(part.table, expired(part.table, now))
    yield Outdated(tombstones, tombstones.c.deleted_at < now - TOMBSTONES_KEPT)
    receipts = queries.erasures
    yield Outdated(receipts, receipts.c.erasing.is_(None) & (receipts.c.erased_at < now - RECEIPTS_KEPT))


def expired(table: Table, now: datetime) -> ColumnElement[bool]:
    """Of tokens each person's newest stay: by them it is known when the person was last there."""
    over = table.c.expires_at < now
    if "created_at" not in table.c:
        return over
    later = table.alias("later")
    newer = exists().where(later.c.user_id == table.c.user_id, later.c.created_at > table.c.created_at)
    return over & newer


def idle_guests(db: Connection, *, idle: timedelta, now: datetime, at_most: int) -> Sequence[UUID]:
    asked = {"before": now - idle, "at_most": at_most}
    return db.execute(queries.IDLE_GUESTS, asked).scalars().all()
