"""The drawings of an exercise: which there are, what they are called, and how each is made.

A name says everything: who is drawn, in which form, for which side, in which theme, how large. The hash in the address
is one of everything that a drawing is made from, so it is known before anything is drawn.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import resvg_py

from api.catalogue.shelf import Content
from api.domain.exercise import Exercise, Side
from api.domain.speech import Language
from api.drawing import chart, film, picture
from api.drawing.body import PEOPLE
from api.drawing.picture import SIZE
from api.drawing.shapes import THEMES

USUAL = next(iter(PEOPLE))
PNG_SIZE = 320
"""Pixels along an edge at 1x."""
SCALES = (1, 2, 3)
HASH_DIGITS = 16
MEDIA = {"svg": "image/svg+xml", "png": "image/png", "json": "application/json"}
Data = dict[str, object]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture or film. `side` is None where both sides work at once, `theme` where the client colours it."""

    form: str
    person: str = USUAL
    side: Side | None = None
    theme: str | None = None
    scale: int | None = None

    @property
    def name(self) -> str:
        """Its name in an address."""
        told = (self.person, self.form, self.side, self.theme, f"{self.scale}x" if self.scale else None)
        return "-".join(part for part in told if part) + f".{self.suffix}"

    @property
    def suffix(self) -> str:
        return "png" if self.scale else "json" if self.form == "frames" else "svg"

    @property
    def media_type(self) -> str:
        return MEDIA[self.suffix]


def drawings(exercise: Exercise, content: Content) -> Iterator[Drawing]:
    """Every drawing of the exercise that is served: a closed list."""
    drawn = exercise.id in content.poses and content.poses[exercise.id].missing is None
    for person in PEOPLE:
        for theme in THEMES:
            for scale in (None, *SCALES):
                yield Drawing("muscles", person, None, theme, scale)
                yield from (Drawing("still", person, side, theme, scale) for side in exercise.sides if drawn)
            yield from (Drawing("animated", person, side, theme) for side in exercise.sides if drawn)
        yield from (Drawing("frames", person, side) for side in exercise.sides if drawn)


@lru_cache(1)
def made_by() -> bytes:
    """What draws, as a digest of its source: another hand gives other pictures under other addresses."""
    parts = (part.read_bytes() for part in sorted(files("api.drawing").iterdir(), key=str) if part.name.endswith(".py"))
    return hashlib.sha256(b"\0".join(parts)).digest()


@lru_cache(8192)
def digest(content: Content, slug: str) -> str:
    """Of everything that the drawings of the exercise are made from."""
    exercise, pose = content.exercises[slug], content.poses.get(slug)
    told = hashlib.sha256(made_by())
    for part in (exercise.dosage, exercise.laterality, exercise.muscles, *([pose] if pose else [])):
        told.update(part.model_dump_json().encode())
    return told.hexdigest()[:HASH_DIGITS]


@lru_cache(1024)
def by_name(content: Content, slug: str) -> Mapping[str, Drawing]:
    """The drawings of the exercise by their names."""
    return {drawing.name: drawing for drawing in drawings(content.exercises[slug], content)}


def address(content: Content, slug: str, drawing: Drawing) -> str:
    return f"/v1/exercises/{slug}/figures/{digest(content, slug)}/{drawing.name}"


def made(content: Content, slug: str, drawing: Drawing) -> bytes:
    """The drawing itself. Takes some milliseconds, a film some hundred."""
    if drawing.scale:
        size = PNG_SIZE * drawing.scale
        return resvg_py.svg_to_bytes(
            svg_string=written(content, slug, drawing), width=size, height=size, skip_system_fonts=True
        )
    return written(content, slug, drawing).encode()


def written(content: Content, slug: str, drawing: Drawing) -> str:
    exercise, pose = content.exercises[slug], content.poses.get(slug)
    person, theme = drawing.person, drawing.theme or ""
    if drawing.form == "muscles" or pose is None:
        target, secondary = (
            [use.muscle for use in uses] for uses in (exercise.muscles.target, exercise.muscles.secondary)
        )
        return chart.chart(target, secondary, person=person, theme=theme)
    mirrored = drawing.side is not None and drawing.side is not Side.LEFT
    match drawing.form:
        case "still":
            return picture.still(pose, person=person, theme=theme, mirrored=mirrored)
        case "animated":
            return film.animated(pose, exercise.dosage, person=person, theme=theme, mirrored=mirrored)
        case _:
            return film.frames(pose, exercise.dosage, person=person, mirrored=mirrored)


# What an exercise says of its drawings


def told(exercise: Exercise, content: Content, language: Language) -> Data:
    """All of them with their addresses, or why there is none."""
    pose = content.poses.get(exercise.id)
    said: Data = {
        "items": [of_side(exercise, side, content, language) for side in exercise.sides if pose and not pose.missing],
        "muscles": muscles(exercise, content, language),
        "people": list(PEOPLE),
        "size": SIZE,
        "licence": content.licence.id,
        "attribution": content.licence.attribution,
    }
    if pose and pose.missing:
        said["missing"] = {"view": pose.missing.view, "why": language.said(pose.missing.why)}
    return said


def thumbnail(exercise: Exercise, content: Content) -> str | None:
    """The still of the first side, in the light theme."""
    pose = content.poses.get(exercise.id)
    if pose is None or pose.missing:
        return None
    return address(content, exercise.id, Drawing("still", USUAL, exercise.sides[0], "light"))


def of_side(exercise: Exercise, side: Side | None, content: Content, language: Language) -> Data:
    alt = content.poses[exercise.id].alt
    return {
        "side": side,
        "alt": language.said(alt, side) if alt else "",
        **in_themes(exercise, Drawing("still", side=side), content),
        "animated": themed(exercise, Drawing("animated", side=side), content),
        "frames": address(content, exercise.id, Drawing("frames", side=side)),
    }


def muscles(exercise: Exercise, content: Content, language: Language) -> Data:
    words = content.vocabulary.muscles
    names = [language.said(words[use.muscle].name) for use in exercise.uses()]
    return {"alt": ", ".join(names) + ".", **in_themes(exercise, Drawing("muscles"), content)}


def in_themes(exercise: Exercise, drawing: Drawing, content: Content) -> Data:
    """A picture as SVG, and as PNG in every size."""
    form, side = drawing.form, drawing.side
    png = [
        {"size": PNG_SIZE * scale, **themed(exercise, Drawing(form, side=side, scale=scale), content)}
        for scale in SCALES
    ]
    return {"still": themed(exercise, drawing, content), "png": png}


def themed(exercise: Exercise, drawing: Drawing, content: Content) -> Data:
    form, side, scale = drawing.form, drawing.side, drawing.scale
    return {theme: address(content, exercise.id, Drawing(form, USUAL, side, theme, scale)) for theme in THEMES}
