"""A timeline in which exercises have doses of their own, beside the one level of all the others."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.domain.dose import LEVELS, Dose
from api.domain.exercise import Exercise
from api.domain.ladder import rungs
from api.domain.segment import StepKind
from api.domain.timeline import Timeline, compile_timeline
from tests.content.loaded import CONTENT
from tests.domain.exercises import exercises, routine_of

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
any_exercise = st.one_of(exercises(), st.sampled_from(list(CONTENT.exercises.values())))
NECK, HANG, SHRUG, ROLLER = (
    CONTENT.exercises[name]
    for name in ("neck-side-bend-rotation", "pull-up-bar-hang", "shoulder-shrug-seated", "foam-roller-upper-back")
)


def compiled(*chosen: Exercise, doses: dict[str, Dose], level: int = 0) -> Timeline:
    return compile_timeline(
        routine_of(*chosen),
        {exercise.id: exercise for exercise in chosen},
        CONTENT.vocabulary,
        level=level,
        language=CONTENT.languages["en"],
        ask_first=False,
        content_version="0" * 12,
        doses=doses,
    )


def work(timeline: Timeline) -> dict[str, tuple[int | None, int | None]]:
    steps = [step for step in timeline.steps() if step.dose and step.exercise]
    return {step.exercise or "": (step.dose.hold_s, step.dose.reps) for step in steps if step.dose}


def test_each_exercise_is_given_its_own_dose_and_the_others_that_of_the_level() -> None:
    doses = {NECK.id: Dose(hold_s=25, sets=1), SHRUG.id: Dose(reps=13, sets=1)}
    timeline = compiled(NECK, HANG, SHRUG, doses=doses, level=4)
    assert work(timeline) == {NECK.id: (25, None), HANG.id: (30, None), SHRUG.id: (None, 13)}
    assert timeline.level == 4


def test_spots_beyond_the_lowest_number_stay_optional_at_a_dose_of_their_own() -> None:
    timeline = compiled(ROLLER, doses={ROLLER.id: Dose(hold_s=30, sets=1, spots=4)})
    spots = [segment for segment in timeline.segments if segment.event]
    assert [spot.optional for spot in spots] == [False, False, False, True]
    assert {spot.duration_ms for spot in spots} == {30_000}


@many
@given(any_exercise, st.sampled_from(LEVELS))
def test_the_dose_of_a_level_gives_the_bytes_of_that_level(exercise: Exercise, level: int) -> None:
    told = compiled(exercise, doses={exercise.id: exercise.dosage.at(level)}, level=level)
    assert told.document() == compiled(exercise, doses={}, level=level).document()


@many
@given(any_exercise, st.data())
def test_every_rung_of_every_exercise_is_compiled_as_it_says(exercise: Exercise, data: st.DataObject) -> None:
    dose = data.draw(st.sampled_from(rungs(exercise)))
    timeline = compiled(exercise, doses={exercise.id: dose})
    done = [step for step in timeline.steps() if step.kind in (StepKind.HOLD, StepKind.REPS)]
    assert len(done) == dose.sets * (dose.spots or 1) * len(exercise.sides)
    assert {(step.dose.hold_s, step.dose.reps) for step in done if step.dose} == {(dose.hold_s, dose.reps)}


@pytest.mark.parametrize(
    "dose",
    [
        Dose(hold_s=35, sets=1),
        Dose(hold_s=21, sets=1),
        Dose(hold_s=20, sets=2),
        Dose(sets=1),
        Dose(reps=12, sets=1),
        Dose(hold_s=20, sets=1, spots=3),
    ],
)
def test_a_dose_that_the_exercise_does_not_have_is_refused(dose: Dose) -> None:
    with pytest.raises(ValueError, match="has no dose of"):
        compiled(HANG, doses={HANG.id: dose})
