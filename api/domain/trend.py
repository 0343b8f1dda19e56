"""Pain over time, told with care: weeks are compared, never ratings, and a claim never hangs on a single day.

What is kept is a sum per local day. Sums can be added to and taken from in any order, and the trend reads those of two
weeks only, so that it costs the same however long the history is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import product

from api.domain.pain import Moment, Rating, by_place, change

RATINGS_FROM = 7
"""So many ratings in all, or no trend is told (ours: as many as two weeks of three or four sessions bring)."""
WEEK = timedelta(days=7)
POINTS, SHARE = 2, Fraction(30, 100)
"""What a change must reach, both, to mean anything: about 2 points or 30 % in 2,724 people with chronic pain, whose
daily ratings were averaged by the week as here (Farrar 2001, doi 10.1016/s0304-3959(01)00349-9). To ask for both is
ours: it is the careful reading at either end of the scale."""
FOUR_WEEKS = timedelta(weeks=4)
"""After that the trials of stretching and strengthening had their effect (Tunwattanapong 2016)."""
RELIEF_FROM = 5
"""Sessions from which on relief is told of an exercise. Ours: if each was lower by the toss of a coin, five of five
would come up once in 32 times, and four of four once in 16, which is more often than one likes to be misled."""


@dataclass(frozen=True, slots=True, order=True)
class PainDay:
    """The comparable ratings of a local day: how many, and their sum. Days without one are not kept."""

    day: date
    ratings: int
    total: int

    @property
    def mean(self) -> Fraction:
        return Fraction(self.total, self.ratings)


class Tendency(StrEnum):
    """What may be said. The first two say nothing of pain; the others compare two weeks, and never two ratings."""

    TOO_FEW = "too-few-ratings"
    TOO_SOON = "too-soon"
    NO_CLEAR_CHANGE = "no-clear-change"
    LOWER = "clearly-lower"
    HIGHER = "clearly-higher"


@dataclass(frozen=True, slots=True)
class PainWeek:
    """Seven days, both ends included, and their ratings; there is at least one."""

    first_day: date
    last_day: date
    days: tuple[PainDay, ...]

    @property
    def ratings(self) -> int:
        return sum(day.ratings for day in self.days)

    @property
    def mean(self) -> Fraction:
        return mean_of(self.days)


@dataclass(frozen=True, slots=True)
class Trend:
    """The weeks are None where nothing is compared. `ratings` counts all there are."""

    tendency: Tendency
    ratings: int
    first_week: PainWeek | None = None
    latest_week: PainWeek | None = None


# What counts


def comparable(ratings: Iterable[Rating]) -> int | None:
    """The one rating of a session that can be set beside those of others: its worst place before it began.

    That question is always put in the same state, at rest and before anything was done. The worst moment, the
    check-ins and the rating after it show what the exercises did, and the next morning is another time of day that
    comes only after some sessions. The worst place alone, because naming a light one too must not lower a mean.
    """
    return max(by_place(ratings, Moment.BEFORE).values(), default=None)


# The trend


def compared_weeks(first: date, latest: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """The days of the two weeks, given those of the first and the latest rating; they may overlap."""
    return (first, first + WEEK - timedelta(days=1)), (latest - WEEK + timedelta(days=1), latest)


def trend(days: Iterable[PainDay], ratings: int) -> Trend:
    """The latest week against the first. `days` are those of both, others do no harm; `ratings` counts all there are.

    None is told before the two weeks are apart (ours): days that stand on both sides would be compared with themselves.
    """
    rated = sorted(day for day in days if day.ratings)
    if ratings < RATINGS_FROM:
        return Trend(Tendency.TOO_FEW, ratings)
    spans = compared_weeks(rated[0].day, rated[-1].day)
    if spans[1][0] <= spans[0][1]:
        return Trend(Tendency.TOO_SOON, ratings)
    first, latest = (PainWeek(*span, series(rated, *span)) for span in spans)
    return Trend(tendency(first, latest), ratings, first, latest)


def tendency(first: PainWeek, latest: PainWeek) -> Tendency:
    """A change that holds whichever day is left out of either week, so that no one rating makes it."""
    if min(len(first.days), len(latest.days)) == 1:
        return Tendency.TOO_FEW
    pairs = product(with_one_left_out(first.days), with_one_left_out(latest.days))
    seen = {meaning(mean_of(before), mean_of(now)) for before, now in pairs}
    return seen.pop() if len(seen) == 1 else Tendency.NO_CLEAR_CHANGE


def with_one_left_out(days: Sequence[PainDay]) -> Iterator[Sequence[PainDay]]:
    """All of them, and all but each."""
    yield days
    for place in range(len(days)):
        yield [*days[:place], *days[place + 1 :]]


def meaning(before: Fraction, now: Fraction) -> Tendency:
    """What the change of a mean amounts to, for better and for worse by the same measure."""
    difference = abs(now - before)
    if difference < POINTS or difference < SHARE * before:
        return Tendency.NO_CLEAR_CHANGE
    return Tendency.LOWER if now < before else Tendency.HIGHER


def mean_of(days: Iterable[PainDay]) -> Fraction:
    days = tuple(days)
    return Fraction(sum(day.total for day in days), sum(day.ratings for day in days))


def is_unrelieved(trend: Trend, today: date) -> bool:
    """Whether four weeks have passed without meaningful relief, so that seeing someone is advised.

    Advice needs less certainty than a claim, so here the means alone decide. Ours: none is given when nobody has rated
    for four weeks, nor while the latest mean is below 2, where a meaningful fall is no longer possible.
    """
    first, latest = trend.first_week, trend.latest_week
    if first is None or latest is None:
        return False
    return (
        latest.last_day - first.first_day >= FOUR_WEEKS
        and today - latest.last_day < FOUR_WEEKS
        and latest.mean >= POINTS
        and meaning(first.mean, latest.mean) is not Tendency.LOWER
    )


# Series


def series(days: Iterable[PainDay], first: date, last: date) -> tuple[PainDay, ...]:
    """The days between two, both included, in order; the others had no rating."""
    return tuple(sorted(day for day in days if day.ratings and first <= day.day <= last))


def shown(mean: Fraction) -> float:
    """A mean as it is drawn: to one decimal, half of it upwards."""
    return int(mean * 10 + Fraction(1, 2)) / 10


# Which exercise helps


@dataclass(frozen=True, slots=True)
class Relief:
    """Of `rated` sessions with an exercise, those in which pain was `lower` after than before.

    A count, and no cause: pain that brings somebody to practise often falls by itself.
    """

    exercise: str
    lower: int
    rated: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.lower, self.rated)


def is_relieved(ratings: tuple[Rating, ...]) -> bool | None:
    """Whether every place rated both before and after was lower after; None where none was."""
    changed = change(ratings)
    return None if changed is None else changed < 0


def told(reliefs: Iterable[Relief]) -> tuple[Relief, ...]:
    """Those with sessions enough to speak of, by their share, then by their number; the others are left out."""
    enough = [relief for relief in reliefs if relief.rated >= RELIEF_FROM]
    return tuple(sorted(enough, key=lambda relief: (-relief.share, -relief.rated, relief.exercise)))
