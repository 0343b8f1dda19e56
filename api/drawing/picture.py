"""A pose as a picture: everything in it at one moment, written as SVG."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.drawing.body import PEOPLE, Person
from api.drawing.curves import Curve, box, data, short
from api.drawing.figure import Looks, figure
from api.drawing.pose import Pose
from api.drawing.props import arrow, prop
from api.drawing.shapes import Shape, filled, palette
from api.drawing.skeleton import Posture, Skeleton
from api.drawing.timing import held, stated

SIZE = 720
MARGIN = 1.1
WHOLE = 170.0
"""The side of a picture in which an arrow has its usual weight."""
GROUND = 0.13
"""How much of the picture's height lies below the floor at least."""
HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}" '
    'stroke-linecap="round" stroke-linejoin="round" fill="none">'
)


@dataclass(frozen=True, slots=True)
class View:
    """The square of the world that is shown, and whether it is mirrored for the other side."""

    left: float
    bottom: float
    side: float
    mirrored: bool = False

    @property
    def scale(self) -> float:
        return SIZE / self.side

    def shown(self, curve: Curve) -> Curve:
        def place(point: complex) -> complex:
            x = (point.real - self.left) * self.scale
            return complex(SIZE - x if self.mirrored else x, SIZE - (point.imag - self.bottom) * self.scale)

        return Curve(tuple(place(point) for point in curve.points), curve.closed, curve.smooth)


def scene(pose: Pose, posture: Posture, person: Person, view: View, *, stretching: bool = False) -> list[Shape]:
    """All that is in the picture, from the back to the front. Raises Unreachable, unless limbs may end short."""
    top = 0 if pose.floor else view.bottom + view.side
    floor = filled("floor", box(view.left, view.bottom - 1, view.left + view.side, top))
    return [floor, *inside(pose, Skeleton(posture, stretching=stretching), person)]


def inside(pose: Pose, skeleton: Skeleton, person: Person) -> Iterator[Shape]:
    for thing in pose.props:
        if not thing.front:
            yield from prop(thing, skeleton)
    yield from figure(skeleton, Looks(person, pose.highlight))
    for thing in pose.props:
        if thing.front:
            yield from prop(thing, skeleton)
    for movement in pose.arrows:
        yield from arrow(movement, pose.crop[2] / WHOLE if pose.crop else 1)


def view_of(pose: Pose, person: Person, *, mirrored: bool = False) -> View:
    """What holds the whole movement but the ends of walls, or what the pose cuts out of it."""
    if pose.crop:
        x, y, side = pose.crop
        return View(x - side / 2, y - side / 2, side, mirrored)
    skeletons = (Skeleton(posture, stretching=True) for posture in stated(pose))
    shapes = (shape for skeleton in skeletons for shape in inside(pose, skeleton, person) if shape.fill != "wall")
    points = [point for shape in shapes for curve in shape.curves for point in curve.points]
    across, up = sorted(point.real for point in points), sorted(point.imag for point in points)
    side = max(across[-1] - across[0], up[-1] - up[0]) * MARGIN + 4
    if pose.floor:
        side = max(side, (up[-1] + 5) / (1 - GROUND))
    bottom = min((up[0] + up[-1] - side) / 2, -GROUND * side if pose.floor else up[0])
    return View((across[0] + across[-1] - side) / 2, bottom, side, mirrored)


def still(pose: Pose, *, person: str, theme: str, mirrored: bool = False) -> str:
    """The end of the movement as SVG."""
    body = PEOPLE[person]
    view = view_of(pose, body, mirrored=mirrored)
    return document(paths(scene(pose, held(pose), body, view), view, palette(theme, body)), palette(theme, body))


def document(content: str, colours: dict[str, str], style: str = "") -> str:
    """The SVG around what is in it."""
    return f'{HEAD}{style}<path fill="{colours["back"]}" d="M0 0H{SIZE}V{SIZE}H0Z"/>{content}</svg>'


def paths(shapes: Iterable[Shape], view: View, colours: dict[str, str]) -> str:
    return "".join(f'<path{painted(shape, view, colours)} d="{drawn_in(shape, view)}"/>' for shape in shapes)


def drawn_in(shape: Shape, view: View) -> str:
    return data(view.shown(curve) for curve in shape.curves)


def painted(shape: Shape, view: View, colours: dict[str, str]) -> str:
    said = f' fill="{colours[shape.fill]}"' if shape.fill else ""
    if shape.stroke:
        said += f' stroke="{colours[shape.stroke]}" stroke-width="{short(line_width(shape, view))}"'
        said += ' paint-order="stroke"' if shape.fill else ""
    return said + (f' opacity="{short_of(shape.opacity)}"' if shape.opacity < 1 else "")


def line_width(shape: Shape, view: View) -> float:
    """Of a line under a fill only the outer half shows."""
    return shape.width * view.scale * (2 if shape.fill else 1)


def short_of(share: float) -> str:
    return f"{share:.2f}".rstrip("0").lstrip("0")
