"""Reading pain over time: two weeks, the days asked for and a row per exercise, however long the history."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from api.accounts.service import read_settings
from api.domain.practice import local_date
from api.domain.today import Advice
from api.domain.trend import RATINGS_FROM, PainDay, Relief, Trend, compared_weeks, is_unrelieved, told, trend
from api.progress import queries
from api.progress.service import span_of


@dataclass(frozen=True, slots=True)
class Pain:
    """`items` are the days with ratings from the first to the last, `relief` the exercises with sessions enough."""

    today: date
    trend: Trend
    advice: tuple[Advice, ...]
    relief: tuple[Relief, ...]
    first_day: date
    last_day: date
    items: tuple[PainDay, ...]


def read_pain(db: Connection, *, user_id: UUID, first: date | None, last: date | None, now: datetime) -> Pain:
    """The trend over all ratings, and the days of a span, by default the 28 up to today. Raises DaysOutOfRange."""
    settings = read_settings(db, user_id=user_id)
    today = local_date(now, settings.zone, settings.day_cutoff_min)
    begin, end = span_of(first, last, today)
    totals = queries.TOTALS.one_or_none(db, {"user_id": user_id})
    seen = read_trend(db, user_id=user_id, ratings=totals.ratings if totals else 0)
    reliefs = db.execute(queries.RELIEFS, {"user_id": user_id})
    return Pain(
        today=today,
        trend=seen,
        advice=(Advice.FOUR_WEEKS,) if is_unrelieved(seen, today) else (),
        relief=told(Relief(row.exercise, row.lower, row.rated) for row in reliefs),
        first_day=begin,
        last_day=end,
        items=pain_days(db, user_id=user_id, first=begin, last=end),
    )


def read_trend(db: Connection, *, user_id: UUID, ratings: int) -> Trend:
    """Of all ratings, of which there are so many; where they are enough, it reads the two weeks that are compared."""
    if ratings < RATINGS_FROM:
        return trend((), ratings)
    first = queries.FIRST_PAIN_DAY.one(db, {"user_id": user_id}).day
    latest = queries.LATEST_PAIN_DAY.one(db, {"user_id": user_id}).day
    weeks = compared_weeks(first, latest)
    days = {day for begin, end in weeks for day in pain_days(db, user_id=user_id, first=begin, last=end)}
    return trend(days, ratings)


def pain_days(db: Connection, *, user_id: UUID, first: date, last: date) -> tuple[PainDay, ...]:
    rows = queries.PAIN_DAYS.all(db, {"user_id": user_id, "first": first, "last": last})
    return tuple(PainDay(row.day, row.ratings, row.total) for row in rows)
