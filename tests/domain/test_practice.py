from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.practice import (
    ExerciseDone,
    Pause,
    Status,
    StepDone,
    StepResult,
    StopReason,
    active_ms,
    exercises_done,
    is_ahead,
    is_too_old,
    local_date,
    next_due,
    result_of,
    status_at,
    week_of,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE_MS = 60_000


def test_a_session_belongs_to_the_local_date_of_its_zone() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert local_date(late, "UTC", 0) == date(2026, 11, 23)
    assert local_date(late, "Europe/Berlin", 0) == date(2026, 11, 24)
    assert local_date(late, "America/Los_Angeles", 0) == date(2026, 11, 23)
    assert local_date(late, "Pacific/Kiritimati", 0) == date(2026, 11, 24)


def test_the_instant_decides_and_not_the_offset_it_was_written_with() -> None:
    written_elsewhere = NOON.astimezone(timezone(timedelta(hours=-11)))
    assert local_date(written_elsewhere, "Asia/Tokyo", 0) == local_date(NOON, "Asia/Tokyo", 0)


def test_before_the_day_cutoff_it_is_still_yesterday() -> None:
    half_past_one = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    assert local_date(half_past_one, "Europe/Berlin", 180) == date(2026, 11, 22)
    assert local_date(half_past_one, "Europe/Berlin", 90) == date(2026, 11, 23)


def test_the_cutoff_is_read_off_the_wall_clock_on_days_of_23_and_25_hours() -> None:
    spring_after = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # 03:00 in Berlin, the hour before it was left out
    autumn_before = datetime(2026, 10, 25, 1, 59, tzinfo=UTC)  # the second 02:59 in Berlin
    assert local_date(spring_after, "Europe/Berlin", 180) == date(2026, 3, 29)
    assert local_date(spring_after - timedelta(seconds=1), "Europe/Berlin", 180) == date(2026, 3, 28)
    assert local_date(autumn_before, "Europe/Berlin", 180) == date(2026, 10, 24)
    assert local_date(autumn_before + timedelta(minutes=1), "Europe/Berlin", 180) == date(2026, 10, 25)


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_every_day_lies_in_its_iso_week(day: date) -> None:
    monday, sunday = week_of(day)
    assert monday <= day <= sunday
    assert (monday.isoweekday(), sunday.isoweekday()) == (1, 7)
    assert monday.isocalendar()[:2] == day.isocalendar()[:2] == sunday.isocalendar()[:2]


@pytest.mark.parametrize(("minutes", "ahead"), [(-1, False), (0, False), (5, False), (6, True)])
def test_a_clock_may_be_five_minutes_ahead(minutes: int, ahead: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_ahead(NOON + timedelta(minutes=minutes), NOON) is ahead


def test_thirty_days_are_not_too_old_and_a_second_more_is() -> None:
    assert not is_too_old(NOON - timedelta(days=30), NOON)
    assert is_too_old(NOON - timedelta(days=30, seconds=1), NOON)


def test_an_active_session_lapses_after_a_day_and_an_ended_one_never() -> None:
    later = NOON + timedelta(hours=24, seconds=1)
    assert status_at(Status.ACTIVE, NOON, NOON + timedelta(hours=24)) is Status.ACTIVE
    assert status_at(Status.ACTIVE, NOON, later) is Status.LAPSED
    assert status_at(Status.COMPLETED, NOON, later) is Status.COMPLETED


def test_pain_and_red_flags_stop_a_session_and_other_reasons_abandon_it() -> None:
    stopping = {reason for reason in StopReason if reason.status is Status.STOPPED}
    assert stopping == {StopReason.PAIN, StopReason.RED_FLAG}
    assert {reason.status for reason in set(StopReason) - stopping} == {Status.ABANDONED}


def test_pauses_do_not_count_and_overlapping_ones_count_once() -> None:
    pauses = [Pause(0, 2 * MINUTE_MS), Pause(MINUTE_MS, 3 * MINUTE_MS)]
    assert active_ms(NOON, NOON + timedelta(minutes=5), pauses, 60 * MINUTE_MS) == 2 * MINUTE_MS


def test_a_phone_left_on_the_mat_has_not_exercised() -> None:
    assert active_ms(NOON, NOON + timedelta(hours=5), [], 9 * MINUTE_MS) == 9 * MINUTE_MS


@given(
    st.timedeltas(timedelta(days=-2), timedelta(days=40)),
    st.lists(st.builds(Pause, st.integers(0, 10**10), st.integers(0, 10**10)), max_size=8),
    st.integers(0, 10**8),
)
def test_active_time_is_never_negative_nor_longer_than_the_session_or_the_plan(
    elapsed: timedelta, pauses: list[Pause], longest: int
) -> None:
    counted = active_ms(NOON, NOON + elapsed, pauses, longest)
    assert 0 <= counted <= min(longest, max(0, round(elapsed.total_seconds() * 1000)))


def test_an_exercise_counts_when_some_of_it_was_done() -> None:
    steps = (
        StepDone("hang", StepResult.SKIPPED, held_s=9),
        StepDone("shrug", StepResult.PARTIAL, reps=5),
        StepDone("dog", StepResult.DONE, held_s=30),
        StepDone("dog", StepResult.DONE, held_s=15),
    )
    assert exercises_done(steps) == (
        ExerciseDone("shrug", reps=5),
        ExerciseDone("dog", held_s=45),
    )


@pytest.mark.parametrize(("target", "days"), [(1, 7), (2, 3), (3, 2), (7, 1), (21, 1)])
def test_the_next_session_is_due_when_the_week_is_spread_evenly(target: int, days: int) -> None:
    assert next_due(date(2026, 11, 23), target) == date(2026, 11, 23) + timedelta(days=days)


@pytest.mark.parametrize(
    ("steps", "whole"),
    [
        ("done done", "done"),
        ("skipped skipped", "skipped"),
        ("done skipped", "partial"),
        ("done partial", "partial"),
        ("partial", "partial"),
        ("done stopped skipped", "stopped"),
    ],
)
def test_an_exercise_is_done_when_all_its_steps_are_and_stopped_when_one_is(steps: str, whole: str) -> None:
    assert result_of([StepResult(step) for step in steps.split()]) == whole


def test_an_exercise_without_steps_has_no_result() -> None:
    with pytest.raises(ValueError, match="has steps"):
        result_of([])
