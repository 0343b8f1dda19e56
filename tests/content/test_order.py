"""The rules of order, on the routines that there are and on orders that break them."""

from pathlib import Path

import pytest

from api.catalogue.content import check
from api.domain.order import broken_rules, loads_neck
from api.domain.routine import OrderRule
from tests.content.languages import in_english
from tests.content.loaded import CONTENT

NECK, SQUEEZE, ROLLS = "neck-side-bend-rotation", "scapular-squeeze", "shoulder-rolls"
PROMISED = {
    *("seed-full", "desk-5", "office-invisible", "roller-release", "no-bar", "nothing-needed"),
    *("bed", "beginner", "daily-maintenance", "strength-3x", "ball-wall", "flare-up"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return in_english(tmp_path / "content")


def broken(*names: str) -> dict[OrderRule, int]:
    return broken_rules([CONTENT.exercises[name] for name in names], CONTENT.vocabulary)


def replaced(folder: Path, routine: str, old: str, new: str) -> list[tuple[str, str]]:
    path = folder / "routines" / f"{routine}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return [(finding.field, finding.problem) for finding in check(folder)]


def test_the_twelve_routines_are_there() -> None:
    assert set(CONTENT.routines) >= PROMISED


@pytest.mark.parametrize("name", CONTENT.routines)
def test_every_order_keeps_every_rule_but_those_it_excuses(name: str) -> None:
    routine = CONTENT.routines[name]
    kept = broken(*(item.exercise for item in routine.items))
    assert set(kept) == {excuse.rule for excuse in routine.order.breaks}
    assert not kept or routine.reference


@pytest.mark.parametrize(
    ("order", "rules"),
    [
        ((ROLLS, NECK, SQUEEZE), {}),
        ((NECK, ROLLS), {OrderRule.WARM_UP_FIRST: 0}),
        (("pull-up-bar-hang", ROLLS), {OrderRule.WARM_UP_FIRST: 0, OrderRule.LOAD_NEVER_FIRST: 0}),
        (("downward-facing-dog", ROLLS), {OrderRule.WARM_UP_FIRST: 0, OrderRule.LOAD_NEVER_FIRST: 0}),
        ((ROLLS, NECK, "levator-scapulae-stretch"), {OrderRule.NECK_NEVER_TWICE: 2}),
        ((ROLLS, "neck-rotation", SQUEEZE, NECK), {}),
        ((ROLLS, "chin-tuck-seated", "neck-side-flexion-active", NECK), {}),
        ((ROLLS, "foam-roller-upper-back", SQUEEZE, "downward-facing-dog"), {OrderRule.FLOOR_TOGETHER: 3}),
        ((ROLLS, "foam-roller-upper-back", "downward-facing-dog", SQUEEZE), {}),
    ],
)
def test_a_rule_is_broken_at_its_place(order: tuple[str, ...], rules: dict[OrderRule, int]) -> None:
    assert broken(*order) == rules


def test_a_held_neck_is_loaded_and_a_moved_one_is_not() -> None:
    loaded = {name for name, exercise in CONTENT.exercises.items() if loads_neck(exercise, CONTENT.vocabulary)}
    assert loaded >= {NECK, "neck-rotation", "levator-scapulae-stretch", "upper-trap-stretch-anchored"}
    assert not loaded & {"chin-tuck-seated", "neck-side-flexion-active", ROLLS, "brugger-relief", "rhomboid-reach"}


def test_what_opens_a_routine_is_light() -> None:
    for exercise in CONTENT.exercises.values():
        if exercise.warm_up:
            assert not exercise.loads
            assert not loads_neck(exercise, CONTENT.vocabulary)


def test_the_lint_says_where_an_order_breaks_a_rule(folder: Path) -> None:
    (finding,) = replaced(folder, "desk-5", "{exercise: chin-tuck-seated}", "{exercise: neck-rotation}")
    assert finding == ("items[2]", "the neck is loaded twice in a row")


def test_an_excuse_that_nothing_needs_is_refused(folder: Path) -> None:
    findings = replaced(folder, "seed-full", "rule: warm-up-first", "rule: floor-together")
    assert [field for field, _ in findings] == ["items[0]", "order.breaks[0]"]


def test_an_order_of_ours_has_no_excuse(folder: Path) -> None:
    excuse = "  breaks:\n    - {rule: floor-together, why: {en: Why not.}}\nfrequency:"
    assert [problem for _, problem in replaced(folder, "desk-5", "frequency:", excuse)] == [
        "an order of ours breaks a rule"
    ]


def test_exactly_one_routine_is_recommended_first(folder: Path) -> None:
    two = replaced(folder, "desk-5", "reference: false", "reference: false\nrecommended_first: true")
    assert two == [("", "recommended first is beginner, desk-5")]
    replaced(folder, "desk-5", "recommended_first: true\n", "")
    assert replaced(folder, "beginner", "recommended_first: true\n", "") == [("", "recommended first is no routine")]


def test_a_page_has_one_entry_among_the_sources(folder: Path) -> None:
    path = folder / "sources.yaml"
    text = path.read_text(encoding="utf-8")
    again = text.split("sources:\n", 1)[1].split("  - id:")[2].replace(" tunwattanapong-2016", " the-same-again", 1)
    path.write_text(text.rstrip() + "\n  - id:" + again, encoding="utf-8")
    assert [finding.field.rpartition(".")[2] for finding in check(folder)] == ["doi"]
