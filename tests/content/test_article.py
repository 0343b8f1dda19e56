"""The catalogue against the source article: every fact carried, every number as stated."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.catalogue.content import check, load_content
from api.catalogue.editors import json_schema
from api.catalogue.walking import english, walk
from api.domain.pain import Region
from tests.content.loaded import CONTENT, FOLDER

FACTS_OF = {
    "neck-side-bend-rotation": range(9, 22),
    "pull-up-bar-hang": range(22, 31),
    "shoulder-shrug-seated": range(31, 42),
    "foam-roller-upper-back": range(42, 56),
    "downward-facing-dog": range(56, 70),
}


def facts_in(value: object) -> Iterator[str]:
    for path, part in walk(value):
        if path and path[-1] == "facts" and isinstance(part, tuple):
            yield from part


def test_the_content_has_no_findings() -> None:
    assert check(FOLDER) == []


@pytest.mark.parametrize("exercise", FACTS_OF)
def test_each_exercise_carries_exactly_its_facts(exercise: str) -> None:
    assert set(facts_in(CONTENT.exercises[exercise])) == {f"F{number}" for number in FACTS_OF[exercise]}


def test_the_routine_carries_the_frame_and_keeps_the_articles_order() -> None:
    routine = CONTENT.routines["seed-full"]
    assert set(facts_in(routine)) == {f"F{number}" for number in range(1, 9)}
    assert [item.exercise for item in routine.items] == list(FACTS_OF)
    assert routine.reference


def test_facts_are_carried_by_steps_doses_and_cautions_only() -> None:
    for exercise in CONTENT.exercises.values():
        assert set(facts_in(exercise)) == {
            *facts_in(exercise.steps),
            *facts_in(exercise.dosage),
            *facts_in(exercise.cautions),
        }


@pytest.mark.parametrize(
    ("exercise", "dose", "low", "high"),
    [
        ("neck-side-bend-rotation", "hold_s", 20, 30),
        ("pull-up-bar-hang", "hold_s", 20, 30),
        ("shoulder-shrug-seated", "reps", 12, 15),
        ("foam-roller-upper-back", "hold_s", 20, 30),
        ("downward-facing-dog", "hold_s", 30, 45),
    ],
)
def test_doses_are_the_articles(exercise: str, dose: str, low: int, high: int) -> None:
    stated = getattr(CONTENT.exercises[exercise].dosage, dose)
    assert (stated.low, stated.high, stated.by) == (low, high, "seed")


def test_the_top_of_a_shrug_is_one_second_and_spots_end_at_a_cap_of_ours() -> None:
    top = CONTENT.exercises["shoulder-shrug-seated"].dosage.tempo_s.top
    spots = CONTENT.exercises["foam-roller-upper-back"].dosage.spots
    assert top
    assert (top.s, top.by) == (1, "seed")
    assert spots
    assert (spots.low, spots.high, spots.by) == (3, 5, "ours")


def test_every_ambiguity_is_settled_once_and_as_ours() -> None:
    readings = [reading for exercise in CONTENT.exercises.values() for reading in exercise.readings]
    readings += [reading for routine in CONTENT.routines.values() for reading in routine.readings]
    assert sorted(int(reading.id[1:]) for reading in readings) == list(range(1, 18))
    assert {reading.by for reading in readings} == {"ours"}


def test_nobody_clinical_has_reviewed_it_and_it_says_so() -> None:
    reviews = [exercise.review for exercise in CONTENT.exercises.values()]
    reviews += [routine.review for routine in CONTENT.routines.values()]
    for review in [*reviews, CONTENT.red_flags.review]:
        assert review.status == "unreviewed"
        assert "Nobody with a clinical licence" in review.note.in_language("en")


def test_every_region_of_a_pain_rating_has_a_name() -> None:
    assert set(CONTENT.vocabulary.regions) == {region.value for region in Region}


def test_nothing_promises_to_dissolve_a_knot() -> None:
    for thing in [*CONTENT.exercises.values(), *CONTENT.routines.values()]:
        for path, line in english(thing):
            assert not re.search(r"dissolve|cure|diagnos", line, re.IGNORECASE), path


def test_the_published_schemas_are_current() -> None:
    published = {path.name: path.read_text(encoding="utf-8") for path in (FOLDER / "schema").glob("*.json")}
    assert published == json_schema()


def test_every_file_tells_editors_its_schema() -> None:
    for path in FOLDER.rglob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", first)
        assert named, path
        assert (path.parent / named[1]).is_file()


def test_the_version_follows_what_is_said_and_not_how_it_is_laid_out(tmp_path: Path) -> None:
    for path in FOLDER.rglob("*.yaml"):
        copy = tmp_path / path.relative_to(FOLDER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text("# a comment\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_content(tmp_path).version == CONTENT.version
    spoken = tmp_path / "languages" / "en.yaml"
    spoken.write_text(spoken.read_text(encoding="utf-8").replace("Halfway.", "Half."), encoding="utf-8")
    assert load_content(tmp_path).version != CONTENT.version
