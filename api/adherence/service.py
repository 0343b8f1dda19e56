"""Units of work on weeks: each event of a session, a target, a freeze or a lock judges the weeks that it touches anew.

So the weeks on target are a look-up of one row, in whichever order things arrive.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row
from uuid_utils.compat import uuid7

from api.adherence import queries
from api.db.changes import After, Changed, asked
from api.domain.adherence import (
    LOCK,
    WEEK,
    Calendar,
    Closed,
    Stretch,
    Target,
    Week,
    WeekState,
    by_week,
    judged,
    mondays,
    resettled,
    weeks_on_target,
)
from api.domain.practice import week_of


@dataclass(frozen=True, slots=True)
class Write:
    """By whom and when days are closed or opened."""

    user_id: UUID
    revision: int
    app: str | None
    now: datetime


# What happens


def count(db: Connection, *, user_id: UUID, day: date, by: int) -> None:
    """So many completed sessions more, or with a negative number fewer, on that local day."""
    settle(db, user_id=user_id, monday=week_of(day)[0], by=by)


def aim(db: Connection, *, user_id: UUID, revision: int, day: date, before: int, target: int) -> None:
    """The target from the week of that day on; `before` is the one until then."""
    monday, _ = week_of(day)
    rows = [{"since": monday, "sessions": target}]
    if not queries.TARGETS.all(db, {"user_id": user_id}):
        rows = [{"since": date.min, "sessions": before}, *rows]
    for row in rows:
        db.execute(queries.SET_TARGET, {"user_id": user_id, "revision": revision, **row})
    settle_kept(db, user_id=user_id, first=monday, last=date.max)


def close(db: Connection, write: Write, *, closed_id: UUID, days: Closed, kind: str, reason: str | None = None) -> None:
    """Closes days, or changes which they are."""
    before = find(db, user_id=write.user_id, closed_id=closed_id)
    row = {"id": closed_id, "kind": kind, "first_day": days.first, "last_day": days.last, "reason": reason}
    told = {"changed_at": write.now, "app": write.app, "revision": write.revision}
    db.execute(queries.PUT_CLOSED, {"user_id": write.user_id, **row, **told})
    spans = [days] if before is None else [days, Closed(before.first_day, before.last_day)]
    settle_spans(db, user_id=write.user_id, spans=spans)


def open_again(db: Connection, *, user_id: UUID, closed: Row[Any]) -> None:
    db.execute(queries.DELETE_CLOSED, {"user_id": user_id, "id": closed.id})
    settle_spans(db, user_id=user_id, spans=[Closed(closed.first_day, closed.last_day)])


def lock(db: Connection, write: Write, *, day: date, locked: bool) -> None:
    """Closes the days from that one on while a red flag lasts, and ends that; nothing where it is so already."""
    lasting = lasting_locks(db, user_id=write.user_id)
    if locked and not lasting:
        close(db, write, closed_id=uuid7(), days=Closed(day), kind=LOCK)
    for row in () if locked else lasting:
        last = max(day, row.first_day)
        ended = {"user_id_": write.user_id, "id_": row.id, "last": last, "at": write.now}
        db.execute(queries.END_LOCK, {**ended, "revision_": write.revision})
        later = spans_between(db, user_id=write.user_id, first=row.first_day, last=date.max)
        settle_spans(db, user_id=write.user_id, spans=[Closed(row.first_day, last), *later])
        settle_kept(db, user_id=write.user_id, first=last, last=date.max)


def lock_since(db: Connection, write: Write, *, day: date, until: date | None) -> None:
    """Closes the days of a red flag that is heard of now, whenever it was; `until` is the day on which it was settled.

    One that lasts reaches back to the earliest flag that nothing has settled.
    """
    if until is not None:
        close_once(db, write, days=Closed(day, max(day, until)))
        return
    lasting = lasting_locks(db, user_id=write.user_id)
    for row in lasting:
        if day < row.first_day:
            close(db, write, closed_id=row.id, days=Closed(day), kind=LOCK)
    if not lasting:
        close(db, write, closed_id=uuid7(), days=Closed(day), kind=LOCK)


def close_once(db: Connection, write: Write, *, days: Closed) -> None:
    """Locks days that no lock covers yet."""
    rows = closed_between(db, user_id=write.user_id, first=days.first, last=days.last)
    if not any(row.kind == LOCK and row.first_day <= days.first and days.last <= row.last_day for row in rows):
        close(db, write, closed_id=uuid7(), days=days, kind=LOCK)


# How a week is judged


def settle_spans(db: Connection, *, user_id: UUID, spans: Iterable[Closed]) -> None:
    """Judges every week of the spans; of one that never ends its first, and those of which something is kept."""
    for span in spans:
        if span.last == date.max:
            settle(db, user_id=user_id, monday=week_of(span.first)[0])
            settle_kept(db, user_id=user_id, first=span.first, last=span.last)
        else:
            for monday in mondays(span.first, span.last):
                settle(db, user_id=user_id, monday=monday)


def settle_kept(db: Connection, *, user_id: UUID, first: date, last: date) -> None:
    found = db.execute(queries.WEEKS_FROM, {"user_id": user_id, "first": first, "last": last}).scalars()
    for monday in list(found):
        settle(db, user_id=user_id, monday=monday)


def settle(db: Connection, *, user_id: UUID, monday: date, by: int = 0) -> None:
    """Judges a week anew, with so many sessions more, and joins or parts the stretches that it touches."""
    facts = queries.FACTS.one(db, {"user_id": user_id, "monday": monday, "sunday": week_of(monday)[1]})
    closed = spans_between(db, user_id=user_id, first=monday, last=week_of(monday)[1]) if facts.closed else ()
    week = judged(monday, (facts.sessions or 0) + by, Calendar((Target(monday, facts.target),), closed))
    state = WeekState.MISSED if is_not_kept(week, closed) else week.state
    was = WeekState(facts.state) if facts.state else WeekState.MISSED
    key = {"user_id": user_id, "monday": monday}
    if week.sessions or state is not WeekState.MISSED:
        queries.KEEP_WEEK.run(db, {**key, "sessions": week.sessions, "state": state})
    else:
        db.execute(queries.FORGET_WEEK, key)
    if state is not was:
        restretch(db, user_id=user_id, monday=monday, was=was, state=state)


def is_not_kept(week: Week, closed: Iterable[Closed]) -> bool:
    """The empty weeks of a lock that lasts need no row: what is told stands still at the day on which it came."""
    lasting = (span for span in closed if span.last == date.max)
    return not week.sessions and any(week_of(span.first)[0] < week.monday for span in lasting)


def restretch(db: Connection, *, user_id: UUID, monday: date, was: WeekState, state: WeekState) -> None:
    beside = {"user_id": user_id, "from": back(monday), "to": monday + min(WEEK, date.max - monday)}
    rows = queries.STRETCHES_AROUND.all(db, beside)
    around = [Stretch(row.first_week, row.last_week, row.met) for row in rows]
    met_before = 0
    if state is WeekState.MISSED and around:
        key = {"user_id": user_id, "first": around[0].first, "before": monday}
        met_before = db.execute(queries.MET_BETWEEN, key).scalar_one()
    for stretch in around:
        queries.DELETE_STRETCH.run(db, {"user_id": user_id, "first": stretch.first})
    for stretch in resettled(monday, was, state, around, met_before):
        row = {"first_week": stretch.first, "last_week": stretch.last, "met": stretch.met}
        queries.INSERT_STRETCH.run(db, {"user_id": user_id, **row})


def back(monday: date) -> date:
    """The Monday before; the calendar's first one has none."""
    return monday - min(WEEK, monday - date.min)


