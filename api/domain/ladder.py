"""The rungs of an exercise: from the low end of every range to the high end, one step of one variable at a time.

First the hold grows, then the repetitions, then the sets, and of what is pressed spot by spot the spots; after the top
rung comes the harder exercise, at its own lowest one. Order and single steps are ours, as are the ranges where their
file says so. A level of 0 to 4 moves along all ranges at once, so only its two ends are rungs.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from api.domain.dose import LEVELS, Dose
from api.domain.exercise import Exercise, Kind

MOST_S: Mapping[Kind, int] = {Kind.STATIC_STRETCH: 240, Kind.RELEASE: 360}
"""The longest that growing makes one exercise of a session, for one side, in seconds.

Stretching: beyond about four minutes a session no further range was gained (Ingram 2024,
doi 10.1007/s40279-024-02143-9). Pressure: one to three sets of 30 to 120 s, as researchers recommend (PMC8998857). That
both bound a single exercise is ours; no source bounds the others, which end with their ranges.
"""
STRETCH_A_WEEK_S = 600
"""Beyond ten minutes a week for a muscle no further range was gained (Ingram 2024, as above)."""


def rungs(exercise: Exercise) -> tuple[Dose, ...]:
    """The doses from the lowest one up; there is always one. Each differs from the one below by one step of a range."""
    lowest, *raised = _doses(exercise)
    return (lowest, *takewhile(lambda dose: _is_useful(exercise, dose), raised))


def level_of(rung: int, top: int) -> int:
    """The level of 0 to 4 that stands for a rung: 0 the lowest and 4 the top one alone, 1 to 3 what lies between.

    Of a ladder of one rung, 0. Raises ValueError for a rung that is not between 0 and `top`.
    """
    if not 0 <= rung <= top:
        raise ValueError(f"rung {rung} is not between 0 and {top}")
    if rung in (0, top):
        return LEVELS[-1] if rung else LEVELS[0]
    linear = (2 * LEVELS[-1] * rung + top) // (2 * top)
    return min(max(linear, LEVELS[1]), LEVELS[-2])


def rung_of(dose: Dose, ladder: Sequence[Dose]) -> int:
    """The highest rung that asks for no more than the dose in anything: what somebody who did it stands on at least."""
    return max((rung for rung, asked in enumerate(ladder) if _is_within(asked, dose)), default=0)


def held_s(dose: Dose) -> int:
    """Seconds held in one session, for one side; 0 where repetitions are counted."""
    return (dose.hold_s or 0) * dose.sets * (dose.spots or 1)


def most_a_week(exercise: Exercise, dose: Dose) -> int | None:
    """How often a week the dose still adds range, by this exercise alone; None for what is no held stretch."""
    if exercise.kind is not Kind.STATIC_STRETCH or not held_s(dose):
        return None
    return STRETCH_A_WEEK_S // held_s(dose)


def _doses(exercise: Exercise) -> Iterator[Dose]:
    ranges = exercise.dosage.ranges
    amounts = {name: amount.low for name, amount in ranges.items()}
    yield Dose(**amounts)
    for name, amount in ranges.items():
        while amounts[name] < amount.high:
            amounts[name] += amount.step
            yield Dose(**amounts)


def _is_useful(exercise: Exercise, dose: Dose) -> bool:
    return exercise.kind not in MOST_S or held_s(dose) <= MOST_S[exercise.kind]


def _is_within(asked: Dose, done: Dose) -> bool:
    most = done.model_dump(exclude_none=True)
    return all(amount <= most.get(name, 0) for name, amount in asked.model_dump(exclude_none=True).items())
