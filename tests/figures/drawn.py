"""The poses as the tests measure them."""

from functools import cache
from pathlib import Path

from api.catalogue.content import load_content
from api.domain.exercise import Exercise
from api.drawing.body import PEOPLE
from api.drawing.film import Film, film
from api.drawing.picture import still
from api.drawing.skeleton import Skeleton
from api.drawing.timing import held, loop

CONTENT = load_content(Path(__file__).parents[2] / "content")
POSES = {name: pose for name, pose in CONTENT.poses.items() if not pose.missing}
USUAL = next(iter(PEOPLE))


def exercise(name: str) -> Exercise:
    return CONTENT.exercises[name]


@cache
def end_of(name: str) -> Skeleton:
    """The end of the movement, which the still shows. Raises Unreachable."""
    return Skeleton(held(POSES[name]))


@cache
def loop_of(name: str) -> tuple[Skeleton, ...]:
    """Every moment of the loop, bones only."""
    return tuple(Skeleton(moment.posture, stretching=True) for moment in loop(POSES[name], exercise(name).dosage))


@cache
def film_of(name: str) -> Film:
    """Every moment of the loop, drawn."""
    return film(POSES[name], exercise(name).dosage, person=USUAL)


@cache
def svg_of(name: str, *, mirrored: bool = False, theme: str = "light") -> str:
    return still(POSES[name], person=USUAL, theme=theme, mirrored=mirrored)