# What is told


def on_target(db: Connection, *, user_id: UUID, today: date, closed: Iterable[Row[Any]]) -> tuple[int, date | None]:
    """Weeks on target, and the Monday of the first; under a lock that lasts, as of the day on which it came.

    `closed` are the rows of what is closed today, whatever else.
    """
    as_of = min([today, *(row.first_day for row in closed if is_lasting_lock(row))])
    last_week = back(week_of(as_of)[0])
    row = queries.STRETCH_ENDING_FROM.one_or_none(db, {"user_id": user_id, "day": last_week})
    weeks = weeks_on_target(Stretch(row.first_week, row.last_week, row.met) if row else None, as_of)
    return weeks, row.first_week if row and weeks else None


def calendar(db: Connection, *, user_id: UUID, closed: Iterable[Row[Any]], target: int) -> Calendar:
    """What was asked on the days of which these are the closed ones; `target` is for whom it never changed."""
    rows = queries.TARGETS.all(db, {"user_id": user_id})
    targets = tuple(Target(row.since, row.sessions) for row in rows) or (Target(date.min, target),)
    return Calendar(targets, spans_of(closed))


def weeks_between(db: Connection, *, user_id: UUID, first: date, last: date, target: int) -> tuple[Week, ...]:
    """Every week from that of one day to that of another."""
    monday, sunday = week_of(first)[0], week_of(last)[1]
    rows = db.execute(queries.SESSIONS_BY_WEEK, {"user_id": user_id, "first": monday, "last": sunday})
    sessions = {row.monday: row.sessions for row in rows}
    closed = closed_between(db, user_id=user_id, first=monday, last=sunday)
    asked = calendar(db, user_id=user_id, closed=closed, target=target)
    return by_week(sessions, asked, first, last)


