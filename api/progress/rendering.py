"""From what progress reads to what goes over the wire: beside each number stands where its sessions are listed."""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import Row

from api.domain.practice import week_of
from api.progress import schemas
from api.progress.service import Days, Overview, Weeks
from api.web.paging import listed_at

SESSIONS = "/v1/sessions"


def overview_of(found: Overview) -> schemas.Progress:
    summary, asked = found.summary, found.adherence
    last, days = summary.last_day, timedelta(max(summary.days_in_a_row - 1, 0))
    return schemas.Progress(
        today=summary.today,
        sessions=summary.sessions,
        sessions_at=completed_at(),
        active_ms=summary.active_ms,
        weeks_on_target=schemas.WeeksOnTarget(
            weeks=found.weeks_on_target,
            first_day=found.on_target_from,
            sessions_at=completed_at(found.on_target_from, summary.today) if found.on_target_from else None,
        ),
        adherence=schemas.Adherence(
            first_day=asked.first_day,
            last_day=asked.last_day,
            done=asked.done,
            planned=asked.planned,
            percent=percent(asked.share),
            sessions_at=completed_at(asked.first_day, asked.last_day),
        ),
        days_in_a_row=summary.days_in_a_row,
        days_in_a_row_at=completed_at(last - days, last) if last and summary.days_in_a_row else None,
        last_day=last,
        week=schemas.Week(
            first_day=summary.week.first_day,
            last_day=summary.week.last_day,
            sessions=summary.week.sessions,
            target=summary.week.target,
            met=summary.week.met,
            sessions_at=completed_at(summary.week.first_day, summary.week.last_day),
        ),
    )


def weeks_of(found: Weeks) -> schemas.ProgressWeeks:
    return schemas.ProgressWeeks(
        items=[
            schemas.ProgressWeek(
                first_day=week.monday,
                last_day=week_of(week.monday)[1],
                sessions=week.sessions,
                target=week.target,
                planned=week.planned,
                state=week.state_on(found.today),
                sessions_at=completed_at(*week_of(week.monday)),
            )
            for week in found.items
        ]
    )


def days_of(found: Days) -> schemas.ProgressDays:
    items = [
        schemas.ProgressDay(
            day=row.day, sessions=row.sessions, active_ms=row.active_ms, sessions_at=completed_at(row.day, row.day)
        )
        for row in found.items
    ]
    return schemas.ProgressDays(first_day=found.first_day, last_day=found.last_day, items=items)


def exercises_of(rows: Iterable[Row[Any]]) -> schemas.ProgressExercises:
    items = [
        schemas.ProgressExercise(
            exercise=row.exercise,
            sessions=row.sessions,
            held_s=row.held_s,
            reps=row.reps,
            last_day=row.last_day,
            sessions_at=listed_at(SESSIONS, done=row.exercise),
        )
        for row in rows
    ]
    return schemas.ProgressExercises(items=items)


def completed_at(first: date | None = None, last: date | None = None) -> str:
    return listed_at(SESSIONS, status="completed", first_day=first, last_day=last)


def percent(share: Fraction | None) -> int | None:
    """Rounded down: what is not whole is not told as whole."""
    return None if share is None else int(share * 100)
