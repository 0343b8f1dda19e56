"""Broken content is said by file, line, field and cure, and never by a traceback."""

import re
import shutil
from pathlib import Path

import pytest

from api.catalogue.content import ContentBroken, Finding, check, load_content
from api.catalogue.service import Filters, find_exercises
from tests.content.languages import in_english
from tests.content.loaded import FOLDER

NECK = "exercises/neck-side-bend-rotation.yaml"
SHRUG = "exercises/shoulder-shrug-seated.yaml"
TUCK = "exercises/chin-tuck-seated.yaml"
ROLLER = "exercises/foam-roller-upper-back.yaml"
PEC = "exercises/doorway-pec.yaml"
ROUTINE = "routines/seed-full.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return in_english(tmp_path / "content")


def changed(folder: Path, file: str, old: str, new: str) -> list[Finding]:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return check(folder)


def line_of(file: str, text: str) -> int:
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


CASES = [
    ("languages/en.yaml", "Next: {exercise}.", "Next one.", "phrases", "lacks its {exercise}"),
    ("red-flags.yaml", "urgencies:\n  by: ours", "urgencies:\n  by: seed", "urgencies", "names no fact"),
    (NECK, "low: 20, high: 30", "low: 40, high: 30", "dosage.hold_s", "low 40 is above high 30"),
    (NECK, "high: 30, step: 5", "high: 30, step: 7", "dosage.hold_s", "step 7 does not divide"),
    (NECK, "en: Neck side-bend with rotation", "en: no", "name.en", "valid string"),
    (NECK, "low: 20", 'low: "20"', "dosage.hold_s.low", "valid integer"),
    (NECK, "low: 20", "low: 12:30", "dosage.hold_s.low", "`12:30` reads as another number"),
    (NECK, "floor: false", "floor: 0", "setting.space.floor", "valid boolean"),
    (NECK, "status: draft", "state: draft", "state", "Extra inputs"),
    (NECK, "facts: [F20]", "facts: [F20, F54]", "steps[8].facts[1]", "F54 does not belong"),
    (NECK, "facts: [F12]", "by: ours", "", "F12 is carried by no step"),
    (NECK, "upper {other} side", "upper {others} side", "steps[3].text.en", "is no placeholder"),
    (NECK, "Put your {side} hand", "Put a hand", "steps[3].text.en", "{other} stands without {side}"),
    (NECK, "Now the {side} side.", "Now again.", "steps", "nothing says which side"),
    (NECK, "{side} hand over your head.", "{side} hand over the top of your head.", "steps[3].cue.en", "has 8 words"),
    (NECK, "Let go lightly.", "Let go " + "very " * 14 + "lightly.", "steps[8].text.en", "a sentence has 17 words"),
    (NECK, "muscle: scalenes", "muscle: scalene", "muscles.secondary[1].muscle", "no `scalene`"),
    (PEC, "muscle: pectorals", "muscle: pectoral", "muscles.target[0].muscle", "no `pectoral`"),
    (NECK, "position: [sit, stand]", "position: [sit, float]", "setting.position[1]", "no `float`"),
    (NECK, "optional: [chair]", "optional: [throne]", "setting.equipment.optional[0]", "no `throne`"),
    (NECK, "tag: neck_trauma_recent", "tag: neck_trauma", "contraindications[0].tag", "no `neck_trauma`"),
    (
        NECK,
        "alternative: scapular-squeeze",
        "alternative: scapular",
        "contraindications[2].alternative",
        "no `scapular`",
    ),
    (
        NECK,
        "by: sleigh-neck-rotation\ncontra",
        "by: ours\n    why: we think so\ncontra",
        "cautions[2]",
        "nothing but us",
    ),
    (NECK, "by: tunwattanapong-2016", "by: somebody-2016", "dosage.frequency.per_week.by", "not among the evidence"),
    (NECK, "source: ifompt-2022", "source: ifompt-1999", "evidence[5].source", "no `ifompt-1999`"),
    (
        NECK,
        "supports: [dosage.frequency]",
        "supports: [dosage.often]",
        "evidence[1].supports[0]",
        "no field `dosage.often`",
    ),
    (NECK, "{step: pull}", "{step: push}", "cautions[0].when[0].step", "no `push`"),
    (NECK, "red_flag: cervical-vascular", "red_flag: cervical", "cautions[2].red_flag", "no `cervical`"),
    (NECK, "id: gaze", "id: base", "steps[1].id", "there twice"),
    (NECK, "phase: hold", "phase: search", "steps[7].phase", "does not fit"),
    (NECK, "id: neck-side-bend-rotation", "id: neck-bend", "id", "not called neck-bend.yaml"),
    (NECK, "easier: upper", "easier: lower", "easier", "no `lower-trap-stretch-anchored`"),
    (
        TUCK,
        "high_from: {by: leeds-neck}",
        "high_from: {by: leeds}",
        "dosage.reps.high_from.by",
        "not among the evidence",
    ),
    (TUCK, "high_from: {by: leeds-neck}", "high_from: {by: ours}", "dosage.reps.high_from", "does not say why"),
    (NECK, "kind: static_stretch", "kind: dynamic", "dosage", "no repetitions"),
    (SHRUG, "kind: dynamic", "kind: isometric", "dosage", "is held"),
    (SHRUG, "    down: {s: 2", "    release: {s: 2", "dosage", "no tempo"),
    (ROLLER, "id: never-roll-the-neck", "id: mind-the-neck", "cautions", "does not forbid rolling the neck"),
    (ROLLER, "severity: stop", "severity: warn", "cautions", "does not forbid rolling the neck"),
    (ROLLER, "when: [before, {step: find}", "when: [{step: find}", "cautions", "does not forbid rolling the neck"),
    (ROLLER, "muscle: rhomboids", "muscle: trapezius_upper", "muscles", "aimed at the neck"),
    (ROLLER, "to the next tight place", "up to your neck", "steps[8].text.en", "aims pressure at the neck"),
    (ROLLER, "spots: {low", "reps: {low", "dosage", "either a hold or repetitions"),
    (ROUTINE, "exercise: pull-up-bar-hang", "exercise: pull-ups", "items[1].exercise", "no `pull-ups`"),
    (ROUTINE, "facts: [F3]", "facts: []", "", "F3 is carried by no step"),
    ("vocabulary.yaml", "regions: [neck]}", "regions: [nape]}", "muscles.scalenes.regions[0]", "no `nape`"),
    ("red-flags.yaml", "by: ifompt-2022", "by: nobody", "items[2].by", "no `nobody`"),
    ("facts.yaml", "id: F2,", "id: F1,", "facts[1].id", "there twice"),
    (NECK, "names: {en: [Upper-trapezius stretch, Lateral neck stretch]}", "names: {}", "aliases", "no English names"),
    (ROUTINE, 'en: "Five exercises', 'en: "{side} exercises', "summary.en", "`{side}` would be shown as it stands"),
    ("languages/en.yaml", "Rest and breathe.", "Rest and {breathe}.", "phrases.rest", "`{breathe}` is no placeholder"),
    ("languages/en.yaml", "by: ours", "by: somebody", "pace.by", "no `somebody`"),
    ("facts.yaml", "source: seed", "source: article", "source", "no `article`"),
    ("languages/en.yaml", "words_per_minute: 150", "words_per_minute: 0", "pace.words_per_minute", "greater than"),
]


