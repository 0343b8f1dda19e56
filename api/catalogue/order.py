"""The rules for the order of a routine, held against the routines of the content."""

from collections.abc import Iterator, Mapping

from api.catalogue.findings import Fault
from api.catalogue.shelf import Content
from api.domain.order import broken_rules
from api.domain.routine import OrderRule, Routine


def order_faults(routine: Routine, content: Content) -> Iterator[Fault]:
    """Every rule that the order breaks without saying so, and every excuse that nothing needs."""
    exercises = [content.exercises[item.exercise] for item in routine.items if item.exercise in content.exercises]
    muscles = {use.muscle for exercise in exercises for use in exercise.uses()}
    if len(exercises) < len(routine.items) or not muscles <= content.vocabulary.muscles.keys():
        return  # names that are nowhere are told of by themselves
    broken = broken_rules(exercises, content.vocabulary)
    excused = [excuse.rule for excuse in routine.order.breaks]
    for rule, place in broken.items():
        if rule not in excused:
            yield Fault(("items", place), *TELLS[rule])
    for place, rule in enumerate(excused):
        if rule not in broken:
            yield Fault(("order", "breaks", place), f"{rule.value} is excused, and not broken", "Take the excuse out.")


TELLS: Mapping[OrderRule, tuple[str, str]] = {
    OrderRule.WARM_UP_FIRST: ("the routine does not open with a warm-up", "Begin with one marked `warm_up`."),
    OrderRule.LOAD_NEVER_FIRST: ("a hang or a head-down pose comes first", "Put it after something lighter."),
    OrderRule.NECK_NEVER_TWICE: ("the neck is loaded twice in a row", "Put something else between the two."),
    OrderRule.FLOOR_TOGETHER: ("one gets down to the floor twice", "Put what is done on the floor together."),
}


def first_faults(content: Content) -> Iterator[Fault]:
    """A beginner is sent to exactly one routine."""
    first = [routine.id for routine in content.routines.values() if routine.recommended_first]
    if len(first) != 1:
        listed = ", ".join(first) or "no routine"
        yield Fault((), f"recommended first is {listed}", "Mark exactly one routine with `recommended_first`.")
