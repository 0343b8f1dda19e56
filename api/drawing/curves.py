"""Smooth lines through points of the plane, which are complex numbers with y up."""

import cmath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import radians

UP = 1j


SHORTEST_BEND = 3
NOTHING = 1e-6
"""A length in centimetres that has no direction."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One part of a path: a closed outline or an open line, round or with corners."""

    points: tuple[complex, ...]
    closed: bool = True
    smooth: bool = True


def way(degrees: float) -> complex:
    """The direction as a vector of length 1."""
    return cmath.rect(1, radians(degrees))


def along(stations: Sequence[tuple[float, ...]], at: float) -> tuple[float, ...]:
    """What stands in a table at that place; between two rows in proportion."""
    low = stations[0]
    for high in stations:
        if at <= high[0]:
            share = (at - low[0]) / (high[0] - low[0]) if high[0] > low[0] else 0.0
            return tuple(a + (b - a) * share for a, b in zip(low[1:], high[1:], strict=True))
        low = high
    return low[1:]


def capsule(start: complex, end: complex, widths: Sequence[tuple[float, float, float]]) -> Curve:
    """A bone's outline: at each share of its length, how wide it is to the left and to the right; round at the ends."""
    axis = end - start
    onward = axis / abs(axis) if abs(axis) > NOTHING else UP
    left = [start + axis * at + onward * 1j * wide for at, wide, _ in widths]
    right = [start + axis * at - onward * 1j * wide for at, _, wide in reversed(widths)]
    first, last = sum(widths[0][1:]) / 2, sum(widths[-1][1:]) / 2
    return Curve((*left, end + onward * last, *right, start - onward * first))


def disc(centre: complex, wide: float, high: float | None = None, tilt: complex = 1) -> Curve:
    """An ellipse of these half axes, the first of them in the direction of `tilt`."""
    high = wide if high is None else high
    return Curve(tuple(centre + tilt * complex(wide * way(a).real, high * way(a).imag) for a in range(0, 360, 45)))


def box(left: float, bottom: float, right: float, top: float) -> Curve:
    """A rectangle with corners."""
    corners = (complex(left, bottom), complex(left, top), complex(right, top), complex(right, bottom))
    return Curve(corners, smooth=False)


def line(*points: complex, smooth: bool = True) -> Curve:
    """An open line."""
    return Curve(points, closed=False, smooth=smooth)


def data(curves: Iterable[Curve]) -> str:
    """What SVG's `d` says of it, to a tenth of a unit. Curves of the same form give data of the same form."""
    return "".join(of_curve(curve) for curve in curves)


def of_curve(curve: Curve) -> str:
    """In whole tenths, each step from the end of the last one, so that no error adds up along the way."""
    points = [complex(round(point.real * 10), round(point.imag * 10)) for point in curve.points]
    start = f"M{pair(points[0])}"
    if not curve.smooth or len(points) < SHORTEST_BEND:
        steps = (pair(here - before) for before, here in pairwise(points))
        return f"{start}l{' '.join(steps)}{'z' if curve.closed else ''}"
    ring = [*points, points[0]] if curve.closed else points
    tangents = [tangent(points, place % len(points), closed=curve.closed) for place in range(len(ring))]
    return start + f"c{pair(tangents[0])} " + "s".join(steps_to(ring, tangents)) + ("z" if curve.closed else "")


def steps_to(ring: Sequence[complex], tangents: Sequence[complex]) -> Iterator[str]:
    """From each point to the next: the second handle and the end. The first handle is the last one's reflection."""
    for place in range(1, len(ring)):
        onward = ring[place] - ring[place - 1]
        yield f"{pair(onward - tangents[place])} {pair(onward)}"


def tangent(points: Sequence[complex], place: int, *, closed: bool) -> complex:
    """Along the neighbours, as long as the shorter way to them allows: so that no loop comes where they are close."""
    here = points[place]
    before = points[place - 1] if closed or place else here
    after = points[(place + 1) % len(points)] if closed or place + 1 < len(points) else here
    across, reach = after - before, min(abs(here - before), abs(after - here))
    return across / abs(across) * reach * 0.35 if abs(across) > NOTHING else 0j


def pair(tenths: complex) -> str:
    across, down = told(round(tenths.real)), told(round(tenths.imag))
    return across + down if down[0] == "-" else f"{across} {down}"


@lru_cache(16_384)
def told(tenths: int) -> str:
    """As short as SVG takes it. The same numbers come again and again, and writing them is most of the work."""
    whole, part = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{whole or ''}.{part}" if part else f"{sign}{whole}"


def short(number: float) -> str:
    """To a tenth."""
    return told(round(number * 10))
