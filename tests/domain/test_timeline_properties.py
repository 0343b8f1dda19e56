"""What holds for every timeline, of the five exercises and of any that could be written."""

import re
from itertools import groupby

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.domain.dose import LEVELS
from api.domain.exercise import EachSide, Exercise
from api.domain.segment import CueKind, StartsOn, StepKind
from api.domain.timeline import Timeline
from tests.content.loaded import CONTENT
from tests.domain.exercises import any_timeline, compiled, exercises

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
any_exercise = st.one_of(exercises(), st.sampled_from(list(CONTENT.exercises.values())))


@many
@given(any_timeline)
def test_steps_of_a_segment_follow_one_another_without_gap_or_overlap(timeline: Timeline) -> None:
    for segment in timeline.segments:
        ends_ms = 0
        assert segment.steps
        for step in segment.steps:
            assert step.offset_ms == ends_ms
            assert step.duration_ms > 0
            ends_ms += step.duration_ms
        assert segment.duration_ms == ends_ms


@many
@given(any_timeline)
def test_totals_add_up(timeline: Timeline) -> None:
    assert timeline.total_ms.high == sum(step.duration_ms for step in timeline.steps())
    assert timeline.total_ms.low == sum(segment.shortest_ms for segment in timeline.segments)
    assert all(0 <= segment.shortest_ms <= segment.duration_ms for segment in timeline.segments)


@many
@given(any_timeline)
def test_step_and_segment_ids_are_unique_and_free_of_language(timeline: Timeline) -> None:
    steps = [step.id for step in timeline.steps()]
    assert len(steps) == len(set(steps))
    assert len({segment.id for segment in timeline.segments}) == len(timeline.segments)
    assert all(re.fullmatch(r"[a-z0-9_.-]+", step) for step in steps)


@many
@given(any_exercise, st.sampled_from(LEVELS))
def test_both_sides_get_the_same_work(exercise: Exercise, level: int) -> None:
    work = [step for step in compiled(exercise, level=level).steps() if step.dose]
    by_side = [[(step.dose, step.duration_ms) for step in work if step.side is side] for side in exercise.sides]
    assert all(by_side)
    assert by_side[0] == by_side[-1]
    assert sum(map(len, by_side)) == len(work)


@many
@given(any_exercise, st.sampled_from(LEVELS))
def test_every_dose_is_in_its_range_and_on_its_step(exercise: Exercise, level: int) -> None:
    work = [step for step in compiled(exercise, level=level).steps() if step.kind in (StepKind.HOLD, StepKind.REPS)]
    assert work
    for step in work:
        assert step.dose
        if exercise.dosage.hold_s:
            assert step.dose.hold_s == exercise.dosage.hold_s.at(level)
            assert exercise.dosage.hold_s.holds(step.dose.hold_s)
            assert step.duration_ms == step.dose.hold_s * 1000
        else:
            assert exercise.dosage.reps
            assert step.dose.reps
            assert step.dose.tempo
            assert exercise.dosage.reps.holds(step.dose.reps)
            assert step.duration_ms == step.dose.reps * step.dose.tempo.total_ms
            assert step.dose.tempo.top_ms == exercise.dosage.tempo_s.ms("top")


@many
@given(any_exercise, st.sampled_from(LEVELS), st.booleans())
def test_the_same_input_gives_the_same_bytes(exercise: Exercise, level: int, ask_first: bool) -> None:  # noqa: FBT001  hypothesis calls it
    again = Exercise.model_validate_json(exercise.model_dump_json())
    one, other = (compiled(e, level=level, ask_first=ask_first).document() for e in (exercise, again))
    assert one == other


@many
@given(any_timeline)
def test_cues_lie_within_their_step_and_never_talk_over_one_another(timeline: Timeline) -> None:
    language = CONTENT.languages["en"]
    for step in timeline.steps():
        said_until_ms = 0
        for cue in step.cues:
            assert (cue.at_ms is None) != (cue.before_end_ms is None)
            at_ms = cue.at_ms if cue.at_ms is not None else step.duration_ms - (cue.before_end_ms or 0)
            assert 0 <= at_ms < step.duration_ms
            if cue.kind is CueKind.SAY:
                assert at_ms >= said_until_ms
                said_until_ms = at_ms + language.takes_ms(cue.text or "")
                assert said_until_ms <= step.duration_ms // (2 if step.kind is StepKind.HOLD else 1)


@many
@given(any_timeline)
def test_what_waits_for_the_person_comes_after_a_search_of_the_same_exercise(timeline: Timeline) -> None:
    for before, segment in zip(timeline.segments, timeline.segments[1:], strict=False):
        if segment.starts_on is StartsOn.USER:
            assert before.exercise == segment.exercise
            assert before.steps[-1].kind is StepKind.SEARCH
            assert segment.on_timeout


@many
@given(any_timeline)
def test_each_exercise_begins_ready_and_ends_with_a_question_about_pain(timeline: Timeline) -> None:
    for _, group in groupby(timeline.segments, key=lambda segment: segment.id.split(".")[0]):
        steps = [step for segment in group for step in segment.steps]
        assert StepKind.GET_READY in [step.kind for step in steps[:2]]
        assert steps[-1].kind is StepKind.CHECK_IN
        assert sum(step.kind is StepKind.CHECK_IN for step in steps) == 1


@many
@given(exercises().filter(lambda exercise: isinstance(exercise.laterality, EachSide)))
def test_a_second_side_is_announced_once_per_set(exercise: Exercise) -> None:
    switches = [step for step in compiled(exercise, level=4).steps() if step.kind is StepKind.SWITCH_SIDE]
    assert len(switches) == exercise.dosage.sets.high
    assert {step.side for step in switches} == {exercise.sides[1]}
