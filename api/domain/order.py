"""The rules for the order of a routine: warm before load, the neck never twice, one way down to the floor.

A routine that keeps them still does when its end is cut off.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby, pairwise

from api.domain.exercise import Exercise, Kind
from api.domain.pain import Region
from api.domain.routine import OrderRule
from api.domain.vocabulary import Vocabulary

HELD_AGAINST = (Kind.STATIC_STRETCH, Kind.ISOMETRIC, Kind.TRACTION)
"""Held in a stretch or against a force, which loads a neck that it is aimed at."""
Place = int


def broken_rules(exercises: Sequence[Exercise], vocabulary: Vocabulary) -> dict[OrderRule, Place]:
    """Each rule that this order breaks, with the first place (from 0) that breaks it."""
    found = {rule: breaks(exercises, vocabulary) for rule, breaks in RULES.items()}
    return {rule: place for rule, place in found.items() if place is not None}


def starts_cold(exercises: Sequence[Exercise], _: Vocabulary) -> Place | None:
    return None if exercises[0].warm_up else 0


def starts_loaded(exercises: Sequence[Exercise], _: Vocabulary) -> Place | None:
    return 0 if exercises[0].loads else None


def neck_twice(exercises: Sequence[Exercise], vocabulary: Vocabulary) -> Place | None:
    loaded = [loads_neck(exercise, vocabulary) for exercise in exercises]
    return next((place for place, pair in enumerate(pairwise(loaded), start=1) if all(pair)), None)


def loads_neck(exercise: Exercise, vocabulary: Vocabulary) -> bool:
    """Moving the neck lightly is no load."""
    targets = (vocabulary.muscles[use.muscle] for use in exercise.muscles.target)
    return exercise.kind in HELD_AGAINST and any(Region.NECK in muscle.regions for muscle in targets)


def floor_twice(exercises: Sequence[Exercise], _: Vocabulary) -> Place | None:
    runs = groupby(range(len(exercises)), key=lambda place: exercises[place].setting.space.down)
    descents = [next(places) for down, places in runs if down]
    return descents[1] if len(descents) > 1 else None


RULES: Mapping[OrderRule, Callable[[Sequence[Exercise], Vocabulary], Place | None]] = {
    OrderRule.WARM_UP_FIRST: starts_cold,
    OrderRule.LOAD_NEVER_FIRST: starts_loaded,
    OrderRule.NECK_NEVER_TWICE: neck_twice,
    OrderRule.FLOOR_TOGETHER: floor_twice,
}
