"""Units that move a session on: its record, its completion, its end before time. One winner among rivals."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from api.accounts.service import next_revision, require_health_consent
from api.domain.errors import Fault
from api.domain.pain import Moment, Rating, change
from api.domain.practice import Finished, Status, StopReason, is_ahead, is_too_old, local_date, next_due
from api.progress import fold
from api.progress import service as progress
from api.sessions import plans, queries
from api.sessions.plans import KeptPlan
from api.sessions.refusals import EndBeforeStart, RecordContradicts, SessionEnded, TimeAhead, TimeTooOld
from api.sessions.service import SessionView, finished_of, rate, ratings_of, require, view_of


@dataclass(frozen=True, slots=True)
class Record:
    """All that was done so far: `document` has the steps and pauses as they were sent."""

    document: Mapping[str, Any]
    ratings: tuple[Rating, ...]
    recorded_at: datetime | None
    digest: bytes


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


@dataclass(frozen=True, slots=True)
class Write:
    """By whom and when a change comes in; `person` as `next_revision` gave them."""

    person: Row[Any]
    app: str | None
    now: datetime

    @property
    def revision(self) -> int:
        return int(self.person.revision)


def put_record(
    db: Connection, *, user_id: UUID, app: str | None, session_id: UUID, record: Record, now: datetime
) -> SessionView:
    """Keeps the record unless a later one is there; a completed session is counted anew by it.

    Of two records of the same instant the one with the greater digest wins, so that any order ends the same.
    Raises SessionNotFound, SessionDeleted, TimeAhead, TimeTooOld, RecordContradicts, ConsentRequired.
    """
    write = Write(next_revision(db, user_id=user_id), app, now)
    row = require(db, user_id=user_id, session_id=session_id)
    if not supersedes(record, row, now):
        return view_of(db, row)
    plan = plans.kept(db, digest=row.plan)
    check_record(record, row, plan, now)
    changed = update(db, row, record_changes(db, row, record, write))
    if row.status == Status.COMPLETED:
        changed = recount(db, row, changed, plan)
    return SessionView(changed, ratings_of(db, changed), plan)


def end(
    db: Connection, *, user_id: UUID, app: str | None, session_id: UUID, ending: Ending, now: datetime
) -> SessionView:
    """Ends an active session; the same request again gives the stored outcome again.

    Raises SessionNotFound, SessionDeleted, SessionEnded, TimeAhead, TimeTooOld, EndBeforeStart, RecordContradicts,
    ConsentRequired.
    """
    person = next_revision(db, user_id=user_id)
    write = Write(person, app, now)
    row = require(db, user_id=user_id, session_id=session_id)
    if row.status != Status.ACTIVE:
        return ended_already(db, row, ending)
    ended_at = ending.ended_at or now
    check_end(row, ended_at, now)
    if ending.note:
        require_health_consent(person)
    plan = plans.kept(db, digest=row.plan)
    changes = end_changes(ending, ended_at, write)
    if ending.record and supersedes(ending.record, row, now):
        check_record(ending.record, row, plan, now, within="/record")
        changes = record_changes(db, row, ending.record, write) | changes
    rate(db, row, ending.pain_after, person=person, app=app, at=ended_at, now=now)
    ratings = ratings_of(db, row)
    finished = finished_of(SimpleNamespace(**row._asdict() | changes), plan)
    changes["active_ms"] = finished.active_ms
    changes["outcome"] = outcome_of(finished, ratings)
    if ending.status is Status.COMPLETED:
        fold.apply(db, user_id=user_id, session=finished)
        changes["outcome"] |= looking_on(db, person, row.routine, now)
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


def supersedes(record: Record, row: Row[Any], now: datetime) -> bool:
    if row.recorded_at is None:
        return True
    if row.record_digest == record.digest:
        return False
    return (record.recorded_at or now, record.digest) > (row.recorded_at, row.record_digest)


def check_record(record: Record, row: Row[Any], plan: KeptPlan, now: datetime, *, within: str = "") -> None:
    """Raises TimeAhead, TimeTooOld, or RecordContradicts naming each step and pause that cannot be."""
    if any(at and is_ahead(at, now) for at in (record.recorded_at, *(rating.at for rating in record.ratings))):
        raise TimeAhead("A time in the record is more than five minutes ahead of the server's clock.")
    if is_too_old(row.end_received_at or row.started_at, now):
        raise TimeTooOld("The session ended, or began, more than 30 days ago.")
    faults = [*step_faults(record.document["steps"], plan), *pause_faults(record.document["pauses"])]
    if faults:
        raise RecordContradicts(faults=tuple(replace(fault, pointer=within + fault.pointer) for fault in faults))


def step_faults(steps: Sequence[Mapping[str, Any]], plan: KeptPlan) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, step in enumerate(steps):
        if step["step"] not in plan.steps:
            yield Fault(f"/steps/{place}/step", "unknown_step", "The timeline has no step of that id")
        elif step["step"] in seen:
            yield Fault(f"/steps/{place}/step", "repeated_step", "Name each step once")
        seen.add(step["step"])


def pause_faults(pauses: Sequence[Mapping[str, int]]) -> Iterator[Fault]:
    for place, pause in enumerate(pauses):
        if pause["to_ms"] < pause["from_ms"]:
            yield Fault(f"/pauses/{place}/to_ms", "pause_backwards", "A pause ends after it begins")


def record_changes(db: Connection, row: Row[Any], record: Record, write: Write) -> dict[str, Any]:
    recorded_at = record.recorded_at or write.now
    key = {"user_id": row.user_id, "session_id": row.id, "moment": Moment.WORST}
    db.execute(queries.DELETE_RATINGS, key)
    rate(db, row, record.ratings, person=write.person, app=write.app, at=recorded_at, now=write.now)
    return {
        "revision": write.revision,
        "touched_at": write.now,
        "record": dict(record.document),
        "recorded_at": recorded_at,
        "record_received_at": write.now,
        "record_app": write.app,
        "record_digest": record.digest,
    }


def end_changes(ending: Ending, ended_at: datetime, write: Write) -> dict[str, Any]:
    return {
        "revision": write.revision,
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


def outcome_of(finished: Finished, ratings: tuple[Rating, ...]) -> dict[str, Any]:
    return {
        "exercises": [
            {"exercise": done.exercise, "held_s": done.held_s, "reps": done.reps} for done in finished.exercises
        ],
        "pain_change": change(ratings),
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
        "next": {"routine": routine, "due_on": next_due(last, person.weekly_target).isoformat()},
    }


def recount(db: Connection, before: Row[Any], after: Row[Any], plan: KeptPlan) -> Row[Any]:
    """Lets progress follow a record that came after the completion."""
    finished = finished_of(after, plan)
    fold.take_out(db, user_id=after.user_id, session=finished_of(before, plan))
    fold.apply(db, user_id=after.user_id, session=finished)
    outcome = {**after.outcome, **outcome_of(finished, ratings_of(db, after))}
    return update(db, after, {"active_ms": finished.active_ms, "outcome": outcome})


def update(db: Connection, row: Row[Any], changes: dict[str, Any]) -> Row[Any]:
    return db.execute(queries.CHANGE_SESSION, {"user_id_": row.user_id, "id_": row.id, **changes}).one()
