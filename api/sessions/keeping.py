"""A session with what belongs to it: brought from the database, and kept as it has become in memory.

The rules of starting, recording and ending are functions of such a view and touch no database; so one session sent as
it happens and a hundred that a phone lived offline go through the same ones.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row
from uuid_utils.compat import uuid7

from api.accounts.service import require_health_consent
from api.domain.finished import Finished
from api.domain.pain import Moment, Rating
from api.domain.planned import is_plan_id
from api.domain.practice import Status, local_date
from api.domain.today import Due, Offered, Today, decide
from api.progress import fold
from api.progress import service as progress
from api.sessions import plans, queries
from api.sessions.counted import finished_of
from api.sessions.felt import rating_of, ratings_of
from api.sessions.plans import KeptPlan
from api.sessions.refusals import RatingRepeated
from api.sessions.situation import situation

RECORDED = frozenset({Moment.WORST, Moment.CHECK_IN})
"""The moments whose ratings belong to the record, and are replaced with it."""


@dataclass(frozen=True, slots=True)
class Write:
    """By whom and when a change comes in; `person` as `next_revision` gave them.

    What completes sessions needs `offered`, to tell what comes next.
    """

    person: Row[Any]
    app: str | None
    now: datetime
    offered: Offered | None = None


@dataclass(frozen=True, slots=True)
class SessionKept:
    """A session with its ratings: what a device shows of it that need not play it."""

    row: Row[Any]
    ratings: tuple[Rating, ...]


@dataclass(frozen=True, slots=True)
class SessionView(SessionKept):
    """A session with all that belongs to it; `changed` names the columns that differ from what the database has.

    `finished` is what counts of it, where that has been asked already.
    """

    plan: KeptPlan
    changed: frozenset[str] = frozenset()
    finished: Finished | None = None

    @property
    def counts(self) -> bool:
        return bool(self.row.status == Status.COMPLETED)

    @property
    def has_ended(self) -> bool:
        return bool(self.row.status != Status.ACTIVE)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a session; `before` is None where it is new."""

    before: SessionView | None
    after: SessionView

    @property
    def completes(self) -> bool:
        return self.after.counts and not (self.before and self.before.counts)


# In memory


def new_view(values: Mapping[str, Any], ratings: tuple[Rating, ...], plan: KeptPlan) -> SessionView:
    return SessionView(queries.session_row(values), ratings, plan)


def altered(
    view: SessionView,
    changes: Mapping[str, Any],
    ratings: tuple[Rating, ...] | None = None,
    finished: Finished | None = None,
) -> SessionView:
    row = queries.changed_row(view.row, changes)
    kept = view.ratings if ratings is None else ratings
    return SessionView(row, kept, view.plan, view.changed | changes.keys(), finished)


def counted(view: SessionView) -> Finished:
    """What counts of a session that has ended."""
    return view.finished or finished_of(view.row, view.plan, view.ratings)


def rated(write: Write, ratings: Sequence[Rating], *, at: datetime) -> tuple[Rating, ...]:
    """The ratings as they are kept; `at` is the instant of those that do not name their own.

    Raises ConsentRequired, RatingRepeated.
    """
    if not ratings:
        return ()
    require_health_consent(write.person)
    if len({(r.moment, r.region, r.side, r.step) for r in ratings}) < len(ratings):
        raise RatingRepeated
    return tuple(Rating(r.region, r.side, r.value, r.moment, r.at or at, r.step) for r in ratings)


# From the database


def view_of(db: Connection, row: Row[Any]) -> SessionView:
    return SessionView(row, ratings_of(db, user_id=row.user_id, session_id=row.id), plans.kept(db, digest=row.plan))


def views_of(db: Connection, user_id: UUID, rows: Collection[Row[Any]]) -> list[SessionView]:
    """Sessions of one person, with as many statements as one takes."""
    kept = sessions_kept(db, user_id, rows)
    return [SessionView(one.row, one.ratings, plans.kept(db, digest=one.row.plan)) for one in kept]


def sessions_kept(db: Connection, user_id: UUID, rows: Collection[Row[Any]]) -> list[SessionKept]:
    ratings: dict[UUID, list[Rating]] = {row.id: [] for row in rows}
    for row in queries.ratings_of_all(db, user_id=user_id, sessions=ratings):
        ratings[row.session_id].append(rating_of(row))
    return [SessionKept(row, tuple(ratings[row.id])) for row in rows]


