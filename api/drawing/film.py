"""A pose in motion: one loop in the exercise's own time, as SVG that moves by itself or as frames."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.domain.dose import Dosage
from api.drawing.body import PEOPLE
from api.drawing.picture import SIZE, View, document, drawn_in, line_width, painted, paths, scene, view_of
from api.drawing.pose import Pose
from api.drawing.shapes import THEMES, Shape, palette
from api.drawing.timing import held, loop

CALM = "<style>#s{display:none}@media(prefers-reduced-motion:reduce){#m{display:none}#s{display:inline}}</style>"
"""Whoever asked for less motion sees the still in place of the loop."""


@dataclass(frozen=True, slots=True)
class Film:
    """The loop: when its moments are, the shapes of the first of them, and the path of each shape at every moment."""

    at_ms: tuple[int, ...]
    shapes: tuple[Shape, ...]
    paths: tuple[tuple[str, ...], ...]
    view: View


def film(pose: Pose, dosage: Dosage, *, person: str, mirrored: bool = False) -> Film:
    """Every moment drawn. In between, a hand may end some centimetres short of where it stands."""
    body = PEOPLE[person]
    view, moments = view_of(pose, body, mirrored=mirrored), loop(pose, dosage)
    scenes = [scene(pose, moment.posture, body, view, stretching=True) for moment in moments]
    drawn = zip(*([drawn_in(shape, view) for shape in shapes] for shapes in scenes), strict=True)
    return Film(tuple(moment.at_ms for moment in moments), tuple(scenes[0]), tuple(drawn), view)


def animated(pose: Pose, dosage: Dosage, *, person: str, theme: str, mirrored: bool = False) -> str:
    """The loop as SVG that moves by itself, again and again."""
    shown = film(pose, dosage, person=person, mirrored=mirrored)
    colours = palette(theme, PEOPLE[person])
    calm = paths(scene(pose, held(pose), PEOPLE[person], shown.view), shown.view, colours)
    moving = "".join(moving_paths(shown, colours))
    return document(f'<g id="s">{calm}</g><g id="m">{moving}</g>', colours, CALM)


def moving_paths(shown: Film, colours: dict[str, str]) -> Iterator[str]:
    times = [at / shown.at_ms[-1] for at in shown.at_ms]
    for shape, drawn in zip(shown.shapes, shown.paths, strict=True):
        start = f'<path{painted(shape, shown.view, colours)} d="{drawn[0]}"'
        yield start + ("/>" if len(set(drawn)) == 1 else f">{animate(times, drawn, shown.at_ms[-1])}</path>")


def animate(times: Sequence[float], drawn: Sequence[str], whole_ms: int) -> str:
    """The path at every time, less those in the middle of what stays the same."""
    last = len(drawn) - 1
    kept = [n for n in range(len(drawn)) if n in (0, last) or not drawn[n - 1] == drawn[n] == drawn[n + 1]]
    at, values = ";".join(f"{times[n]:.4g}" for n in kept), ";".join(drawn[n] for n in kept)
    timing = f'dur="{whole_ms}ms" repeatCount="indefinite" keyTimes="{at}"'
    return f'<animate attributeName="d" {timing} values="{values}"/>'


def frames(pose: Pose, dosage: Dosage, *, person: str, mirrored: bool = False) -> str:
    """The loop as JSON for whoever draws it without SVG: a path that never changes is given once."""
    shown = film(pose, dosage, person=person, mirrored=mirrored)
    told = {
        "size": SIZE,
        "at_ms": shown.at_ms,
        "colours": {theme: palette(theme, PEOPLE[person]) for theme in THEMES},
        "shapes": [told_of(shape, drawn, shown.view) for shape, drawn in zip(shown.shapes, shown.paths, strict=True)],
    }
    return json.dumps(told, separators=(",", ":"))


def told_of(shape: Shape, drawn: Sequence[str], view: View) -> dict[str, object]:
    line = {"stroke": shape.stroke, "stroke_width": round(line_width(shape, view), 1)} if shape.stroke else {}
    fill = {"fill": shape.fill} if shape.fill else {}
    return {**fill, **line, "opacity": shape.opacity, "d": drawn[:1] if len(set(drawn)) == 1 else drawn}
