"""What holds for every drawing: bones keep their length, frames fit each other, the other side is the mirror image."""

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from api.domain.exercise import EachSide
from api.drawing.body import FOREARM, PEOPLE, SHIN, THIGH, UPPER_ARM
from api.drawing.chart import chart
from api.drawing.film import animated, frames
from api.drawing.muscles import DRAWN
from api.drawing.picture import SIZE, still
from api.drawing.shapes import THEMES, palette
from tests.figures.drawn import CONTENT, POSES, USUAL, end_of, exercise, film_of, loop_of, svg_of

NUMBER = re.compile(r"-?\d*\.?\d+")
TAGS = {"svg", "path", "g", "style", "animate"}
MOST_BYTES = 12_000
SIDED = [name for name in POSES if isinstance(exercise(name).laterality, EachSide)]


def starts(svg: str) -> list[tuple[float, float]]:
    """Where each part of each path begins."""
    return [(float(x), float(y)) for x, y in re.findall(r"M(-?\d*\.?\d+) ?(-?\d*\.?\d+)", svg)]


def checked(svg: str) -> Iterator[ET.Element]:
    """Every element, after looking that none of them runs, loads or links anything."""
    assert "href" not in svg
    assert "url(" not in svg
    for element in ET.fromstring(svg).iter():  # noqa: S314 - our own drawing
        assert element.tag.removeprefix("{http://www.w3.org/2000/svg}") in TAGS
        assert not any(name.startswith("on") for name in element.attrib)
        yield element


def test_every_exercise_is_drawn_or_says_why_not() -> None:
    assert CONTENT.poses.keys() == CONTENT.exercises.keys()
    assert [name for name in CONTENT.poses if name not in POSES] == ["thread-the-needle"]


@pytest.mark.parametrize("name", POSES)
def test_bones_keep_their_length_in_every_frame(name: str) -> None:
    for skeleton in (end_of(name), *loop_of(name)):
        for limb, chain in skeleton.limbs.items():
            lengths = (UPPER_ARM, FOREARM) if limb.endswith("arm") else (THIGH, SHIN)
            assert (chain.root.to(chain.middle), chain.middle.to(chain.tip)) == pytest.approx(lengths)


@pytest.mark.parametrize("name", POSES)
def test_every_frame_has_the_same_parts_as_the_first_and_nothing_jumps(name: str) -> None:
    shown = film_of(name)
    assert list(shown.at_ms) == sorted(shown.at_ms)
    for drawn in shown.paths:
        assert len({NUMBER.sub("0", path).replace("00", "0 0") for path in drawn}) == 1
        assert drawn[0] == drawn[-1]
    for before, after in pairwise(loop_of(name)):
        moved = [abs(before.limbs[limb].middle.at - after.limbs[limb].middle.at) for limb in before.limbs]
        assert max(*moved, abs(before.skull - after.skull)) < 35


@pytest.mark.parametrize("name", POSES)
def test_a_still_is_small_and_safe_and_nothing_leaves_its_frame(name: str) -> None:
    svg = svg_of(name)
    assert len(svg.encode()) <= MOST_BYTES
    assert len([*checked(svg)]) > 30
    view = film_of(name).view
    for skeleton in loop_of(name) if not POSES[name].crop else ():
        for chain in skeleton.limbs.values():
            assert 0 < chain.tip.at.real - view.left < view.side
            assert 0 < chain.tip.at.imag - view.bottom < view.side


@pytest.mark.parametrize("name", SIDED)
def test_the_other_side_is_the_mirror_image(name: str) -> None:
    left, right = starts(svg_of(name)), starts(svg_of(name, mirrored=True))
    assert len(left) == len(right)
    apart = [abs(SIZE - x - other) + abs(y - also) for (x, y), (other, also) in zip(left, right, strict=True)]
    assert max(apart[1:]) < 0.31  # the first is the background, which has no side


def test_the_highlight_is_mirrored_with_the_body() -> None:
    """Bending to the left, the stretched muscle is on the left of the picture; to the right, on the right."""
    muscle = palette("light", PEOPLE[USUAL])["muscle"]
    for mirrored in (False, True):
        lit = re.findall(
            rf'<path fill="{muscle}"[^>]*d="([^"]*)"', svg_of("neck-side-bend-rotation", mirrored=mirrored)
        )
        assert lit
        assert all((x > SIZE / 2) == mirrored for path in lit for x, _ in starts(path))


def test_a_theme_changes_colours_only() -> None:
    light, dark = svg_of("cat-cow"), svg_of("cat-cow", theme="dark")
    assert light != dark
    assert re.sub("#[0-9a-f]{6}", "", light) == re.sub("#[0-9a-f]{6}", "", dark)


@pytest.mark.parametrize("person", PEOPLE)
def test_every_person_does_every_kind_of_pose(person: str) -> None:
    pictures = [still(POSES[name], person=person, theme="light") for name in ("cat-cow", "prone-t", "wall-angel")]
    assert all(len(picture.encode()) <= MOST_BYTES for picture in pictures)
    assert all(PEOPLE[person].skin in picture for picture in pictures)


def test_a_loop_takes_the_time_that_the_exercise_states() -> None:
    """Ready, up in 2 s, held for 1 s, down in 2 s; or in over 4 s, held for 20 s, out over 3 s."""
    assert film_of("shoulder-shrug-seated").at_ms[-1] == 900 + 2000 + 1000 + 2000
    assert film_of("neck-side-bend-rotation").at_ms[-1] == 900 + 4000 + 20_000 + 3000
    assert film_of("foam-roller-upper-back").at_ms[-1] == 900 + 4000 + 30_000 + 20_000 + 4000


def test_a_loop_moves_by_itself_and_is_still_for_who_wants_less_motion() -> None:
    pose, dosage = POSES["shoulder-shrug-seated"], exercise("shoulder-shrug-seated").dosage
    svg = animated(pose, dosage, person=USUAL, theme="light")
    elements = [*checked(svg)]
    durations = {element.get("dur") for element in elements if element.tag.endswith("animate")}
    assert durations == {"5900ms"}
    assert "prefers-reduced-motion" in svg
    calm = svg[svg.index('<g id="s">') : svg.index('<g id="m">')]
    assert "<animate" not in calm
    assert calm.count("<path") == svg_of("shoulder-shrug-seated").count("<path") - 1
    told = frames(pose, dosage, person=USUAL)
    assert len(told) < len(svg)


def test_every_muscle_of_the_vocabulary_is_on_the_map() -> None:
    assert CONTENT.vocabulary.muscles.keys() == DRAWN
    plain = chart((), (), person=USUAL, theme="light")
    for muscle in DRAWN:
        lit = chart((muscle,), (), person=USUAL, theme="light")
        faint = chart((), (muscle,), person=USUAL, theme="light")
        assert lit.count(THEMES["light"]["muscle"]) > faint.count(THEMES["light"]["muscle"]) > plain.count("muscle")
        assert [*checked(lit)]
