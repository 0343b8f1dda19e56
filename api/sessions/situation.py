"""What is known of a person now, as the rule of today asks it: a few rows, however long the history."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from api.domain.judgement import FLARE_UP, flare_up_at, is_later, stopped_twice
from api.domain.pain import Moment, Rating
from api.domain.practice import Status, StopReason
from api.domain.today import Offered, Situation
from api.progress.service import Summary
from api.sessions import queries
from api.sessions.felt import rating_of, ratings_of

News = Sequence[tuple[Row[Any], tuple[Rating, ...]]]
DURING = (Moment.BEFORE, Moment.CHECK_IN, Moment.WORST)
TELLING = 2
"""So many of the latest sessions tell whether somebody was stopped once, or twice in a row."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A session that was completed or stopped."""

    id: UUID
    started_at: datetime
    status: Status
    reason: StopReason | None
    day: date
    routine: str


@dataclass(frozen=True, slots=True)
class Recent:
    """What was felt in the last two days: ratings, and when a flare-up was last told of."""

    ratings: tuple[Rating, ...]
    flare_up_at: datetime | None


def situation(
    db: Connection,
    *,
    person: Row[Any],
    offered: Offered,
    summary: Summary,
    now: datetime,
    news: News = (),
) -> Situation:
    """But for what the screening and the trend say. `news` are sessions that are not kept yet as they are."""
    sessions = latest_sessions(db, user_id=person.id, news=news)
    recent = recent_pain(db, user_id=person.id, since=now - FLARE_UP, news=news)
    latest = max((rating.at for rating in recent.ratings if rating.at), default=None)
    stopped = sessions[0] if sessions and sessions[0].reason is StopReason.PAIN else None
    return Situation(
        now=now,
        today=summary.today,
        beginners=offered.beginners,
        gentle=offered.gentle,
        gentle_a_day=offered.gentle_a_day,
        weekly_target=person.weekly_target,
        usual=usual_of(db, sessions, user_id=person.id, gentle=offered.gentle),
        last_day=summary.last_day,
        sessions_today=summary.sessions_today,
        sessions_this_week=summary.week.sessions,
        flare_up_at=recent.flare_up_at,
        pain=max((rating.value for rating in recent.ratings if rating.at == latest), default=None),
        pain_at=latest,
        stopped_on=stopped.day if stopped else None,
        stopped_twice=stopped_twice(session.status for session in sessions),
        frozen_until=summary.frozen_until,
    )


def latest_sessions(db: Connection, *, user_id: UUID, news: News) -> list[Ended]:
    """The latest first."""
    new = {row.id for row, _ in news}
    found = queries.LATEST.all(db, {"user_id": user_id, "most": TELLING + len(new)})
    rows = [row for row in found if row.id not in new]
    told = [row for row, _ in news if row.status in {Status.COMPLETED, Status.STOPPED}]
    return sorted(map(ended, [*rows, *told]), key=lambda session: session.started_at, reverse=True)


def ended(row: Row[Any]) -> Ended:
    reason = StopReason(row.reason) if row.reason else None
    return Ended(row.id, row.started_at, Status(row.status), reason, row.local_date, row.routine)


def usual_of(db: Connection, sessions: Iterable[Ended], *, user_id: UUID, gentle: str) -> str | None:
    found = (one.routine for one in sessions if one.status is Status.COMPLETED and one.routine != gentle)
    usual = next(found, None)
    if usual is None:
        further = queries.USUAL.one_or_none(db, {"user_id": user_id, "gentle": gentle})
        usual = further.routine if further else None
    return usual


def recent_pain(db: Connection, *, user_id: UUID, since: datetime, news: News) -> Recent:
    """What the news tell last stands for all that was felt before it, so that this need not be read."""
    new = {row.id for row, _ in news}
    felt = [(row.id, rating) for row, ratings in news for rating in ratings if rating.at and rating.at >= since]
    told_at = max((rating.at for rating in latest_told(felt) if rating.at), default=since)
    found = queries.RECENT_RATINGS.all(db, {"user_id": user_id, "since": since, "told_at": told_at})
    rows = [row for row in found if row.session_id not in new]
    felt += [(row.session_id, rating_of(row)) for row in rows]
    flared = [flare_up_at(ratings, row.ended_at) for row, ratings in news if row.ended_at]
    ended_at = {row.session_id: row.ended_at for row in rows if row.ended_at and is_later(rating_of(row), row.ended_at)}
    for session_id, at in ended_at.items():
        flared.append(flare_up_at(ratings_of(db, user_id=user_id, session_id=session_id), at))
    return Recent(tuple(latest_told(felt)), max((at for at in flared if at), default=None))


def latest_told(felt: Iterable[tuple[UUID | None, Rating]]) -> Iterator[Rating]:
    """Where a session was rated at its end, what was felt in it is past, whenever its record came."""
    felt = tuple(felt)
    over = {session for session, rating in felt if rating.moment in {Moment.AFTER, Moment.NEXT_MORNING}}
    return (rating for session, rating in felt if session not in over or rating.moment not in DURING)
