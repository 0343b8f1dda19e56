"""Pain as people rate it: 0 (none) to 10 (worst imaginable), at a place, never inverted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Region(StrEnum):
    NECK = "neck"
    SHOULDER = "shoulder"
    SHOULDER_BLADE = "shoulder_blade"
    UPPER_BACK = "upper_back"
    MIDDLE_BACK = "middle_back"
    ARM = "arm"
    HEAD = "head"


class BodySide(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


Place = tuple[Region, BodySide]


class Moment(StrEnum):
    """When a rating was true. `check_in` is the question between exercises, `worst` a session's worst moment.

    `now` belongs to no session.
    """

    BEFORE = "before"
    CHECK_IN = "check_in"
    WORST = "worst"
    AFTER = "after"
    NEXT_MORNING = "next_morning"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Rating:
    """`at` and `step` tell when and at which step of a timeline, where that is known."""

    region: Region
    side: BodySide
    value: int
    moment: Moment
    at: datetime | None = None
    step: str | None = None


def by_place(ratings: Iterable[Rating], moment: Moment) -> dict[Place, int]:
    """What was rated at that moment, each place with its value; of two, the careful reading counts.

    That is the lowest before a session, and the highest later.
    """
    careful = min if moment is Moment.BEFORE else max
    found: dict[Place, int] = {}
    for rating in ratings:
        if rating.moment is moment:
            place = rating.region, rating.side
            found[place] = careful(rating.value, found.get(place, rating.value))
    return found


def change(ratings: tuple[Rating, ...]) -> int | None:
    """After minus before, over the places rated both times, by the place that changed for the worse most.

    One session's change is a fact about that session. It is never a verdict: single ratings vary by up to 4 points
    in people whose neck pain did not change (Kovacs 2008, doi 10.1186/1471-2474-9-43).
    """
    before, after = by_place(ratings, Moment.BEFORE), by_place(ratings, Moment.AFTER)
    return max((after[place] - before[place] for place in before.keys() & after.keys()), default=None)
