"""What a plan is asked for, and whether an exercise can be done there with what is at hand."""

from dataclasses import dataclass, field
from enum import StrEnum

from api.domain.exercise import Exercise, Load
from api.domain.pain import BodySide, Region
from api.domain.planner import Unfit

SITTING = "sit"
BED = "bed"


class Focus(StrEnum):
    """What the exercises are for; `calm` is for a flare-up."""

    LOOSEN = "loosen"
    STRENGTHEN = "strengthen"
    CALM = "calm"


class Limit(StrEnum):
    """What the place or the person does not allow."""

    NO_FLOOR = "no_floor"
    SEATED = "seated"
    CANNOT_HANG = "cannot_hang"
    QUIET = "quiet"
    IN_PUBLIC = "in_public"
    NO_WALL = "no_wall"


@dataclass(frozen=True, slots=True)
class Wish:
    """Minutes are an upper bound; only the equipment named is at hand; pain is 0 to 10, or not told."""

    max_minutes: int
    equipment: frozenset[str] = frozenset()
    limits: frozenset[Limit] = frozenset()
    region: Region = Region.UPPER_BACK
    side: BodySide = BodySide.BOTH
    focus: Focus = Focus.LOOSEN
    pain_now: int | None = field(default=None, kw_only=True)

    @property
    def budget_ms(self) -> int:
        return self.max_minutes * 60_000


def missing(exercise: Exercise, equipment: frozenset[str]) -> tuple[str, ...]:
    """What it requires and nothing at hand can stand in for."""
    tools = exercise.setting.equipment
    return tuple(tool for tool in tools.required if equipment.isdisjoint({tool, *tools.substitutes.get(tool, ())}))


def why_unfit(exercise: Exercise, wish: Wish) -> Unfit | None:
    """The first thing that speaks against doing it there. A bed at hand does for the floor where it may."""
    space, limits = exercise.setting.space, wish.limits
    on_floor = space.floor and not (space.bed and BED in wish.equipment)
    against = {
        Unfit.EQUIPMENT: bool(missing(exercise, wish.equipment)),
        Unfit.HANG: Limit.CANNOT_HANG in limits and Load.HANG in exercise.loads,
        Unfit.STANDING: Limit.SEATED in limits and SITTING not in exercise.setting.position,
        Unfit.FLOOR: Limit.NO_FLOOR in limits and on_floor,
        Unfit.WALL: Limit.NO_WALL in limits and space.wall,
        Unfit.NOISE: Limit.QUIET in limits and space.noise != "silent",
        Unfit.PRIVATE: Limit.IN_PUBLIC in limits and space.privacy != "public",
    }
    return next((reason for reason, applies in against.items() if applies), None)
