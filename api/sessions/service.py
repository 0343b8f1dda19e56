"""Units of work on sessions: start, read, list, delete, and the counting that proves progress right."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row
from uuid_utils.compat import uuid7

from api.accounts.service import bury, next_revision
from api.db.changes import After, Changed, asked
from api.domain.errors import Refusal
from api.domain.finished import Finished
from api.domain.practice import HistoryFilter
from api.progress import fold, ladders
from api.progress import service as progress
from api.progress.service import Kept
from api.routines.service import Plan
from api.screening import service as screening
from api.sessions import plans, queries
from api.sessions.keeping import Change, SessionView, Write, counted, keep, sessions_kept, view_of, views_of
from api.sessions.planning import Planned
from api.sessions.refusals import SessionDeleted, SessionNotFound
from api.sessions.starting import Start, begun, begun_again, day_of

PlanIn = Callable[..., Planned | Refusal]


def start(
    db: Connection, *, user_id: UUID, app: str | None, wanted: Start, plan_in: PlanIn, now: datetime
) -> tuple[SessionView, bool]:
    """The session, and whether it is new: the same request again gives the same session.

    `plan_in` gives the plan for a person, in the language asked for or in the usual one, or the refusal that a new
    session meets. Raises that, SessionDiffers, SessionDeleted, TimeAhead, TimeTooOld, ConsentRequired.
    """
    write = Write(next_revision(db, user_id=user_id), app, now)
    standing = screening.read_standing(db, user_id=user_id)
    day = day_of(wanted, write)
    levels = partial(ladders.states, db, user_id=user_id)
    planned = plan_in(
        asked=wanted.language, usual=write.person.language, standing=standing, now=now, day=day, levels=levels
    )
    plan = planned.plan if isinstance(planned, Planned) else None
    session_id = wanted.id or uuid7()
    known = stand(db, user_id=user_id, session_id=session_id, plan=plan)
    if known.id:
        return begun_again(view_of(db, queries.plain_row(known)), wanted), False
    if isinstance(planned, Refusal):
        raise planned
    view = begun(wanted, session_id, planned, write)
    if known.kept_plan is None:
        plans.keep(db, digest=view.row.plan, plan=view.plan, now=now)
    if planned.counts:
        screening.practised(db, person=write.person, app=app, at=view.row.started_at, now=now)
    return keep(db, write, [Change(None, view)])[0], True


def stand(db: Connection, *, user_id: UUID, session_id: UUID, plan: Plan | None = None) -> Row[Any]:
    """How the id stands: `id` is empty where it is free; raises SessionDeleted where it is used up."""
    asked = {"user_id": user_id, "id": session_id, "plan": plan.digest if plan else None}
    row = queries.STANDING.one(db, asked)
    if row.deleted_at:
        raise SessionDeleted
    return row


def read(db: Connection, *, user_id: UUID, session_id: UUID) -> SessionView:
    """Raises SessionNotFound or SessionDeleted."""
    row = stand(db, user_id=user_id, session_id=session_id)
    if row.id is None:
        raise SessionNotFound
    return view_of(db, queries.plain_row(row))


def list_sessions(
    db: Connection,
    *,
    user_id: UUID,
    wanted: HistoryFilter,
    after: tuple[datetime, UUID] | None,
    now: datetime,
    limit: int,
) -> list[Row[Any]]:
    """A page of at most `limit`, newest first, and one more row where there is another page."""
    return queries.history(db, user_id=user_id, wanted=wanted, after=after, now=now, limit=limit + 1)


def changes(db: Connection, *, user_id: UUID, after: After, limit: int) -> list[Changed]:
    """Sessions with their ratings."""
    rows = queries.CHANGED.all(db, asked(user_id, after, limit))
    return [Changed(one.row.revision, one.row.id, one) for one in sessions_kept(db, user_id, rows)]


def remove(db: Connection, *, user_id: UUID, app: str | None, session_id: UUID, now: datetime) -> None:
    """Deletes a session and takes it out of progress. Deleting again changes nothing. Raises SessionNotFound."""
    del app
    revision = next_revision(db, user_id=user_id).revision
    try:
        view = read(db, user_id=user_id, session_id=session_id)
    except SessionDeleted:
        return
    if view.has_ended:
        fold.take_out(db, user_id=user_id, revision=revision, session=counted(view))
    drop(db, user_id=user_id, session_id=session_id, revision=revision, now=now)
    bury(db, user_id=user_id, kind=queries.KIND, row_id=session_id, revision=revision, now=now)


def drop(db: Connection, *, user_id: UUID, session_id: UUID, revision: int, now: datetime) -> None:
    """Deletes the rows of a session. Ratings that came on their own are buried: devices know them by their ids."""
    of_session = {"user_id": user_id, "session_id": session_id}
    for rating_id in db.execute(queries.OWN_RATINGS_OF, of_session).scalars().all():
        bury(db, user_id=user_id, kind=queries.RATING_KIND, row_id=rating_id, revision=revision, now=now)
    db.execute(queries.DELETE_SESSION, {"user_id": user_id, "id": session_id})


def finished_sessions(db: Connection, *, user_id: UUID) -> Iterator[list[Finished]]:
    """All that have ended, a batch at a time."""
    for rows in queries.ended(db, user_id=user_id):
        yield [counted(view) for view in views_of(db, user_id, rows)]


def rebuild_progress(db: Connection, *, user_id: UUID) -> bool:
    """Makes the person's progress anew from the record; says whether it agreed before."""
    revision = next_revision(db, user_id=user_id).revision
    before = progress.snapshot(db, user_id=user_id)
    count_anew(db, user_id=user_id, revision=revision)
    return before == progress.snapshot(db, user_id=user_id)


def count_anew(db: Connection, *, user_id: UUID, revision: int, foreseen: Kept | None = None) -> None:
    """Makes the person's progress from the record, or puts there what it was foreseen to be."""
    if foreseen is not None:
        progress.replace(db, user_id=user_id, kept=foreseen)
        return
    progress.forget(db, user_id=user_id)
    for sessions in finished_sessions(db, user_id=user_id):
        fold.apply(db, user_id=user_id, revision=revision, sessions=sessions)


def forget_health(db: Connection, *, user_id: UUID, revision: int, now: datetime, foreseen: Kept | None = None) -> None:
    """Deletes ratings, notes, and what the safety answers or the ratings made of sessions; progress follows."""
    affected = db.execute(queries.WITH_HEALTH_DATA, {"user_id": user_id}).all()
    for rating_id in db.execute(queries.OWN_RATINGS, {"user_id": user_id}).scalars().all():
        bury(db, user_id=user_id, kind=queries.RATING_KIND, row_id=rating_id, revision=revision, now=now)
    db.execute(queries.FORGET_RATINGS, {"user_id": user_id})
    if not affected:
        return
    shared = {"user_id_": user_id, "revision": revision, "note": None, "changes": None}
    outcomes = ((row.id, row.outcome and {**row.outcome, "pain_change": None}) for row in affected)
    queries.CHANGE_SESSION.run_each(db, [{**shared, "id_": one, "outcome": outcome} for one, outcome in outcomes])
    count_anew(db, user_id=user_id, revision=revision, foreseen=foreseen)
