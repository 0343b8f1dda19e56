"""From what a pose states to where the joints are. Bones keep their length; what leaves the plane is foreshortened."""

import cmath
from dataclasses import dataclass, replace
from math import acos, cos, degrees, hypot, radians, sin
from typing import Any

from api.drawing import body
from api.drawing.curves import along, way
from api.drawing.pose import Hand, Limb, Stance

SEGMENTS = 8
SLACK = 1.0
"""Centimetres that a target may be out of reach: a straight limb is written down in whole ones."""
SIDES = ("left", "right")
SIDEWAYS = 0.5
"""The sine of a turn from which on a body is drawn from the side."""
BEHIND = -3.0
"""How much further away than the spine the far one of two limbs is at least."""
FAR = complex(2.4, 1.6)
"""Where the far one of two limbs shows beside the near one, seen from the side."""
LEANS = 14.0
"""Degrees that a neck leans forward of the chest, seen from the side."""
ANKLE, LEANING = 14.0, 0.6
"""How high an ankle is at most above a flat foot, and the cosine of how far that foot may be from a right angle."""
HANGING = Limb(first=-90, second=-90)


class Unreachable(Exception):
    """A hand or foot cannot get where it should be; says which, and how many centimetres are missing."""

    def __init__(self, limb: str, short: float) -> None:
        super().__init__(f"{limb} is {short:.1f} cm short of its target")
        self.limb, self.short = limb, short


@dataclass(frozen=True, slots=True)
class Joint:
    at: complex
    depth: float
    """Towards the viewer."""

    def to(self, other: "Joint") -> float:
        """The distance in space."""
        return hypot(abs(other.at - self.at), other.depth - self.depth)


@dataclass(frozen=True, slots=True)
class Chain:
    """A limb in place: shoulder, elbow and wrist, or hip, knee and ankle; and where hand or foot points."""

    root: Joint
    middle: Joint
    tip: Joint
    end: float
    setting: Limb
    far: bool

    @property
    def bend(self) -> float:
        """Degrees that elbow or knee are away from straight, in space."""
        first, second, whole = self.root.to(self.middle), self.middle.to(self.tip), self.root.to(self.tip)
        return 180 - degrees(angle_between(first, second, whole))


@dataclass(frozen=True, slots=True)
class Posture:
    """A stance with nothing left open."""

    hip: complex = 93j
    trunk: tuple[float, float, float] = (90, 90, 90)
    neck: float = 90
    head: float = 90
    turn: float = 0
    chest_turn: float = 0
    head_turn: float = 0
    nod: float = 0
    lift: tuple[float, float] = (0, 0)
    reach: float = 0
    left_arm: Limb = HANGING
    right_arm: Limb = HANGING
    left_leg: Limb = HANGING
    right_leg: Limb = HANGING

    def limb(self, name: str) -> Limb:
        limb: Limb = getattr(self, name)
        return limb

    @property
    def facing(self) -> float:
        """1 when it is seen from the side and faces right, were it upright; -1 to the left; 0 from front or back."""
        across = sin(radians(self.turn))
        return 0 if abs(across) < SIDEWAYS else (1 if across > 0 else -1)


def postures(stances: tuple[Stance, ...]) -> list[Posture]:
    """Each moment in full: what a stance leaves out is as before, and the neck follows the trunk where it is new."""
    standing, found = Posture(), []
    for stance in stances:
        standing = after(standing, stance)
        found.append(standing)
    return found


def after(before: Posture, stance: Stance) -> Posture:
    """The posture with what the stance states in place of what it was."""
    given = {name: getattr(stance, name) for name in Posture.__slots__ if getattr(stance, name) is not None}
    if stance.hip:
        given["hip"] = complex(*stance.hip)
    for name, times in (("trunk", 3), ("lift", 2)):
        if name in given and not isinstance(given[name], tuple):
            given[name] = (given[name],) * times
    posture = replace(before, **given)
    return replace(posture, **following(posture, stance), **paired(posture, stance))


