"""One test for each rule of adherence, and what closed days must never do."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.adherence import (
    WEEK,
    Adherence,
    Calendar,
    Closed,
    Stretch,
    Target,
    WeekState,
    adherence,
    by_week,
    judged,
    resettled,
    weeks_on_target,
)
from api.domain.streak import DAY

MONDAY = date(2026, 11, 23)
TODAY = MONDAY + 6 * DAY
MET, SKIPPED, MISSED, UNDER_WAY = WeekState
THREE = Calendar((Target(MONDAY - 20 * WEEK, 3),))


def asking(target: int, *closed: Closed) -> Calendar:
    return Calendar((Target(MONDAY - 20 * WEEK, target),), closed)


def closing(days: int) -> Closed:
    """The first days of the week."""
    return Closed(MONDAY, MONDAY + (days - 1) * DAY)


def done_daily(days: int, a_day: int = 1) -> dict[date, int]:
    return {TODAY - n * DAY: a_day for n in range(days)}


# A week by itself


@pytest.mark.parametrize(("sessions", "state"), [(2, MISSED), (3, MET), (4, MET), (0, MISSED)])
def test_a_week_is_met_with_as_many_sessions_as_the_target(sessions: int, state: WeekState) -> None:
    assert judged(MONDAY, sessions, THREE).state is state


@pytest.mark.parametrize("sessions", [0, 3, 9])
def test_a_closed_week_is_skipped_whatever_was_done_in_it(sessions: int) -> None:
    assert judged(MONDAY, sessions, asking(3, closing(7))).state is SKIPPED


@pytest.mark.parametrize("closed", [1, 4, 6])
@pytest.mark.parametrize(("sessions", "state"), [(0, SKIPPED), (2, SKIPPED), (3, MET)])
def test_a_week_closed_in_part_is_never_missed_and_counts_only_with_the_whole_target(
    closed: int, sessions: int, state: WeekState
) -> None:
    assert judged(MONDAY, sessions, asking(3, closing(closed))).state is state


@pytest.mark.parametrize(("closed", "planned"), [(0, 3), (1, 2), (4, 1), (5, 0), (7, 0)])
def test_a_week_plans_the_share_of_its_open_days_rounded_down(closed: int, planned: int) -> None:
    calendar = asking(3, closing(closed)) if closed else THREE
    assert judged(MONDAY, 0, calendar).planned == planned


def test_days_closed_twice_are_closed_once() -> None:
    assert judged(MONDAY, 0, asking(3, closing(3), closing(2))).open_days == 4


def test_a_week_is_judged_by_the_target_in_force_in_it() -> None:
    changed = Calendar((Target(MONDAY, 5), Target(MONDAY - 3 * WEEK, 2)))
    targets = [judged(MONDAY + n * WEEK, 0, changed).target for n in (-4, -3, -1, 0, 1)]
    assert targets == [2, 2, 2, 5, 5]


def test_no_week_is_missed_before_it_is_over() -> None:
    week = judged(MONDAY, 2, THREE)
    assert [week.state_on(MONDAY + n * DAY) for n in (0, 6, 7)] == [UNDER_WAY, UNDER_WAY, MISSED]
    assert judged(MONDAY, 3, THREE).state_on(MONDAY) is MET


def test_a_chart_has_every_week_from_the_first_day_to_the_last() -> None:
    drawn = by_week({MONDAY: 2}, asking(3, closing(2)), MONDAY - DAY, TODAY)
    assert [(week.monday, week.sessions, week.target, week.planned) for week in drawn] == [
        (MONDAY - WEEK, 0, 3, 3),
        (MONDAY, 2, 3, 2),
    ]


def test_nothing_is_asked_before_the_persons_first_day() -> None:
    [week] = by_week({MONDAY: 1}, THREE.begun(MONDAY + 5 * DAY), MONDAY, MONDAY)
    assert (week.planned, week.state) == (0, SKIPPED)


# Weeks on target


def test_a_week_met_joins_the_stretches_beside_it() -> None:
    before, after = Stretch(MONDAY - 2 * WEEK, MONDAY - WEEK, 2), Stretch(MONDAY + WEEK, MONDAY + WEEK, 1)
    assert resettled(MONDAY, MISSED, MET, [before, after]) == (Stretch(MONDAY - 2 * WEEK, MONDAY + WEEK, 4),)
    assert resettled(MONDAY, MISSED, MET, []) == (Stretch(MONDAY, MONDAY, 1),)


def test_a_skipped_week_joins_them_and_adds_nothing() -> None:
    before, after = Stretch(MONDAY - 2 * WEEK, MONDAY - WEEK, 2), Stretch(MONDAY + WEEK, MONDAY + WEEK, 1)
    [joined] = resettled(MONDAY, MISSED, SKIPPED, [before, after])
    assert joined == Stretch(MONDAY - 2 * WEEK, MONDAY + WEEK, 3)
    assert resettled(MONDAY, SKIPPED, MET, [joined]) == (Stretch(joined.first, joined.last, 4),)


def test_a_week_missed_after_all_parts_its_stretch() -> None:
    stretch = Stretch(MONDAY - 2 * WEEK, MONDAY + WEEK, 4)
    assert resettled(MONDAY, MET, MISSED, [stretch], met_before=2) == (
        Stretch(MONDAY - 2 * WEEK, MONDAY - WEEK, 2),
        Stretch(MONDAY + WEEK, MONDAY + WEEK, 1),
    )


def test_at_the_ends_of_a_stretch_nobody_has_to_count() -> None:
    stretch = Stretch(MONDAY - 2 * WEEK, MONDAY, 3)
    assert resettled(MONDAY, MET, MISSED, [stretch]) == (Stretch(MONDAY - 2 * WEEK, MONDAY - WEEK, 2),)
    assert resettled(MONDAY - 2 * WEEK, MET, MISSED, [stretch]) == (Stretch(MONDAY - WEEK, MONDAY, 2),)


def test_a_week_that_stays_what_it_is_changes_nothing() -> None:
    stretch = Stretch(MONDAY, MONDAY, 1)
    assert resettled(MONDAY, MET, MET, [stretch]) == (stretch,)


@pytest.mark.parametrize(("weeks_ago", "expected"), [(-1, 2), (0, 2), (1, 2), (2, 0)])
def test_weeks_on_target_reach_back_from_this_week_or_the_last(weeks_ago: int, expected: int) -> None:
    stretch = Stretch(MONDAY - (weeks_ago + 1) * WEEK, MONDAY - weeks_ago * WEEK, 2)
    assert weeks_on_target(stretch, TODAY) == expected


@pytest.mark.parametrize("met", [0, 1])
def test_frozen_weeks_ahead_and_a_session_dated_tomorrow_are_no_stretch_of_now(met: int) -> None:
    assert weeks_on_target(Stretch(MONDAY + WEEK, MONDAY + 3 * WEEK, met), TODAY) == 0
    assert weeks_on_target(None, TODAY) == 0


def test_under_a_lock_the_weeks_stand_still_at_the_day_it_came() -> None:
    stretch = Stretch(MONDAY - 8 * WEEK, MONDAY - 5 * WEEK, 4)
    assert weeks_on_target(stretch, TODAY) == 0
    assert weeks_on_target(stretch, MONDAY - 4 * WEEK + 2 * DAY) == 4


# Done against planned


@pytest.mark.parametrize("target", [1, 3, 7, 14, 21])
def test_a_target_of_n_plans_4_n_in_28_days(target: int) -> None:
    assert adherence({}, asking(target), TODAY) == Adherence(TODAY - 27 * DAY, TODAY, 0, 4 * target)


def test_several_sessions_a_day_all_count_and_the_share_ends_at_one() -> None:
    told = adherence(done_daily(10, a_day=2), THREE, TODAY)
    assert (told.done, told.planned, told.share) == (20, 12, Fraction(1))
    assert adherence(done_daily(3), THREE, TODAY).share == Fraction(1, 4)


def test_what_lies_outside_the_28_days_does_not_count() -> None:
    outside = {TODAY - 28 * DAY: 5, TODAY + DAY: 5}
    assert adherence(outside, THREE, TODAY).done == 0


def test_closed_days_plan_nothing_and_the_rest_is_rounded_down() -> None:
    assert adherence({}, asking(3, closing(7)), TODAY).planned == 9
    assert adherence({}, asking(3, closing(1)), TODAY).planned == 11
    everything = Closed(TODAY - 27 * DAY, TODAY)
    assert adherence({}, asking(3, everything), TODAY).share is None


def test_a_closed_day_plans_no_more_than_was_done_on_it() -> None:
    everything = Closed(TODAY - 27 * DAY, TODAY)
    told = adherence(done_daily(14), asking(3, everything), TODAY)
    assert (told.done, told.planned) == (14, 6)
    told = adherence(done_daily(2), asking(21, everything), TODAY)
    assert (told.done, told.planned) == (2, 2)


def test_each_day_plans_by_the_target_of_its_own_week() -> None:
    changed = Calendar((Target(MONDAY - 9 * WEEK, 2), Target(MONDAY - WEEK, 5)))
    assert adherence({}, changed, TODAY).planned == 2 * 2 + 2 * 5


def test_nothing_is_planned_before_the_persons_first_day() -> None:
    assert adherence({}, THREE.begun(TODAY - 13 * DAY), TODAY).planned == 6


calendars = st.builds(
    lambda target, closed: asking(target, *(Closed(TODAY - n * DAY, TODAY - (n - more) * DAY) for n, more in closed)),
    st.integers(1, 21),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), max_size=3),
)
histories = st.dictionaries(st.integers(0, 40).map(lambda n: TODAY - n * DAY), st.integers(1, 4))
days = st.integers(0, 27).map(lambda n: TODAY - n * DAY)
NOTHING_PLANNED = Fraction(1)


def share(sessions: dict[date, int], calendar: Calendar) -> Fraction:
    """Where nothing was planned nobody lags behind."""
    told = adherence(sessions, calendar, TODAY).share
    return NOTHING_PLANNED if told is None else told


@given(histories, calendars, days, st.integers(0, 27))
def test_closing_days_never_lowers_the_share(
    sessions: dict[date, int], calendar: Calendar, day: date, more: int
) -> None:
    closed = Calendar(calendar.targets, (*calendar.closed, Closed(day, day + timedelta(more))))
    assert share(sessions, closed) >= share(sessions, calendar)


@given(histories, calendars, days)
def test_one_session_more_never_lowers_the_share(sessions: dict[date, int], calendar: Calendar, day: date) -> None:
    before = adherence(sessions, calendar, TODAY)
    after = adherence(sessions | {day: sessions.get(day, 0) + 1}, calendar, TODAY)
    assert after.done == before.done + 1
    if before.share is not None:
        assert after.share is not None
        assert after.share >= before.share


@given(histories, calendars)
def test_closed_days_never_inflate_the_plan_nor_what_was_done(sessions: dict[date, int], calendar: Calendar) -> None:
    with_closed, without = (adherence(sessions, c, TODAY) for c in (calendar, Calendar(calendar.targets)))
    assert with_closed.done == without.done
    assert 0 <= with_closed.planned <= without.planned == 4 * calendar.target_on(TODAY)


@given(st.integers(0, 30), st.integers(1, 21), st.integers(1, 7))
def test_closing_days_never_breaks_a_week_and_never_adds_one(sessions: int, target: int, closed: int) -> None:
    before = judged(MONDAY, sessions, asking(target)).state
    after = judged(MONDAY, sessions, asking(target, closing(closed))).state
    assert after is not MISSED
    assert after is SKIPPED or before is MET
    assert (after is MET) is (before is MET and closed < 7)
