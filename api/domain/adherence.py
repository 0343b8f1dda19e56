"""Weeks on target, and done against planned: the target, and the days on which nothing was to be done.

A week is judged by the target in force in it, and by its own days alone. Judged weeks that follow one another without
a missed one are kept as stretches, so that the number is a look-up of one row however long the history is, and a
session that arrives late or is deleted touches its own week, and at most two stretches.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from api.domain.practice import DAYS_A_WEEK, week_of
from api.domain.streak import DAY

WEEK = timedelta(weeks=1)
PLANNED_OVER = timedelta(days=28)
FREEZE, LOCK = "freeze", "lock"
"""Why days are closed: by the person, or by a red flag."""


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """So many sessions a week, from the ISO week on whose Monday is `since`; of one week the last that was set."""

    since: date
    sessions: int


class FreezeReason(StrEnum):
    """Why a person freezes days; it changes nothing."""

    HOLIDAY = "holiday"
    ILLNESS = "illness"
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class Closed:
    """Local days, both ends included, on which nothing was to be done: frozen by the person, or locked by a red flag.

    A lock closes the days on which it came and on which it was lifted too. One that still lasts has no end.
    """

    first: date
    last: date = date.max

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Calendar:
    """What was asked when. There is at least one target, and the first also counts for the days before it was set.

    For a span of days it takes the targets set in it, the last one before, and what is closed in it.
    """

    targets: tuple[Target, ...]
    closed: tuple[Closed, ...] = ()

    def target_on(self, day: date) -> int:
        """The weekly target in force in the week of that day."""
        if len(self.targets) == 1:
            return self.targets[0].sessions
        ordered = sorted(self.targets)
        return next((t.sessions for t in reversed(ordered) if t.since <= day), ordered[0].sessions)

    def is_closed(self, day: date) -> bool:
        return any(day in closed for closed in self.closed)

    def begun(self, day: date) -> "Calendar":
        """Nothing was asked before the person's first day."""
        return replace(self, closed=(*self.closed, Closed(date.min, day - DAY)))


# A week by itself


class WeekState(StrEnum):
    """What a week is to the weeks on target; `under-way` is one that can still be met."""

    MET = "met"
    SKIPPED = "skipped"
    MISSED = "missed"
    UNDER_WAY = "under-way"


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week by its Monday, its completed sessions, the target in force, and how many days were not closed."""

    monday: date
    sessions: int
    target: int
    open_days: int

    @property
    def planned(self) -> int:
        """The open days' share of the target, never a part of a session."""
        return self.target * self.open_days // DAYS_A_WEEK

    @property
    def state(self) -> WeekState:
        """A week with a closed day is never missed, and counts when the whole target was met in it all the same.

        So closing days can neither break the weeks on target nor add to them. A week that is closed as a whole is
        skipped, whatever was done in it.
        """
        if self.open_days and self.sessions >= self.target:
            return WeekState.MET
        return WeekState.SKIPPED if self.open_days < DAYS_A_WEEK else WeekState.MISSED

    def state_on(self, today: date) -> WeekState:
        """As it is told: no week is missed before it is over."""
        over = today - self.monday >= WEEK
        return self.state if over or self.state is not WeekState.MISSED else WeekState.UNDER_WAY


def judged(monday: date, sessions: int, calendar: Calendar) -> Week:
    days = (monday + n * DAY for n in range((week_of(monday)[1] - monday).days + 1))
    open_days = sum(not calendar.is_closed(day) for day in days)
    return Week(monday, sessions, calendar.target_on(monday), open_days)


def by_week(sessions: Mapping[date, int], calendar: Calendar, first: date, last: date) -> tuple[Week, ...]:
    """Every week from that of one day to that of another, for a chart; `sessions` has the number by Monday."""
    return tuple(judged(monday, sessions.get(monday, 0), calendar) for monday in mondays(first, last))


