"""The head: skull, hair and face, drawn from three sides and blended in between."""

from collections.abc import Iterator, Sequence
from math import cos, radians, sin

from api.drawing.curves import Curve, disc, line, way
from api.drawing.shapes import Shape, drawn, filled
from api.drawing.skeleton import Skeleton

Outline = Sequence[tuple[float, float]]

FACE_FRONT: Outline = (
    (0, 11.5), (5.6, 9.6), (8.0, 5), (8.4, 2), (8.3, -0.8), (7.9, -3.4), (7.1, -5.8), (5.9, -8), (3.6, -10.5),
    (0, -11.4), (-3.6, -10.5), (-6.6, -7), (-8.1, -2.6), (-8.4, 2), (-6.4, 8.8),
)  # fmt: skip
FACE_SIDE: Outline = (
    (0, 11.5), (6.2, 9), (8.7, 4.6), (8.6, 1.6), (11.3, -2.2), (9.3, -3.5), (10, -5.6), (8.9, -7.4), (9.1, -9.8),
    (6.4, -11.3), (0.6, -8.6), (-3.4, -6), (-6.4, -6), (-9.8, 0.5), (-7.4, 8.2),
)  # fmt: skip
HAIR_FRONT: Outline = (
    (8.5, 0.5), (9.1, 5.4), (6.6, 10.8), (0, 12.9), (-6.6, 10.8),
    (-9.1, 5.4), (-8.5, 0.5), (-7.2, 5), (0.8, 8.4), (7, 5.4),
)  # fmt: skip
HAIR_SIDE: Outline = (
    (7.6, 7.4), (5.6, 11), (1.6, 12.8), (-4.4, 11.9), (-9.2, 7.6),
    (-10.7, 0.6), (-7.6, -7), (-3.6, -3.4), (-1.2, 3.4), (3.6, 5.6),
)  # fmt: skip
HAIR_BACK: Outline = (
    (8.9, -1), (9.2, 5.2), (6.6, 10.8), (0, 12.9), (-6.6, 10.8),
    (-9.2, 5.2), (-8.9, -1), (-5.4, -8), (0, -9.4), (5.4, -8),
)  # fmt: skip


class Head:
    """Where points of the head are in the picture. `yaw` is how far it is turned from facing the viewer."""

    def __init__(self, skeleton: Skeleton, hair: str) -> None:
        self.at, self.crown = skeleton.skull, way(skeleton.posture.head)
        self.style = hair
        self.yaw = (skeleton.yaw + 180) % 360 - 180
        self.side = -1 if self.yaw < 0 else 1
        self.turn = radians(abs(self.yaw))
        self.nod = radians(skeleton.posture.nod)

    def point(self, x: float, y: float) -> complex:
        """A point of the outline: x to where the face is turned, y to the crown."""
        return self.at + self.crown * (y - 1j * x * self.side)

    def on(self, left: float, up: float, fore: float) -> complex:
        """A point of the face, by how far it is to the left of the nose, above the middle, and before the ears."""
        x = left * self.side * cos(self.turn) + fore * sin(self.turn)
        return self.point(x, up - fore * sin(self.nod) * cos(self.turn))

    def blended(self, *views: Outline) -> Curve:
        """From the front, the side and the back, by how far the head is turned."""
        share = sin(self.turn) ** 2
        ends = views[0] if self.turn <= radians(90) else views[-1]
        pairs = zip(ends, views[1], strict=True)
        return Curve(tuple(self.point(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in pairs))

    @property
    def faces(self) -> bool:
        """Whether any of the face is seen."""
        return self.turn < radians(110)

    def shapes(self) -> Iterator[Shape]:
        """From the back to the front."""
        knot = self.bun() if self.style == "bun" else None
        if knot and self.faces:
            yield filled("hair", knot)
        if self.style == "curls":
            yield filled("hair", *self.curls())
        yield filled("skin", *(self.ear(side) for side in (1, -1)), edge="skin_edge", width=0.45)
        yield filled("skin", self.blended(FACE_FRONT, FACE_SIDE, FACE_FRONT), edge="skin_edge", width=0.45)
        if self.faces:
            yield from self.face()
        yield filled("hair", self.hair())
        near = self.ear(-1 if self.yaw > 0 else 1, max(0.0, sin(self.turn)))
        yield filled("skin", near, edge="skin_edge", width=0.45 * abs(sin(self.turn)))
        if knot and not self.faces:
            yield filled("hair", knot, edge="ink", width=0.5)

    def hair(self) -> Curve:
        own = self.blended(HAIR_FRONT, HAIR_SIDE, HAIR_BACK)
        sunk = self.crown * -7 * sin(self.nod) * max(0.0, cos(self.turn))
        return Curve((*own.points[:7], *(point + sunk for point in own.points[7:])))

    def bun(self) -> Curve:
        return disc(self.on(0, 12.6, -5.2), 4.4)

    def curls(self) -> Iterator[Curve]:
        back = -2.6 * sin(self.turn)
        for x, y in ((-7.5, 4), (-5.5, 9), (0, 11), (5.5, 9), (7.5, 4)):
            yield disc(self.point(x * (1 - 0.25 * sin(self.turn)) + back, y), 4.6)

    def ear(self, left: int, size: float = 1.0) -> Curve:
        return disc(self.on(left * 8.5, -0.6, -1.0), 1.8 * size + 0.01, 2.7 * size + 0.01, self.crown * -1j)

    def face(self) -> Iterator[Shape]:
        eyes = [self.on(left, 0.7, 7.4) for left in (3.7, -3.7)]
        along = self.crown * -1j * self.side
        yield drawn("ink", 1.7, *(line(eye, eye + along * 0.01) for eye in eyes))
        brows = [
            line(self.on(left + 1.5, 3.0, 7), self.on(left, 3.6, 7.6), self.on(left - 1.5, 3.0, 7))
            for left in (3.7, -3.7)
        ]
        nose = line(self.on(0, 0.2, 9), self.on(-0.9, -2.6, 10), self.on(0.5, -3, 9.4))
        yield drawn("skin_edge", 0.9, *brows, nose)
        ends = [self.on(left, -5.9, 7.6) for left in (2.4, -2.4)]
        lips = self.on(0, -6.6, 8.6)
        far = max(range(2), key=lambda n: ((ends[n] - self.at) / along).real)
        if ((ends[far] - lips) / along).real < 1:
            ends[far] = lips + along * 0.4
        yield drawn("ink", 0.85, line(ends[0], lips, ends[1]))
