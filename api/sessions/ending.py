"""The end of a session, complete or before its time. One winner among rivals."""

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from api.accounts.service import next_revision, require_health_consent
from api.domain.errors import TimeAhead
from api.domain.pain import Rating
from api.domain.planned import is_plan_id
from api.domain.practice import Status, StopReason, is_ahead, is_too_old, local_date, next_due
from api.progress import fold
from api.progress import service as progress
from api.screening import service as screening
from api.sessions import plans
from api.sessions.recording import Record, Write, accept, outcome_of, update
from api.sessions.refusals import EndBeforeStart, SessionEnded, TimeTooOld
from api.sessions.service import SessionView, finished_of, rate, ratings_of, require, view_of


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
    db: Connection, *, user_id: UUID, app: str | None, session_id: UUID, ending: Ending, now: datetime
) -> SessionView:
    """Ends an active session; the same request again gives the stored outcome again.

    Raises SessionNotFound, SessionDeleted, SessionEnded, TimeAhead, TimeTooOld, EndBeforeStart, RecordContradicts,
    ConsentRequired.
    """
    write = Write(next_revision(db, user_id=user_id), app, now)
    row = require(db, user_id=user_id, session_id=session_id)
    if row.status != Status.ACTIVE:
        return ended_already(db, row, ending)
    ended_at = ending.ended_at or now
    check_end(row, ended_at, now)
    if ending.note:
        require_health_consent(write.person)
    plan = plans.kept(db, digest=row.plan)
    recorded = accept(db, row, ending.record, plan, write, within="/record") if ending.record else {}
    changes = recorded | end_changes(ending, ended_at, write)
    rate(db, row, ending.pain_after, person=write.person, app=app, at=ended_at, now=now)
    ratings = ratings_of(db, row)
    finished = finished_of(SimpleNamespace(**row._asdict() | changes), plan, ratings)
    changes |= {"active_ms": finished.active_ms, "outcome": outcome_of(finished, ratings)}
    if ending.reason is StopReason.RED_FLAG:
        screening.lock(db, person=write.person, app=app, at=ended_at, now=now)
    fold.apply(db, user_id=user_id, revision=write.person.revision, session=finished)
    if ending.status is Status.COMPLETED:
        changes["outcome"] |= looking_on(db, write.person, row.routine, now)
    return SessionView(update(db, row, changes), ratings, plan)


def ended_already(db: Connection, row: Row[Any], ending: Ending) -> SessionView:
    view = view_of(db, row)
    if row.end_digest != ending.digest or row.status != ending.status:
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


def looking_on(db: Connection, person: Row[Any], routine: str, now: datetime) -> dict[str, Any]:
    """Progress as it stands with this session, and when the next one is due."""
    today = local_date(now, person.zone, person.day_cutoff_min)
    summary = progress.summary_on(db, user_id=person.id, today=today, target=person.weekly_target)
    last = summary.last_day or today
    return {
        "progress": {
            "sessions": summary.sessions,
            "days_in_a_row": summary.days_in_a_row,
            "week_sessions": summary.week.sessions,
            "week_target": summary.week.target,
        },
        "next": {
            "plan" if is_plan_id(routine) else "routine": routine,
            "due_on": next_due(last, person.weekly_target).isoformat(),
        },
    }