@pytest.mark.parametrize(("file", "old", "new", "field", "problem"), CASES)
def test_a_fault_is_found_at_its_field(folder: Path, file: str, old: str, new: str, field: str, problem: str) -> None:
    findings = changed(folder, file, old, new)
    assert [f for f in findings if f.file == file and f.field == field and problem in f.problem], findings
    assert all(finding.cure for finding in findings)


def test_a_finding_names_the_line(folder: Path) -> None:
    (finding,) = changed(folder, NECK, "low: 20", 'low: "20"')
    assert finding.line == line_of(NECK, "hold_s: {low: 20")
    assert str(finding).startswith(f"{NECK}:{finding.line} dosage.hold_s.low: ")


def test_an_alternative_that_the_same_state_excludes_is_refused(folder: Path) -> None:
    (finding,) = changed(folder, NECK, "alternative: chin-tuck-seated", "alternative: neck-rotation")
    assert (finding.file, finding.field) == (NECK, "contraindications[1].alternative")
    assert "excluded by cervical_radiculopathy too" in finding.problem


def test_a_step_down_that_leads_nowhere_back_up_is_refused(folder: Path) -> None:
    (finding,) = changed(folder, NECK, "harder: levator-scapulae-stretch\n", "")
    assert (finding.file, finding.field) == ("exercises/levator-scapulae-stretch.yaml", "easier")
    assert finding.cure == "Say there `harder: levator-scapulae-stretch`."


