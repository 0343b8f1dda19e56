"""What the planner goes by is held to the other files, and every reason to its words."""

from pathlib import Path

import pytest

from api.catalogue.content import check
from tests.content.languages import in_english

WALL = '  wall: {en: "It needs a free wall."}\n'
CASES = [
    ("- shoulder-rolls", "- shoulder-roll", "gentle.exercises[0]", "no `shoulder-roll`"),
    ("- shoulder-rolls", "- pull-up-bar-hang", "gentle.exercises[0]", "pulls, presses or loads"),
    ("- shoulder-rolls", "- ball-wall-release", "gentle.exercises[0]", "pulls, presses or loads"),
    (WALL, "", "", "`unfit` has no words for wall"),
    ("  wall:", "  fence:", "unfit.fence", "Input should be"),
    ("pain: 4", "pain: 7", "lowest_from.pain", "begins above `gentle_from`"),
    ("by: provide-traffic-light", "by: nobody", "lowest_from.by", "no `nobody`"),
    ('  locator: "The red zone', '  why: "The red zone', "gentle_from", "the source has no place"),
    ("exercises: 6", "exercises: 9", "most.exercises", "less than or equal to 8"),
    (
        "It stretches what may be tight.",
        "It is " + "very " * 15 + "good.",
        "picked.lengthens.en",
        "sentence has 18 words",
    ),
]


@pytest.mark.parametrize(("old", "new", "field", "problem"), CASES)
def test_a_fault_of_the_planner_is_found_at_its_field(
    tmp_path: Path, old: str, new: str, field: str, problem: str
) -> None:
    folder = in_english(tmp_path / "content")
    path = folder / "planner.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    findings = check(folder)
    assert [f for f in findings if f.file == "planner.yaml" and f.field == field and problem in f.problem], findings
    assert all(finding.cure for finding in findings)
