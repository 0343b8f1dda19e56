"""Languages as files of their own: complete, in step with the English, each slip told where its author mends it."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.catalogue.content import Finding, check, gaps, load_content
from api.domain.exercise import Side
from api.web.problems import english_titles
from tests.content.languages import CODE, LINES, NAMES, OWN, PROSE, copied, put, read, turned, write
from tests.content.loaded import FOLDER

NECK = "exercises/neck-side-bend-rotation.yaml"
SHRUG = "exercises/shoulder-shrug-seated.yaml"
GERMAN = FOLDER / "languages" / "de"
SIDE = "Now the {side} side."
STILL = "Keep both shoulders down and your lower body still."
ROLL = "Never roll your neck. That puts too much strain on its vertebrae."
SPOT = "Roll your back slowly until you find a tender, tight spot."
INJURY = "Have you hurt your head or neck lately?"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("spoken") / "content")


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "content"))


@pytest.fixture
def reviewed(folder: Path) -> Path:
    put(folder, OWN, ("translation",), "reviewed")
    return folder


def lines_of(folder: Path, english: str) -> str:
    return next(file for file in (LINES, PROSE) if english in read(folder / file)["lines"])


def said(folder: Path, english: str, line: str | None) -> list[Finding]:
    put(folder, lines_of(folder, english), ("lines", english), line)
    return check(folder)


def text_at(folder: Path, finding: Finding) -> str:
    return (folder / finding.file).read_text(encoding="utf-8").splitlines()[finding.line - 1]


def test_a_whole_language_is_taken_without_any_python(folder: Path) -> None:
    assert check(folder) == []
    content = load_content(folder)
    assert content.languages[CODE].said(content.vocabulary.muscles["scalenes"].name) == "Scelinis"
    assert content.exercises["cat-cow"].aliases.names[CODE] == ("Cet-cuw", "Cet-cemil")
    assert content.problems[CODE]["gone"] == "Thos wes dilitid"


@pytest.mark.parametrize(
    ("english", "line", "problem"),
    [
        (SIDE, "Nuw thi uthir sodi.", "placeholders are not those of the English"),
        (SIDE, "Nuw thi {side:ish} sodi.", "`{side:ish}` is no placeholder"),
        (SIDE, "{ side }: {side}.", "`{ side }` is no placeholder"),
        (SIDE, " ", "should match pattern"),
        ("Let go lightly.", "Lit gu on 20 sicunds.", "numbers of the English are none"),
        (ROLL, "Rull yuar nick.", "forbids or denies"),
        (ROLL, "Nivir " + "u " * 20 + "u.", "a sentence has 22 words"),
        ("Neck", "N" * 33, "it has 33 characters"),
        ("{side} hand over your head.", "{side} " + "u " * 6 + "u.", "the cue has 8 words"),
        (INJURY, "Hevi yua hart yuar hied.", "this is no question"),
        (SPOT, "Rull yuar Nick antol yua fond e sput.", "aims pressure at the neck"),
    ],
)
def test_a_slip_is_told_at_its_line_in_the_languages_own_file(
    folder: Path, english: str, line: str, problem: str
) -> None:
    (finding,) = said(folder, english, line)
    assert finding.file == lines_of(folder, english)
    assert english[:8] in text_at(folder, finding)
    assert english in finding.field
    assert problem in finding.problem
    assert finding.cure


def test_a_line_that_is_said_in_many_places_is_told_once(folder: Path) -> None:
    often = "Tingling, numbness or shooting pain? Stop this exercise."
    (finding,) = said(folder, often, "Tonglong, nambniss ur shuutong peon? Stup 1 ixircosi.")
    assert finding.field == f'lines."{often}"'


@pytest.mark.parametrize(
    ("english", "file", "field"),
    [
        ("Seated shoulder shrug", SHRUG, "name"),
        (STILL, NECK, "steps[4].text"),
        ("Call your local emergency number now.", "red-flags.yaml", "care.emergency"),
        ("Release by pressure", "vocabulary.yaml", "codes.kind.release.name"),
        (INJURY, "screening.yaml", "questions[0].text"),
    ],
)
def test_a_line_that_a_language_lacks_is_told_where_the_english_stands(
    folder: Path, english: str, file: str, field: str
) -> None:
    assert said(folder, english, None) == []
    (finding,) = gaps(folder, english_titles())
    assert (finding.file, finding.field) == (file, field)
    assert english in text_at(folder, finding)
    put(folder, OWN, ("translation",), "reviewed")
    assert check(folder) == [finding]
    assert english in finding.cure
    assert f"languages/{CODE}/" in finding.cure


def test_english_stands_in_for_what_nobody_has_reviewed_so_a_new_exercise_is_one_file(folder: Path) -> None:
    new = read(folder / "exercises" / "wall-angel.yaml") | {"id": "wall-angel-slow", "name": {"en": "Slow wall angel"}}
    write(folder / "exercises" / "wall-angel-slow.yaml", new)
    english = gaps(folder, english_titles())
    assert {(gap.file.rpartition("/")[2], gap.field) for gap in english} == {
        ("wall-angel-slow.yaml", "name"),
        ("wall-angel-slow.yaml", "aliases.names"),
    }
    content = load_content(folder)
    assert content.exercises["wall-angel-slow"].name.in_language(CODE) == "Slow wall angel"


def test_what_the_english_says_nowhere_any_more_is_stale(reviewed: Path) -> None:
    folder = reviewed
    text = (folder / NECK).read_text(encoding="utf-8")
    (folder / NECK).write_text(text.replace(STILL, "Keep both shoulders down."), encoding="utf-8")
    english, stale = check(folder)
    assert (english.file, english.field, english.problem) == (NECK, "steps[4].text", f"there is no `{CODE}` for it")
    assert (stale.file, stale.field) == (LINES, f'lines."{STILL}"')
    assert "nowhere any more" in stale.problem


@pytest.mark.parametrize(
    ("file", "place", "value", "field", "problem"),
    [
        (PROSE, ("lines", SIDE), turned(SIDE), f'lines."{SIDE}"', f"{LINES} says it too"),
        (PROSE, ("aliases",), {"cat-cow": ["Cet"]}, "aliases.cat-cow", f"{NAMES} says it too"),
        (PROSE, ("problems",), {"gone": "Thos wes dilitid"}, "problems.gone", f"{NAMES} says it too"),
        (NAMES, ("aliases", "cat-caw"), ["Cet"], "aliases.cat-caw", "there is no `cat-caw`"),
        (NAMES, ("aliases", "cat-cow"), "Cet", "aliases.cat-cow", "should be"),
        (NAMES, ("line",), {"Arm": "Erm"}, "line", "Extra inputs"),
        (NAMES, ("problems", "gone"), "", "problems.gone", "pattern"),
        (NECK, ("name", CODE), "Nick", f"name.{CODE}", "only English stands here"),
        (NECK, ("aliases", "names", CODE), ["Nick"], f"aliases.names.{CODE}", "only English stands here"),
        (OWN, ("phrases", "check_in"), "Huw os thi peon, frum 0 tu 100?", "phrases.check_in", "0, 10"),
        (OWN, ("phrases", "rest"), "Rist {exercise}.", "phrases.rest", "`{exercise}` is no placeholder"),
        (OWN, ("translation",), "source", "", "only English is the source"),
        (OWN, ("translation",), "human", "translation", "should be"),
        (OWN, ("negations",), [], "negations", "at least 1"),
    ],
)
def test_what_is_said_twice_or_in_the_wrong_place_is_refused(
    folder: Path, file: str, place: tuple[str | int, ...], value: Any, field: str, problem: str
) -> None:
    put(folder, file, place, value)
    findings = check(folder)
    assert [f for f in findings if f.file == file and f.field == field and problem in f.problem and f.cure], findings


def test_other_names_are_there_in_every_language(reviewed: Path) -> None:
    put(reviewed, NAMES, ("aliases", "cat-cow"), None)
    (finding,) = check(reviewed)
    assert (finding.file, finding.field) == ("exercises/cat-cow.yaml", "aliases.names")
    assert f"languages/{CODE}/" in finding.cure


@pytest.mark.parametrize(
    ("code", "title", "file", "problem"),
    [
        ("gone", None, f"languages/{CODE}", "there is no title for `gone`"),
        ("gone-for-good", "Gune", NAMES, "there is no `gone-for-good`"),
        ("forbidden", "Thos os elluwid", NAMES, "forbids or denies"),
        ("gone", "Thos wes dilitid " * 3, NAMES, "characters"),
    ],
)
def test_every_problem_has_a_title_that_says_what_the_english_one_does(
    reviewed: Path, code: str, title: str | None, file: str, problem: str
) -> None:
    put(reviewed, NAMES, ("problems", code), title and title.strip())
    (finding,) = check(reviewed, english_titles())
    assert (finding.file, finding.field) == (file, f"problems.{code}")
    assert problem in finding.problem
    assert finding.cure


def test_spanish_and_german_are_there_in_full() -> None:
    assert load_content(FOLDER).languages.keys() == {"en", "es", "de"}
    assert [str(finding) for finding in gaps(FOLDER, english_titles())] == []


def test_the_translation_that_the_readme_shows_is_the_german_one() -> None:
    [block] = re.findall(r"```yaml\n(.*?)```", (FOLDER.parent / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    for section, shown in yaml.safe_load(block).items():
        said = {key: told for file in GERMAN.glob("*.yaml") for key, told in read(file).get(section, {}).items()}
        for key, told in shown.items():
            assert said[key][: len(told)] == told


def test_a_folder_without_its_language_and_one_for_english_are_refused(folder: Path) -> None:
    (folder / OWN).unlink()
    (folder / "languages" / "en").mkdir()
    assert [(f.file, f.problem) for f in check(folder)] == [
        ("languages/en", "`en` is no language to translate to"),
        (f"languages/{CODE}", f"`{CODE}` is no language to translate to"),
    ]


def test_a_language_without_a_folder_lacks_everything(folder: Path) -> None:
    for file in (LINES, PROSE, NAMES):
        (folder / file).unlink()
    (folder / "languages" / CODE).rmdir()
    assert check(folder) == []
    findings = gaps(folder, english_titles())
    assert {NECK, "vocabulary.yaml", "red-flags.yaml", "sources.yaml"} <= {finding.file for finding in findings}
    assert all(f"languages/{CODE}/" in finding.cure for finding in findings)


def test_a_file_of_translations_has_the_name_that_all_files_have(folder: Path) -> None:
    (folder / PROSE).rename((folder / PROSE).with_suffix(".yml"))
    (finding,) = check(folder)
    assert (finding.file, "prose.yaml" in finding.problem) == (f"languages/{CODE}/prose.yml", True)


def test_a_language_may_have_more_forms_of_a_side(folder: Path) -> None:
    write(folder / OWN, read(folder / OWN) | {"side_forms": {"ish": {"left": "liftish", "right": "roghtish"}}})
    assert said(folder, SIDE, "Nuw thi {side:ish} sodi.") == []
    content = load_content(folder)
    text = content.exercises["neck-side-bend-rotation"].steps[2].text
    assert content.languages[CODE].said(text, Side.RIGHT) == "Nuw thi roghtish sodi."


def test_the_version_follows_what_is_translated_and_not_the_file_that_says_it(folder: Path) -> None:
    version = load_content(folder).version
    moved = {**read(folder / PROSE)["lines"], SIDE: turned(SIDE)}
    write(folder / PROSE, {"lines": moved})
    assert said(folder, SIDE, None) == []
    assert load_content(folder).version == version
    put(folder, PROSE, ("lines", SIDE), "Thin thi {side} sodi.")
    changed = load_content(folder).version
    put(folder, NAMES, ("problems", "gone"), "Dilitid")
    assert len({version, changed, load_content(folder).version}) == 3
