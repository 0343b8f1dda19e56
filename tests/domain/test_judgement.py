"""One test for each rule of the traffic light, and all ratings there can be against the rules as prose states them."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.judgement import (
    AMBER_FROM,
    FLARE_UP,
    RED_FROM,
    RULINGS,
    Light,
    PainRule,
    calls_for_gentle,
    flare_up_at,
    graver,
    judge,
    judge_exercises,
    stopped_twice,
)
from api.domain.pain import BodySide, Moment, Rating, Region
from api.domain.practice import Status
from tests.content.loaded import CONTENT

END = datetime(2026, 11, 23, 8, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
STEPS = {"roll": "roller", "hang-1": "hang", "hang-2": "hang"}
VALUES = range(11)


def rated(
    value: int, moment: Moment, region: Region = Region.NECK, *, at: datetime | None = None, step: str | None = None
) -> Rating:
    return Rating(region, BodySide.LEFT, value, moment, at=at, step=step)


def light(value: int, before: int | None, *, pressing: bool = False) -> Light:
    return RULINGS[judge(value, before, pressing=pressing)].light


@pytest.mark.parametrize(("value", "before"), [(2, 0), (4, 2), (5, 3), (8, 6), (10, 8), (10, 9)])
def test_a_rise_of_two_stops_and_one_to_the_end_of_the_scale_counts_as_such(value: int, before: int) -> None:
    assert judge(value, before) is PainRule.RISE


@pytest.mark.parametrize("before", [5, None])
def test_six_stops_when_it_began_below_or_nobody_said_where_it_began(before: int | None) -> None:
    assert judge(6, before) is PainRule.RED_ZONE


@pytest.mark.parametrize(("value", "before"), [(6, 6), (7, 6), (9, 9), (6, 9), (10, 10)])
def test_who_begins_with_six_or_more_goes_on_at_the_lowest_dose_while_it_does_not_rise(value: int, before: int) -> None:
    assert judge(value, before) is PainRule.BEGAN_HIGH


@pytest.mark.parametrize(("value", "before"), [(4, 4), (5, 4), (5, 9), (4, None)])
def test_four_and_five_are_amber_wherever_it_began(value: int, before: int | None) -> None:
    assert judge(value, before) is PainRule.AMBER_ZONE


def test_one_point_more_than_before_is_amber_even_in_the_green_zone() -> None:
    assert judge(3, 2) is PainRule.SLIGHT_RISE


@pytest.mark.parametrize(("value", "before"), [(3, 3), (0, 0), (3, 9), (3, None)])
def test_up_to_three_without_a_rise_is_green(value: int, before: int | None) -> None:
    assert judge(value, before) is PainRule.GREEN_ZONE


@pytest.mark.parametrize(("value", "expected"), [(0, Light.GREEN), (5, Light.GREEN), (6, Light.STOP)])
def test_pressure_up_to_five_is_expected_wherever_it_began(value: int, expected: Light) -> None:
    assert {light(value, before, pressing=True) for before in (None, *VALUES)} == {expected}


def test_every_rating_there_can_be_gets_the_light_that_the_prose_gives_it() -> None:
    for value, before in product(VALUES, (None, *VALUES)):
        risen = None if before is None else value - before
        below = before is None or before < 6
        must_stop = (risen or 0) >= 2 or (value >= 6 and below) or (value, before) == (10, 9)
        careful = value >= 4 or risen == 1
        expected = Light.STOP if must_stop else Light.AMBER if careful else Light.GREEN
        assert light(value, before) is expected, (value, before)


@given(st.sampled_from(VALUES), st.sampled_from(VALUES), st.sampled_from(VALUES), st.booleans())
def test_more_pain_or_less_before_never_sets_a_milder_light(value: int, before: int, more: int, pressing: bool) -> None:  # noqa: FBT001 - drawn
    gravity = [Light.GREEN, Light.AMBER, Light.STOP].index
    now = gravity(light(value, before, pressing=pressing))
    assert gravity(light(max(value, more), before, pressing=pressing)) >= now
    assert gravity(light(value, min(before, more), pressing=pressing)) >= now


def test_every_rule_names_a_source_that_is_listed_or_says_why_it_is_ours() -> None:
    assert set(RULINGS) == set(PainRule)
    assert {ruling.by for ruling in RULINGS.values()} <= {"ours", *CONTENT.sources}
    lights = [ruling.light for ruling in RULINGS.values()]
    assert lights == sorted(lights, key=[Light.STOP, Light.AMBER, Light.GREEN].index)


def test_the_planner_draws_its_lines_at_the_same_pain() -> None:
    assert (CONTENT.planner.lowest_from.pain, CONTENT.planner.gentle_from.pain) == (AMBER_FROM, RED_FROM)


def test_an_exercise_is_judged_by_the_gravest_of_its_ratings_each_against_its_own_place() -> None:
    ratings = (
        rated(3, Moment.BEFORE),
        rated(1, Moment.BEFORE, Region.ARM),
        rated(3, Moment.CHECK_IN, step="hang-1"),
        rated(3, Moment.CHECK_IN, Region.ARM, step="hang-2"),
        rated(4, Moment.WORST),
    )
    assert judge_exercises(ratings, STEPS, ()) == {"hang": PainRule.RISE, None: PainRule.AMBER_ZONE}


def test_pain_that_stays_after_a_release_counts_like_any_other() -> None:
    before, pressed = rated(1, Moment.BEFORE), rated(5, Moment.WORST, step="roll")
    stayed = rated(4, Moment.CHECK_IN, step="roll")
    assert judge_exercises((before, pressed), STEPS, ["roller"]) == {"roller": PainRule.PRESSURE}
    assert judge_exercises((before, pressed, stayed), STEPS, ["roller"]) == {"roller": PainRule.RISE}


def test_what_is_rated_after_the_session_sets_no_light() -> None:
    ratings = (rated(1, Moment.BEFORE), rated(9, Moment.AFTER), rated(9, Moment.NEXT_MORNING))
    assert judge_exercises(ratings, STEPS, ()) == {}


any_ratings = st.lists(
    st.builds(
        rated,
        st.sampled_from(VALUES),
        st.sampled_from(Moment),
        st.sampled_from([Region.NECK, Region.ARM]),
        step=st.sampled_from([None, *STEPS]),
    ),
    unique_by=lambda rating: (rating.moment, rating.region, rating.moment is Moment.BEFORE or rating.step),
)


@given(any_ratings.flatmap(lambda ratings: st.tuples(st.just(ratings), st.permutations(ratings))))
def test_the_order_of_ratings_changes_no_light(ratings: tuple[list[Rating], list[Rating]]) -> None:
    given_order, another = (judge_exercises(each, STEPS, ["roller"]) for each in ratings)
    assert given_order == another


def test_the_graver_of_two_rules_is_the_one_that_stands_first() -> None:
    assert graver(PainRule.GREEN_ZONE, PainRule.RISE, PainRule.AMBER_ZONE) is PainRule.RISE


@pytest.mark.parametrize(("values", "expected"), [((), False), ((5, 5), False), ((0, 6), True)])
def test_a_place_at_six_before_the_session_calls_for_the_gentle_routine(values: list[int], expected: bool) -> None:  # noqa: FBT001 - a table's column
    places = zip(values, Region, strict=False)
    assert calls_for_gentle(rated(value, Moment.BEFORE, place) for value, place in places) is expected


def test_pain_still_two_above_before_on_the_next_morning_is_a_flare_up() -> None:
    morning = END + 20 * HOUR
    before = rated(3, Moment.BEFORE)
    assert flare_up_at((before, rated(5, Moment.NEXT_MORNING, at=morning)), END) == morning
    assert flare_up_at((before, rated(5, Moment.NEXT_MORNING)), END) == END
    assert flare_up_at((before, rated(4, Moment.NEXT_MORNING, at=morning)), END) is None


def test_pain_still_two_above_before_half_an_hour_after_the_end_is_a_flare_up_and_sooner_is_none() -> None:
    before = rated(3, Moment.BEFORE)
    for minutes, expected in [(0, None), (29, None), (30, END + 30 * MINUTE), (150, END + 150 * MINUTE)]:
        after = rated(5, Moment.AFTER, at=END + minutes * MINUTE)
        assert flare_up_at((before, after), END) == expected
    assert flare_up_at((before, rated(5, Moment.AFTER)), END) is None


def test_a_flare_up_is_dated_by_its_latest_rating_and_needs_one_of_the_same_place_before() -> None:
    early, late = (rated(9, Moment.NEXT_MORNING, at=END + hours * HOUR) for hours in (9, 12))
    assert flare_up_at((rated(3, Moment.BEFORE), late, early), END) == END + 12 * HOUR
    assert flare_up_at((rated(3, Moment.BEFORE, Region.ARM), late), END) is None
    assert timedelta(days=2) == FLARE_UP


@pytest.mark.parametrize(
    ("latest_first", "expected"),
    [
        ("ss", True),
        ("sas", True),
        ("lsas", True),
        ("s", False),
        ("scs", False),
        ("css", False),
        ("", False),
    ],
)
def test_two_stopped_sessions_running_count_and_those_left_for_other_reasons_tell_nothing(
    latest_first: str,
    expected: bool,  # noqa: FBT001 - a table's column
) -> None:
    by_letter = {status.value[0]: status for status in Status if status is not Status.ACTIVE}
    assert stopped_twice(by_letter[letter] for letter in latest_first) is expected
