"""Reading progress: a few rows, however long the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from api.accounts.service import read_settings
from api.adherence import service as adherence
from api.db.bulk import Inserting, inserting
from api.domain.adherence import PLANNED_OVER, Adherence, Calendar
from api.domain.adherence import Week as AskedWeek
from api.domain.adherence import adherence as done_against_planned
from api.domain.errors import Conflict
from api.domain.practice import local_date, week_of
from api.domain.streak import DAY, Run, days_in_a_row
from api.progress import queries

Kept = Sequence[Inserting]
DAYS_AT_MOST = 366
DAYS_BY_DEFAULT = 28


class DaysOutOfRange(Conflict):
    code = "days-out-of-range"
    title = "These days cannot be shown at once"
    cure = f"Ask for at most {DAYS_AT_MOST} days, from an earlier to a later one."


@dataclass(frozen=True, slots=True)
class Week:
    first_day: date
    last_day: date
    sessions: int
    target: int

    @property
    def met(self) -> bool:
        return self.sessions >= self.target


@dataclass(frozen=True, slots=True)
class Summary:
    today: date
    sessions: int
    active_ms: int
    ratings: int
    days_in_a_row: int
    first_day: date | None
    last_day: date | None
    sessions_today: int
    week: Week
    frozen_until: date | None


@dataclass(frozen=True, slots=True)
class Overview:
    """`on_target_from` is the first day of the weeks on target, where there are any."""

    summary: Summary
    weeks_on_target: int
    adherence: Adherence
    on_target_from: date | None


@dataclass(frozen=True, slots=True)
class Days:
    first_day: date
    last_day: date
    items: tuple[Row[Any], ...]


def overview(db: Connection, *, user_id: UUID, now: datetime) -> Overview:
    """Totals, weeks on target, this week, done against planned, and days in a row, as of the person's own today."""
    person = read_settings(db, user_id=user_id)
    today = local_date(now, person.zone, person.day_cutoff_min)
    summary = summary_on(db, user_id=user_id, today=today, target=person.weekly_target)
    closed = adherence.closed_between(db, user_id=user_id, first=today - PLANNED_OVER + DAY, last=today)
    weeks, since = adherence.on_target(db, user_id=user_id, today=today, closed=closed)
    asked = adherence.calendar(db, user_id=user_id, closed=closed, target=person.weekly_target)
    opened = local_date(person.created_at, person.zone, person.day_cutoff_min)
    # Nothing was planned before the person's first day: that of the account, or of a session before it.
    asked = asked.begun(min(opened, summary.first_day or opened))
    return Overview(summary, weeks, adherence_on(db, user_id=user_id, asked=asked, today=today), since)


def adherence_on(db: Connection, *, user_id: UUID, asked: Calendar, today: date) -> Adherence:
    first = today - PLANNED_OVER + DAY
    span = {"user_id": user_id, "first": first, "last": today}
    if any(closed.last >= first for closed in asked.closed):
        sessions = {row.day: row.sessions for row in queries.SESSIONS_BY_DAY.all(db, span)}
    else:
        # On open days it does not matter when it was done: one number is read instead of a row for each day.
        sessions = {today: queries.SESSIONS_BETWEEN.one(db, span).sessions or 0}
    return done_against_planned(sessions, asked, today)


def summary_on(db: Connection, *, user_id: UUID, today: date, target: int) -> Summary:
    monday, sunday = week_of(today)
    kept = queries.SUMMARY.one(db, {"user_id": user_id, "today": today, "monday": monday, "sunday": sunday})
    run = Run(kept.first_day, kept.last_day) if kept.first_day else None
    return Summary(
        today=today,
        sessions=kept.sessions or 0,
        active_ms=kept.active_ms or 0,
        ratings=kept.ratings or 0,
        days_in_a_row=days_in_a_row(run, today),
        first_day=kept.earliest,
        last_day=kept.last_day,
        sessions_today=kept.on_today or 0,
        week=Week(monday, sunday, kept.this_week or 0, target),
        frozen_until=kept.frozen_until,
    )


def week_on(db: Connection, *, user_id: UUID, today: date, target: int) -> Week:
    """The week of that day."""
    monday, sunday = week_of(today)
    days = queries.DAYS.all(db, {"user_id": user_id, "first": monday, "last": sunday})
    return Week(monday, sunday, sum(day.sessions for day in days), target)


def list_days(db: Connection, *, user_id: UUID, first: date | None, last: date | None, now: datetime) -> Days:
    """Days with sessions between two days, both included; by default the 28 up to today. Raises DaysOutOfRange."""
    settings = read_settings(db, user_id=user_id)
    begin, end = span_of(first, last, local_date(now, settings.zone, settings.day_cutoff_min))
    rows = queries.DAYS.all(db, {"user_id": user_id, "first": begin, "last": end})
    return Days(begin, end, tuple(rows))


def span_of(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The days asked for, both included; by default the 28 up to the last, or to today. Raises DaysOutOfRange."""
    end = last or today
    begin = first or end - min(timedelta(DAYS_BY_DEFAULT - 1), end - date.min)
    if not 0 <= (end - begin).days < DAYS_AT_MOST:
        raise DaysOutOfRange
    return begin, end


@dataclass(frozen=True, slots=True)
class Weeks:
    today: date
    items: tuple[AskedWeek, ...]


def list_weeks(db: Connection, *, user_id: UUID, first: date | None, last: date | None, now: datetime) -> Weeks:
    """Every week that the span touches, by default of the 28 days up to today. Raises DaysOutOfRange."""
    person = read_settings(db, user_id=user_id)
    today = local_date(now, person.zone, person.day_cutoff_min)
    begin, end = span_of(first, last, today)
    target = person.weekly_target
    return Weeks(today, adherence.weeks_between(db, user_id=user_id, first=begin, last=end, target=target))


def list_exercises(db: Connection, *, user_id: UUID) -> tuple[Row[Any], ...]:
    """Totals by exercise; at most as many rows as the catalogue has exercises."""
    return tuple(db.execute(queries.EXERCISES, {"user_id": user_id}))


def snapshot(db: Connection, *, user_id: UUID) -> list[list[tuple[object, ...]]]:
    """All kept rows of a person, in a fixed order, for comparing."""
    kept = [[tuple(row) for row in db.execute(query, {"user_id": user_id})] for query in queries.EVERYTHING]
    return kept + adherence.snapshot(db, user_id=user_id)


def forget(db: Connection, *, user_id: UUID) -> None:
    """Deletes all kept rows of a person, for making them anew; the closed weeks are judged already."""
    drop(db, user_id=user_id)
    adherence.judge_closed(db, user_id=user_id)


def drop(db: Connection, *, user_id: UUID) -> None:
    for statement in queries.FORGET:
        db.execute(statement, {"user_id": user_id})
    adherence.forget(db, user_id=user_id)


def kept_of(db: Connection, *, user_id: UUID, for_db: Connection) -> Kept:
    """What puts all kept rows of a person, as they are in one database, into another."""
    found = ((table, db.execute(queries.of_person(table), {"user_id": user_id})) for table in queries.ALL_KEPT)
    given = ((table, [row._asdict() for row in rows]) for table, rows in found)
    return [inserting(for_db, table, rows) for table, rows in given if rows]


def replace(db: Connection, *, user_id: UUID, kept: Kept) -> None:
    """Puts these in the place of all kept rows of the person."""
    drop(db, user_id=user_id)
    for insert in kept:
        insert(db)