def test_going_down_comes_to_an_end(folder: Path) -> None:
    lowest = "exercises/neck-side-flexion-active.yaml"
    findings = changed(folder, lowest, "harder: upper", "easier: levator-scapulae-stretch\nharder: upper")
    assert (lowest, "easier") in {(f.file, f.field) for f in findings if "in a circle" in f.problem}


def test_a_ball_that_presses_must_forbid_the_neck_even_when_the_kind_does_not_say_so(folder: Path) -> None:
    findings = changed(folder, SHRUG, "optional: []", "optional: [foam_roller]")
    assert {f.field for f in findings} == {"cautions", "muscles"}


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (b"id: [unclosed\n", 2, "no YAML"),
        (b"a: 1\n---\nb: 2\n", 2, "a second document"),
        (b"id: one\nid: two\n", 2, "given twice"),
        (b"id: one\nname: caf\xe9\n", 2, "not UTF-8"),
        (b"", 1, "empty"),
        (b"a: &x 1\nb: *x\n", 2, "an alias"),
        (b"1: one\n", 1, "no plain text"),
        (b"a: " + b"[" * 5000, 1, "nested too deeply"),
        (b"a: " + b"[" * 50 + b"]" * 50, 1, "nested too deeply"),
        (b"a: !!python/object:os.system x\n", 1, "no YAML"),
        (b"a: \x00\n", 1, "no YAML"),
        (b"#" * 300_000, 1, "larger than"),
        (b"just text\n", 1, "should be an object"),
    ],
)
def test_a_file_that_is_no_document_is_a_finding(folder: Path, text: bytes, line: int, problem: str) -> None:
    (folder / NECK).write_bytes(text)
    (finding,) = [f for f in check(folder) if f.file == NECK]
    assert problem in finding.problem
    assert finding.line == line


def test_a_missing_folder_and_a_missing_file_are_findings(folder: Path) -> None:
    assert [f.problem for f in check(folder / "nowhere")] == ["there is no content folder"]
    (folder / "sources.yaml").unlink()
    assert [(f.file, "cannot be read" in f.problem) for f in check(folder)] == [("sources.yaml", True)]
    shutil.rmtree(folder / "exercises")
    assert "exercises" in [f.file for f in check(folder)]


def test_everything_wrong_is_said_at_once(folder: Path) -> None:
    changed(folder, NECK, "status: draft", "status: drafty")
    changed(folder, SHRUG, "low: 12", "low: 99")
    with pytest.raises(ContentBroken) as broken:
        load_content(folder)
    assert {finding.file for finding in broken.value.findings} == {NECK, SHRUG}
    assert str(broken.value).count("\n") == len(broken.value.findings) - 1


def test_another_exercise_is_one_file_and_no_python(folder: Path) -> None:
    text = (folder / SHRUG).read_text(encoding="utf-8").replace("shoulder-shrug-seated", "standing-shrug")
    text = re.sub(r"by: seed(,|\n   ) facts: \[.*?\]", r"by: ours\1 why: A test", text)
    text = re.sub(r"facts: \[.*?\]", "by: ours", text)
    (folder / "exercises" / "standing-shrug.yaml").write_text(text, encoding="utf-8")
    assert check(folder) == []
    content = load_content(folder)
    assert len(content.exercises) == len(load_content(FOLDER).exercises) + 1
    found = [exercise.id for exercise in find_exercises(content, Filters(q="shrug"))]
    assert {"shoulder-shrug-seated", "standing-shrug"} <= {*found}
