"""Statements of sessions, made once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Integer,
    Row,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.engine.result import result_tuple

from api.accounts.tables import Tombstone
from api.db.changes import changed_after
from api.db.prepared import Prepared
from api.db.upsert import upsert
from api.domain.pain import Moment
from api.domain.practice import LAPSE, HistoryFilter, Rated, Status, around
from api.progress.queries import ladders, practices, totals
from api.sessions.tables import PainRating, Plan, PlanExercise, Session

sessions: Table = Session.__table__  # type: ignore[attr-defined]  # SQLModel's stub hides it
tombstones: Table = Tombstone.__table__  # type: ignore[attr-defined]  # as above
ratings: Table = PainRating.__table__  # type: ignore[attr-defined]  # as above
plans: Table = Plan.__table__  # type: ignore[attr-defined]  # as above
plan_exercises: Table = PlanExercise.__table__  # type: ignore[attr-defined]  # as above

KIND, RATING_KIND = "session", "rating"
BATCH = 500

ASKED = select(
    bindparam("user_id", type_=sessions.c.user_id.type).label("user_id"),
    bindparam("id", type_=sessions.c.id.type).label("id"),
    bindparam("plan", type_=plans.c.digest.type).label("plan"),
).subquery("asked")
STANDING = Prepared(
    select(*sessions.c, tombstones.c.deleted_at, plans.c.digest.label("kept_plan")).select_from(
        ASKED.outerjoin(sessions, and_(sessions.c.user_id == ASKED.c.user_id, sessions.c.id == ASKED.c.id))
        .outerjoin(
            tombstones,
            and_(tombstones.c.user_id == ASKED.c.user_id, tombstones.c.kind == KIND, tombstones.c.id == ASKED.c.id),
        )
        .outerjoin(plans, plans.c.digest == ASKED.c.plan)
    )
)
"""How an id stands, always in one row: the session, or when it was deleted; and whether a plan is kept."""
INSERT_SESSION = Prepared(insert(sessions))
IDS = select(sessions.c.id).where(sessions.c.user_id == bindparam("user_id"))
THEIRS = sessions.alias("theirs")
SHARED = (
    select(sessions.c.id)
    .join(THEIRS, and_(THEIRS.c.user_id == bindparam("target"), THEIRS.c.id == sessions.c.id))
    .where(sessions.c.user_id == bindparam("source"))
    .order_by(sessions.c.id)
)
BURIED_BY = (
    select(sessions.c.id)
    .join(tombstones, and_(tombstones.c.user_id == bindparam("other_id"), tombstones.c.id == sessions.c.id))
    .where(sessions.c.user_id == bindparam("user_id"), tombstones.c.kind == KIND)
)
BURIED_RATINGS = select(tombstones.c.id).where(tombstones.c.kind == RATING_KIND)
DELETE_RATINGS_BURIED_BY = delete(ratings).where(
    ratings.c.user_id == bindparam("user_id"),
    ratings.c.id.in_(BURIED_RATINGS.where(tombstones.c.user_id == bindparam("other_id"))),
)
UNBURY_RATINGS = delete(tombstones).where(
    tombstones.c.user_id == bindparam("user_id"),
    tombstones.c.kind == RATING_KIND,
    tombstones.c.id.in_(select(ratings.c.id).where(ratings.c.user_id == bindparam("user_id"))),
)
DELETE_SESSION = delete(sessions).where(sessions.c.user_id == bindparam("user_id"), sessions.c.id == bindparam("id"))
CHANGE_SESSION = Prepared(
    update(sessions).where(sessions.c.user_id == bindparam("user_id_"), sessions.c.id == bindparam("id_"))
)
COLUMNS = tuple(sessions.c.keys())
PLACES = {name: place for place, name in enumerate(COLUMNS)}
NEW_ROW = result_tuple(COLUMNS)

GIVEN = tuple(ratings.c[name] for name in ("session_id", "moment", "region", "side", "value", "step", "at"))
RATINGS = Prepared(
    select(*GIVEN)
    .where(ratings.c.user_id == bindparam("user_id"), ratings.c.session_id == bindparam("session_id"))
    .order_by(ratings.c.id)
)
INSERT_RATINGS = Prepared(insert(ratings))
DELETE_RECORD_RATINGS = Prepared(
    delete(ratings).where(
        ratings.c.user_id == bindparam("user_id"),
        ratings.c.session_id == bindparam("session_id"),
        or_(ratings.c.moment == Moment.WORST, ratings.c.moment == Moment.CHECK_IN),
    )
)

LATEST = Prepared(
    select(*(sessions.c[name] for name in ("id", "started_at", "status", "reason", "local_date", "routine")))
    .where(sessions.c.user_id == bindparam("user_id"))
    .where(or_(sessions.c.status == Status.COMPLETED, sessions.c.status == Status.STOPPED))
    .order_by(sessions.c.started_at.desc(), sessions.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
"""The latest sessions that tell of how a person fares."""
LOOKED_BACK = (
    select(sessions.c.status, sessions.c.routine, sessions.c.started_at)
    .where(sessions.c.user_id == bindparam("user_id"))
    .where(or_(sessions.c.status == Status.COMPLETED, sessions.c.status == Status.STOPPED))
    .order_by(sessions.c.started_at.desc())
    .limit(literal_column("200"))
    .subquery()
)
USUAL = Prepared(
    select(LOOKED_BACK.c.routine)
    .where(LOOKED_BACK.c.status == Status.COMPLETED, LOOKED_BACK.c.routine != bindparam("gentle"))
    .order_by(LOOKED_BACK.c.started_at.desc())
    .limit(literal_column("1"))
)
"""The routine of the latest completed session that was not the gentle one, however few of the latest it is among."""
RECENT_RATINGS = Prepared(
    select(*GIVEN, sessions.c.ended_at)
    .select_from(
        ratings.outerjoin(
            sessions, and_(sessions.c.user_id == ratings.c.user_id, sessions.c.id == ratings.c.session_id)
        )
    )
    .where(ratings.c.user_id == bindparam("user_id"), ratings.c.at >= bindparam("since"))
    .where(
        or_(
            ratings.c.at >= bindparam("told_at"),
            ratings.c.moment == Moment.NEXT_MORNING,
            and_(ratings.c.moment == Moment.AFTER, ratings.c.at > sessions.c.ended_at),
        )
    )
    .order_by(ratings.c.at.desc(), ratings.c.id.desc())
    .limit(literal_column("50"))
)
"""Of a span those from an instant on, and those that were rated when their session was over, the latest first."""

OFTEN = 1000
"""So many among the sessions of a person that a page of them is soon found."""
TIMES_DONE = select(ladders.c.sessions).where(
    ladders.c.user_id == bindparam("user_id"), ladders.c.exercise == bindparam("exercise")
)
TIMES_RATED = select(totals.c.ratings).where(totals.c.user_id == bindparam("user_id"))
PLAN = select(plans.c.document, plans.c.ladder).where(plans.c.digest == bindparam("digest"))
CHANGED = changed_after(sessions)

OWN_RATINGS = select(ratings.c.id).where(ratings.c.user_id == bindparam("user_id"), ratings.c.digest.is_not(None))
"""Those that came on their own, which other devices know by their ids."""
OWN_RATINGS_OF = OWN_RATINGS.where(ratings.c.session_id == bindparam("session_id"))
FORGET_RATINGS = delete(ratings).where(ratings.c.user_id == bindparam("user_id"))
WITH_HEALTH_DATA = (
    select(sessions.c.id, sessions.c.outcome)
    .where(sessions.c.user_id == bindparam("user_id"))
    .where(
        or_(
            sessions.c.note.is_not(None),
            sessions.c.changes.is_not(None),
            exists().where(ratings.c.user_id == sessions.c.user_id, ratings.c.session_id == sessions.c.id),
        )
    )
)
"""Sessions of which something is kept under the consent to health data, or follows from it."""
PLANS_FOLLOWED = (
    select(sessions.c.plan).where(sessions.c.user_id == bindparam("user_id")).distinct().order_by(sessions.c.plan)
)
KEEP_PLAN = upsert(plans).on_conflict_do_nothing(index_elements=["digest"])
KEEP_PLAN_EXERCISES = upsert(plan_exercises).on_conflict_do_nothing(index_elements=["plan", "exercise"])


def session_row(values: Mapping[str, Any]) -> Row[Any]:
    """The row as it will stand; the database adds nothing to it, so it is not asked."""
    return NEW_ROW(list(map(values.get, COLUMNS)))


def changed_row(row: Row[Any], changes: Mapping[str, Any]) -> Row[Any]:
    values = list(row)
    for name, value in changes.items():
        values[PLACES[name]] = value
    return NEW_ROW(values)


def plain_row(standing: Row[Any]) -> Row[Any]:
    """The session's own columns of what STANDING gives."""
    return NEW_ROW(standing[: len(COLUMNS)])


