"""What to do now, and why: a routine, the gentle one, nothing before a day that is named, or no exercise at all.

The rules stand in `ORDER`, the weightiest first, and the first that has an answer decides:

1. a red flag that is not settled: no exercise, with the way out, whatever else holds;
2. a flare-up in the last 48 hours, 3. pain of 6 or more, 4. a session stopped for pain today, 5. two stopped sessions
   running: the gentle routine, as often a day as it may be done;
6. days that the person has frozen: nothing is due;
7. nothing was ever done: the beginner's routine;
8. the usual routine, when it is due;
9. else all is done, and the day on which the next is due.

Advice to see someone stands beside any of them. A screening that does not count keeps nobody from practising: it holds
the level at 0, and is named beside the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from api.domain.judgement import FLARE_UP, RED_FROM
from api.domain.practice import DAYS_A_WEEK, next_due, week_of
from api.domain.screening import ScreeningOutcome
from api.domain.standing import Hold, Standing
from api.domain.streak import DAY

PAUSE, LONG_PAUSE = timedelta(days=7), timedelta(days=28)
"""More idle days than these: one level down, and back to the start with the screening again (both ours)."""


class Due(StrEnum):
    """What there is to do."""

    ROUTINE = "routine"
    GENTLE = "gentle"
    CAUGHT_UP = "caught-up"
    LOCKED = "locked"


class Why(StrEnum):
    """Which rule decided; by what it decides."""

    RED_FLAG_IN_SESSION = "red-flag-in-session"
    RED_FLAG_ANSWERED = "red-flag-answered"
    FLARE_UP = "flare-up"
    PAIN = "pain"
    STOPPED_TODAY = "stopped-today"
    STOPPED_TWICE = "stopped-twice"
    FROZEN = "frozen"
    FIRST_SESSION = "first-session"
    ITS_DAY = "its-day"
    AFTER_A_PAUSE = "after-a-pause"
    AFTER_A_LONG_PAUSE = "after-a-long-pause"
    WEEK_MET = "week-met"
    REST = "rest"


class WayOut(StrEnum):
    """How a lock is lifted: care first, and when it is settled every question of the screening again."""

    CARE_THEN_SCREENING = "care-then-screening"


class Advice(StrEnum):
    """Why to see someone."""

    STOPPED_TWICE = "stopped-twice"
    FOUR_WEEKS = "four-weeks-without-relief"


@dataclass(frozen=True, slots=True)
class Offered:
    """What there is for everybody: the routine to begin with, the gentle one, and how often a day that may be done."""

    beginners: str
    gentle: str
    gentle_a_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of a person now.

    `last_day` and the counts are those of completed sessions. `usual` is the routine of the latest of them that was
    not the gentle one, while it is still served. `pain` is the worst place of the latest ratings of any moment.
    `stopped_on` is the day of the latest session, where it was stopped for pain. `frozen_until` is the last day of a
    freeze that holds today.
    """

    now: datetime
    today: date
    beginners: str
    gentle: str
    gentle_a_day: int
    weekly_target: int
    usual: str | None = None
    last_day: date | None = None
    sessions_today: int = 0
    sessions_this_week: int = 0
    locked_by: Why | None = None
    screening: Hold | None = None
    flare_up_at: datetime | None = None
    pain: int | None = None
    pain_at: datetime | None = None
    stopped_on: date | None = None
    stopped_twice: bool = False
    four_weeks_without_relief: bool = False
    frozen_until: date | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """`routine` and `due_on` are None under a lock only; `due_on` is later than today where all is done.

    `screening` says why the screening does not count, so that the level is held at 0.
    """

    due: Due
    why: Why
    routine: str | None = None
    due_on: date | None = None
    way_out: WayOut | None = None
    screening: Hold | None = None
    advice: tuple[Advice, ...] = ()


def lock_of(standing: Standing, outcome: ScreeningOutcome) -> Why | None:
    """What keeps from every start: a sign that ended a session, or one among the answers."""
    if standing.is_locked:
        return Why.RED_FLAG_IN_SESSION
    return Why.RED_FLAG_ANSWERED if outcome is ScreeningOutcome.STOP else None


