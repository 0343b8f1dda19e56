"""A language as a voice, and what a line of it is held to."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.catalogue.content import load_content
from api.catalogue.translation import line_faults, negates
from api.catalogue.walking import english
from api.domain.speech import Language, Pace, TranslationState
from api.domain.timeline import Timeline
from api.domain.value import Text
from api.routines.service import plan_for
from tests.content.languages import copied, read
from tests.content.loaded import FOLDER

ENGLISH = Language.model_validate(read(FOLDER / "languages" / "en.yaml"), strict=False)
READ = {"translation": TranslationState.REVIEWED}
GERMAN = ENGLISH.model_copy(update={"id": "de", "negations": ("nicht", "nie", "kein*"), **READ})
JAPANESE = ENGLISH.model_copy(update={"id": "ja", "negations": ("*ない*", "*ません*")})


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


@pytest.mark.parametrize("made_up", [True, False])
def test_steps_have_the_same_ids_in_every_language(tmp_path: Path, *, made_up: bool) -> None:
    content = load_content(copied(tmp_path / "content") if made_up else FOLDER)
    for slug in content.routines:
        told = [plan_for(content, slug, level=2, language=code, ask_first=True) for code in content.languages]
        timelines = [Timeline.model_validate_json(plan.document) for plan in told]
        assert len({tuple(step.id for step in timeline.steps()) for timeline in timelines}) == 1


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
    lines = [line for thing in things for _, line in english(thing) if denial.search(line)]
    assert len(lines) > 10
    assert [line for line in lines if not negates(line, content.languages["en"])] == []


def test_english_stands_beside_what_nobody_has_reviewed_and_only_there() -> None:
    text = Text.model_validate({"en": "Stop.", "de": "Halt."})
    unread = GERMAN.model_copy(update={"translation": TranslationState.MACHINE})
    assert [language.english_beside(text) for language in (ENGLISH, GERMAN, unread)] == [None, None, "Stop."]
