"""The whole body in one posture, as shapes from the back to the front."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sin

from api.drawing import body
from api.drawing.body import Person
from api.drawing.curves import Curve, along, capsule, disc, line
from api.drawing.hands import foot, hand
from api.drawing.head import Head
from api.drawing.muscles import muscle
from api.drawing.pose import Highlight
from api.drawing.shapes import Shape, drawn, filled
from api.drawing.skeleton import SIDEWAYS, Chain, Skeleton

Widths = Sequence[tuple[float, float, float]]

UPPER_ARM: Widths = ((0.0, 4.0, 4.0), (0.35, 4.9, 4.7), (0.75, 4.1, 4.0), (1.0, 3.9, 3.9))
FOREARM: Widths = ((0.0, 3.9, 3.9), (0.22, 4.4, 4.3), (0.6, 3.5, 3.4), (1.0, 2.55, 2.55))
SLEEVE: Widths = ((0.0, 5.1, 5.1), (0.2, 5.8, 5.8), (0.36, 5.8, 5.8), (0.47, 6.0, 6.0))
THIGH: Widths = ((0.0, 9.2, 9.2), (0.3, 8.9, 8.9), (0.7, 6.9, 6.9), (1.0, 5.7, 5.7))
CALF: Widths = ((0.0, 5.6, 5.6), (0.25, 5.9, 5.9), (0.6, 4.7, 4.7), (0.88, 4.1, 4.1))
SHIRT = (-0.06, 0.12, 0.28, 0.45, 0.62, 0.76, 0.88, 0.945, 0.985, 1.045)
PELVIS = (-0.15, -0.1, -0.04, 0.08)
"""Heights at which the outlines of the clothes are taken, as shares of the spine."""
RAISED = ((0.62, 0.0), (0.78, 0.35), (0.9, 1.0), (0.96, 0.95), (1.0, 0.6), (1.06, 0.15), (1.15, 0.0))
"""How much of a drawn-up shoulder each height of the trunk follows."""
BELLY = ((0.85, 1.0), (0.92, 0.3))
"""How much of a wider build each height takes: the neck less than the rest."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What is drawn on the body: who it is, and which muscles are coloured, fully or faintly."""

    person: Person
    highlight: tuple[Highlight, ...] = ()
    faint: tuple[Highlight, ...] = ()


def figure(skeleton: Skeleton, looks: Looks) -> Iterator[Shape]:
    """Everything of a person, from what is behind to what is in front."""
    yield from limbs("arm", "behind", skeleton, looks)
    yield from limbs("leg", "behind", skeleton, looks)
    yield filled("trousers", trunk(skeleton, PELVIS, looks.person))
    yield from muscles(skeleton, looks, on="legs")
    yield from limbs("leg", "middle", skeleton, looks)
    yield filled("shirt", trunk(skeleton, SHIRT, looks.person), edge="shirt_edge")
    yield shaded(skeleton, looks.person)
    yield from limbs("leg", "front", skeleton, looks)
    yield from limbs("arm", "middle", skeleton, looks)
    yield neck(skeleton)
    yield from muscles(skeleton, looks, on="trunk")
    yield from Head(skeleton, looks.person.hair).shapes()
    yield from limbs("arm", "front", skeleton, looks)
    yield from muscles(skeleton, looks, on="arms")
    yield from muscles(skeleton, looks, on="shoulders")


def edge(skeleton: Skeleton, share: float, towards: float, person: Person) -> complex:
    """Where the trunk ends in the picture at that height, on its right (1) or left (-1) side."""
    at, up = skeleton.on_spine(share)
    turn = skeleton.turned(share)
    wide, front, back = along(body.TORSO, share)
    (follows,), (build,) = along(RAISED, share), along(BELLY, share)
    depth = front if sin(turn) * towards > 0 else back
    half = hypot(wide * cos(turn), depth * sin(turn)) * (1 + (person.trunk - 1) * build)
    forward = 0.6 * follows * skeleton.posture.reach * sin(turn)
    return at + up * (-1j * (towards * half + forward) + follows * drawn_up(skeleton, cos(turn), towards))


def drawn_up(skeleton: Skeleton, across: float, towards: float) -> float:
    """How high the shoulder on that side of the picture is; both in the middle where they are behind each other."""
    left, right = skeleton.posture.lift
    if abs(across) < SIDEWAYS:
        return (left + right) / 2
    return left if across * towards > 0 else right


