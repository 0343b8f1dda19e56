import json
from dataclasses import replace
from datetime import timedelta

import pytest

from api.domain.exercise import Kind
from api.domain.pain import BodySide, Moment, Rating, Region
from api.domain.practice import StepResult, StopReason
from api.domain.progression import (
    Advice,
    Advised,
    Course,
    Practice,
    Rule,
    Standing,
    course_of,
    fold,
    standing,
    state_of,
    step,
    text_of,
)
from tests.content.loaded import CONTENT
from tests.domain.practising import COURSE, day_of, folded, numbers, on_days, practice, session_of

MORNING_ROW = [1, 2, 3]


def stood(practices: list[Practice], day: int, course: Course = COURSE) -> Standing:
    return standing(folded(practices, course), day_of(day), course)


def told(practices: list[Practice], day: int, course: Course = COURSE) -> tuple[int, Rule, list[int]]:
    """The rung, the rule, and the numbers of the sessions that it rests on."""
    found = stood(practices, day, course)
    return found.rung, found.decision.rule, numbers(found.decision.sessions)


def advice(practices: list[Practice], day: int, course: Course = COURSE) -> dict[Advice, tuple[list[int], str | None]]:
    return {each.advice: (numbers(each.sessions), each.exercise) for each in stood(practices, day, course).advised}


def climbed() -> list[Practice]:
    """Three clean sessions at rung 0 on days 0 to 2, and three at rung 1 on days 3 to 8: ready for rung 2 on day 10."""
    return on_days(0, 1, 2) + on_days(3, 5, 8, rung=1, first=4)


# Where it begins, and going up


def test_everybody_begins_at_the_lowest_rung() -> None:
    assert told([], 0) == (0, Rule.START, [])


def test_fewer_than_three_clean_sessions_leave_the_rung() -> None:
    assert told(on_days(0, 1), 2) == (0, Rule.GOES_ON, [1, 2])
    assert stood(on_days(0, 1), 2).clean == 2


def test_three_clean_sessions_in_a_row_raise_by_one_rung() -> None:
    assert told(on_days(0, 1, 2), 3) == (1, Rule.RAISED, [1, 2, 3])


def test_a_rise_waits_for_the_morning_after_the_third_session() -> None:
    assert told(on_days(0, 0, 0), 0) == (0, Rule.WAITS_FOR_MORNING, [1, 2, 3])
    assert stood(on_days(0, 0, 0), 0).rises_on == day_of(1)
    assert told(on_days(0, 0, 0), 1) == (1, Rule.RAISED, [1, 2, 3])


def test_a_second_rise_waits_until_a_week_after_the_first_was_practised() -> None:
    assert told(climbed(), 9) == (1, Rule.WAITS_FOR_WEEK, [4, 5, 6])
    assert stood(climbed(), 9).rises_on == day_of(10)
    assert told(climbed(), 10) == (2, Rule.RAISED, [4, 5, 6])


def test_the_week_counts_from_the_first_practice_after_the_rise_not_from_its_offer() -> None:
    late = on_days(0, 1, 2) + on_days(8, 8, 8, rung=1, first=4)
    assert told(late, 14) == (1, Rule.WAITS_FOR_WEEK, [4, 5, 6])
    assert told(late, 15) == (2, Rule.RAISED, [4, 5, 6])


def test_while_a_rise_waits_the_latest_three_clean_sessions_count() -> None:
    assert told(on_days(0, 0, 0, 0), 1) == (1, Rule.RAISED, [2, 3, 4])


def test_a_rise_needs_the_row_anew_at_each_rung() -> None:
    assert told(on_days(0, 1, 2) + on_days(9, rung=1, first=4), 10) == (1, Rule.GOES_ON, [4])


def test_at_the_top_three_clean_sessions_offer_the_harder_exercise() -> None:
    course = Course(top=1, easier="cat-cow", harder="band-row")
    assert told(climbed(), 10, course) == (1, Rule.AT_THE_TOP, [4, 5, 6])
    assert advice(climbed(), 10, course) == {Advice.HARDER: ([4, 5, 6], "band-row")}
    assert stood(climbed(), 10, course).rises_on is None


