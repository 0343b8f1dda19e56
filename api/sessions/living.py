"""A session that a phone lived offline and tells of later: started, recorded and ended by the rules of online calls.

What was done is not refused for a screening or a lock, and the plan is the one that the phone followed.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from api.catalogue.shelf import Content
from api.domain.errors import Refusal
from api.domain.practice import Status, StopReason
from api.domain.standing import practised_last
from api.screening import service as screening
from api.sessions import plans, queries
from api.sessions.ending import Ending, ended
from api.sessions.keeping import Change, SessionView, Write, altered, keep, views_of
from api.sessions.planning import Planned
from api.sessions.recording import Record, recorded
from api.sessions.refusals import SessionDeleted, TimeMissing
from api.sessions.starting import Start, begun, begun_again

Step = Callable[[SessionView | None, Write], SessionView]


@dataclass(frozen=True, slots=True)
class Lived:
    """`plan_done` gives the plan that the phone followed, or the refusal where there is no such."""

    id: UUID
    start: Start
    plan_done: Callable[..., Planned | Refusal]
    record: Record | None
    ending: Ending | None

    @property
    def steps_named(self) -> set[str]:
        records = (self.record, self.ending.record if self.ending else None)
        return {step["step"] for record in records if record for step in record.document["steps"]}

    def parts(self) -> Iterator[tuple[str, Step]]:
        """What it consists of, in order, each under its name on the wire."""
        yield "start", partial(started, self)
        if self.record:
            yield "record", partial(with_record, self.record)
        if self.ending:
            yield "abandon" if self.ending.reason else "complete", partial(with_end, self.ending)


@dataclass(frozen=True, slots=True)
class Known:
    """Of the sessions that a phone tells of: those that are here, and the ids of those that were deleted."""

    views: dict[UUID, SessionView]
    deleted: set[UUID]

    def view(self, session_id: UUID) -> SessionView | None:
        """Raises SessionDeleted."""
        if session_id in self.deleted:
            raise SessionDeleted
        return self.views.get(session_id)


def find_known(db: Connection, *, user_id: UUID, ids: Collection[UUID]) -> Known:
    rows = queries.sessions_of(db, user_id=user_id, ids=ids)
    views = {view.row.id: view for view in views_of(db, user_id, rows)}
    return Known(views, queries.deleted_of(db, user_id=user_id, ids=ids))


# The parts, in memory


def started(lived: Lived, view: SessionView | None, write: Write) -> SessionView:
    if view:
        return with_plan_done(begun_again(view, lived.start), lived, write)
    if lived.start.started_at is None:
        raise TimeMissing("`started_at` is missing.")
    return begun(lived.start, lived.id, planned_of(lived, write), write)


def with_record(record: Record, view: SessionView | None, write: Write) -> SessionView:
    assert view  # noqa: S101 - its start came before
    return recorded(view, record, write)


def with_end(ending: Ending, view: SessionView | None, write: Write) -> SessionView:
    assert view  # noqa: S101 - its start came before
    if view.row.status == Status.ACTIVE and ending.ended_at is None:
        raise TimeMissing("The instant of the end is missing.")
    return ended(view, ending, write)


def planned_of(lived: Lived, write: Write) -> Planned:
    planned = lived.plan_done(asked=lived.start.language, usual=write.person.language)
    if isinstance(planned, Refusal):
        raise planned
    return planned


def with_plan_done(view: SessionView, lived: Lived, write: Write) -> SessionView:
    """A start whose answer was lost leaves a plan that the phone never saw: then it has followed one of its own."""
    named, row = lived.steps_named, view.row
    if row.status != Status.ACTIVE or row.record is not None or named <= view.plan.steps.keys():
        return view
    planned = planned_of(lived, write)
    plan = plans.known(planned.plan)
    if not named <= plan.steps.keys():
        return view
    return replace(altered(view, plan_changes(planned, write)), plan=plan)


def plan_changes(planned: Planned, write: Write) -> dict[str, Any]:
    outline = planned.plan.outline
    return {
        "revision": write.person.revision,
        "touched_at": write.now,
        "plan": planned.plan.digest,
        "content_version": outline.content_version,
        "language": outline.language,
        "level": outline.level,
        "doses": planned.doses,
        "instead_of": None,
        "held_because": None,
        "changes": None,
    }


# To the database


def keep_lived(db: Connection, write: Write, content: Content, changes: Sequence[Change]) -> None:
    """Keeps sessions with their plans, and what follows from them for the person's screening."""
    plans.keep_missing(db, plans={change.after.row.plan: change.after.plan for change in changes}, now=write.now)
    keep(db, write, changes)
    standing = screening.read_standing(db, user_id=write.person.id)
    starts = [change.after.row.started_at for change in changes if change.before is None]
    if at := practised_last(standing, content.screening, starts):
        screening.practised(db, person=write.person, app=write.app, at=at, now=write.now)
    for row in (change.after.row for change in changes if is_flagged(change.after) and not is_flagged(change.before)):
        screening.lock(db, person=write.person, app=write.app, at=row.ended_at, now=write.now, zone=row.zone)


def is_flagged(view: SessionView | None) -> bool:
    return view is not None and view.row.reason == StopReason.RED_FLAG
