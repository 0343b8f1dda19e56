"""What the desk planner goes by, as a file states it: numbers with their origin, gentle exercises, and its words."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from api.domain.caution import Review
from api.domain.dose import Located, Sourced
from api.domain.routine import Pauses
from api.domain.value import Slug, Text, Value, Version, flaw

MOST_EXERCISES = 8


class Picked(StrEnum):
    """Why an exercise is in a plan."""

    WARM_UP = "warm-up"
    MOVES = "moves"
    LENGTHENS = "lengthens"
    RELEASES = "releases"
    STRENGTHENS = "strengthens"
    RESTS = "rests"
    SORE_PLACE = "sore-place"
    EACH_SIDE = "each-side"
    STANDS_IN = "stands-in"
    GENTLE = "gentle"
    WITH_CARE = "with-care"


class Held(StrEnum):
    """Why the level of a plan is 0, whatever time there is."""

    SCREENING_INCOMPLETE = "screening-incomplete"
    PAIN = "pain"


class Unsafe(StrEnum):
    """Why an exercise is left out for safety."""

    EXCLUDED = "excluded"
    EASIER_FIRST = "easier-first"
    ASK_FIRST = "ask-first"
    OPEN_QUESTION = "open-question"
    NOT_GENTLE = "not-gentle"


class Unfit(StrEnum):
    """Why an exercise is left out for the place, the posture or the things at hand."""

    EQUIPMENT = "equipment"
    FLOOR = "floor"
    STANDING = "standing"
    HANG = "hang"
    NOISE = "noise"
    PRIVATE = "private"
    WALL = "wall"


class Refused(StrEnum):
    """Why there is no plan."""

    RED_FLAG = "red-flag"
    NO_SAFE_ROUTINE = "no-safe-routine"
    NOTHING_POSSIBLE = "nothing-possible"
    TOO_SHORT = "too-short"


class Most(Sourced):
    """How many exercises a plan has at the most."""

    exercises: Annotated[int, Field(ge=1, le=MOST_EXERCISES)]


class PainFrom(Located):
    """The pain from which on something holds."""

    pain: Annotated[int, Field(ge=1, le=10)]


class Gentle(Sourced):
    """The exercises for a bad day, and the routine made of such. What is not listed is not gentle."""

    routine: Slug
    exercises: Annotated[tuple[Slug, ...], Field(min_length=1)]


REASONS: Mapping[str, type[StrEnum]] = {
    "picked": Picked,
    "held": Held,
    "unsafe": Unsafe,
    "unfit": Unfit,
    "refused": Refused,
}


class Planner(Value):
    """The whole file. Every reason has its words."""

    version: Version
    most: Most
    lowest_from: PainFrom = Field(description="From this pain on every dose is the lowest.")
    gentle_from: PainFrom = Field(description="From this pain on only gentle exercises are planned.")
    gentle: Gentle
    pauses: Pauses
    picked: dict[Picked, Text]
    held: dict[Held, Text]
    unsafe: dict[Unsafe, Text]
    unfit: dict[Unfit, Text]
    refused: dict[Refused, Text]
    review: Review

    @model_validator(mode="after")
    def _every_reason_has_words(self) -> Self:
        for name, codes in REASONS.items():
            if missing := ", ".join(code for code in codes if code not in getattr(self, name)):
                raise flaw(f"`{name}` has no words for {missing}", "Add a line for each.")
        return self