def test_the_harder_exercise_is_a_rise_too_and_waits_for_the_week() -> None:
    course = Course(top=1, harder="band-row")
    assert told(climbed(), 9, course) == (1, Rule.WAITS_FOR_WEEK, [4, 5, 6])
    assert advice(climbed(), 9, course) == {}


def test_an_exercise_of_one_rung_leads_straight_to_the_harder_one() -> None:
    course = Course(top=0, harder="band-row")
    assert told(on_days(0, 1, 2), 3, course) == (0, Rule.AT_THE_TOP, [1, 2, 3])
    assert advice(on_days(0, 1, 2), 3, Course(top=0)) == {}


# What is not clean


def test_amber_breaks_the_row_and_leaves_the_rung() -> None:
    hurt = practice(3, day=2, worst=3)
    assert told([*on_days(0, 1), hurt], 3) == (0, Rule.AMBER, [3])
    assert told([*on_days(0, 1), hurt, *on_days(3, 4, first=4)], 5) == (0, Rule.GOES_ON, [4, 5])


def test_four_during_is_not_clean_even_without_a_rise() -> None:
    assert told([practice(1, day=0, before=4, worst=4)], 1) == (0, Rule.AMBER, [1])


def test_amber_at_a_lower_rung_leads_down_to_it() -> None:
    assert told([*climbed(), practice(7, day=10, rung=1, worst=3)], 11) == (1, Rule.AMBER, [7])
    assert told([*climbed(), practice(7, day=10, rung=2, worst=3)], 11) == (2, Rule.AMBER, [7])


def test_a_worse_next_morning_takes_the_session_out_of_the_row() -> None:
    practices = [*on_days(0, 1), practice(3, day=2, morning=3)]
    assert told(practices, 3) == (0, Rule.AMBER, [3])


def test_a_part_breaks_the_row() -> None:
    part = practice(3, day=2, result=StepResult.PARTIAL)
    assert told([*on_days(0, 1), part], 3) == (0, Rule.PARTIAL, [3])
    assert stood([*on_days(0, 1), part], 3).clean == 0


def test_without_ratings_a_session_neither_counts_nor_breaks_the_row() -> None:
    unrated = practice(3, day=2, before=None, worst=None)
    assert told([*on_days(0, 1), unrated], 3) == (0, Rule.UNRATED, [3])
    assert told([*on_days(0, 1), unrated, *on_days(3, first=4)], 4) == (1, Rule.RAISED, [1, 2, 4])
    assert told([practice(n, day=n, before=None) for n in range(9)], 9) == (0, Rule.UNRATED, [8])


def test_a_missing_rating_of_the_next_morning_speaks_against_nothing() -> None:
    assert told([practice(n, day=n, morning=None) for n in MORNING_ROW], 4) == (1, Rule.RAISED, MORNING_ROW)
    assert told([practice(n, day=n, morning=2) for n in MORNING_ROW], 4) == (1, Rule.RAISED, MORNING_ROW)


def test_what_was_skipped_leaves_no_trace() -> None:
    skipped = practice(3, day=2, result=StepResult.SKIPPED, worst=9)
    assert folded([*on_days(0, 1), skipped]) == folded(on_days(0, 1))


# Going down


def test_a_stop_leads_one_rung_down_and_offers_the_gentler_exercise() -> None:
    stop = practice(7, day=10, rung=2, worst=4)
    assert told([*climbed(), stop], 11) == (1, Rule.STOPPED, [7])
    assert advice([*climbed(), stop], 11) == {Advice.EASIER: ([7], "cat-cow")}


def test_six_that_began_below_is_a_stop() -> None:
    assert told([*climbed(), practice(7, day=10, rung=2, before=5, worst=6)], 11) == (1, Rule.STOPPED, [7])


@pytest.mark.parametrize(
    ("result", "reason", "rule"),
    [
        (StepResult.STOPPED, None, Rule.STOPPED),
        (StepResult.STOPPED, StopReason.PAIN, Rule.STOPPED),
        (StepResult.PARTIAL, StopReason.RED_FLAG, Rule.STOPPED),
        (StepResult.STOPPED, StopReason.NO_TIME, Rule.PARTIAL),
        (StepResult.STOPPED, StopReason.TOO_HARD, Rule.PARTIAL),
    ],
)
def test_a_stop_is_for_pain_unless_another_reason_is_told(
    result: StepResult, reason: StopReason | None, rule: Rule
) -> None:
    ended = practice(7, day=10, rung=2, result=result, reason=reason)
    assert told([*climbed(), ended], 11) == (1 if rule is Rule.STOPPED else 2, rule, [7])


