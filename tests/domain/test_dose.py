from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.domain.dose import LEVELS, Range, Seconds


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
