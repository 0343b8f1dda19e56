"""Practices for tests: single ones by hand, whole histories at random."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from hypothesis import strategies as st

from api.domain.pain import BodySide, Moment, Rating, Region
from api.domain.practice import StepResult, StopReason
from api.domain.progression import BEGIN, Course, Practice, State, fold, standing, step

FIRST = date(2026, 11, 23)
COURSE = Course(top=4, easier="cat-cow", harder="band-row")
NEAR = [0, 0, 1, 1, 1, 1, 2, 3]
GAPS = [4, 5, 6, 7, 7, 8, 8, 9, 16, 28, 29, 40]
AT_WILL = 0.1
REASONS = [None, None, None, StopReason.PAIN, StopReason.NO_TIME]
LATER = [Moment.CHECK_IN, Moment.WORST, Moment.AFTER, Moment.NEXT_MORNING, Moment.NEXT_MORNING]


def session_of(number: int) -> UUID:
    return UUID(int=number)


def day_of(number: int) -> date:
    return FIRST + timedelta(days=number)


def rated(value: int | None, moment: Moment) -> tuple[Rating, ...]:
    return () if value is None else (Rating(Region.NECK, BodySide.LEFT, value, moment),)


def practice(
    number: int,
    *,
    day: int,
    rung: int = 0,
    result: StepResult = StepResult.DONE,
    reason: StopReason | None = None,
    before: int | None = 2,
    worst: int | None = 2,
    morning: int | None = None,
) -> Practice:
    """A clean one by default. The number is that of its session, and the minute of the day at which it began."""
    moments = (Moment.BEFORE, Moment.WORST, Moment.NEXT_MORNING)
    ratings = (rated(value, moment) for value, moment in zip((before, worst, morning), moments, strict=True))
    at = datetime.combine(day_of(day), time(number // 60 % 24, number % 60), UTC)
    return Practice(session_of(number), at, day_of(day), rung, result, reason, sum(ratings, ()))


def on_days(*days: int, rung: int = 0, first: int = 1) -> list[Practice]:
    """Clean ones, numbered in their order."""
    return [practice(number, day=day, rung=rung) for number, day in enumerate(days, start=first)]


def numbers(sessions: tuple[UUID, ...]) -> list[int]:
    return [session.int for session in sessions]


# Whole histories


def random_ratings(random: Random, trouble: float) -> tuple[Rating, ...]:
    """Rated before and after without a rise, so that rows become full; in trouble, anything."""
    before = random.choice([0, 1, 2, 2, 3, 3, 5, 6, 7, 9])
    if random.random() > trouble:
        kept = min(before, 3)
        return rated(kept, Moment.BEFORE) + rated(max(kept - random.choice([0, 0, 1]), 0), Moment.AFTER)
    later = (rated(min(max(before + random.choice([-1, 0, 1, 1, 2, 4]), 0), 10), m) for m in random.sample(LATER, 2))
    ratings = (*(rated(before, Moment.BEFORE) if random.random() < 0.8 else ()), *sum(later, ()))
    arms = [replace(rating, region=Region.ARM) if random.random() < 0.1 else rating for rating in ratings]
    return tuple(random.sample(arms, len(arms)))


def random_history(random: Random, course: Course) -> Iterator[Practice]:
    """Mostly at the rung that is offered, else at any; the gaps crowd about the days on which a rule turns.

    How often something goes wrong, and how often there is a gap, is the history's own.
    """
    state, day = BEGIN, 0
    trouble, gaps = random.choice([0.03, 0.1, 0.3, 0.8]), random.choice([0.02, 0.1, 0.5])
    for number in range(random.choice([1, 3, 8, 20, 40])):
        day += random.choice(GAPS if random.random() < gaps else NEAR)
        wrong = random.random() < trouble
        offered = standing(state, day_of(day), course).rung
        played = practice(
            number,
            day=day,
            rung=random.randint(0, course.top) if random.random() < AT_WILL else offered,
            result=random.choice(list(StepResult)) if wrong else StepResult.DONE,
            reason=random.choice(REASONS) if wrong else None,
        )
        played = replace(played, ratings=random_ratings(random, trouble))
        state = step(state, played, course)
        yield played


OUTCOMES = [
    *[practice(0, day=0)] * 8,
    practice(0, day=0, worst=3),
    practice(0, day=0, worst=4),
    practice(0, day=0, worst=4, morning=4),
    practice(0, day=0, morning=4),
    practice(0, day=0, before=None),
    practice(0, day=0, result=StepResult.PARTIAL),
    practice(0, day=0, result=StepResult.STOPPED),
    practice(0, day=0, result=StepResult.SKIPPED),
]
OFFERED = -1
played = st.tuples(
    st.sampled_from([*NEAR, *NEAR, *GAPS]), st.sampled_from([OFFERED] * 6 + [0, 1, 4]), st.sampled_from(OUTCOMES)
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Course, list[Practice]]:
    """Sorted, with every rule met now and then; smaller ones are clean and near one another."""
    course = Course(draw(st.integers(0, 5)), easier="cat-cow", harder="band-row")
    practices, state, day = [], BEGIN, 0
    for number, (gap, rung, outcome) in enumerate(draw(st.lists(played, min_size=1, max_size=30))):
        day += gap
        offered = standing(state, day_of(day), course).rung
        there = practice(number, day=day, rung=offered if rung == OFFERED else min(rung, course.top))
        practices.append(replace(there, result=outcome.result, ratings=outcome.ratings))
        state = step(state, practices[-1], course)
    return course, practices


def folded(practices: list[Practice], course: Course = COURSE) -> State:
    return fold(sorted(practices, key=lambda each: each.place), course)
