"""The end of a session, complete or before its time. One winner among rivals."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from api.accounts.service import next_revision, require_health_consent
from api.domain.errors import TimeAhead
from api.domain.pain import Rating
from api.domain.practice import Status, StopReason, is_ahead, is_too_old
from api.domain.today import Offered
from api.screening import service as screening
from api.sessions.keeping import Change, SessionView, Write, altered, keep, rated
from api.sessions.recording import Record, recorded, recounted
from api.sessions.refusals import EndBeforeStart, SessionEnded, TimeTooOld
from api.sessions.service import read


@dataclass(frozen=True, slots=True)
class Ending:
    """How a session ends. A `reason` makes it an end before time."""

    ended_at: datetime | None
    digest: bytes
    reason: StopReason | None = None
    pain_after: tuple[Rating, ...] = ()
    effort: int | None = None
    note: str | None = None
    record: Record | None = None

    @property
    def status(self) -> Status:
        return self.reason.status if self.reason else Status.COMPLETED


def end(
    db: Connection,
    *,
    user_id: UUID,
    app: str | None,
    session_id: UUID,
    ending: Ending,
    offered: Offered,
    now: datetime,
) -> SessionView:
    """Ends an active session; the same request again gives the stored outcome again.

    Raises SessionNotFound, SessionDeleted, SessionEnded, TimeAhead, TimeTooOld, EndBeforeStart, RecordContradicts,
    ConsentRequired.
    """
    write = Write(next_revision(db, user_id=user_id), app, now, offered)
    before = read(db, user_id=user_id, session_id=session_id)
    after = ended(before, ending, write)
    if after is before:
        return before
    if ending.reason is StopReason.RED_FLAG:
        screening.lock(db, person=write.person, app=app, at=after.row.ended_at, now=now, zone=after.row.zone)
    return keep(db, write, [Change(before, after)])[0]


def ended(view: SessionView, ending: Ending, write: Write) -> SessionView:
    """The session as it ended; itself where it has ended just so before.

    Raises SessionEnded, TimeAhead, TimeTooOld, EndBeforeStart, RecordContradicts, ConsentRequired.
    """
    row, ended_at = view.row, ending.ended_at or write.now
    if row.status != Status.ACTIVE:
        return ended_already(view, ending)
    check_end(row, ended_at, write.now)
    if ending.note:
        require_health_consent(write.person)
    if ending.record:
        view = recorded(view, ending.record, write, within="/record")
    ratings = (*view.ratings, *rated(write, ending.pain_after, at=ended_at))
    return recounted(altered(view, end_changes(ending, ended_at, write), ratings))


def ended_already(view: SessionView, ending: Ending) -> SessionView:
    if view.row.end_digest != ending.digest or view.row.status != ending.status:
        raise SessionEnded(state={"session": view})
    return view


def check_end(row: Row[Any], ended_at: datetime, now: datetime) -> None:
    if is_ahead(ended_at, now):
        raise TimeAhead("The end is more than five minutes ahead of the server's clock.")
    if is_too_old(row.started_at, now):
        raise TimeTooOld("The session began more than 30 days ago.")
    if ended_at < row.started_at:
        raise EndBeforeStart


def end_changes(ending: Ending, ended_at: datetime, write: Write) -> dict[str, Any]:
    return {
        "revision": write.person.revision,
        "touched_at": write.now,
        "status": ending.status,
        "ended_at": ended_at,
        "end_received_at": write.now,
        "end_app": write.app,
        "end_digest": ending.digest,
        "reason": ending.reason,
        "effort": ending.effort,
        "note": ending.note,
    }