def sessions_of(db: Connection, *, user_id: UUID, ids: Collection[UUID]) -> list[Row[Any]]:
    return list(db.execute(select(sessions).where(sessions.c.user_id == user_id, sessions.c.id.in_(ids))))


def deleted_of(db: Connection, *, user_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that sessions had which were deleted."""
    buried = select(tombstones.c.id).where(tombstones.c.user_id == user_id, tombstones.c.kind == KIND)
    return set(db.execute(buried.where(tombstones.c.id.in_(ids))).scalars())


def plans_kept(db: Connection, *, digests: Collection[str]) -> set[str]:
    return set(db.execute(select(plans.c.digest).where(plans.c.digest.in_(digests))).scalars())


def ratings_of_all(db: Connection, *, user_id: UUID, sessions: Collection[UUID]) -> Iterable[Row[Any]]:
    """The ratings of these sessions, those of each in their order."""
    if not sessions:
        return ()
    given = select(*GIVEN).where(ratings.c.user_id == user_id, ratings.c.session_id.in_(sessions))
    return db.execute(given.order_by(ratings.c.id))


def history(
    db: Connection,
    *,
    user_id: UUID,
    wanted: HistoryFilter,
    after: tuple[datetime, UUID] | None,
    now: datetime,
    limit: int,
) -> list[Row[Any]]:
    """Newest first."""
    query = select(sessions).where(sessions.c.user_id == user_id)
    if after:
        query = query.where(tuple_(sessions.c.started_at, sessions.c.id) < after)
    if wanted.day:
        query = query.where(sessions.c.local_date == wanted.day, sessions.c.started_at.between(*around(wanted.day)))
    if wanted.first_day:
        since, _ = around(wanted.first_day)
        query = query.where(sessions.c.local_date >= wanted.first_day, sessions.c.started_at >= since)
    if wanted.last_day:
        _, until = around(wanted.last_day)
        query = query.where(sessions.c.local_date <= wanted.last_day, sessions.c.started_at <= until)
    if wanted.exercise:
        having = select(plan_exercises.c.plan).where(plan_exercises.c.exercise == wanted.exercise)
        query = query.where(sessions.c.plan.in_(having))
    if wanted.done:
        times = db.execute(TIMES_DONE, {"user_id": user_id, "exercise": wanted.done}).scalar()
        query = query.where(counts_done(wanted.done, often=(times or 0) > OFTEN))
    if wanted.rated:
        times = db.execute(TIMES_RATED, {"user_id": user_id}).scalar()
        rated = is_rated(wanted.rated, often=(times or 0) > OFTEN)
        query = query.where(rated, sessions.c.status == Status.COMPLETED)
    if wanted.status:
        query = query.where(in_status(wanted.status, now))
    newest_first = query.order_by(sessions.c.started_at.desc(), sessions.c.id.desc())
    return list(db.execute(newest_first.limit(limit)))


def counts_done(exercise: str, *, often: bool) -> Any:
    """Whether the session counts an exercise in progress: one look by a whole key."""
    return there_is(
        often,
        practices.c.user_id == sessions.c.user_id,
        practices.c.exercise == exercise,
        practices.c.day == sessions.c.local_date,
        practices.c.at == sessions.c.started_at,
        practices.c.session_id == sessions.c.id,
        practices.c.counts,
    )


def is_rated(rated: Rated, *, often: bool) -> Any:
    before, after = ratings.alias("before"), ratings.alias("after")
    told = (*of_session(before), before.c.moment == Moment.BEFORE)
    if rated is Rated.BEFORE:
        return there_is(often, *told)
    same_place = after.c.region == before.c.region, after.c.side == before.c.side
    return there_is(often, *told, *of_session(after), after.c.moment == Moment.AFTER, *same_place)


def there_is(often: bool, *where: Any) -> Any:  # noqa: FBT001 - nobody else calls it
    """For an EXISTS, PostgreSQL may gather first all that there is: quickly done where that is little.

    Where it is much, one session after the other is asked, and a page is soon full.
    """
    if not often:
        return exists().where(*where)
    one: Any = literal_column("1")
    return select(one).where(*where).limit(one).correlate(sessions).scalar_subquery().is_not(None)


def of_session(rating: Any) -> tuple[Any, Any]:
    return rating.c.user_id == sessions.c.user_id, rating.c.session_id == sessions.c.id


def in_status(status: Status, now: datetime) -> Any:
    """`lapsed` is not stored: it is an active session that nobody touched for a day."""
    touched = sessions.c.touched_at
    match status:
        case Status.ACTIVE:
            return and_(sessions.c.status == Status.ACTIVE, touched >= now - LAPSE)
        case Status.LAPSED:
            return and_(sessions.c.status == Status.ACTIVE, touched < now - LAPSE)
        case _:
            return sessions.c.status == status


def ended(db: Connection, *, user_id: UUID) -> Iterator[list[Row[Any]]]:
    """All sessions of a person that have ended, in the order of their starts, a batch at a time."""
    query = select(sessions).where(sessions.c.user_id == user_id, sessions.c.status != Status.ACTIVE)
    query = query.order_by(sessions.c.started_at, sessions.c.id).limit(BATCH)
    rows = list(db.execute(query))
    while rows:
        yield rows
        last = rows[-1].started_at, rows[-1].id
        rows = list(db.execute(query.where(tuple_(sessions.c.started_at, sessions.c.id) > last)))