def test_after_a_stop_the_row_begins_anew() -> None:
    stopped = [*on_days(0, 1), practice(3, day=2, worst=4), *on_days(3, 4, first=4)]
    assert told(stopped, 5) == (0, Rule.GOES_ON, [4, 5])
    assert told([*stopped, *on_days(5, first=6)], 6) == (1, Rule.RAISED, [4, 5, 6])


def test_at_the_lowest_rung_a_stop_still_offers_the_gentler_exercise() -> None:
    stop = practice(1, day=0, worst=4)
    assert told([stop], 1) == (0, Rule.STOPPED, [1])
    assert advice([stop], 1) == {Advice.EASIER: ([1], "cat-cow")}
    assert advice([stop], 1, Course(top=4)) == {}


def test_two_stopped_sessions_running_suggest_a_professional() -> None:
    stops = [practice(1, day=0, worst=4), practice(2, day=1, worst=4)]
    assert advice(stops, 2) == {Advice.PROFESSIONAL: ([1, 2], None), Advice.EASIER: ([2], "cat-cow")}
    assert advice([*stops, practice(3, day=2, worst=4)], 3)[Advice.PROFESSIONAL] == ([2, 3], None)


def test_a_session_without_a_stop_between_two_stops_suggests_nobody() -> None:
    stops = [practice(1, day=0, worst=4), practice(2, day=1), practice(3, day=2, worst=4)]
    assert advice(stops, 3) == {Advice.EASIER: ([3], "cat-cow")}
    assert advice(stops[:2], 3) == {}


def test_a_flare_up_leads_one_rung_down() -> None:
    flared = practice(7, day=10, rung=2, morning=4)
    assert told([*climbed(), flared], 11) == (1, Rule.FLARE_UP, [7])


def test_a_stop_that_flares_up_leads_down_once_and_counts_as_a_stop() -> None:
    flared = practice(7, day=10, rung=2, worst=4, morning=4)
    assert told([*climbed(), flared], 11) == (1, Rule.FLARE_UP, [7])
    assert advice([*climbed(), flared], 11) == {Advice.EASIER: ([7], "cat-cow")}


def test_for_forty_eight_hours_after_a_flare_ups_morning_nothing_is_raised() -> None:
    practices = [practice(1, day=0, morning=4), *on_days(0, 1, 1, first=2)]
    for day in (2, 3):
        assert told(practices, day) == (0, Rule.WAITS_AFTER_FLARE_UP, [1, 2, 3, 4])
    assert stood(practices, 3).rises_on == day_of(4)
    assert told(practices, 4) == (1, Rule.RAISED, [2, 3, 4])


def test_more_than_seven_idle_days_lead_one_rung_down() -> None:
    practices = [*climbed(), *on_days(10, rung=2, first=7)]
    assert told(practices, 17) == (2, Rule.GOES_ON, [7])
    for day in (18, 38):
        assert told(practices, day) == (1, Rule.IDLE, [7])
    assert stood(practices, 18).clean == 0


def test_a_rise_that_nobody_practised_goes_first_when_idle_days_lead_down() -> None:
    assert told(on_days(0, 1, 2), 9) == (1, Rule.RAISED, [1, 2, 3])
    assert told(on_days(0, 1, 2), 10) == (0, Rule.IDLE, [1, 2, 3])


def test_more_than_twenty_eight_idle_days_lead_to_the_start_and_to_the_screening() -> None:
    assert told(climbed(), 8 + 28) == (1, Rule.IDLE, [4, 5, 6])
    assert told(climbed(), 8 + 29) == (0, Rule.LONG_IDLE, [6])
    assert advice(climbed(), 8 + 29) == {Advice.SCREENING: ([6], None)}