def following(posture: Posture, stance: Stance) -> dict[str, Any]:
    """Neck and head where the stance leaves them out, and says how the trunk or the neck is."""
    neck = posture.trunk[2] - LEANS * posture.facing if stance.trunk and stance.neck is None else posture.neck
    upright = posture.trunk[2] if stance.neck is None else neck
    moved = stance.head is None and (stance.trunk or stance.neck is not None)
    return {"neck": neck} | ({"head": upright} if moved else {})


def paired(posture: Posture, stance: Stance) -> dict[str, Any]:
    """Both limbs of a pair, where it is stated as one; one of them may be stated by itself as well."""
    found: dict[str, Any] = {}
    for what, limb in (("arm", stance.arms), ("leg", stance.legs)):
        if limb:
            other = limb if posture.facing else mirrored(limb, posture.hip.real)
            found[f"left_{what}"] = getattr(stance, f"left_{what}") or limb
            found[f"right_{what}"] = getattr(stance, f"right_{what}") or other
    return found


def mirrored(limb: Limb, axis: float) -> Limb:
    """The same limb on the other side of a body that is seen from the front or from behind."""

    def turned(angle: float | None) -> float | None:
        return None if angle is None else 180 - angle

    changes: dict[str, Any] = {
        "first": turned(limb.first),
        "second": turned(limb.second),
        "to": limb.to and (2 * axis - limb.to[0], limb.to[1]),
        "bend": -limb.bend,
        "end": turned(limb.end),
        "flip": not limb.flip,
    }
    return limb.model_copy(update=changes)


def angle_between(one: float, other: float, across: float) -> float:
    """In a triangle, the angle of two sides, in radians; flat where there is no such triangle."""
    return acos(max(-1.0, min(1.0, (one**2 + other**2 - across**2) / (2 * one * other))))


class Skeleton:
    """Where everything is in one posture.

    Raises Unreachable, unless `stretching` lets a limb end short of its target.
    """

    def __init__(self, posture: Posture, *, stretching: bool = False) -> None:
        self.posture = posture
        self.stretching = stretching
        self.spine = self._spine()
        self.neck_top = self.on_spine(1.0)[0] + body.NECK * way(posture.neck)
        self.yaw = posture.turn + posture.chest_turn + posture.head_turn
        crown = way(posture.head)
        self.skull = self.neck_top + crown * body.SKULL * 0.86 + crown * -1j * 2.2 * sin(radians(self.yaw))
        self.limbs = {name: self._limb(name) for name in ("left_arm", "right_arm", "left_leg", "right_leg")}

    def _spine(self) -> list[tuple[complex, complex]]:
        low, middle, high = self.posture.trunk
        table = ((0.0, low), (0.5, middle), (1.0, high))
        here, found = self.posture.hip, []
        for n in range(SEGMENTS + 1):
            (angle,) = along(table, n / SEGMENTS)
            found.append((here, way(angle)))
            (ahead,) = along(table, (n + 0.5) / SEGMENTS)
            here += body.SPINE / SEGMENTS * way(ahead)
        return found

    def on_spine(self, share: float) -> tuple[complex, complex]:
        """The point at that share of the way from hips to neck, and the direction there; beyond it, straight on."""
        place = max(0, min(SEGMENTS - 1, int(share * SEGMENTS)))
        (low, there), (high, then) = self.spine[place], self.spine[place + 1]
        part = share * SEGMENTS - place
        if share > 1:
            return high + way(self.posture.neck) * body.SPINE * (share - 1), way(self.posture.neck)
        if share < 0:
            return low + there * body.SPINE * share, there
        return low + (high - low) * part, there + (then - there) * part

    def turned(self, share: float) -> float:
        """How far the trunk is turned at that share of the spine, in radians."""
        (part,) = along(((0.2, 0.0), (0.8, 1.0)), share)
        return radians(self.posture.turn + self.posture.chest_turn * part)

    def root(self, name: str) -> Joint:
        """The shoulder or hip of a limb."""
        side, what = name.split("_")
        left = 1 if side == "left" else -1
        posture = self.posture
        share, half = (body.SHOULDER_AT, body.SHOULDERS) if what == "arm" else (0.0, body.HIPS)
        at, up = self.on_spine(share)
        turn = self.turned(share)
        across = up * -1j
        if what == "arm":
            at += up * posture.lift[0 if side == "left" else 1] + across * sin(turn) * posture.reach
            half -= 0.25 * abs(posture.reach) * abs(cos(turn))
        return Joint(at + across * left * half * cos(turn), -left * half * sin(turn))

    def _limb(self, name: str) -> Chain:
        setting, root = self.posture.limb(name), self.root(name)
        arm = name.endswith("arm")
        lengths = (body.UPPER_ARM, body.FOREARM) if arm else (body.THIGH, body.SHIN)
        far = root.depth < BEHIND and bool(self.posture.facing)
        beside = FAR if far else 0
        root = replace(root, at=root.at + beside)
        first, second = self._directions(name, root.at - beside, lengths)
        middle = onward(root, lengths[0], first, setting.near[0])
        tip = onward(middle, lengths[1], second, setting.near[1])
        end = setting.end if setting.end is not None else second if arm else self._foot(second, tip.at.imag)
        return Chain(root, middle, tip, end, setting, far)

    def _foot(self, shin: float, height: float) -> float:
        """At a right angle to the shin; flat where that is nearly so and the floor is near."""
        if not self.posture.facing:
            return -90
        usual, flat = shin + 90 * self.posture.facing, 90 - 90 * self.posture.facing
        return flat if height < ANKLE and cos(radians(usual - flat)) > LEANING else usual

    def _directions(self, name: str, root: complex, lengths: tuple[float, float]) -> tuple[float, float]:
        setting = self.posture.limb(name)
        if setting.to is None:
            return setting.first or 0, setting.second or 0
        first, second = (length * cos(radians(near)) for length, near in zip(lengths, setting.near, strict=True))
        to = complex(*setting.to) - root
        reach = abs(to)
        short = max(reach - first - second, abs(first - second) - reach)
        if short > SLACK and not self.stretching:
            raise Unreachable(name, short)
        reach = min(max(reach, abs(first - second) + 1e-6), first + second - 1e-6)
        inner = angle_between(first, reach, second)
        heading = cmath.phase(to) + setting.bend * inner
        elbow = cmath.rect(first, heading)
        return degrees(heading), degrees(cmath.phase(cmath.rect(reach, cmath.phase(to)) - elbow))


