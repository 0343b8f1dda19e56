"""Days that a person freezes: nothing is asked on them, and nothing is lost by them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from api.accounts.service import bury, is_buried, next_revision
from api.adherence import service as adherence
from api.domain.adherence import FREEZE, Closed
from api.domain.errors import Conflict, Gone, NotFound

KIND = "freeze"
DAYS_AT_MOST = 366


class FreezeNotFound(NotFound):
    code = "freeze-not-found"
    title = "There is no such freeze"
    cure = "Check the id; `GET /v1/me/freezes` lists those that there are."


class FreezeDeleted(Gone):
    code = "freeze-deleted"
    title = "This freeze was deleted"
    cure = "Remove it from the device; freeze days anew under a new id."


class FreezeTooLong(Conflict):
    code = "freeze-too-long"
    title = "These days cannot be frozen"
    cure = f"Give a first and a later or equal last day, at most {DAYS_AT_MOST} days."


@dataclass(frozen=True, slots=True)
class Freeze:
    first_day: date
    last_day: date
    reason: str | None


def put_freeze(
    db: Connection, *, user_id: UUID, app: str | None, freeze_id: UUID, freeze: Freeze, now: datetime
) -> Row[Any]:
    """Freezes days, or changes which they are; the same again changes nothing. Raises FreezeTooLong, FreezeDeleted."""
    if not 0 <= (freeze.last_day - freeze.first_day).days < DAYS_AT_MOST:
        raise FreezeTooLong
    write = adherence.Write(user_id, next_revision(db, user_id=user_id).revision, app, now)
    kept = adherence.find(db, user_id=user_id, closed_id=freeze_id)
    if kept is None and is_buried(db, user_id=user_id, kind=KIND, row_id=freeze_id):
        raise FreezeDeleted
    if kept is None or (kept.first_day, kept.last_day, kept.reason) != (*days_of(freeze), freeze.reason):
        days = Closed(*days_of(freeze))
        adherence.close(db, write, closed_id=freeze_id, days=days, kind=FREEZE, reason=freeze.reason)
    return require(db, user_id=user_id, freeze_id=freeze_id)


def days_of(freeze: Freeze) -> tuple[date, date]:
    return freeze.first_day, freeze.last_day


def delete_freeze(db: Connection, *, user_id: UUID, app: str | None, freeze_id: UUID, now: datetime) -> None:
    """Deleting again changes nothing. Raises FreezeNotFound."""
    del app
    revision = next_revision(db, user_id=user_id).revision
    if is_buried(db, user_id=user_id, kind=KIND, row_id=freeze_id):
        return
    adherence.open_again(db, user_id=user_id, closed=require(db, user_id=user_id, freeze_id=freeze_id))
    bury(db, user_id=user_id, kind=KIND, row_id=freeze_id, revision=revision, now=now)


def require(db: Connection, *, user_id: UUID, freeze_id: UUID) -> Row[Any]:
    """Raises FreezeNotFound; a lock is none."""
    row = adherence.find(db, user_id=user_id, closed_id=freeze_id)
    if row is None or row.kind != FREEZE:
        raise FreezeNotFound
    return row


def list_freezes(db: Connection, *, user_id: UUID) -> list[Row[Any]]:
    """In the order of their first days."""
    return [row for row in adherence.list_closed(db, user_id=user_id) if row.kind == FREEZE]