def closed_between(db: Connection, *, user_id: UUID, first: date, last: date) -> list[Row[Any]]:
    """What is closed on any of these days."""
    return queries.CLOSED_BETWEEN.all(db, {"user_id": user_id, "first": first, "last": last})


def spans_of(closed: Iterable[Row[Any]]) -> tuple[Closed, ...]:
    return tuple(Closed(row.first_day, row.last_day) for row in closed)


def spans_between(db: Connection, *, user_id: UUID, first: date, last: date) -> tuple[Closed, ...]:
    return spans_of(closed_between(db, user_id=user_id, first=first, last=last))


def lasting_locks(db: Connection, *, user_id: UUID) -> list[Row[Any]]:
    """One at the most, but where two people became one."""
    return [*filter(is_lasting_lock, closed_between(db, user_id=user_id, first=date.max, last=date.max))]


def is_lasting_lock(row: Row[Any]) -> bool:
    return bool(row.kind == LOCK and row.last_day == date.max)


def list_closed(db: Connection, *, user_id: UUID) -> Sequence[Row[Any]]:
    return db.execute(queries.CLOSED, {"user_id": user_id}).all()


def find(db: Connection, *, user_id: UUID, closed_id: UUID) -> Row[Any] | None:
    return db.execute(queries.CLOSED_ONE, {"user_id": user_id, "id": closed_id}).one_or_none()


def frozen_after(db: Connection, *, user_id: UUID, after: After, limit: int) -> list[Changed]:
    """Freezes that were made or changed; those that were deleted are buried."""
    rows = queries.CHANGED.all(db, asked(user_id, after, limit))
    return [Changed(row.revision, row.id, row) for row in rows]


# Made anew


def forget(db: Connection, *, user_id: UUID) -> None:
    for statement in queries.FORGET:
        db.execute(statement, {"user_id": user_id})


def judge_closed(db: Connection, *, user_id: UUID) -> None:
    """Judges what is closed, before the sessions are counted anew."""
    rows = list_closed(db, user_id=user_id)
    settle_spans(db, user_id=user_id, spans=[Closed(row.first_day, row.last_day) for row in rows])


def snapshot(db: Connection, *, user_id: UUID) -> list[list[tuple[object, ...]]]:
    return [[tuple(row) for row in db.execute(query, {"user_id": user_id})] for query in queries.EVERYTHING]