def onward(joint: Joint, length: float, direction: float, near: float) -> Joint:
    return Joint(joint.at + way(direction) * length * cos(radians(near)), joint.depth + length * sin(radians(near)))


def by_angles(posture: Posture, like: Posture) -> Posture:
    """The posture with directions in place of every target that `like` does not share, each turned the shorter way."""
    chains = Skeleton(posture, stretching=True).limbs
    changes: dict[str, Any] = {}
    for name, chain in chains.items():
        own, others = posture.limb(name), like.limb(name)
        if own.to is not None and others.to is not None and own.bend == others.bend:
            changes[name] = own.model_copy(update={"end": chain.end})
            continue
        first = degrees(cmath.phase(chain.middle.at - chain.root.at)) if own.to is not None else own.first
        second = degrees(cmath.phase(chain.tip.at - chain.middle.at)) if own.to is not None else own.second
        changes[name] = own.model_copy(update={"first": first, "second": second, "to": None, "end": chain.end})
    return replace(posture, **changes)


def between(start: Posture, end: Posture, share: float) -> Posture:
    """The posture at that share of the way from one to the other."""
    one, other = by_angles(start, end), by_angles(end, start)
    return Posture(**{name: mix(getattr(one, name), getattr(other, name), share) for name in Posture.__slots__})


def mix(one: Any, other: Any, share: float) -> Any:
    """Numbers in proportion, whatever holds numbers member by member, and anything else as it is at the end."""
    match one:
        case Limb():
            return one.model_copy(update={name: mix_of(name, one, other, share) for name in type(one).model_fields})
        case tuple():
            return tuple(mix(a, b, share) for a, b in zip(one, other, strict=True))
        case bool() | Hand():
            return other
        case int() | float() | complex() if other is not None:
            return one + (other - one) * share
        case _:
            return other


def mix_of(name: str, one: Limb, other: Limb, share: float) -> Any:
    first, second = getattr(one, name), getattr(other, name)
    if name in ("first", "second", "end") and first is not None and second is not None:
        second = first + (second - first + 180) % 360 - 180
    return mix(first, second, share)
