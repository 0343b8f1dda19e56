"""A broken questionnaire is said by file, line, field and cure."""

from pathlib import Path

import pytest

from api.catalogue.content import check
from tests.content.languages import in_english

FILE = "screening.yaml"
CASES = [
    ("id: arm-symptoms", "id: neck-injury", "questions[1].id", "there twice"),
    ("Have you hurt your head or neck lately?", "You have hurt your head.", "questions[0].text.en", "no question"),
    ("Are you pregnant?", "Are you " + "very " * 15 + "pregnant?", "questions[14].text.en", "a sentence has 18 words"),
    ("tags: [under_18]", "tags: [under_21]", "questions[17].tags[0]", "no `under_21`"),
    ("tags: [under_18]", "tags: [under_18, pregnancy]", "questions[17].tags[1]", "pregnancy is asked twice"),
    ("tags: [under_18]", "tags: []", "questions[17].tags", "at least 1"),
    ("by: ifompt-2022", "by: ifompt-1999", "questions[3].by", "no `ifompt-1999`"),
    ("    locator: Risks\n", "", "questions[8]", "the source has no place"),
    (
        "    why: The sources speak of adults",
        "    locator: The sources speak of adults",
        "questions[17]",
        "does not say why",
    ),
    ("red_flag: head-or-neck-injury", "red_flag: head-injury", "questions[0].red_flag", "no `head-injury`"),
    ("idle_days: 28", "idle_days: 0", "expiry.idle_days", "greater than"),
    ("id: pressure\n", "id: pressure\n    weight: 3\n", "questions[4].weight", "Extra inputs"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return in_english(tmp_path / "content")


@pytest.mark.parametrize(("old", "new", "field", "problem"), CASES)
def test_a_fault_is_found_at_its_field(folder: Path, old: str, new: str, field: str, problem: str) -> None:
    text = (folder / FILE).read_text(encoding="utf-8")
    assert old in text
    (folder / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    findings = check(folder)
    assert [f for f in findings if f.file == FILE and f.field == field and problem in f.problem], findings
    assert all(finding.cure and finding.line > 0 for finding in findings)


def test_a_tag_that_an_exercise_uses_and_nobody_asks_is_a_fault_of_the_exercise(folder: Path) -> None:
    text = (folder / FILE).read_text(encoding="utf-8")
    changed = text.replace("tags: [wrist_pain, grip_weakness]", "tags: [grip_weakness]")
    (folder / FILE).write_text(changed, encoding="utf-8")
    findings = [f for f in check(folder) if "no question asks for wrist_pain" in f.problem]
    assert "exercises/downward-facing-dog.yaml" in {f.file for f in findings}
    assert all(f.field.startswith("contraindications[") for f in findings)
