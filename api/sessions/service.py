"""Units of work on sessions: start, read, list, delete, and the counting that proves progress right."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row
from uuid_utils.compat import uuid7

from api.accounts.service import bury, next_revision, require_health_consent
from api.domain import trend
from api.domain.errors import Refusal, TimeAhead
from api.domain.finished import Finished, Lived, noted_of
from api.domain.pain import BodySide, Moment, Rating, Region
from api.domain.practice import (
    ExerciseDone,
    HistoryFilter,
    Pause,
    Status,
    StepDone,
    StepResult,
    StopReason,
    active_ms,
    exercises_done,
    is_ahead,
    is_too_old,
    local_date,
)
from api.progress import fold, ladders
from api.progress import service as progress
from api.routines.service import Plan
from api.screening import service as screening
from api.sessions import plans, queries
from api.sessions.planning import Planned
from api.sessions.plans import KeptPlan
from api.sessions.refusals import RatingRepeated, SessionDeleted, SessionDiffers, SessionNotFound, TimeTooOld

PlanIn = Callable[..., Planned | Refusal]


@dataclass(frozen=True, slots=True)
class Start:
    """A start as it was sent; what is None was left to the server, and of the level to the person's own levels.

    `digest` is that of the whole request.
    """

    id: UUID | None
    level: int | None
    language: str | None
    zone: str | None
    started_at: datetime | None
    pain_before: tuple[Rating, ...]
    digest: bytes


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session with what belongs to it."""

    row: Row[Any]
    ratings: tuple[Rating, ...]
    plan: KeptPlan


def start(
    db: Connection, *, user_id: UUID, app: str | None, wanted: Start, plan_in: PlanIn, now: datetime
) -> tuple[SessionView, bool]:
    """The session, and whether it is new: the same request again gives the same session.

    `plan_in` gives the plan for a person, in the language asked for or in the usual one, or the refusal that a new
    session meets. Raises that, SessionDiffers, SessionDeleted, TimeAhead, TimeTooOld, ConsentRequired.
    """
    person = next_revision(db, user_id=user_id)
    standing = screening.read_standing(db, user_id=user_id)
    started_at, zone = wanted.started_at or now, wanted.zone or person.zone
    day = local_date(started_at, zone, person.day_cutoff_min)
    levels = partial(ladders.states, db, user_id=user_id)
    planned = plan_in(asked=wanted.language, usual=person.language, standing=standing, now=now, day=day, levels=levels)
    plan = planned.plan if isinstance(planned, Planned) else None
    session_id = wanted.id or uuid7()
    known = stand(db, user_id=user_id, session_id=session_id, plan=plan)
    if known.id:
        return replayed(db, known, wanted.digest), False
    if isinstance(planned, Refusal):
        raise planned
    check_start(started_at, now)
    if known.kept_plan is None:
        plans.keep(db, plan=planned.plan, now=now)
    when = {"started_at": started_at, "zone": zone, "local_date": day}
    row = queries.insert_session(db, new_row(person, session_id, wanted, planned, app=app, now=now) | when)
    rate(db, row, wanted.pain_before, person=person, app=app, at=row.started_at, now=now)
    if planned.counts:
        screening.practised(db, person=person, app=app, at=row.started_at, now=now)
    return SessionView(row, wanted.pain_before, plans.known(planned.plan)), True


def new_row(
    person: Row[Any], session_id: UUID, wanted: Start, planned: Planned, *, app: str | None, now: datetime
) -> dict[str, Any]:
    plan = planned.plan
    asked_level = plan.timeline.level if wanted.level is None else wanted.level
    return {
        "user_id": person.id,
        "id": session_id,
        "revision": person.revision,
        "status": Status.ACTIVE,
        "routine": plan.timeline.routine,
        "plan": plan.digest,
        "content_version": plan.timeline.content_version,
        "language": plan.timeline.language,
        "asked_level": asked_level,
        "level": plan.timeline.level,
        "held_because": planned.held_because if wanted.level is None or plan.timeline.level < asked_level else None,
        "changes": planned.changes or None,
        "doses": planned.doses,
        "instead_of": planned.instead_of,
        "start_received_at": now,
        "start_app": app,
        "start_digest": wanted.digest,
        "touched_at": now,
    }


def replayed(db: Connection, row: Row[Any], digest: bytes) -> SessionView:
    view = view_of(db, row)
    if row.start_digest != digest:
        raise SessionDiffers(state={"session": view})
    return view


def check_start(started_at: datetime, now: datetime) -> None:
    if is_ahead(started_at, now):
        raise TimeAhead("`started_at` is more than five minutes ahead of the server's clock.")
    if is_too_old(started_at, now):
        raise TimeTooOld("`started_at` is more than 30 days ago.")


def stand(db: Connection, *, user_id: UUID, session_id: UUID, plan: Plan | None = None) -> Row[Any]:
    """How the id stands: `id` is empty where it is free; raises SessionDeleted where it is used up."""
    asked = {"user_id": user_id, "id": session_id, "plan": plan.digest if plan else None}
    row = queries.STANDING.one(db, asked)
    if row.deleted_at:
        raise SessionDeleted
    return row


def require(db: Connection, *, user_id: UUID, session_id: UUID) -> Row[Any]:
    """The session's row; raises SessionNotFound or SessionDeleted."""
    row = stand(db, user_id=user_id, session_id=session_id)
    if row.id is None:
        raise SessionNotFound
    return row


