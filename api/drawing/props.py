"""What is around the body: furniture, tools, the way of the movement."""

from collections.abc import Callable, Iterator, Mapping
from math import cos, radians, sin

from api.drawing.curves import Curve, box, disc, line, way
from api.drawing.pose import Arrow, Prop
from api.drawing.shapes import Shape, drawn, filled
from api.drawing.skeleton import SIDEWAYS, Skeleton

BAR = 3.6
SEAT, BACKREST = 45.0, 43.0
"""How high a seat is, and the backrest above it."""
IN_THE_FIST = 5.0
"""From the wrist to where a fist holds something."""

Drawn = Iterator[Shape]


def prop(thing: Prop, skeleton: Skeleton) -> Drawn:
    """The thing as it is while the body stands like this: a band goes from hand to hand."""
    if thing.kind == "band":
        yield drawn("band", 2.2, line(*(end_of_band(thing, end, skeleton) for end in thing.ends)))
    else:
        yield from THINGS[thing.kind](complex(*thing.at), complex(*thing.size), thing.turn)


def end_of_band(thing: Prop, end: str, skeleton: Skeleton) -> complex:
    if end == "at":
        return complex(*thing.at)
    chain = skeleton.limbs[end.replace("hand", "arm")]
    return chain.tip.at + IN_THE_FIST * way(chain.end)


def middle_box(at: complex, size: complex) -> Curve:
    return box(at.real - size.real / 2, at.imag, at.real + size.real / 2, at.imag + size.imag)


def mat(at: complex, size: complex, _: float) -> Drawn:
    half, thick = size.real / 2, 1.3j
    yield drawn("mat", 2.6, line(at - half - thick, at + half - thick))


def rug(at: complex, size: complex, _: float) -> Drawn:
    yield filled("mat", middle_box(at, size), edge="mat", width=2)


def bed(at: complex, size: complex, _: float) -> Drawn:
    """From above: a mattress, and the board behind the head."""
    head = at + 1j * size.imag
    yield filled("cloth", middle_box(at, size), edge="cloth_dark", width=1.2)
    yield drawn("prop", 6, line(head - size.real / 2, head + size.real / 2))


def roller(at: complex, size: complex, _: float) -> Drawn:
    rings = (("prop", 0.5), ("prop_light", 0.3), ("prop_dark", 0.16))
    yield from (filled(colour, disc(at, size.real * share)) for colour, share in rings)


def ball(at: complex, size: complex, _: float) -> Drawn:
    yield filled("band", disc(at, size.real / 2), edge="prop_dark")


def bar(at: complex, size: complex, _: float) -> Drawn:
    """Along the picture, or its end where it has no width."""
    half = size.real / 2
    if half:
        yield drawn("prop", BAR, line(at - half, at + half))
        yield drawn("prop_light", 1.0, line(at - half + 0.7j, at + half + 0.7j))
    else:
        yield filled("prop", disc(at, BAR * 0.6), edge="prop_dark")


def wall(at: complex, size: complex, _: float) -> Drawn:
    """From its surface on; a width below 0 goes to the left."""
    far = at + size
    yield filled("wall", box(at.real, at.imag, far.real, far.imag), edge="prop_light", width=0.6)


def doorway(at: complex, size: complex, _: float) -> Drawn:
    left, right, top = at.real - size.real / 2, at.real + size.real / 2, at.imag + size.imag
    walls = (box(left - 200, at.imag, left, top + 30), box(right, at.imag, right + 200, top + 30))
    yield filled("wall", *walls, box(left, top, right, top + 30))
    corners = (complex(left, at.imag), complex(left, top), complex(right, top), complex(right, at.imag))
    yield drawn("prop_light", 4.5, line(*corners, smooth=False))


def pillow(at: complex, size: complex, turn: float) -> Drawn:
    centre, slope = at + 0.5j * size.imag, way(turn) * -1j
    yield filled("cloth", disc(centre, size.real / 2, size.imag / 2, slope), edge="cloth_dark")


def anchor(at: complex, _: complex, __: float) -> Drawn:
    """A post that a band is fixed to."""
    yield drawn("prop", 4, line(complex(at.real, 0), at + 30j))
    yield filled("prop_dark", disc(at, 3.2))


def shadow(at: complex, size: complex, _: float) -> Drawn:
    yield drawn("shade", 3.6, line(at - size.real / 2 - 3j, at + size.real / 2 - 3j), opacity=0.12)


def chair(at: complex, _: complex, turn: float) -> Drawn:
    """From the side with its back, from the front with it behind the sitter, from behind without it: a stool."""
    ahead, seat = sin(radians(turn)), at + SEAT * 1j
    half = 21 if abs(ahead) > SIDEWAYS else 24
    legs = [line(seat - 2j + out * (half - 2), at + out * (half + 1)) for out in (-1, 1)]
    if abs(ahead) > SIDEWAYS:
        backrest = line(seat - ahead * half, seat - ahead * (half + 3) + BACKREST * 1j)
        yield drawn("prop", 3.6, backrest)
    elif cos(radians(turn)) > 0:
        top = seat + BACKREST * 1j
        yield drawn("prop", 3.6, line(seat - 22, top - 23, top + 23, seat + 22, smooth=False))
        yield drawn("prop_light", 6, line(top - 12j - 21, top - 12j + 21))
    yield drawn("prop_dark", 3.2, *legs)
    yield drawn("prop_light", 5, line(seat - 2j - half, seat - 2j + half))


THINGS: Mapping[str, Callable[[complex, complex, float], Drawn]] = {
    "mat": mat,
    "rug": rug,
    "bed": bed,
    "roller": roller,
    "ball": ball,
    "bar": bar,
    "wall": wall,
    "doorway": doorway,
    "pillow": pillow,
    "anchor": anchor,
    "shadow": shadow,
    "chair": chair,
}


def arrow(movement: Arrow, scale: float) -> Drawn:
    """A bent line with a head at its end, or at both; as heavy in a detail as in the whole."""
    start, end = complex(*movement.start), complex(*movement.end)
    bow = (end - start) * 1j / abs(end - start) * movement.bow
    middle = (start + end) / 2 + bow
    heads = [head(middle, tip, bow, scale) for tip in ((end, start) if movement.both else (end,))]
    yield drawn("arrow", 2.7 * scale, line(start, middle, end), *heads)


def head(middle: complex, tip: complex, bow: complex, scale: float) -> Curve:
    heading = (tip - middle) - bow * 0.9
    back = heading / abs(heading) * scale * -5.4
    across = heading / abs(heading) * scale * 4.2j
    return line(tip + back + across, tip, tip + back - across, smooth=False)
