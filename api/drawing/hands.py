"""Hands and feet: small outlines of their own, put where a limb ends."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.drawing.curves import Curve, line, way
from api.drawing.pose import Hand
from api.drawing.shapes import Shape, drawn, filled
from api.drawing.skeleton import Chain

Points = tuple[complex, ...]
FINGER = 2.05


@dataclass(frozen=True, slots=True)
class Shown:
    """A hand that points right with its thumb up, the wrist at 0."""

    palm: Points
    fingers: tuple[Points, ...]
    thumb: Points


PALM: Points = (-0.5 + 2.5j, 4 + 3.9j, 8 + 4j, 9 + 0j, 8 - 4j, 4 - 3.6j, -0.5 - 2.5j, -1.5 + 0j)
SLIM: Points = (-0.5 + 2.3j, 4 + 2.9j, 8 + 2.9j, 9 + 0j, 8 - 2.8j, 4 - 2.8j, -0.5 - 2.3j, -1.5 + 0j)
EDGE: Points = (-0.5 + 2.2j, 3 + 2.1j, 7 + 0.9j, 8 - 0.4j, 7 - 1.7j, 3 - 2.2j, -0.5 - 2.2j, -1.5 + 0j)
ROUND: Points = (-0.5 + 2.4j, 3 + 4.2j, 6.6 + 4.3j, 8 + 0j, 6.6 - 4.3j, 3 - 4j, -0.5 - 2.4j, -1.5 + 0j)

HANDS = {
    Hand.RELAXED: Shown(
        SLIM,
        (
            (7 + 2j, 11 + 1.6j, 14 + 0.4j), (7 + 0.6j, 12 + 0.4j, 15.2 - 0.6j),
            (7 - 0.9j, 11.6 - 1.2j, 14.6 - 1.9j), (7 - 2j, 10.4 - 2.5j, 12.6 - 3j),
        ),
        (2.5 + 2.2j, 5.4 + 3.6j, 8.6 + 3.4j),
    ),
    Hand.OPEN: Shown(
        PALM,
        (
            (8 + 3.1j, 12.4 + 4j, 16 + 4.7j), (8 + 1.1j, 13 + 1.4j, 17.2 + 1.7j),
            (8 - 1j, 12.8 - 1.3j, 16.6 - 1.5j), (8 - 3j, 11.6 - 3.9j, 14.4 - 4.6j),
        ),
        (2.4 + 2.6j, 5.6 + 6j, 8.8 + 7.6j),
    ),
    Hand.FLAT: Shown(
        EDGE,
        (
            (6 - 0.2j, 11 - 0.6j, 16 - 1.1j), (6 - 0.4j, 11 - 0.7j, 16.8 - 1.2j),
            (6 - 0.6j, 11 - 0.8j, 16.2 - 1.2j), (6 - 0.8j, 10 - 1j, 15 - 1.2j),
        ),
        (3 + 0.8j, 6.4 - 0.2j, 9.4 - 1j),
    ),
    Hand.FIST: Shown(
        ROUND,
        (
            (5 + 3.2j, 7.6 + 3.3j, 9 + 3.2j), (5 + 1.1j, 8.2 + 1.1j, 9.8 + 1.1j),
            (5 - 1.05j, 8.2 - 1.05j, 9.6 - 1.05j), (5 - 3.15j, 7.2 - 3.2j, 8.6 - 3.1j),
        ),
        (2.6 + 3.4j, 4.2 + 2j, 4.6 - 0.6j),
    ),
    Hand.GRIP: Shown(
        ROUND,
        (
            (3.2 + 3.2j, 7.6 + 3.3j, 9.6 + 3.2j), (2.8 + 1.1j, 8.2 + 1.1j, 10.4 + 1.1j),
            (2.8 - 1.05j, 8.2 - 1.05j, 10.2 - 1.05j), (3.2 - 3.15j, 7.2 - 3.2j, 9.2 - 3.1j),
        ),
        (1.6 + 3.0j, 3.4 + 4.6j, 5.4 + 5j),
    ),
    Hand.THUMB: Shown(
        SLIM,
        (
            (7 + 1.6j, 10 + 1.5j, 13 + 0.9j), (7 + 0.4j, 10.6 + 0.2j, 13.6 - 0.2j),
            (7 - 0.9j, 10 - 1.1j, 13 - 1.3j), (7 - 2j, 9.4 - 2.3j, 11.6 - 2.5j),
        ),
        (2.4 + 2.2j, 4.4 + 5j, 5.6 + 8.4j),
    ),
}  # fmt: skip
FOOT: Points = (
    -5 - 4.6j,
    -6 + 0j,
    -4 + 5.5j,
    3.8 + 5.5j,
    8 + 1.4j,
    14 - 2.2j,
    18 - 4j,
    18.4 - 6j,
    14 - 6.8j,
    6 - 6.2j,
    0 - 6.8j,
)
FRONT_FOOT: Points = (
    -1 - 3.6j,
    -3 + 0j,
    -1 + 3.6j,
    4 + 4.4j,
    8.6 + 5j,
    10.6 + 3j,
    11 + 0j,
    10.4 - 3j,
    8.4 - 4.6j,
    4 - 4.2j,
    1 - 3.8j,
)


def placed(points: Points, at: complex, degrees: float, *, flip: bool) -> Points:
    onward = way(degrees)
    return tuple(at + onward * (point.conjugate() if flip else point) for point in points)


def hand(chain: Chain, colour: str) -> Iterator[Shape]:
    """Palm, fingers and thumb."""
    shown, at, flip = HANDS[chain.setting.hand], chain.tip.at, chain.setting.flip

    def there(points: Points) -> Points:
        return placed(points, at, chain.end, flip=flip)

    lines = [line(*there(points)) for points in (*shown.fingers, shown.thumb)]
    palm = Curve(there(shown.palm))
    yield drawn("skin_edge", FINGER + 0.9, *lines)
    yield filled(colour, palm)
    yield drawn(colour, FINGER, *lines)


def foot(chain: Chain, facing: float, colour: str) -> Shape:
    """From the side the whole of it; from the front the toes, short."""
    points = FOOT if facing else FRONT_FOOT
    down = (facing < 0) != chain.setting.flip
    return filled(colour, Curve(placed(points, chain.tip.at, chain.end, flip=down)), edge="skin_edge")
