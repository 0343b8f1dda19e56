"""One test for each rule of the pain trend, and what holds for any ratings."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.pain import BodySide, Moment, Rating, Region
from api.domain.streak import DAY
from api.domain.trend import (
    PainDay,
    Relief,
    Tendency,
    Trend,
    comparable,
    compared_weeks,
    is_relieved,
    is_unrelieved,
    meaning,
    series,
    shown,
    told,
    trend,
)

FIRST = date(2026, 10, 5)


def days_of(*weeks: list[int], apart: int = 21) -> list[PainDay]:
    """One rating a day; each list is a week that begins `apart` days after the one before."""
    return [
        PainDay(FIRST + (week * apart + n) * DAY, 1, value)
        for week, values in enumerate(weeks)
        for n, value in enumerate(values)
    ]


def seen(days: list[PainDay]) -> Trend:
    return trend(days, sum(day.ratings for day in days))


def rated(value: int, moment: Moment, region: Region = Region.NECK) -> Rating:
    return Rating(region, BodySide.LEFT, value, moment)


# Which moments count


def test_the_worst_place_before_the_session_is_what_can_be_compared() -> None:
    others = [rated(9, moment, Region.ARM) for moment in Moment if moment is not Moment.BEFORE]
    ratings = [rated(3, Moment.BEFORE), rated(5, Moment.BEFORE, Region.SHOULDER), *others]
    assert comparable(ratings) == 5
    assert comparable(others) is None


def test_naming_a_lighter_place_too_lowers_nothing() -> None:
    assert comparable([rated(6, Moment.BEFORE), rated(1, Moment.BEFORE, Region.ARM)]) == 6


# When a trend is told


@pytest.mark.parametrize(("values", "tendency"), [([3, 3, 3], Tendency.TOO_FEW), ([3, 3, 3, 3], Tendency.LOWER)])
def test_no_trend_is_told_from_fewer_than_seven_ratings(values: list[int], tendency: Tendency) -> None:
    assert seen(days_of([7, 7, 7], values)).tendency is tendency


def test_nothing_rated_is_too_few() -> None:
    assert seen([]) == Trend(Tendency.TOO_FEW, 0)


@pytest.mark.parametrize(("apart", "tendency"), [(6, Tendency.TOO_SOON), (7, Tendency.LOWER)])
def test_no_trend_is_told_while_the_first_and_the_latest_week_share_a_day(apart: int, tendency: Tendency) -> None:
    days = days_of([7] * 7, [3] * 7, apart=apart)
    assert seen(days[:apart] + days[7:]).tendency is tendency


def test_a_week_with_a_single_day_of_ratings_makes_no_claim_and_still_tells_its_mean() -> None:
    told = seen(days_of([7] * 7, [2], apart=27))
    assert told.tendency is Tendency.TOO_FEW
    assert told.latest_week
    assert told.latest_week.mean == 2


def test_the_first_week_begins_with_the_first_rating_and_the_latest_ends_with_the_last() -> None:
    told = seen(days_of([5, 5, 5, 5], [5, 5, 5, 5]))
    assert told.first_week
    assert told.latest_week
    assert (told.first_week.first_day, told.first_week.last_day) == (FIRST, FIRST + 6 * DAY)
    assert (told.latest_week.first_day, told.latest_week.last_day) == (FIRST + 18 * DAY, FIRST + 24 * DAY)
    assert (told.first_week.ratings, told.latest_week.ratings, told.ratings) == (4, 4, 8)


# What it amounts to


@pytest.mark.parametrize(
    ("before", "now", "tendency"),
    [
        ("6", "4", Tendency.LOWER),
        ("6", "4.1", Tendency.NO_CLEAR_CHANGE),
        ("8", "6", Tendency.NO_CLEAR_CHANGE),
        ("8", "5.6", Tendency.LOWER),
        ("4", "6", Tendency.HIGHER),
        ("4", "5.9", Tendency.NO_CLEAR_CHANGE),
        ("7", "9", Tendency.NO_CLEAR_CHANGE),
        ("7", "9.1", Tendency.HIGHER),
        ("0", "2", Tendency.HIGHER),
        ("2", "0", Tendency.LOWER),
        ("1", "0", Tendency.NO_CLEAR_CHANGE),
    ],
)
def test_a_change_means_something_from_two_points_and_30_percent_on_both_and_either_way(
    before: str, now: str, tendency: Tendency
) -> None:
    assert meaning(Fraction(before), Fraction(now)) is tendency


def test_nobody_is_told_that_one_rating_made_it_worse() -> None:
    assert seen(days_of([3, 3, 3, 3], [3, 3, 3, 10])).tendency is Tendency.NO_CLEAR_CHANGE
    assert seen(days_of([3, 3, 3, 3, 3], [3, 10])).tendency is Tendency.NO_CLEAR_CHANGE
    assert seen(days_of([3, 3, 3, 3], [3, 10, 10])).tendency is Tendency.HIGHER


def test_nor_that_one_rating_made_it_better() -> None:
    assert seen(days_of([6, 6, 6, 6], [6, 6, 0])).tendency is Tendency.NO_CLEAR_CHANGE
    assert seen(days_of([6, 6, 6, 6], [3, 3, 0])).tendency is Tendency.LOWER


@st.composite
def drifting(draw: st.DrawFn) -> list[PainDay]:
    """Up to three ratings a day around a level that moves once, so that claims come up often."""
    levels, noise = draw(st.tuples(st.integers(0, 10), st.integers(0, 10))), draw(st.integers(0, 3))
    days = draw(st.lists(st.integers(0, 40), min_size=1, max_size=25, unique=True))
    found = []
    for n in days:
        swings = draw(st.lists(st.integers(-noise, noise), min_size=1, max_size=3))
        values = [min(10, max(0, levels[n > 20] + swing)) for swing in swings]
        found.append(PainDay(FIRST + n * DAY, len(values), sum(values)))
    return found


any_days = drifting()
CLAIMS = {Tendency.LOWER, Tendency.HIGHER}


@given(any_days, st.data())
def test_a_claim_holds_whatever_any_one_day_had_been_rated(days: list[PainDay], data: st.DataObject) -> None:
    """The mean of the days that are left is on the same side, so no rating of the other day is needed for it."""
    before = seen(days)
    if before.tendency in CLAIMS and before.first_week and before.latest_week:
        week = data.draw(st.sampled_from([before.first_week, before.latest_week]))
        gone = data.draw(st.sampled_from(week.days))
        left = Fraction(
            sum(day.total for day in week.days if day != gone), sum(day.ratings for day in week.days if day != gone)
        )
        first = left if week is before.first_week else before.first_week.mean
        latest = left if week is before.latest_week else before.latest_week.mean
        assert meaning(first, latest) is before.tendency


@given(any_days)
def test_the_days_of_the_two_weeks_are_enough(days: list[PainDay]) -> None:
    spans = compared_weeks(min(days).day, max(days).day)
    few = [day for day in days if any(first <= day.day <= last for first, last in spans)]
    assert trend(few, sum(day.ratings for day in days)) == seen(days)
    assert len(few) <= 14


@given(any_days)
def test_better_and_worse_are_held_to_the_same_measure_in_points(days: list[PainDay]) -> None:
    """A claim never comes with less than 2 points between the means."""
    found = seen(days)
    if found.tendency in CLAIMS and found.first_week and found.latest_week:
        difference = found.latest_week.mean - found.first_week.mean
        assert abs(difference) >= 2
        assert (difference < 0) is (found.tendency is Tendency.LOWER)


# After four weeks


def unrelieved(first: list[int], latest: list[int], *, apart: int = 28, since: int = 0) -> bool:
    days = days_of(first, latest, apart=apart)
    return is_unrelieved(seen(days), days[-1].day + since * DAY)


def test_four_weeks_without_change_call_for_advice_and_three_do_not() -> None:
    assert unrelieved([5, 5, 5, 5], [5, 5, 5, 5], apart=25)
    assert not unrelieved([5, 5, 5, 5], [5, 5, 5, 5], apart=24)


def test_four_weeks_of_rising_pain_call_for_it_too_and_relief_does_not() -> None:
    assert unrelieved([4, 4, 4, 4], [8, 8, 8, 8])
    assert unrelieved([8, 8, 8, 8], [6, 6, 6, 6])
    assert not unrelieved([6, 6, 6, 6], [3, 3, 3, 3])


def test_advice_needs_less_than_a_claim_so_that_rating_once_a_week_is_enough() -> None:
    weekly = days_of(*([[6]] * 7), apart=7)
    assert seen(weekly).tendency is Tendency.TOO_FEW
    assert is_unrelieved(seen(weekly), weekly[-1].day)


def test_no_advice_while_there_is_no_trend() -> None:
    assert not unrelieved([6], [6])


def test_no_advice_where_too_little_pain_is_left_to_fall_by_two_points() -> None:
    assert not unrelieved([2, 2, 2, 2], [1, 1, 2, 2])
    assert unrelieved([2, 2, 2, 2], [2, 2, 2, 2])


def test_no_advice_from_ratings_that_are_four_weeks_old() -> None:
    assert unrelieved([5, 5, 5, 5], [5, 5, 5, 5], since=27)
    assert not unrelieved([5, 5, 5, 5], [5, 5, 5, 5], since=28)


# Series and relief


def test_a_series_has_its_days_in_order_with_their_number_and_both_ends_belong_to_it() -> None:
    days = [PainDay(FIRST + n * DAY, n, 2 * n) for n in (3, 1, 0, 2, 4)]
    drawn = series(days, FIRST, FIRST + 3 * DAY)
    assert [(day.day - FIRST, day.ratings, day.mean) for day in drawn] == [
        (timedelta(n), n, Fraction(2)) for n in (1, 2, 3)
    ]


@pytest.mark.parametrize(("mean", "number"), [("10/3", 3.3), ("3.25", 3.3), ("3.24", 3.2), ("0", 0.0), ("10", 10.0)])
def test_means_are_drawn_to_one_decimal_half_of_it_upwards(mean: str, number: float) -> None:
    assert shown(Fraction(mean)) == number


def test_a_session_relieved_when_every_place_rated_twice_was_lower_after() -> None:
    neck = (rated(6, Moment.BEFORE), rated(5, Moment.AFTER))
    arm = rated(2, Moment.BEFORE, Region.ARM), rated(2, Moment.AFTER, Region.ARM)
    assert is_relieved(neck) is True
    assert is_relieved(neck + arm) is False
    assert is_relieved(neck[:1]) is None


def test_relief_is_told_as_k_of_n_from_five_sessions_on_the_largest_share_first() -> None:
    reliefs = [Relief("a", 4, 4), Relief("b", 3, 5), Relief("c", 6, 10), Relief("d", 5, 5), Relief("e", 0, 0)]
    assert [(relief.exercise, relief.lower, relief.rated) for relief in told(reliefs)] == [
        ("d", 5, 5),
        ("c", 6, 10),
        ("b", 3, 5),
    ]
