"""The muscles that an exercise works, on a body from behind, and from the front where that shows them."""

from collections.abc import Collection, Iterable

from api.drawing.body import PEOPLE
from api.drawing.curves import box
from api.drawing.figure import Looks, figure
from api.drawing.muscles import IN_FRONT
from api.drawing.picture import View, document, paths
from api.drawing.pose import Highlight, Limb
from api.drawing.shapes import filled, palette
from api.drawing.skeleton import Posture, Skeleton, mirrored

APART = 37.0
WHOLE = View(-95, -12, 190)
ARM = Limb(first=-76, second=-82)
LEG = Limb(first=-87, second=-89)


def chart(target: Collection[str], secondary: Collection[str], *, person: str, theme: str) -> str:
    """What it aims at in full colour, what it reaches besides fainter; as SVG."""
    looks = Looks(PEOPLE[person], lit(target), lit(secondary))
    colours = palette(theme, PEOPLE[person])
    bodies = [figure(Skeleton(standing(x, turn)), looks) for x, turn in views({*target, *secondary})]
    floor = filled("floor", box(WHOLE.left, WHOLE.bottom - 1, WHOLE.left + WHOLE.side, 0))
    return document(paths([floor, *(shape for body in bodies for shape in body)], WHOLE, colours), colours)


def views(muscles: set[str]) -> list[tuple[float, float]]:
    """Where bodies stand, and how far each is turned."""
    if not muscles & IN_FRONT:
        return [(0, 180)]
    return [(-APART, 0), (APART, 180)] if muscles - IN_FRONT else [(0, 0)]


def lit(muscles: Iterable[str]) -> tuple[Highlight, ...]:
    return tuple(Highlight(muscle=name) for name in muscles)


def standing(x: float, turn: float) -> Posture:
    """Upright, arms a little away from the body."""
    arm, leg = (ARM, LEG) if turn == 0 else (mirrored(ARM, x), mirrored(LEG, x))
    return Posture(
        hip=complex(x, 89),
        turn=turn,
        left_arm=arm,
        right_arm=mirrored(arm, x),
        left_leg=leg,
        right_leg=mirrored(leg, x),
    )
