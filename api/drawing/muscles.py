"""Where each muscle lies on the body, as outlines that follow it round."""

from collections.abc import Callable, Iterator
from math import cos, radians, sin

from api.drawing import body
from api.drawing.curves import Curve, along, disc
from api.drawing.pose import Highlight
from api.drawing.shapes import Shape, filled
from api.drawing.skeleton import Skeleton

Surface = Callable[[float, float], complex]
Places = tuple[tuple[float, float], ...]

TRUNK: dict[str, tuple[str, Places]] = {
    # degrees around the body from the breastbone (0) by the left side (90) to the spine (180), and height on the spine
    "trapezius_upper": (
        "shoulders",
        ((178, 1.12), (130, 1.09), (84, 1.035), (48, 1.015), (32, 0.97), (44, 0.9), (72, 0.87), (120, 0.9), (178, 0.9)),
    ),
    "trapezius_middle": ("trunk", ((179, 0.9), (150, 0.91), (122, 0.92), (118, 0.87), (150, 0.8), (179, 0.74))),
    "trapezius_lower": ("trunk", ((179, 0.76), (158, 0.82), (140, 0.82), (156, 0.66), (179, 0.4))),
    "levator_scapulae": ("trunk", ((160, 1.13), (140, 1.1), (138, 0.96), (148, 0.88), (156, 0.9), (152, 1.0))),
    "rhomboids": ("trunk", ((176, 0.9), (150, 0.82), (144, 0.68), (152, 0.66), (176, 0.76))),
    "serratus_anterior": ("trunk", ((104, 0.74), (64, 0.74), (44, 0.64), (56, 0.52), (96, 0.54))),
    "erector_spinae_thoracic": ("trunk", ((177, 0.9), (163, 0.88), (158, 0.6), (160, 0.3), (177, 0.28))),
    "latissimus_dorsi": (
        "trunk",
        ((178, 0.56), (148, 0.64), (112, 0.76), (96, 0.74), (108, 0.5), (140, 0.24), (178, 0.12)),
    ),
    "teres_major": ("shoulders", ((136, 0.7), (106, 0.82), (98, 0.78), (120, 0.64))),
    "rotator_cuff": ("shoulders", ((148, 0.84), (112, 0.87), (106, 0.82), (138, 0.68))),
    "thoracic_rotators": ("trunk", ((177, 0.86), (166, 0.84), (164, 0.44), (177, 0.4))),
    "pectorals": ("trunk", ((4, 0.86), (44, 0.92), (74, 0.86), (60, 0.72), (30, 0.66), (4, 0.68))),
    "sternocleidomastoid": ("trunk", ((8, 0.99), (24, 1.0), (84, 1.16), (66, 1.18), (34, 1.08))),
    "scalenes": ("trunk", ((58, 1.0), (84, 1.0), (84, 1.12), (66, 1.13))),
    "deep_neck_flexors": ("trunk", ((2, 1.0), (26, 1.02), (30, 1.14), (2, 1.14))),
    "suboccipitals": ("trunk", ((178, 1.16), (140, 1.16), (142, 1.1), (178, 1.1))),
}
LIMBS: dict[str, tuple[str, str, float, float, float]] = {
    # which limb, which bone, from and to on it, and how far towards its back
    "posterior_deltoid": ("arm", "first", 0.02, 0.36, 0.35),
    "hamstrings": ("leg", "first", 0.2, 0.86, 0.42),
    "calves": ("leg", "second", 0.08, 0.5, 0.42),
}

IN_FRONT = {"pectorals", "sternocleidomastoid", "scalenes", "deep_neck_flexors", "serratus_anterior"}
DRAWN = TRUNK.keys() | LIMBS.keys()


def muscle(light: Highlight, skeleton: Skeleton, surface: Surface, on: str, *, faint: bool) -> Iterator[Shape]:
    """The muscle where it is seen on that part of the body, soft at its edge; nothing where it is not."""
    sides = [1, -1] if light.side == "both" else [1 if light.side == "left" else -1]
    curves: list[Curve] = []
    if light.muscle in TRUNK and TRUNK[light.muscle][0] == on:
        curves = [outline(TRUNK[light.muscle][1], side, skeleton, surface) for side in sides]
    elif light.muscle in LIMBS and f"{LIMBS[light.muscle][0]}s" == on:
        curves = [patch(LIMBS[light.muscle], side, skeleton) for side in sides]
    if curves:
        yield filled("muscle", *curves, opacity=0.42)
    if curves and not faint:
        yield filled("muscle", *(shrunk(curve) for curve in curves), opacity=0.5)


def shrunk(curve: Curve) -> Curve:
    middle = sum(curve.points) / len(curve.points)
    return Curve(tuple(middle + (point - middle) * 0.66 for point in curve.points))


def outline(places: Places, side: int, skeleton: Skeleton, surface: Surface) -> Curve:
    """On the near side of the body as it is; where it goes round the edge it ends there, and beyond it is one point."""
    found = [on_trunk(degrees * side, share, skeleton, surface) for degrees, share in places]
    heights = [share for (_, near), (_, share) in zip(found, places, strict=True) if near]
    if not heights:
        return Curve((found[0][0],) * len(found))
    low, high = min(heights), max(heights)
    ends = [(degrees * side, min(max(share, low), high)) for degrees, share in places]
    return Curve(tuple(on_trunk(degrees, share, skeleton, surface)[0] for degrees, share in ends))


def on_trunk(degrees: float, share: float, skeleton: Skeleton, surface: Surface) -> tuple[complex, bool]:
    """The point of the trunk's surface, and whether it is seen; else it is the point of the edge that hides it."""
    turn = skeleton.turned(min(share, 1))
    wide, front, back = along(body.TORSO, share)
    round_it = radians(degrees)
    across, ahead = wide * sin(round_it), (front if cos(round_it) > 0 else back) * cos(round_it)
    x, depth = across * cos(turn) + ahead * sin(turn), ahead * cos(turn) - across * sin(turn)
    right, left = surface(share, 1), surface(share, -1)
    middle = (right + left) / 2
    half = abs(right - left) / 2
    reach = max(-1.0, min(1.0, (x - offset(front, back, turn)) / half)) if half else 0.0
    if depth < 0:
        reach = 1.0 if reach > 0 else -1.0
    return middle + (right - left) / 2 * reach, depth > 0


def offset(front: float, back: float, turn: float) -> float:
    """How far the middle of the outline is from the spine."""
    return (front - back) / 2 * sin(turn)


def patch(place: tuple[str, str, float, float, float], side: int, skeleton: Skeleton) -> Curve:
    what, bone, start, end, behind = place
    chain = skeleton.limbs[f"{'left' if side > 0 else 'right'}_{what}"]
    first, second = (chain.root, chain.middle) if bone == "first" else (chain.middle, chain.tip)
    axis = second.at - first.at
    wide = 5.2 if what == "leg" else 4.2
    shift = -1j * axis / max(1.0, abs(axis)) * skeleton.posture.facing * wide * behind
    slim = wide * (0.62 if skeleton.posture.facing else 0.85)
    centre, long = first.at + axis * (start + end) / 2 + shift, axis * (end - start) / 2
    return disc(centre, max(abs(long), slim), slim, long / abs(long) if long else 1)