def mondays(first: date, last: date) -> Iterator[date]:
    monday, end = week_of(first)[0], week_of(last)[0]
    yield from (monday + n * WEEK for n in range((end - monday) // WEEK + 1))


# Weeks on target


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Weeks with none missed, by the Mondays of the first and the last; `met` of them count, the others are skipped.

    Stretches of one person never touch. A stretch may reach into the future, where days are frozen ahead.
    """

    first: date
    last: date
    met: int

    def touches(self, monday: date) -> bool:
        """Whether it holds the week or lies right beside it."""
        return self.first - monday <= WEEK and monday - self.last <= WEEK


def resettled(
    monday: date, was: WeekState, state: WeekState, around: Sequence[Stretch], met_before: int = 0
) -> tuple[Stretch, ...]:
    """What takes the place of the stretches that touch a week, once it is no longer what it was.

    To be kept of a week are its sessions and its state; one of which nothing is kept was missed. `met_before` counts
    the weeks met in the stretch before this one. It is needed only where a week between its ends turns out as missed,
    which takes a deletion, a higher target or a freeze withdrawn.
    """
    if was is state:
        return tuple(around)
    if was is WeekState.MISSED:
        return (joined(monday, state, around),)
    (stretch,) = around
    if state is WeekState.MISSED:
        return parted(monday, was, stretch, met_before)
    return (replace(stretch, met=stretch.met + counts(state) - counts(was)),)


def counts(state: WeekState) -> int:
    return int(state is WeekState.MET)


def joined(monday: date, state: WeekState, beside: Sequence[Stretch]) -> Stretch:
    return Stretch(
        min([monday, *(stretch.first for stretch in beside)]),
        max([monday, *(stretch.last for stretch in beside)]),
        counts(state) + sum(stretch.met for stretch in beside),
    )


def parted(monday: date, was: WeekState, stretch: Stretch, met_before: int) -> tuple[Stretch, ...]:
    left = stretch.met - counts(was)
    met_before = left if monday == stretch.last else met_before
    before = (Stretch(stretch.first, monday - WEEK, met_before),) if stretch.first < monday else ()
    after = (Stretch(monday + WEEK, stretch.last, left - met_before),) if monday < stretch.last else ()
    return before + after


def weeks_on_target(earliest: Stretch | None, as_of: date) -> int:
    """Weeks met in a row, back from this week or, while it can still be met, from the last.

    `earliest` is, of the stretches that end last week or later, the one that ends first. `as_of` is today; under a
    lock that still lasts it is the day on which that came, for the weeks since then are skipped without being kept.
    """
    this_week, _ = week_of(as_of)
    if earliest is None or earliest.first > this_week or earliest.last < this_week - WEEK:
        return 0
    return earliest.met


# Done against planned


@dataclass(frozen=True, slots=True)
class Adherence:
    """Completed sessions against those planned, between two days, both included."""

    first_day: date
    last_day: date
    done: int
    planned: int

    @property
    def share(self) -> Fraction | None:
        """At most 1: what was done beyond the plan is told by the numbers. None where nothing was planned."""
        return min(Fraction(1), Fraction(self.done, self.planned)) if self.planned else None


def adherence(sessions: Mapping[date, int], calendar: Calendar, today: date) -> Adherence:
    """Over the 28 days up to today; `sessions` has their number by day.

    Each open day plans a seventh of the weekly target in force. A closed day plans no more than was done on it, so that
    closing a day never lowers the share, and practising on it does not either. The sum is rounded down: a part of a
    session is never asked for. With nothing closed, a target of n plans 4 n.
    """
    first = today - PLANNED_OVER + DAY
    done = {day: number for day, number in sessions.items() if first <= day <= today}
    closed = {day for span in calendar.closed for day in days_between(max(first, span.first), min(today, span.last))}
    sevenths = sum(map(calendar.target_on, days_between(first, today)))
    spared = sum(max(0, calendar.target_on(day) - DAYS_A_WEEK * done.get(day, 0)) for day in closed)
    return Adherence(first, today, sum(done.values()), (sevenths - spared) // DAYS_A_WEEK)


def days_between(first: date, last: date) -> Iterator[date]:
    """Both included; none where the last comes before the first."""
    return (first + n * DAY for n in range((last - first).days + 1))