def rate(
    db: Connection,
    session: Row[Any],
    ratings: Sequence[Rating],
    *,
    person: Row[Any],
    app: str | None,
    at: datetime,
    now: datetime,
) -> None:
    """Adds ratings to a session; `at` is the instant of those that do not name their own.

    Raises ConsentRequired, RatingRepeated.
    """
    if not ratings:
        return
    require_health_consent(person)
    if len({(r.moment, r.region, r.side, r.step) for r in ratings}) < len(ratings):
        raise RatingRepeated
    shared = {"user_id": session.user_id, "session_id": session.id, "received_at": now, "app": app}
    rows = [
        {
            **shared,
            "id": uuid7(),
            "revision": person.revision,
            "moment": rating.moment,
            "region": rating.region,
            "side": rating.side,
            "value": rating.value,
            "step": rating.step,
            "at": rating.at or at,
        }
        for rating in ratings
    ]
    queries.INSERT_RATINGS.run_each(db, rows)


def view_of(db: Connection, row: Row[Any]) -> SessionView:
    return SessionView(row, ratings_of(db, row), plans.kept(db, digest=row.plan))


def ratings_of(db: Connection, session: Row[Any]) -> tuple[Rating, ...]:
    rows = queries.RATINGS.all(db, {"user_id": session.user_id, "session_id": session.id})
    return tuple(
        Rating(Region(r.region), BodySide(r.side), r.value, Moment(r.moment), at=r.at, step=r.step) for r in rows
    )


def read(db: Connection, *, user_id: UUID, session_id: UUID) -> SessionView:
    """Raises SessionNotFound or SessionDeleted."""
    return view_of(db, require(db, user_id=user_id, session_id=session_id))


def list_sessions(db: Connection, *, user_id: UUID, wanted: HistoryFilter, now: datetime, limit: int) -> list[Row[Any]]:
    """A page of at most `limit`, newest first, and one more row where there is another page."""
    return queries.history(db, user_id=user_id, wanted=wanted, now=now, limit=limit + 1)


def remove(db: Connection, *, user_id: UUID, app: str | None, session_id: UUID, now: datetime) -> None:
    """Deletes a session and takes it out of progress. Deleting again changes nothing. Raises SessionNotFound."""
    del app
    revision = next_revision(db, user_id=user_id).revision
    try:
        row = require(db, user_id=user_id, session_id=session_id)
    except SessionDeleted:
        return
    if row.status != Status.ACTIVE:
        plan = plans.kept(db, digest=row.plan)
        session = finished_of(row, plan, ratings_of(db, row))
        fold.take_out(db, user_id=user_id, revision=revision, session=session)
    db.execute(queries.DELETE_SESSION, {"user_id": user_id, "id": session_id})
    bury(db, user_id=user_id, kind=queries.KIND, row_id=session_id, revision=revision, now=now)


def finished_of(row: Row[Any] | Any, plan: KeptPlan, ratings: tuple[Rating, ...]) -> Finished:
    """What counts of a session that has ended; follows from its row, its plan and its ratings alone."""
    record: Mapping[str, Any] = row.record or {}
    pauses = [Pause(pause["from_ms"], pause["to_ms"]) for pause in record.get("pauses", ())]
    return Finished(
        session=row.id,
        at=row.started_at,
        day=row.local_date,
        active_ms=active_ms(row.started_at, row.ended_at, pauses, plan.longest_ms),
        exercises=exercises_of(row.status, record.get("steps", ()), plan),
        rating=trend.comparable(ratings),
        relieved=trend.is_relieved(ratings),
        counts=row.status == Status.COMPLETED,
        noted=noted_of(lived_of(row, record.get("steps", ()), plan, ratings), plan.ladder),
    )


def lived_of(
    row: Row[Any] | Any, steps: Sequence[Mapping[str, Any]], plan: KeptPlan, ratings: tuple[Rating, ...]
) -> Lived:
    """How a session that has ended went, for the ladders of its exercises."""
    done = ((plan.steps[step["step"]], step) for step in steps)
    return Lived(
        session=row.id,
        at=row.started_at,
        day=row.local_date,
        ended_at=row.ended_at,
        is_completed=row.status == Status.COMPLETED,
        reason=StopReason(row.reason) if row.reason else None,
        steps=[
            (planned.exercise, StepResult(step["result"]), StopReason(step["reason"]) if "reason" in step else None)
            for planned, step in done
            if planned.counted and planned.exercise
        ],
        ratings=ratings,
    )


def exercises_of(status: str, steps: Sequence[Mapping[str, Any]], plan: KeptPlan) -> tuple[ExerciseDone, ...]:
    """From the steps recorded. Where none is, completing says that every exercise was done, and stopping that none."""
    if not steps:
        return tuple(map(ExerciseDone, plan.exercises)) if status == Status.COMPLETED else ()
    done = ((step, plan.steps[step["step"]]) for step in steps)
    return exercises_done(
        tuple(
            StepDone(planned.exercise, StepResult(step["result"]), step.get("held_s", 0), step.get("reps", 0))
            for step, planned in done
            if planned.counted and planned.exercise
        )
    )


def finished_sessions(db: Connection, *, user_id: UUID) -> Iterator[Finished]:
    for row in queries.ended(db, user_id=user_id):
        yield finished_of(row, plans.kept(db, digest=row.plan), ratings_of(db, row))


def rebuild_progress(db: Connection, *, user_id: UUID) -> bool:
    """Makes the person's progress anew from the record; says whether it agreed before."""
    revision = next_revision(db, user_id=user_id).revision
    before = progress.snapshot(db, user_id=user_id)
    progress.forget(db, user_id=user_id)
    for session in finished_sessions(db, user_id=user_id):
        fold.apply(db, user_id=user_id, revision=revision, session=session)
    return before == progress.snapshot(db, user_id=user_id)
