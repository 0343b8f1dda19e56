"""Rules of the planner's file among the other files. Pure functions over values."""

from collections.abc import Iterator

from api.catalogue.findings import Fault
from api.catalogue.lint import unknown
from api.catalogue.shelf import Content
from api.domain.exercise import Kind

PULLS_OR_PRESSES = {Kind.STATIC_STRETCH, Kind.RELEASE, Kind.TRACTION}


def planner_faults(content: Content) -> Iterator[Fault]:
    """Exercises exist, what is called gentle is, and pain rises from one rule to the next."""
    yield from gentle_faults(content)
    if content.planner.lowest_from.pain > content.planner.gentle_from.pain:
        yield Fault(("lowest_from", "pain"), "it begins above `gentle_from`", "Let the lowest dose begin first.")


def gentle_faults(content: Content) -> Iterator[Fault]:
    routine = content.routines.get(content.planner.gentle.routine)
    if routine is None:
        yield unknown(("gentle", "routine"), content.planner.gentle.routine, content.routines)
    elif not {item.exercise for item in routine.items} <= set(content.planner.gentle.exercises):
        yield Fault(("gentle", "routine"), "it has an exercise that is not gentle", "List it, or take it out.")
    elif not (routine.frequency.amount and routine.frequency.amount.per_day):
        yield Fault(("gentle", "routine"), "it says nothing of how often a day", "Give its `frequency` a `per_day`.")
    for place, name in enumerate(content.planner.gentle.exercises):
        path = ("gentle", "exercises", place)
        exercise = content.exercises.get(name)
        if exercise is None:
            yield unknown(path, name, content.exercises)
        elif exercise.loads or exercise.kind in PULLS_OR_PRESSES:
            yield Fault(path, f"{name} pulls, presses or loads", "Take it out of the gentle exercises.")
