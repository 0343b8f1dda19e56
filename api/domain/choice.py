"""Which exercise is picked next: the part of a routine that is due, then the sore place, then what is new."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain, cycle

from api.domain.exercise import EachSide, Exercise, Kind, MuscleUse
from api.domain.pain import BodySide
from api.domain.screening import Permission, Permitted
from api.domain.vocabulary import Vocabulary
from api.domain.wish import Focus, Wish


class Stage(IntEnum):
    """The parts of a routine in their order: move, then stretch or press, then work in the new range, then rest."""

    MOVE = 0
    LENGTHEN = 1
    WORK = 2
    REST = 3


TURNS: Mapping[Focus, tuple[Stage, ...]] = {
    Focus.LOOSEN: (Stage.LENGTHEN, Stage.WORK, Stage.LENGTHEN, Stage.MOVE),
    Focus.STRENGTHEN: (Stage.WORK, Stage.WORK, Stage.LENGTHEN),
    Focus.CALM: (Stage.MOVE, Stage.REST),
}
"""After the warm-up, over and over. Some work belongs to loosening too: strength has the better evidence."""


STAGE_OF: Mapping[Kind, Stage] = {
    Kind.STATIC_STRETCH: Stage.LENGTHEN,
    Kind.DYNAMIC: Stage.WORK,
    Kind.ISOMETRIC: Stage.WORK,
    Kind.RELEASE: Stage.LENGTHEN,
    Kind.TRACTION: Stage.LENGTHEN,
    Kind.BREATHING: Stage.REST,
    Kind.MOBILITY: Stage.LENGTHEN,
}
"""Of what does not warm up."""


@dataclass(frozen=True, slots=True)
class Points:
    """What speaks for an exercise, and against it; all that applies adds up."""

    target: int = 3
    secondary: int = 1
    new: int = 2
    each_side: int = 1
    stands_in: int = 1
    up: int = 1
    not_simply_allowed: int = -2


POINTS = Points()


@dataclass(frozen=True, slots=True)
class Judge:
    """How well an exercise suits a wish; greater is better, and what it says depends on nothing else."""

    wish: Wish
    vocabulary: Vocabulary
    permissions: Mapping[str, Permission]
    stand_ins: frozenset[str]

    def score(self, exercise: Exercise, picked: Sequence[Exercise]) -> int:
        return (
            POINTS.target * self.aims_at(exercise.muscles.target)
            + POINTS.secondary * self.aims_at(exercise.muscles.secondary)
            + POINTS.new * is_new(exercise, picked)
            + POINTS.each_side * self.helps_side(exercise)
            + POINTS.stands_in * (exercise.id in self.stand_ins)
            + POINTS.up * (not exercise.setting.space.down)
            + POINTS.not_simply_allowed * (self.permissions[exercise.id].effect is not Permitted.ALLOW)
        )

    def aims_at(self, uses: Sequence[MuscleUse]) -> bool:
        """Whether one of the muscles runs through the sore place."""
        return any(self.wish.region in self.vocabulary.muscles[use.muscle].regions for use in uses)

    def helps_side(self, exercise: Exercise) -> bool:
        """Whether pain on one side can be spared there."""
        return self.wish.side is not BodySide.BOTH and isinstance(exercise.laterality, EachSide)


def stage_of(exercise: Exercise) -> Stage:
    return Stage.MOVE if exercise.warm_up else STAGE_OF[exercise.kind]


def turns(focus: Focus) -> Iterator[Stage]:
    """The parts whose turn it is, without an end."""
    return chain([Stage.MOVE], cycle(TURNS[focus]))


def is_new(exercise: Exercise, picked: Sequence[Exercise]) -> bool:
    """Whether it aims at a muscle that nothing picked so far aims at."""
    known = {use.muscle for other in picked for use in other.muscles.target}
    return any(use.muscle not in known for use in exercise.muscles.target)


def is_form_of_one(exercise: Exercise, picked: Sequence[Exercise]) -> bool:
    """Whether it is picked already, or its easier or harder form is; as a warm-up that form is something else."""
    return any(
        exercise.id in (other.id, other.easier, other.harder) or other.id in (exercise.easier, exercise.harder)
        for other in picked
        if stage_of(other) is stage_of(exercise)
    )
