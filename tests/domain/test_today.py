"""One test for each rule of today, their order, and what holds in any situation."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.screening import ScreeningOutcome
from api.domain.standing import Hold, Standing
from api.domain.streak import DAY
from api.domain.today import ORDER, Advice, Due, Situation, Today, WayOut, Why, decide, lock_of
from tests.content.loaded import CONTENT

WEDNESDAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEGINNERS = next(name for name, routine in CONTENT.routines.items() if routine.recommended_first)
USUAL, GENTLE = "seed-full", "flare-up"
FRESH = Situation(now=NOW, today=WEDNESDAY, beginners=BEGINNERS, gentle=GENTLE, gentle_a_day=3, weekly_target=3)
DUE = replace(FRESH, usual=USUAL, last_day=WEDNESDAY - 2 * DAY, sessions_this_week=1)

LOCKED: dict[str, Any] = {"locked_by": Why.RED_FLAG_IN_SESSION}
FLARE_UP: dict[str, Any] = {"flare_up_at": NOW - 47 * HOUR}
IN_PAIN: dict[str, Any] = {"pain": 6, "pain_at": NOW - HOUR}
STOPPED_TODAY: dict[str, Any] = {"stopped_on": WEDNESDAY}
STOPPED_TWICE: dict[str, Any] = {"stopped_twice": True}
FROZEN: dict[str, Any] = {"frozen_until": WEDNESDAY + 5 * DAY}


def told(person: Situation = DUE, **known: Any) -> Today:
    return decide(replace(person, **known))


def brief(answer: Today) -> tuple[Due, Why, str | None, timedelta | None]:
    in_days = answer.due_on - WEDNESDAY if answer.due_on else None
    return answer.due, answer.why, answer.routine, in_days


# A lock


@pytest.mark.parametrize("why", [Why.RED_FLAG_IN_SESSION, Why.RED_FLAG_ANSWERED])
def test_under_a_lock_there_is_the_reason_and_the_way_out_and_nothing_to_do(why: Why) -> None:
    assert told(locked_by=why) == Today(Due.LOCKED, why, way_out=WayOut.CARE_THEN_SCREENING)


def test_a_sign_that_ended_a_session_locks_and_so_does_one_among_the_answers() -> None:
    locked = Standing(locked_at=NOW)
    assert lock_of(locked, ScreeningOutcome.STOP) is Why.RED_FLAG_IN_SESSION
    assert lock_of(Standing(), ScreeningOutcome.STOP) is Why.RED_FLAG_ANSWERED
    assert lock_of(Standing(), ScreeningOutcome.ADAPT) is None


# The gentle routine


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (FLARE_UP, Why.FLARE_UP),
        (IN_PAIN, Why.PAIN),
        (STOPPED_TODAY, Why.STOPPED_TODAY),
        (STOPPED_TWICE, Why.STOPPED_TWICE),
    ],
)
@pytest.mark.parametrize("person", [FRESH, DUE, replace(DUE, sessions_this_week=3)])
def test_each_bad_turn_leads_to_the_gentle_routine_whoever_and_whenever(
    person: Situation, known: dict[str, Any], why: Why
) -> None:
    assert brief(told(person, **known)) == (Due.GENTLE, why, GENTLE, timedelta())


@pytest.mark.parametrize(("hours", "due"), [(47, Due.GENTLE), (48, Due.ROUTINE), (-1, Due.GENTLE)])
def test_a_flare_up_counts_for_48_hours(hours: int, due: Due) -> None:
    assert told(flare_up_at=NOW - hours * HOUR).due is due


@pytest.mark.parametrize(
    ("pain", "hours", "due"), [(5, 1, Due.ROUTINE), (6, 1, Due.GENTLE), (10, 47, Due.GENTLE), (10, 48, Due.ROUTINE)]
)
def test_pain_of_six_counts_as_now_for_48_hours_and_five_does_not(pain: int, hours: int, due: Due) -> None:
    assert told(pain=pain, pain_at=NOW - hours * HOUR).due is due


def test_what_was_stopped_for_pain_is_due_again_the_next_day() -> None:
    assert told(stopped_on=WEDNESDAY - DAY).due is Due.ROUTINE


@pytest.mark.parametrize(("sessions", "due", "days"), [(0, Due.GENTLE, 0), (2, Due.GENTLE, 0), (3, Due.CAUGHT_UP, 1)])
def test_the_gentle_routine_is_done_so_many_times_a_day_and_then_tomorrow(sessions: int, due: Due, days: int) -> None:
    answer = told(**FLARE_UP, sessions_today=sessions)
    assert brief(answer) == (due, Why.FLARE_UP, GENTLE, days * DAY)


def test_the_gentle_routine_states_itself_how_often_a_day_it_may_be_done() -> None:
    often = CONTENT.routines[GENTLE].frequency.amount.per_day
    assert often
    assert often.high == FRESH.gentle_a_day


# The usual routine


def test_who_never_began_gets_the_routine_that_is_recommended_to_beginners() -> None:
    assert brief(told(FRESH)) == (Due.ROUTINE, Why.FIRST_SESSION, "beginner", timedelta())


def test_who_only_ever_did_the_gentle_one_gets_the_beginners_too() -> None:
    assert told(usual=None).routine == BEGINNERS


@pytest.mark.parametrize(
    ("days_ago", "due", "in_days"), [(0, Due.CAUGHT_UP, 2), (1, Due.CAUGHT_UP, 1), (2, Due.ROUTINE, 0)]
)
def test_three_a_week_are_due_every_other_day(days_ago: int, due: Due, in_days: int) -> None:
    why = Why.ITS_DAY if due is Due.ROUTINE else Why.REST
    answer = told(last_day=WEDNESDAY - days_ago * DAY, sessions_today=int(days_ago == 0))
    assert brief(answer) == (due, why, USUAL, in_days * DAY)


@pytest.mark.parametrize(
    ("days_ago", "why"),
    [(7, Why.ITS_DAY), (8, Why.AFTER_A_PAUSE), (28, Why.AFTER_A_PAUSE), (29, Why.AFTER_A_LONG_PAUSE)],
)
def test_a_pause_of_more_than_7_and_of_more_than_28_days_is_named(days_ago: int, why: Why) -> None:
    answer = told(last_day=WEDNESDAY - days_ago * DAY, sessions_this_week=0)
    assert (answer.due, answer.why) == (Due.ROUTINE, why)


def test_once_the_week_is_met_the_next_is_due_in_the_next_week() -> None:
    answer = told(sessions_this_week=3)
    assert brief(answer) == (Due.CAUGHT_UP, Why.WEEK_MET, USUAL, 5 * DAY)
    later = told(weekly_target=1, sessions_this_week=1, sessions_today=1, last_day=WEDNESDAY)
    assert brief(later) == (Due.CAUGHT_UP, Why.WEEK_MET, USUAL, 7 * DAY)


@pytest.mark.parametrize(("sessions", "due"), [(1, Due.ROUTINE), (2, Due.CAUGHT_UP)])
def test_more_than_seven_a_week_are_several_a_day(sessions: int, due: Due) -> None:
    answer = told(weekly_target=10, last_day=WEDNESDAY, sessions_today=sessions, sessions_this_week=4)
    assert answer.due is due
    assert answer.due_on == WEDNESDAY + (sessions - 1) * DAY


def test_a_session_dated_tomorrow_by_travel_is_no_reason_to_practise_today() -> None:
    assert told(last_day=WEDNESDAY + DAY).due is Due.CAUGHT_UP


def test_nothing_is_due_on_frozen_days() -> None:
    assert brief(told(**FROZEN)) == (Due.CAUGHT_UP, Why.FROZEN, USUAL, 6 * DAY)
    assert told(FRESH, **FROZEN).routine == BEGINNERS


# What stands beside


@pytest.mark.parametrize("known", [{}, LOCKED, FLARE_UP, FROZEN, {"sessions_this_week": 3}])
def test_advice_to_see_someone_stands_beside_any_answer(known: dict[str, Any]) -> None:
    assert told(**known).advice == ()
    assert told(**known, four_weeks_without_relief=True).advice == (Advice.FOUR_WEEKS,)
    assert told(**known, stopped_twice=True).advice == (Advice.STOPPED_TWICE,)


@pytest.mark.parametrize("hold", Hold)
def test_a_screening_that_does_not_count_keeps_nobody_from_practising_and_is_named(hold: Hold) -> None:
    assert told(screening=hold) == replace(told(), screening=hold)
    assert told(**FLARE_UP, screening=hold).screening is hold
    assert told(**LOCKED, screening=hold).screening is None


# The order


ONE_BY_ONE = [LOCKED, FLARE_UP, IN_PAIN, STOPPED_TODAY, STOPPED_TWICE, FROZEN, {"last_day": None}]


def test_the_order_of_the_rules_is_total_and_the_weightier_one_decides() -> None:
    assert len(ORDER) == len(ONE_BY_ONE)
    for heavier, lighter in pairwise(ONE_BY_ONE):
        assert told(**(lighter | heavier)).why is told(**heavier).why is not told(**lighter).why


maybe_days = st.none() | st.integers(-1, 40).map(lambda n: WEDNESDAY - n * DAY)
maybe_instants = st.none() | st.integers(-1, 80).map(lambda n: NOW - n * HOUR)
situations = st.builds(
    Situation,
    now=st.just(NOW),
    today=st.integers(0, 6).map(lambda n: WEDNESDAY + n * DAY),
    beginners=st.just(BEGINNERS),
    gentle=st.just(GENTLE),
    gentle_a_day=st.integers(1, 3),
    weekly_target=st.integers(1, 21),
    usual=st.sampled_from([None, USUAL]),
    last_day=maybe_days,
    sessions_today=st.integers(0, 4),
    sessions_this_week=st.integers(0, 21),
    locked_by=st.sampled_from([None, None, Why.RED_FLAG_IN_SESSION, Why.RED_FLAG_ANSWERED]),
    screening=st.none() | st.sampled_from(Hold),
    flare_up_at=maybe_instants,
    pain=st.none() | st.integers(0, 10),
    pain_at=maybe_instants,
    stopped_on=maybe_days,
    stopped_twice=st.booleans(),
    four_weeks_without_relief=st.booleans(),
    frozen_until=st.none() | st.integers(7, 20).map(lambda n: WEDNESDAY + n * DAY),
)


@given(situations)
def test_any_situation_has_one_answer_and_the_answer_is_whole(person: Situation) -> None:
    answer = decide(person)
    locked = answer.due is Due.LOCKED
    assert locked is (person.locked_by is not None)
    assert (answer.routine is None, answer.due_on is None, answer.way_out is not None) == (locked, locked, locked)
    if answer.due_on:
        assert (answer.due_on > person.today) is (answer.due is Due.CAUGHT_UP)
    assert decide(person) == answer


@given(situations)
def test_who_hurts_is_never_sent_to_the_usual_routine(person: Situation) -> None:
    hurt = replace(person, locked_by=None, pain=7, pain_at=NOW)
    assert decide(hurt).routine == GENTLE


@given(situations, st.sampled_from([field.name for field in fields(Situation) if field.name not in {"now", "today"}]))
def test_under_a_lock_nothing_else_changes_the_answer_but_the_advice(person: Situation, name: str) -> None:
    locked = replace(person, locked_by=Why.RED_FLAG_ANSWERED)
    if name != "locked_by":
        other = replace(locked, **{name: getattr(FRESH, name)})
        assert replace(decide(other), advice=()) == replace(decide(locked), advice=())
