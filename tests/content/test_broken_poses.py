"""Mistakes in the poses, each refused with its file, line, field and cure; all of one kind are made at once."""

from pathlib import Path

import pytest

from api.catalogue.content import check
from tests.content.languages import in_english

Mistake = tuple[str, str, str, str, str]
"""Which pose, what stands there, what is put in its place, the field of the finding, and a part of what it says."""
IN_FORM: list[Mistake] = [
    ("cat-cow", "kind: mat", "kind: carpet", "props[0].kind", "Input should be"),
    ("childs-pose", "bend: 1, end: 184", "second: 10, end: 184", "start.legs", "two directions or a place"),
    ("prone-t", "moves:", "movements:", "movements", "not permitted"),
    ("prone-y", "alt:", "missing: {view: from_above, why: {en: No.}}\nalt:", "", "drawn, or says why it is not"),
]
AMONG_OTHERS: list[Mistake] = [
    ("downward-facing-dog", "to: [89, 8.5]", "to: [189, 8.5]", "start.legs.to", "left_leg is 100.0 cm short"),
    ("band-row", "to: [10, 108]", "to: [70, 108]", "moves[0].arms.to", "left_arm is"),
    ("foam-roller-upper-back", "to: [-43, 33]", "to: [-93, 33]", "search[0].arms.to", "left_arm is"),
    ("cat-cow", "muscle: erector_spinae_thoracic", "muscle: pectorals", "highlight[0].muscle", "no `pectorals`"),
    ("neck-rotation", "turned to the {side}", "turned to one side", "alt.en", "no side is named"),
    ("open-book", "The {side} arm", "The {left} {side} arm", "alt.en", "`{left}` is no placeholder"),
    ("prone-t", "lying on the stomach", "lying on the {side}", "alt.en", "a side is named where none is worked"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return in_english(tmp_path / "content")


@pytest.mark.parametrize("mistakes", [IN_FORM, AMONG_OTHERS], ids=["in form", "among others"])
def test_every_mistake_is_told_with_its_place_and_its_cure(folder: Path, mistakes: list[Mistake]) -> None:
    for name, old, new, *_ in mistakes:
        path = folder / "poses" / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text, name
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = {(finding.file, finding.field): finding for finding in check(folder)}
    assert found.keys() == {(f"poses/{name}.yaml", field) for name, _, _, field, _ in mistakes}
    for name, _, new, field, problem in mistakes:
        finding = found[f"poses/{name}.yaml", field]
        assert problem in finding.problem
        assert finding.cure
        line = (folder / finding.file).read_text(encoding="utf-8").splitlines()[finding.line - 1]
        assert not field or new.partition("\n")[0] in line or field == "start.legs"


def test_a_pose_of_no_exercise_is_refused(folder: Path) -> None:
    path = folder / "poses" / "cat-cow.yaml"
    text = path.read_text(encoding="utf-8").replace("id: cat-cow", "id: dog-cow")
    path.unlink()
    (folder / "poses" / "dog-cow.yaml").write_text(text, encoding="utf-8")
    [finding] = check(folder)
    assert (finding.file, finding.field) == ("poses/dog-cow.yaml", "id")
    assert "there is no `dog-cow`" in finding.problem
