"""What a pose file states: how the body stands, what is around it, and what is shown of the movement.

Lengths are centimetres of a person 170 cm tall, with x to the right, y up, and 0 on the floor. Angles are degrees of a
direction in the picture: 0 points right, 90 up. `turn` is how far the person has turned away from facing the viewer: 0
is the front, 90 faces right, -90 left, 180 is the back. Left and right are the person's own. A picture of one side
shows the left; the engine mirrors it for the right.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from api.domain.value import Slug, Tag, Text, Value, flaw

Degrees = Annotated[float, Field(ge=-360, le=450)]
Length = Annotated[float, Field(ge=-400, le=400)]
Point = tuple[Length, Length]


class Hand(StrEnum):
    """What a hand does; each has a drawing of its own."""

    RELAXED = "relaxed"
    OPEN = "open"
    FLAT = "flat"
    FIST = "fist"
    GRIP = "grip"
    THUMB = "thumb"


class Limb(Value):
    """An arm or a leg: two directions, or the place where the wrist or ankle is, with the way that the joint points.

    `near` turns a bone out of the picture, towards the viewer: 90 points straight at them, -90 away.
    """

    first: Degrees | None = Field(None, description="The direction of the upper arm or thigh.")
    second: Degrees | None = Field(None, description="The direction of the forearm or shin.")
    to: Point | None = Field(None, description="Where the wrist or ankle is, in place of the two directions.")
    bend: Literal[-1, 1] = Field(1, description="1 when elbow or knee points to the left of the way to `to`.")
    near: tuple[Degrees, Degrees] = Field((0, 0), description="How far the two bones point towards the viewer.")
    end: Degrees | None = Field(None, description="The direction of the hand or foot.")
    hand: Hand = Hand.RELAXED
    flip: bool = Field(default=False, description="Whether thumb or toes point to the other side.")
    layer: Literal["behind", "middle", "front"] | None = Field(None, description="Behind the body, or before the head.")

    @model_validator(mode="after")
    def _is_led_one_way(self) -> Self:
        directions = {self.first is None, self.second is None}
        if directions != {self.to is not None}:
            raise flaw("a limb has two directions or a place", "Give `first` and `second`, or `to` alone.")
        return self


class Stance(Value):
    """One moment. What it leaves out stays as it was in the moment before."""

    hip: Point | None = Field(None, description="The middle between the hip joints.")
    trunk: tuple[Degrees, Degrees, Degrees] | Degrees | None = Field(
        None, description="The direction of the spine, or that of pelvis, waist and chest."
    )
    neck: Degrees | None = None
    head: Degrees | None = Field(None, description="The direction from chin to crown.")
    turn: Degrees | None = None
    chest_turn: Degrees | None = Field(None, description="How much further than the hips the chest is turned.")
    head_turn: Degrees | None = Field(None, description="How much further than the chest the head is turned.")
    nod: Degrees | None = Field(None, description="How far the face looks down, seen from the front.")
    lift: tuple[Length, Length] | Length | None = Field(None, description="How high the shoulders are drawn up.")
    reach: Length | None = Field(None, description="How far the shoulders come forward; below 0, back.")
    arms: Limb | None = Field(None, description="The left arm; the right one is its mirror image, or beside it.")
    left_arm: Limb | None = None
    right_arm: Limb | None = None
    legs: Limb | None = None
    left_leg: Limb | None = None
    right_leg: Limb | None = None


class Highlight(Value):
    """A muscle that is coloured on the body."""

    muscle: Tag
    side: Literal["left", "right", "both"] = "both"


Thing = Literal[
    "mat", "rug", "bed", "roller", "ball", "bar", "chair", "wall", "doorway", "band", "pillow", "shadow", "anchor"
]
End = Literal["left_hand", "right_hand", "at"]


class Prop(Value):
    """Something in the picture. `at` is its middle at the bottom; for a bar, ball or roller, its centre.

    A mat is seen from the side, a rug and a bed from above. A wall begins at `at` and is as wide as its size says.
    """

    kind: Thing
    at: Point = (0, 0)
    size: Point = Field((0, 0), description="Width and height, where it has no size of its own.")
    turn: Degrees = Field(90, description="Which way a chair faces, or the slope of a pillow.")
    front: bool = Field(default=False, description="Whether it stands before the body.")
    ends: tuple[End, End] = Field(("left_hand", "right_hand"), description="What a band goes from and to.")


class Arrow(Value):
    """The way of the movement; `bow` bends it to its left."""

    start: Point
    end: Point
    bow: Length = 0
    both: bool = False


class Missing(Value):
    """Why there is no picture."""

    view: Literal["three_quarter", "from_above"] = Field(description="The view that would show it.")
    why: Text


class Pose(Value):
    """One file of `content/poses/`, named after its exercise: how it is drawn, or why it is not."""

    id: Slug
    alt: Text | None = Field(None, description="The picture in words; {side} and {other} are filled in.")
    start: Stance | None = Field(None, description="Ready to begin.")
    moves: tuple[Stance, ...] = Field((), description="The way from there; the last one is held and shown as a still.")
    search: tuple[Stance, ...] = Field((), description="Where the search for a spot goes and comes back.")
    highlight: tuple[Highlight, ...] = ()
    props: tuple[Prop, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    crop: tuple[Length, Length, Length] | None = Field(
        None, description="The middle of the picture, and its side; without it, everything is in the picture."
    )
    floor: bool = Field(default=True, description="Whether there is a floor at 0; not where it is seen from above.")
    missing: Missing | None = None

    @model_validator(mode="after")
    def _is_drawn_or_says_why_not(self) -> Self:
        drawn = self.alt is not None and self.start is not None and bool(self.moves)
        if drawn == (self.missing is not None):
            cure = "Give `alt`, `start` and `moves`, or `missing` alone."
            raise flaw("a pose is drawn, or says why it is not", cure)
        return self