def trunk(skeleton: Skeleton, heights: Sequence[float], person: Person) -> Curve:
    right = [edge(skeleton, share, 1, person) for share in heights]
    left = [edge(skeleton, share, -1, person) for share in reversed(heights)]
    return Curve((*right, *left))


def shaded(skeleton: Skeleton, person: Person) -> Shape:
    """The side of the trunk that turns away from the light."""
    heights = SHIRT[:-3]
    outer = [edge(skeleton, share, 1, person) for share in heights]
    inner = [point + (skeleton.on_spine(share)[0] - point) * 0.34 for point, share in zip(outer, heights, strict=True)]
    return filled("shade", Curve((*outer, *reversed(inner))), opacity=0.1)


def neck(skeleton: Skeleton) -> Shape:
    base, _ = skeleton.on_spine(0.985)
    top = skeleton.skull - (skeleton.skull - skeleton.neck_top) * 0.4
    wide = 5.2 - 0.4 * abs(sin(radians(skeleton.yaw)))
    widths = ((0.0, wide + 0.8, wide + 0.8), (0.45, wide - 0.3, wide - 0.3), (1.0, wide, wide))
    return filled("skin_far", capsule(base, top, widths), edge="skin_edge", width=0.45)


def limbs(what: str, layer: str, skeleton: Skeleton, looks: Looks) -> Iterator[Shape]:
    """The arms or legs that belong there, the further one first."""
    for name in sorted(skeleton.limbs, key=lambda name: round(skeleton.limbs[name].root.depth)):
        chain = skeleton.limbs[name]
        usual = "behind" if chain.far or what == "leg" else "front"
        if name.endswith(what) and (chain.setting.layer or usual) == layer:
            yield from arm(chain, looks) if what == "arm" else leg(chain, looks, skeleton.posture.facing)


def arm(chain: Chain, looks: Looks) -> Iterator[Shape]:
    skin, shirt = ("skin_far", "shirt_far") if chain.far else ("skin", "shirt")
    fingers, palm, over = hand(chain, skin)
    yield fingers
    yield filled(skin, *bones(chain, looks.person, UPPER_ARM, FOREARM), edge="skin_edge")
    yield palm
    yield over
    cut = sleeve(chain, looks.person)
    yield filled(shirt, cut)
    yield drawn("shirt_edge", 0.5, line(*cut.points[1 : 2 * len(SLEEVE)]))


def sleeve(chain: Chain, person: Person) -> Curve:
    """Its hem is nearly straight, where a bone's outline is round."""
    points = [*capsule(chain.root.at, chain.middle.at, built(SLEEVE, person)).points]
    hem = len(SLEEVE)
    straight = (points[hem - 1] + points[hem + 1]) / 2
    points[hem] = straight + (points[hem] - straight) * 0.12
    return Curve(tuple(points))


def leg(chain: Chain, looks: Looks, facing: float) -> Iterator[Shape]:
    """A knee that points at the viewer catches the light."""
    skin, cloth = ("skin_far", "trousers_far") if chain.far else ("skin", "trousers")
    yield foot(chain, facing, skin)
    yield filled(cloth, *bones(chain, looks.person, THIGH, CALF), edge="trousers_edge")
    towards = max(0.0, (chain.middle.depth - chain.root.depth) / body.THIGH)
    yield filled("back", disc(chain.middle.at, 4.6 * towards + 0.01), opacity=0.09)


def bones(chain: Chain, person: Person, first: Widths, second: Widths) -> tuple[Curve, Curve]:
    upper = capsule(chain.root.at, chain.middle.at, built(first, person))
    return upper, capsule(chain.middle.at, chain.tip.at, built(second, person))


def built(widths: Widths, person: Person) -> Widths:
    return [(at, left * person.limbs, right * person.limbs) for at, left, right in widths]


def muscles(skeleton: Skeleton, looks: Looks, *, on: str) -> Iterator[Shape]:
    """Those that lie on that part of the body."""

    def surface(share: float, towards: float) -> complex:
        return edge(skeleton, share, towards, looks.person)

    for lit, faint in ((looks.faint, True), (looks.highlight, False)):
        for light in lit:
            yield from muscle(light, skeleton, surface, on, faint=faint)
