"""What a drawing is made of: paths whose colours go by names, and the colours of both themes."""

from dataclasses import dataclass

from api.drawing.body import Person
from api.drawing.curves import Curve


@dataclass(frozen=True, slots=True)
class Shape:
    """One path. A line is drawn under the fill, so that only its outer half shows."""

    curves: tuple[Curve, ...]
    fill: str | None = None
    stroke: str | None = None
    width: float = 0.0
    opacity: float = 1.0


def filled(colour: str, *curves: Curve, opacity: float = 1.0, edge: str | None = None, width: float = 0.5) -> Shape:
    return Shape(curves, fill=colour, stroke=edge, width=width if edge else 0.0, opacity=opacity)


def drawn(colour: str, width: float, *curves: Curve, opacity: float = 1.0) -> Shape:
    return Shape(curves, stroke=colour, width=width, opacity=opacity)


THEMES = {
    "light": {
        "back": "#f5f7fa", "floor": "#dfe6ee", "mat": "#b9d3ea", "prop": "#8fa1b5", "prop_light": "#bccad8",
        "prop_dark": "#6d8096", "wall": "#e3e9f0", "band": "#e0a021", "cloth": "#d9c7e8", "cloth_dark": "#b79fce",
        "shirt": "#2a9d97", "shirt_far": "#1f7f7a", "shirt_edge": "#1c7470", "trousers": "#35425f",
        "trousers_far": "#29344c", "trousers_edge": "#232d43", "ink": "#2b2326", "muscle": "#f0524a",
        "arrow": "#e4572e", "shade": "#0b1a2b",
    },
    "dark": {
        "back": "#12171d", "floor": "#26303a", "mat": "#2c4a66", "prop": "#6d7f93", "prop_light": "#93a5b8",
        "prop_dark": "#4d5d70", "wall": "#202933", "band": "#e8b54a", "cloth": "#6f5f86", "cloth_dark": "#574a6b",
        "shirt": "#3fbdb5", "shirt_far": "#2c928c", "shirt_edge": "#1f7a75", "trousers": "#7787b8",
        "trousers_far": "#5d6c9b", "trousers_edge": "#4d5a86", "ink": "#241c1f", "muscle": "#ff5b52",
        "arrow": "#ff8a5c", "shade": "#05090d",
    },
}  # fmt: skip


def palette(theme: str, person: Person) -> dict[str, str]:
    """Every colour by its name, for that person in that theme."""
    lit = theme == "dark"
    hair = mixed(person.hair_colour, "#a08878", 0.32) if lit else person.hair_colour
    return THEMES[theme] | {
        "skin": person.skin,
        "skin_far": mixed(person.skin, "#5a2a1a", 0.2),
        "skin_edge": mixed(person.skin, "#5a2a1a", 0.38),
        "hair": hair,
    }


def mixed(colour: str, other: str, share: float) -> str:
    """The colour, that much of the way to the other one."""
    pairs = ((int(colour[n : n + 2], 16), int(other[n : n + 2], 16)) for n in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
