from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.domain.dose import LEVELS, Dose
from api.domain.exercise import Exercise, Kind
from api.domain.ladder import MOST_S, held_s, level_of, most_a_week, rung_of, rungs
from tests.content.loaded import CONTENT
from tests.domain.exercises import OURS, exercises

SERVED = list(CONTENT.exercises.values())
ORDER = ["hold_s", "reps", "sets", "spots"]
many = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
any_exercise = st.one_of(exercises(), st.sampled_from(SERVED))


def stretch(kind: Kind, hold_s: tuple[int, int, int], sets: tuple[int, int, int]) -> Exercise:
    named = {"hold_s": hold_s, "sets": sets}
    ranges = {name: dict(zip(("low", "high", "step"), ends, strict=True)) | OURS for name, ends in named.items()}
    told = CONTENT.exercises["doorway-pec"].model_dump(mode="json", exclude_none=True)
    rest = {"s": 10, **OURS}
    changed = {"kind": kind, "dosage": {**told["dosage"], **ranges, "rest_s": rest}}
    return Exercise.model_validate({**told, **changed}, strict=False)


def raised(lower: Dose, higher: Dose) -> dict[str, int]:
    before, after = (dose.model_dump(exclude_none=True) for dose in (lower, higher))
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


@many
@given(any_exercise)
def test_a_ladder_begins_at_the_low_end_and_each_rung_raises_one_variable_by_one_step(exercise: Exercise) -> None:
    ladder = rungs(exercise)
    assert ladder[0] == exercise.dosage.at(0)
    for lower, higher in pairwise(ladder):
        ((name, step),) = raised(lower, higher).items()
        assert step == exercise.dosage.ranges[name].step
    assert all(exercise.dosage.allows(dose) for dose in ladder)


@many
@given(any_exercise)
def test_holds_are_raised_first_then_repetitions_then_sets_then_spots(exercise: Exercise) -> None:
    order = [ORDER.index(next(iter(raised(lower, higher)))) for lower, higher in pairwise(rungs(exercise))]
    assert order == sorted(order)


@many
@given(any_exercise)
def test_the_top_rung_is_the_high_end_unless_a_source_bounds_the_volume(exercise: Exercise) -> None:
    top, highest = rungs(exercise)[-1], exercise.dosage.at(4)
    assert top == highest or held_s(highest) > MOST_S[exercise.kind]


@pytest.mark.parametrize("exercise", SERVED, ids=lambda exercise: exercise.id)
def test_every_served_exercise_reaches_its_high_end(exercise: Exercise) -> None:
    assert rungs(exercise)[-1] == exercise.dosage.at(4)


@pytest.mark.parametrize(
    ("name", "amounts"),
    [
        ("band-row", [(8, 1), (9, 1), (10, 1), (11, 1), (12, 1), (12, 2), (12, 3)]),
        ("shoulder-shrug-seated", [(12, 1), (13, 1), (14, 1), (15, 1)]),
        ("open-book", [(5, 1)]),
    ],
)
def test_repetitions_rise_before_sets(name: str, amounts: list[tuple[int, int]]) -> None:
    assert [(dose.reps, dose.sets) for dose in rungs(CONTENT.exercises[name])] == amounts


def test_on_the_roller_the_hold_rises_before_the_spots() -> None:
    doses = rungs(CONTENT.exercises["foam-roller-upper-back"])
    assert [(dose.hold_s, dose.spots) for dose in doses] == [(20, 3), (25, 3), (30, 3), (30, 4), (30, 5)]


def test_stretching_grows_to_four_minutes_of_a_session_and_no_further() -> None:
    ladder = rungs(stretch(Kind.STATIC_STRETCH, (60, 120, 20), (1, 5, 1)))
    assert [held_s(dose) for dose in ladder] == [60, 80, 100, 120, 240]


def test_pressure_grows_to_three_times_two_minutes_and_no_further() -> None:
    ladder = rungs(stretch(Kind.RELEASE, (120, 120, 1), (1, 5, 1)))
    assert [held_s(dose) for dose in ladder] == [120, 240, 360]
    assert held_s(rungs(stretch(Kind.RELEASE, (350, 370, 1), (1, 1, 1)))[-1]) == 360


def test_what_no_source_bounds_grows_to_the_end_of_its_ranges() -> None:
    assert held_s(rungs(stretch(Kind.ISOMETRIC, (120, 120, 1), (1, 5, 1)))[-1]) == 600


def test_the_lowest_dose_stays_even_where_it_is_more_than_the_bound() -> None:
    exercise = stretch(Kind.STATIC_STRETCH, (150, 300, 50), (2, 3, 1))
    assert rungs(exercise) == (exercise.dosage.at(0),)


def test_every_set_and_every_spot_is_held() -> None:
    assert held_s(Dose(hold_s=30, sets=1, spots=5)) == 150
    assert held_s(Dose(hold_s=30, sets=3)) == 90
    assert held_s(Dose(reps=12, sets=3)) == 0


def test_ten_minutes_a_week_bound_how_often_a_stretch_adds_range() -> None:
    doorway, row = CONTENT.exercises["doorway-pec"], CONTENT.exercises["band-row"]
    assert [most_a_week(doorway, dose) for dose in rungs(doorway)] == [40, 20, 13, 10]
    assert most_a_week(row, rungs(row)[0]) is None
    roller = CONTENT.exercises["foam-roller-upper-back"]
    assert most_a_week(roller, rungs(roller)[0]) is None


@given(st.integers(0, 200))
def test_levels_rise_with_the_rungs_and_the_ends_alone_have_the_end_levels(top: int) -> None:
    levels = [level_of(rung, top) for rung in range(top + 1)]
    assert levels == sorted(levels)
    assert levels[0] == 0
    assert levels[-1] == (4 if top else 0)
    assert all(level in (1, 2, 3) for level in levels[1:-1])


def test_five_rungs_are_the_five_levels_and_others_the_nearest() -> None:
    assert [level_of(rung, 4) for rung in range(5)] == list(LEVELS)
    assert [level_of(rung, 6) for rung in range(7)] == [0, 1, 1, 2, 3, 3, 4]


@pytest.mark.parametrize(("rung", "top"), [(-1, 3), (4, 3), (1, 0)])
def test_a_rung_that_the_ladder_lacks_has_no_level(rung: int, top: int) -> None:
    with pytest.raises(ValueError, match="is not between"):
        level_of(rung, top)


@many
@given(any_exercise)
def test_who_does_the_dose_of_a_rung_stands_on_it(exercise: Exercise) -> None:
    ladder = rungs(exercise)
    assert [rung_of(dose, ladder) for dose in ladder] == list(range(len(ladder)))


@many
@given(any_exercise)
def test_who_does_a_level_stands_on_the_highest_rung_that_asks_for_no_more(exercise: Exercise) -> None:
    ladder = rungs(exercise)
    stood_on = [rung_of(exercise.dosage.at(level), ladder) for level in LEVELS]
    assert stood_on == sorted(stood_on)
    assert (stood_on[0], stood_on[-1]) == (0, len(ladder) - 1)
    for level, rung in zip(LEVELS, stood_on, strict=True):
        done, asked = exercise.dosage.at(level).model_dump(), ladder[rung].model_dump()
        assert all(amount is None or amount <= done[name] for name, amount in asked.items())


def test_less_than_the_lowest_dose_is_the_lowest_rung() -> None:
    assert rung_of(Dose(hold_s=10, sets=1), rungs(CONTENT.exercises["pull-up-bar-hang"])) == 0