def decide(person: Situation) -> Today:
    """The answer of the first rule that has one; the last always has."""
    told = next(filter(None, (rule(person) for rule in ORDER)))
    advice = {
        Advice.STOPPED_TWICE: person.stopped_twice,
        Advice.FOUR_WEEKS: person.four_weeks_without_relief,
    }
    return replace(told, advice=tuple(code for code, applies in advice.items() if applies))


# The rules


def locked(person: Situation) -> Today | None:
    if person.locked_by is None:
        return None
    return Today(Due.LOCKED, person.locked_by, way_out=WayOut.CARE_THEN_SCREENING)


def in_flare_up(person: Situation) -> Today | None:
    return gentle(person, Why.FLARE_UP) if is_recent(person.flare_up_at, person.now) else None


def in_pain(person: Situation) -> Today | None:
    """A rating counts as now for as long as a flare-up, unless another one follows (ours)."""
    hurts = person.pain is not None and person.pain >= RED_FROM and is_recent(person.pain_at, person.now)
    return gentle(person, Why.PAIN) if hurts else None


def after_a_stop(person: Situation) -> Today | None:
    """What was stopped for pain is tried again the next day (provide-traffic-light)."""
    return gentle(person, Why.STOPPED_TODAY) if person.stopped_on == person.today else None


def after_two_stops(person: Situation) -> Today | None:
    """The plan pauses until a session was completed again, which the gentle one does (ours)."""
    return gentle(person, Why.STOPPED_TWICE) if person.stopped_twice else None


def frozen(person: Situation) -> Today | None:
    if person.frozen_until is None:
        return None
    return Today(Due.CAUGHT_UP, Why.FROZEN, usual(person), person.frozen_until + DAY, screening=person.screening)


def practise(person: Situation) -> Today:
    """The beginner's routine to begin with; then the usual one, when it is due; and else the day when it will be."""
    last, today, screening = person.last_day, person.today, person.screening
    if last is None:
        return Today(Due.ROUTINE, Why.FIRST_SESSION, person.beginners, today, screening=screening)
    due_on = next_day(person, last)
    if due_on <= today:
        return Today(Due.ROUTINE, after(today - last), usual(person), due_on, screening=screening)
    why = Why.WEEK_MET if person.sessions_this_week >= person.weekly_target else Why.REST
    return Today(Due.CAUGHT_UP, why, usual(person), due_on, screening=screening)


ORDER: tuple[Callable[[Situation], Today | None], ...] = (
    locked,
    in_flare_up,
    in_pain,
    after_a_stop,
    after_two_stops,
    frozen,
    practise,
)


# What they are made of


def gentle(person: Situation, why: Why) -> Today:
    """Today, unless it was practised as often as the gentle routine may be done in a day; then tomorrow."""
    enough = person.sessions_today >= person.gentle_a_day
    due, due_on = (Due.CAUGHT_UP, person.today + DAY) if enough else (Due.GENTLE, person.today)
    return Today(due, why, person.gentle, due_on, screening=person.screening)


def usual(person: Situation) -> str:
    return person.usual or person.beginners


def is_recent(at: datetime | None, now: datetime) -> bool:
    return at is not None and now - at < FLARE_UP


def after(idle: timedelta) -> Why:
    if idle > LONG_PAUSE:
        return Why.AFTER_A_LONG_PAUSE
    return Why.AFTER_A_PAUSE if idle > PAUSE else Why.ITS_DAY


def next_day(person: Situation, last: date) -> date:
    """When the next session is due (ours): spread evenly, never crammed, and in the next week once the target is met.

    More than seven a week are spread over the days, so that several are due on one.
    """
    again = last == person.today and person.sessions_today * DAYS_A_WEEK < person.weekly_target
    due_on = last if again else next_due(last, person.weekly_target)
    if person.sessions_this_week < person.weekly_target:
        return due_on
    _, sunday = week_of(person.today)
    return max(due_on, sunday + DAY)
