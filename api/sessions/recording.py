"""The record of a session: one document, as often as the phone likes, before and after the session ends."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from api.accounts.service import next_revision
from api.domain.errors import Fault, TimeAhead
from api.domain.pain import Rating
from api.domain.practice import Status, is_ahead, is_too_old
from api.sessions.counted import outcome_of
from api.sessions.keeping import RECORDED, Change, SessionView, Write, altered, counted, keep, rated
from api.sessions.plans import KeptPlan, PlannedStep
from api.sessions.refusals import RecordContradicts, TimeTooOld
from api.sessions.service import read


@dataclass(frozen=True, slots=True)
class Record:
    """All that was done so far: `document` has the steps and pauses as they were sent."""

    document: Mapping[str, Any]
    ratings: tuple[Rating, ...]
    recorded_at: datetime | None
    digest: bytes


def put_record(
    db: Connection, *, user_id: UUID, app: str | None, session_id: UUID, record: Record, now: datetime
) -> SessionView:
    """Keeps the record unless a later one is there; a session that has ended is counted anew by it.

    Raises SessionNotFound, SessionDeleted, TimeAhead, TimeTooOld, RecordContradicts, ConsentRequired.
    """
    write = Write(next_revision(db, user_id=user_id), app, now)
    before = read(db, user_id=user_id, session_id=session_id)
    after = recorded(before, record, write)
    return before if after is before else keep(db, write, [Change(before, after)])[0]


def recorded(view: SessionView, record: Record, write: Write, *, within: str = "") -> SessionView:
    """The session with the record; itself where it is there already or a later one is.

    `within` is where the record stands in the request. Raises TimeAhead, TimeTooOld, RecordContradicts,
    ConsentRequired.
    """
    row = view.row
    if row.record is not None and row.record_digest == record.digest:
        return view
    check_times(record, row, write.now)
    faults = (*step_faults(record, view.plan), *pause_faults(record), *rating_faults(record, view.plan, row.started_at))
    if faults:
        raise RecordContradicts(faults=tuple(replace(fault, pointer=within + fault.pointer) for fault in faults))
    return with_record(view, record, write) if supersedes(record, row) else view


def with_record(view: SessionView, record: Record, write: Write) -> SessionView:
    others = [rating for rating in view.ratings if rating.moment not in RECORDED]
    own = rated(write, record.ratings, at=record.recorded_at or write.now)
    after = altered(view, record_changes(record, write), (*others, *own))
    return after if view.row.status == Status.ACTIVE else recounted(after)


def recounted(view: SessionView) -> SessionView:
    """Lets the outcome follow a record that came after the end."""
    finished = counted(view)
    outcome = {**(view.row.outcome or {}), **outcome_of(finished, view.ratings)}
    return altered(view, {"active_ms": finished.active_ms, "outcome": outcome}, finished=finished)


def supersedes(record: Record, row: Row[Any]) -> bool:
    """Whether it takes the place of the record that is there.

    Two that the device has dated go by their instants, and of equal ones by their digests, so that any order ends the
    same. Otherwise the one that came last wins: the clocks of device and server do not compare.
    """
    if row.record is None or row.recorded_at is None or record.recorded_at is None:
        return True
    return (record.recorded_at, record.digest) > (row.recorded_at, row.record_digest)


def check_times(record: Record, row: Row[Any], now: datetime) -> None:
    if any(at and is_ahead(at, now) for at in (record.recorded_at, *(rating.at for rating in record.ratings))):
        raise TimeAhead("A time in the record is more than five minutes ahead of the server's clock.")
    if is_too_old(row.end_received_at or row.started_at, now):
        raise TimeTooOld("The session ended, or began, more than 30 days ago.")


def step_faults(record: Record, plan: KeptPlan) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, step in enumerate(record.document["steps"]):
        planned, path = plan.steps.get(step["step"]), f"/steps/{place}"
        if planned is None:
            yield Fault(f"{path}/step", "unknown_step", "Name a step by its id in the session's timeline")
            continue
        if step["step"] in seen:
            yield Fault(f"{path}/step", "repeated_step", "Name each step once")
        seen.add(step["step"])
        yield from misfits(step, planned, path)


def misfits(step: Mapping[str, Any], planned: PlannedStep, path: str) -> Iterator[Fault]:
    if step.get("side", planned.side) != planned.side:
        yield Fault(f"{path}/side", "wrong_side", "Give the side that the step has in the timeline, or none")
    for dose in ("held_s", "reps"):
        if dose in step and dose != planned.counted:
            yield Fault(f"{path}/{dose}", "wrong_dose", "Holds take `held_s`, repetitions `reps`, other steps none")


def pause_faults(record: Record) -> Iterator[Fault]:
    for place, pause in enumerate(record.document["pauses"]):
        if pause["to_ms"] < pause["from_ms"]:
            yield Fault(f"/pauses/{place}/to_ms", "pause_backwards", "A pause ends after it begins")


def rating_faults(record: Record, plan: KeptPlan, started_at: datetime) -> Iterator[Fault]:
    for place, rating in enumerate(record.ratings):
        if rating.step is not None and rating.step not in plan.steps:
            yield Fault(f"/ratings/{place}/step", "unknown_step", "Name a step by its id in the session's timeline")
        if rating.at and rating.at < started_at:
            yield Fault(f"/ratings/{place}/at", "before_start", "A rating of the session comes after its start")


def record_changes(record: Record, write: Write) -> dict[str, Any]:
    return {
        "revision": write.person.revision,
        "touched_at": write.now,
        "record": dict(record.document),
        "recorded_at": record.recorded_at,
        "record_received_at": write.now,
        "record_app": write.app,
        "record_digest": record.digest,
    }