# To the database


def keep(db: Connection, write: Write, changes: Sequence[Change]) -> list[SessionView]:
    """Keeps sessions of one person as they have become, and has progress follow; gives them as they are kept.

    Their plans are kept already. What is newly completed tells the progress that all of them have made.
    """
    count(db, write, changes)
    if any(change.completes for change in changes):
        changes = looking_on(db, write, changes)
    store_sessions(db, write, changes)
    store_ratings(db, write, changes)
    return [change.after for change in changes]


def count(db: Connection, write: Write, changes: Sequence[Change]) -> None:
    told = [(finished_if_ended(change.before), finished_if_ended(change.after)) for change in changes]
    of_person = {"user_id": write.person.id, "revision": write.person.revision}
    for before, after in told:
        if before and before != after:
            fold.take_out(db, session=before, **of_person)
    if news := [after for before, after in told if after and before != after]:
        fold.apply(db, sessions=news, **of_person)


def finished_if_ended(view: SessionView | None) -> Finished | None:
    return counted(view) if view and view.has_ended else None


def looking_on(db: Connection, write: Write, changes: Sequence[Change]) -> list[Change]:
    """Progress as it stands now, and what is due next, told by each that is newly completed."""
    person = write.person
    today = local_date(write.now, person.zone, person.day_cutoff_min)
    summary = progress.summary_on(db, user_id=person.id, today=today, target=person.weekly_target)
    made = {
        "sessions": summary.sessions,
        "days_in_a_row": summary.days_in_a_row,
        "week_sessions": summary.week.sessions,
        "week_target": summary.week.target,
    }
    following = None
    if write.offered:
        news = [(change.after.row, change.after.ratings) for change in changes]
        known = situation(db, person=person, offered=write.offered, summary=summary, now=write.now, news=news)
        following = next_told(decide(known))
    told = {"progress": made, "next": following}
    return [Change(c.before, with_outcome(c.after, told)) if c.completes else c for c in changes]


def next_told(today: Today) -> dict[str, Any]:
    routine = today.routine or ""
    return {
        "plan" if is_plan_id(routine) else "routine": routine,
        "due_on": today.due_on.isoformat() if today.due_on else None,
        "gentle": today.due is Due.GENTLE,
        "why": today.why,
    }


def with_outcome(view: SessionView, told: Mapping[str, Any]) -> SessionView:
    return altered(view, {"outcome": {**view.row.outcome, **told}})


def store_sessions(db: Connection, write: Write, changes: Iterable[Change]) -> None:
    new = []
    for change in changes:
        row = change.after.row
        if change.before is None:
            new.append(dict(zip(queries.COLUMNS, row, strict=True)))
        else:
            news = {name: getattr(row, name) for name in sorted(change.after.changed)}
            queries.CHANGE_SESSION.run(db, {"user_id_": write.person.id, "id_": row.id, **news})
    if new:
        queries.INSERT_SESSION.run_each(db, new)


def store_ratings(db: Connection, write: Write, changes: Iterable[Change]) -> None:
    rows: list[dict[str, Any]] = []
    for change in changes:
        session_id, before, after = change.after.row.id, change.before, change.after.ratings
        kept = set(before.ratings) if before else set()
        if kept and not kept <= set(after):
            queries.DELETE_RECORD_RATINGS.run(db, {"user_id": write.person.id, "session_id": session_id})
            kept = {rating for rating in kept if rating.moment not in RECORDED}
        rows += rating_rows(write, session_id, [rating for rating in after if rating not in kept] if kept else after)
    if rows:
        queries.INSERT_RATINGS.run_each(db, rows)


def rating_rows(write: Write, session_id: UUID, ratings: Iterable[Rating]) -> Iterator[dict[str, Any]]:
    for rating in ratings:
        yield {
            "user_id": write.person.id,
            "session_id": session_id,
            "received_at": write.now,
            "app": write.app,
            "id": uuid7(),
            "revision": write.person.revision,
            "moment": rating.moment,
            "region": rating.region,
            "side": rating.side,
            "value": rating.value,
            "step": rating.step,
            "at": rating.at,
        }
