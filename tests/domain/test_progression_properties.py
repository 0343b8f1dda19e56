"""What must hold for any history of one exercise."""

from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.domain.judgement import Light
from api.domain.practice import StepResult
from api.domain.progression import (
    BEGIN,
    Advice,
    Course,
    Practice,
    Rule,
    State,
    fold,
    note,
    rise_to_come,
    standing,
    state_of,
    step,
    text_of,
)
from tests.domain.practising import folded, histories

MANY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAY = timedelta(days=1)
History = tuple[Course, list[Practice]]


def days_between(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def lived(course: Course, practices: list[Practice]) -> Iterator[tuple[date, int, Practice | None]]:
    """The rung on every morning, and after every practice with that practice, until 40 days after the last."""
    state, left = BEGIN, deque(practices)
    for day in days_between(practices[0].day, practices[-1].day + 40 * DAY):
        yield day, standing(state, day, course).rung, None
        while left and left[0].day == day:
            state = step(state, left[0], course)
            yield day, standing(state, day, course).rung, left.popleft()


@MANY
@given(histories())
def test_nobody_is_ever_above_the_top_or_below_the_lowest_rung(history: History) -> None:
    course, practices = history
    assert all(0 <= rung <= course.top for _, rung, _ in lived(course, practices))


@MANY
@given(histories())
def test_every_rise_is_of_one_rung_and_a_week_after_the_one_before(history: History) -> None:
    moments = list(lived(*history))
    rises = [(day, after - before) for (_, before, _), (day, after, _) in pairwise(moments) if after > before]
    assert all(by == 1 for _, by in rises)
    assert all(later - earlier >= 7 * DAY for (earlier, _), (later, _) in pairwise(rises))


@MANY
@given(histories())
def test_no_practice_raises_at_once_but_only_a_later_morning(history: History) -> None:
    for (_, before, _), (_, after, practice) in pairwise(lived(*history)):
        assert practice is None or after <= before


def borne(practice: Practice, course: Course) -> Light | None:
    told = note(practice, course)
    return told.seen if told else None


@MANY
@given(histories())
def test_after_a_stop_the_next_session_is_below_and_not_raised_until_three_clean_ones(history: History) -> None:
    course, practices = history
    clean, ceiling = 3, course.top
    for (_, before, _), (_, rung, practice) in pairwise(lived(course, practices)):
        if practice and borne(practice, course) is Light.STOP:
            assert rung == max(min(before, practice.rung) - 1, 0)
            clean, ceiling = 0, rung
        elif practice and practice.result is StepResult.DONE and borne(practice, course) is Light.GREEN:
            clean += 1
        assert clean >= 3 or rung <= ceiling


@MANY
@given(histories())
def test_idle_days_never_raise_but_for_a_rise_that_was_earned_before(history: History) -> None:
    course, practices = history
    state = fold(practices, course)
    last = state.last.day if state.last else practices[-1].day
    rungs = [standing(state, day, course).rung for day in days_between(last, last + 40 * DAY)]
    assert max(rungs) <= rungs[0] + 1
    assert rungs[7:] == sorted(rungs[7:], reverse=True)


@MANY
@given(histories(), st.integers(29, 400))
def test_after_more_than_twenty_eight_idle_days_everybody_is_at_the_start_and_screened_again(
    history: History, idle: int
) -> None:
    course, practices = history
    state = fold(practices, course)
    if state.last:
        found = standing(state, state.last.day + idle * DAY, course)
        assert (found.rung, found.decision.rule) == (0, Rule.LONG_IDLE)
        assert Advice.SCREENING in [each.advice for each in found.advised]


@MANY
@given(histories(), st.data())
def test_the_fold_in_any_parts_kept_as_json_between_them_is_the_fold_in_one(
    history: History, data: st.DataObject
) -> None:
    course, practices = history
    cuts = sorted(data.draw(st.lists(st.integers(0, len(practices)), max_size=4)))
    state = BEGIN
    for begin, end in pairwise([0, *cuts, len(practices)]):
        kept = state_of(text_of(state))
        state = fold(practices[begin:end], course, since=kept)
    assert state == fold(practices, course)


@MANY
@given(histories(), st.data())
def test_a_late_session_needs_only_the_state_before_its_day_and_what_came_from_then_on(
    history: History, data: st.DataObject
) -> None:
    course, practices = history
    late = data.draw(st.sampled_from(practices))
    in_time = [practice for practice in practices if practice is not late]
    kept: dict[date, State] = {}
    state = BEGIN
    for practice in in_time:
        state = kept[practice.day] = step(state, practice, course)
    before = max((day for day in kept if day < late.day), default=None)
    again = sorted([late, *(p for p in in_time if p.day >= late.day)], key=lambda each: each.place)
    assert fold(again, course, since=kept[before] if before else BEGIN) == fold(practices, course)


@MANY
@given(histories(), st.data())
def test_the_order_of_arrival_makes_no_difference(history: History, data: st.DataObject) -> None:
    course, practices = history
    arrived = data.draw(st.permutations(practices))
    assert folded(arrived, course) == fold(practices, course)


@MANY
@given(histories())
def test_every_decision_and_advice_rests_on_sessions_of_the_history(history: History) -> None:
    course, practices = history
    state, known = BEGIN, set()
    for practice in practices:
        state = step(state, practice, course)
        known.add(practice.session)
        for days in (0, 3, 9, 30):
            found = standing(state, practice.day + days * DAY, course)
            grounds = [found.decision.sessions, *(each.sessions for each in found.advised)]
            assert all(set(ground) <= known and len(set(ground)) == len(ground) for ground in grounds)
            assert all(grounds) or found.decision.rule is Rule.START


@MANY
@given(histories())
def test_what_is_kept_never_grows(history: History) -> None:
    course, practices = history
    state = BEGIN
    for practice in practices:
        state = step(state, practice, course)
        assert len(text_of(state)) < 1024


@MANY
@given(histories())
def test_a_rise_is_told_of_beforehand_with_the_days_on_which_it_stands(history: History) -> None:
    course, practices = history
    state = fold(practices, course)
    rise = rise_to_come(state, course)
    for day in days_between(practices[-1].day, practices[-1].day + 40 * DAY):
        on = standing(state, day, course)
        is_raised = rise is not None and rise.first_day <= day <= rise.last_day
        assert (on.decision.rule is Rule.RAISED) == is_raised
        assert not is_raised or (on.rung, on.decision.sessions) == (rise.rung, rise.sessions)  # type: ignore[union-attr]
