"""A further language is files only; it is there as a whole and says what the English says, or it is refused."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from api.catalogue.content import check, load_content
from api.catalogue.translation import line_faults, negates
from api.catalogue.walking import texts
from api.domain.exercise import Side
from api.domain.speech import Language, Pace
from api.domain.value import Text
from api.routines.service import plan_for
from tests.content.languages import CODE, FOLDER, copied, put, read, write

NECK = "exercises/neck-side-bend-rotation.yaml"
ROLLER = "exercises/foam-roller-upper-back.yaml"
SHRUG = "exercises/shoulder-shrug-seated.yaml"
ENGLISH = Language.model_validate(read(FOLDER / "languages" / "en.yaml"), strict=False)
GERMAN = ENGLISH.model_copy(update={"id": "de", "negations": ("nicht", "nie", "kein*")})
JAPANESE = ENGLISH.model_copy(update={"id": "ja", "negations": ("*ない*", "*ません*")})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path / "content")


def test_a_whole_language_is_taken_without_any_python(folder: Path) -> None:
    assert check(folder) == []
    content = load_content(folder)
    assert content.languages[CODE].said(content.vocabulary.muscles["scalenes"].name) == "Scelinis"


@pytest.mark.parametrize(
    ("file", "place", "value", "field", "problem"),
    [
        (SHRUG, ("name", CODE), None, "name", "there is no `qaa`"),
        (SHRUG, ("aliases", "names", CODE), None, "aliases.names", "there is no `qaa`"),
        (SHRUG, ("name", "qab"), "Shrug", "name.qab", "there is no language `qab`"),
        (NECK, ("steps", 2, "text", CODE), "Nuw thi uthir sodi.", f"steps[2].text.{CODE}", "placeholders"),
        (NECK, ("steps", 2, "text", CODE), "Nuw thi {side:ish} sodi.", f"steps[2].text.{CODE}", "is no placeholder"),
        ("languages/qaa.yaml", ("phrases", "check_in"), "Huw os thi peon, frum 0 tu 100?", "phrases.check_in", "0, 10"),
        ("languages/qaa.yaml", ("negations",), [], "negations", "at least 1"),
        (ROLLER, ("cautions", 0, "text", CODE), "Rull yuar nick.", f"cautions[0].text.{CODE}", "forbids or denies"),
        (SHRUG, ("name", CODE), "S" * 60, f"name.{CODE}", "it has 60 characters"),
        ("sources.yaml", ("review", "note", CODE), "Rivoiwid.", f"review.note.{CODE}", "forbids or denies"),
        ("red-flags.yaml", ("care", "emergency", CODE), None, "care.emergency", "there is no `qaa`"),
        ("vocabulary.yaml", ("codes", "kind", "release", "name", CODE), None, "codes.kind.release.name", "`qaa`"),
    ],
)
def test_a_slip_is_found_at_its_line(
    folder: Path, file: str, place: tuple[str | int, ...], value: Any, field: str, problem: str
) -> None:
    put(folder, file, place, value)
    findings = check(folder)
    assert [f for f in findings if f.file == file and f.field == field and problem in f.problem and f.cure], findings


def test_texts_of_a_language_without_a_file_are_refused(folder: Path) -> None:
    (folder / "languages" / f"{CODE}.yaml").unlink()
    findings = check(folder)
    assert {finding.problem for finding in findings} == {"there is no language `qaa`"}
    assert {NECK, "vocabulary.yaml", "red-flags.yaml", "sources.yaml"} <= {finding.file for finding in findings}


@pytest.mark.parametrize(
    ("english", "line", "language", "faults"),
    [
        ("Never roll your neck.", "Rolle nie über den Nacken.", GERMAN, 0),
        ("Never roll your neck.", "Rolle über den Nacken.", GERMAN, 1),
        ("Do not bounce.", "Keine Wippbewegung.", GERMAN, 0),
        ("Do not bounce.", "Mach keinen Schwung.", GERMAN, 0),
        ("Don\u2019t bounce.", "Wippe.", GERMAN, 1),
        ("Tie a knot.", "Mach einen Knoten.", GERMAN, 0),
        ("Hold 20 to 30 seconds.", "Halte 20 bis 30 Sekunden.", GERMAN, 0),
        ("Hold 20 to 30 seconds.", "Halte 20 bis 50 Sekunden.", GERMAN, 1),
        ("Tip to the {side}.", "Neige dich nach {side:adverb}.", GERMAN, 0),
        ("Tip to the {side}.", "Neige dich nach {other}.", GERMAN, 1),
        ("Arm", "Oberarm und Unterarm", GERMAN, 0),
        ("Lift both shoulders now.", "Zieh jetzt " + "sehr " * 8, GERMAN, 1),
        ("Never roll your neck.", "首を転がさないでください。", JAPANESE, 0),
        ("Never roll your neck.", "首を転がしてください。", JAPANESE, 1),
    ],
)
def test_sides_numbers_negations_and_length_are_compared(
    english: str, line: str, language: Language, faults: int
) -> None:
    assert len([*line_faults((), english, line, ENGLISH, language)]) == faults


def test_a_language_may_have_more_forms_of_a_side(folder: Path) -> None:
    spoken = folder / "languages" / f"{CODE}.yaml"
    write(spoken, read(spoken) | {"side_forms": {"ish": {"left": "liftish", "right": "roghtish"}}})
    put(folder, NECK, ("steps", 2, "text", CODE), "Nuw thi {side:ish} sodi.")
    assert check(folder) == []
    text = load_content(folder).exercises["neck-side-bend-rotation"].steps[2].text
    assert load_content(folder).languages[CODE].said(text, Side.RIGHT) == "Nuw thi roghtish sodi."


def test_steps_have_the_same_ids_in_every_language(folder: Path) -> None:
    content = load_content(folder)
    for slug in content.routines:
        told = [plan_for(content, slug, level=2, language=code, ask_first=True).timeline for code in content.languages]
        assert len({tuple(step.id for step in timeline.steps()) for timeline in told}) == 1


def test_a_script_without_spaces_is_timed_by_its_characters() -> None:
    pace = Pace(by="ours", why="a test", characters_per_minute=300, pause_ms=500)
    assert pace.takes_ms("首を転がさないで。") == 1600
    spoken = ENGLISH.model_copy(update={"pace": pace})
    assert spoken.takes_ms("息をする") == 800


@pytest.mark.parametrize("counts", [{}, {"words_per_minute": 150, "characters_per_minute": 300}])
def test_a_pace_counts_one_thing(counts: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match="words or characters"):
        Pace.model_validate({"by": "ours", "why": "a test", "pause_ms": 500, **counts})


def test_every_denial_of_the_content_is_noticed() -> None:
    """What the list of English negations does not see, no translation is held to."""
    content = load_content(FOLDER)
    denial = re.compile(r"\b(never|not|cannot|nobody)\b|n['\u2019]t\b", re.IGNORECASE)
    things = (*content.exercises.values(), *content.routines.values(), content.red_flags, content.review)
    lines = [line for thing in things for _, line in texts(thing) if denial.search(line)]
    assert len(lines) > 10
    assert [line for line in lines if not negates(line, content.languages["en"])] == []


def test_english_stands_beside_what_nobody_has_reviewed_and_only_there() -> None:
    text = Text.model_validate({"en": "Stop.", "de": "Halt."})
    unread = GERMAN.model_copy(update={"reviewed": False})
    assert [language.english_beside(text) for language in (ENGLISH, GERMAN, unread)] == [None, None, "Stop."]
