"""A planned routine and its id, which says by itself what is planned.

The id is made of the level and of one mark for each exercise, a short digest of its id. So the same plan has the same
id everywhere, planning writes nothing, and the id tells nothing of the person, whose answers stay out of it. An id is
read like any other input: whoever starts it gets the rules of order and of safety applied anew.
"""

import re
from base64 import b32encode
from collections.abc import Mapping, Sequence
from hashlib import sha256

from api.domain.exercise import Exercise, ReviewStatus
from api.domain.order import broken_rules
from api.domain.planner import MOST_EXERCISES, Planner
from api.domain.routine import Item, Pauses
from api.domain.value import Value
from api.domain.vocabulary import Vocabulary

MARK_LENGTH = 6  # 30 bits: among a thousand exercises two share a mark once in two thousand catalogues
PLAN_ID = rf"^plan-[0-4](-[a-z2-7]{{{MARK_LENGTH}}}){{1,{MOST_EXERCISES}}}$"
PREFIX = "plan-"


class PlannedRoutine(Value):
    """What a timeline is compiled of, as of a routine of the content."""

    id: str
    level: int
    items: tuple[Item, ...]
    pauses: Pauses


def mark(exercise: str) -> str:
    """Letters and digits that stand for an exercise's id, which is never used again."""
    return b32encode(sha256(exercise.encode()).digest()).decode()[:MARK_LENGTH].lower()


def plan_id(level: int, exercises: Sequence[str]) -> str:
    return "-".join([f"{PREFIX}{level}", *map(mark, exercises)])


def level_of(plan: str) -> int:
    """The level that a plan's id states."""
    return int(plan[len(PREFIX)])


def is_plan_id(name: str) -> bool:
    """Whether it has the form of a plan's id rather than that of a routine's."""
    return re.fullmatch(PLAN_ID, name) is not None


def planned_routine(
    plan: str, exercises: Mapping[str, Exercise], vocabulary: Vocabulary, rules: Planner
) -> PlannedRoutine | None:
    """What the id stands for; None where it names what is not served, or what no planner would put together."""
    _, _, *marks = plan.split("-")
    served = [e for e in exercises.values() if e.status is not ReviewStatus.RETIRED]
    named = [[e for e in served if mark(e.id) == wanted] for wanted in marks]
    if any(len(found) != 1 for found in named) or len(set(marks)) < len(marks) or len(marks) > rules.most.exercises:
        return None
    chosen = [found for (found,) in named]
    if broken_rules(chosen, vocabulary):
        return None
    items = tuple(Item(exercise=exercise.id) for exercise in chosen)
    return PlannedRoutine(id=plan, level=level_of(plan), items=items, pauses=rules.pauses)
