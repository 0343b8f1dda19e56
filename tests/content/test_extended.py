"""The exercises that the article does not have: where their numbers come from, and what keeps them safe."""

from pathlib import Path

import pytest

from api.catalogue.content import check
from api.catalogue.lint import NECK_CAUTION, presses
from api.catalogue.walking import walk
from api.domain.caution import Severity
from api.domain.dose import OURS, Range, Sourced
from api.domain.exercise import Exercise, Kind, Provenance
from tests.content.languages import in_english
from tests.content.loaded import CONTENT

SOURCED = (
    "ball-wall-release",
    "band-external-rotation",
    "band-row",
    "bolster-opener",
    "cat-cow",
    "childs-pose",
    "open-book",
    "prone-retraction-bed",
    "prone-t",
    "prone-y",
    "scapular-push-up",
    "thoracic-ext-chair",
    "thoracic-ext-roller",
    "thread-the-needle",
    "wall-angel",
    "wall-push-up",
)
EXTENDED = {name: e for name, e in CONTENT.exercises.items() if e.origin is Provenance.EXTENDED}
PRESSING = [e for e in CONTENT.exercises.values() if e.kind is Kind.RELEASE or presses(e, CONTENT)]
STRENGTHENING = [
    EXTENDED[name]
    for name in ("prone-y", "prone-t", "band-row", "band-external-rotation", "wall-push-up", "scapular-push-up")
]


def ranges(exercise: Exercise) -> dict[str, Range]:
    return {str(path[-1]): part for path, part in walk(exercise.dosage) if isinstance(part, Range)}


@pytest.mark.parametrize("name", SOURCED)
def test_the_dose_that_matters_has_a_source_outside_this_project(name: str) -> None:
    dosage = EXTENDED[name].dosage
    dose = dosage.hold_s or dosage.reps
    assert dose
    assert dose.by in CONTENT.sources


@pytest.mark.parametrize("exercise", EXTENDED.values(), ids=lambda e: e.id)
def test_every_origin_is_a_known_source_or_ours_with_the_reason(exercise: Exercise) -> None:
    for path, part in walk(exercise):
        if isinstance(part, Sourced):
            assert part.by in CONTENT.sources or (part.by == OURS and part.why), path


@pytest.mark.parametrize("exercise", STRENGTHENING, ids=lambda e: e.id)
def test_strengthening_states_repetitions_sets_tempo_and_rest(exercise: Exercise) -> None:
    dosage = exercise.dosage
    assert dosage.reps
    assert (dosage.sets.low, dosage.sets.high) == (1, 3)
    assert dosage.rest_s
    assert dosage.tempo_s.down
    assert dosage.tempo_s.up
    assert {"reps", "sets"} <= set(ranges(exercise))


@pytest.mark.parametrize("exercise", PRESSING, ids=lambda e: e.id)
def test_what_presses_forbids_the_neck_and_caps_the_pressure(exercise: Exercise) -> None:
    neck = next(caution for caution in exercise.cautions if caution.id == NECK_CAUTION)
    assert (neck.severity, neck.must_acknowledge, neck.facts) == (Severity.STOP, True, ("F54", "F55"))
    assert "5 of 10" in next(c for c in exercise.cautions if c.id == "pressure-up-to-five").text.in_language("en")


@pytest.mark.parametrize("tag", ["recent_fracture", "open_wound", "osteoporosis_spine"])
def test_what_presses_is_ruled_out_alike(tag: str) -> None:
    assert {e.id for e in PRESSING if not e.excluded_by(tag)} == set()


def test_nobody_with_child_is_laid_on_the_stomach() -> None:
    prone = [e for e in EXTENDED.values() if "lie_front" in e.setting.position]
    assert {e.id for e in prone} >= {"prone-y", "prone-t", "prone-retraction-bed"}
    assert all(e.excluded_by("pregnancy") and e.excluded_by("pregnancy_late") for e in prone)


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        ("facts: [F54, F55]", "facts: [F54, F55, F53]", False),
        ("facts: [F54, F55]", "facts: [F54, F99]", True),
        ("{id: lean, phase: move_in, by:", "{id: lean, phase: move_in, facts: [F54], by:", True),
    ],
)
def test_a_caution_may_repeat_a_fact_of_the_article_and_a_step_may_not(
    tmp_path: Path, old: str, new: str, *, refused: bool
) -> None:
    folder = in_english(tmp_path / "content")
    ball = folder / "exercises" / "ball-wall-release.yaml"
    text = ball.read_text(encoding="utf-8")
    assert old in text
    ball.write_text(text.replace(old, new), encoding="utf-8")
    assert bool([f for f in check(folder) if "does not belong" in f.problem]) is refused