def test_idle_days_count_once_for_each_pause() -> None:
    practices = [*climbed(), *on_days(10, rung=2, first=7), *on_days(18, rung=1, first=8)]
    assert told(practices, 19) == (1, Rule.GOES_ON, [8])
    assert told(practices, 26) == (0, Rule.IDLE, [8])


# A dose chosen by hand


def test_a_clean_session_above_the_rung_counts_once_and_lifts_nobody_further() -> None:
    assert told(on_days(0, 1, 2, rung=4), 3) == (1, Rule.RAISED, [1, 2, 3])


def test_a_clean_session_below_the_rung_neither_counts_nor_breaks_the_row() -> None:
    practices = [*on_days(0, 1, 2), *on_days(3, 4, rung=1, first=4), *on_days(5, first=6)]
    assert told(practices, 6) == (1, Rule.DONE_LOWER, [6])
    assert told([*practices, *on_days(10, rung=1, first=7)], 11) == (2, Rule.RAISED, [4, 5, 7])


def test_a_stop_below_the_rung_leads_below_what_was_played() -> None:
    assert told([*climbed(), practice(7, day=10, rung=1, worst=4)], 11) == (0, Rule.STOPPED, [7])


def test_a_stop_above_the_rung_leads_below_the_rung() -> None:
    assert told([*climbed(), practice(7, day=10, rung=4, worst=9)], 11) == (1, Rule.STOPPED, [7])


# The order of practices, and what is kept


def test_a_day_that_lies_before_the_latest_practice_is_no_idle_one() -> None:
    assert told(on_days(5, 6), 5) == (0, Rule.GOES_ON, [1, 2])


def test_practices_are_sorted_by_the_day_then_the_instant_then_the_session() -> None:
    home = practice(1, day=1)
    flown_west = replace(practice(2, day=0), at=home.at + timedelta(hours=6))
    later, same_minute = practice(3, day=1), replace(practice(4, day=1), at=home.at)
    arrived = [later, same_minute, home, flown_west]
    assert sorted(arrived, key=lambda each: each.place) == [flown_west, home, same_minute, later]


def test_a_practice_of_an_earlier_day_is_refused() -> None:
    with pytest.raises(ValueError, match="comes after one of"):
        step(folded(on_days(1)), practice(2, day=0), COURSE)


def test_an_exercise_in_two_routines_climbs_one_ladder() -> None:
    morning_and_evening = on_days(0, 0, 1)
    assert told(morning_and_evening, 2) == (1, Rule.RAISED, [1, 2, 3])


def test_a_ladder_that_became_shorter_is_stood_on_at_its_top() -> None:
    kept = folded([*climbed(), *on_days(10, rung=2, first=7)])
    assert kept.rung == 2
    assert standing(kept, day_of(11), Course(top=1)).rung == 1


def test_the_state_is_kept_as_json_of_little_size() -> None:
    full = fold([practice(1, day=0, morning=4), *on_days(0, 1, 1, 1, first=2)], COURSE)
    kept = text_of(full)
    assert state_of(kept) == full
    assert set(json.loads(kept)) == {"clean", "flared", "last", "decision"}
    assert len(kept) < 1024


# What the rules need of an exercise


def test_of_an_exercise_the_top_rung_the_pressure_and_the_neighbours_count() -> None:
    roller = CONTENT.exercises["foam-roller-upper-back"]
    assert roller.kind is Kind.RELEASE
    assert course_of(roller) == Course(4, presses=True, easier="ball-wall-release", harder=None)
    assert course_of(CONTENT.exercises["shoulder-shrug-seated"]) == Course(
        3, easier="shoulder-rolls", harder="shoulder-shrug-long"
    )


def test_pressure_up_to_five_leaves_a_session_on_the_roller_clean() -> None:
    after = Rating(Region.NECK, BodySide.LEFT, 2, Moment.AFTER)
    pressed = practice(1, day=0, worst=5)
    pressed = replace(pressed, ratings=(*pressed.ratings, after))
    assert told([pressed], 1, Course(top=4, presses=True)) == (0, Rule.GOES_ON, [1])
    assert told([pressed], 1) == (0, Rule.STOPPED, [1])


def test_advice_names_what_it_is_about() -> None:
    assert stood([practice(1, day=0, worst=4)], 1).advised == (Advised(Advice.EASIER, (session_of(1),), "cat-cow"),)
