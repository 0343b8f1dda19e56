from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.domain.dose import LEVELS, Dosage, Dose, Range, Seconds, Tempo


def range_of(low: int, high: int, step: int) -> Range:
    return Range(low=low, high=high, step=step, by="ours", why="a test")


@given(st.integers(1, 60), st.integers(1, 20), st.integers(0, 10))
def test_every_level_lies_on_a_step_between_ends_that_are_reached_exactly(low: int, step: int, steps: int) -> None:
    dose = range_of(low, low + step * steps, step)
    doses = [dose.at(level) for level in LEVELS]
    assert doses[0] == dose.low
    assert doses[-1] == dose.high
    assert all(dose.holds(amount) for amount in doses)
    assert all(one <= next_one for one, next_one in pairwise(doses))


def test_twenty_to_thirty_seconds_rise_in_fives() -> None:
    assert [range_of(20, 30, 5).at(level) for level in LEVELS] == [20, 25, 25, 30, 30]


def spots() -> Dosage:
    ranges = {"hold_s": range_of(20, 30, 5), "sets": range_of(1, 1, 1), "spots": range_of(3, 5, 1)}
    return Dosage.model_validate({**ranges, "tempo_s": Tempo()})


def test_a_level_gives_a_dose_of_everything_that_is_counted_and_of_nothing_else() -> None:
    assert [spots().at(level) for level in (0, 2, 4)] == [
        Dose(hold_s=20, sets=1, spots=3),
        Dose(hold_s=25, sets=1, spots=4),
        Dose(hold_s=30, sets=1, spots=5),
    ]


@pytest.mark.parametrize(
    ("dose", "is_allowed"),
    [
        (Dose(hold_s=25, sets=1, spots=5), True),
        (Dose(hold_s=26, sets=1, spots=5), False),
        (Dose(hold_s=25, sets=1, spots=6), False),
        (Dose(hold_s=25, sets=1), False),
        (Dose(hold_s=25, reps=5, sets=1, spots=5), False),
    ],
)
def test_a_dose_is_allowed_that_has_a_step_of_every_range(dose: Dose, *, is_allowed: bool) -> None:
    assert spots().allows(dose) is is_allowed


@pytest.mark.parametrize("level", [-1, 5])
def test_there_are_no_other_levels(level: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 4"):
        range_of(20, 30, 5).at(level)


@pytest.mark.parametrize(("low", "high", "step", "problem"), [(30, 20, 5, "above"), (20, 30, 7, "does not divide")])
def test_a_range_that_cannot_be_walked_is_refused(low: int, high: int, step: int, problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        range_of(low, high, step)


def test_a_number_of_ours_says_why_and_one_of_the_article_names_its_fact() -> None:
    with pytest.raises(ValidationError, match="does not say why"):
        Seconds(s=5, by="ours")
    with pytest.raises(ValidationError, match="names no fact"):
        Seconds(s=5, by="seed")
    assert Seconds(s=5, by="seed", facts=("F36",)).s == 5
