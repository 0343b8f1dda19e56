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
    for place, name in enumerate(content.planner.gentle.exercises):
        path = ("gentle", "exercises", place)
        exercise = content.exercises.get(name)
        if exercise is None:
            yield unknown(path, name, content.exercises)
        elif exercise.loads or exercise.kind in PULLS_OR_PRESSES:
            yield Fault(path, f"{name} pulls, presses or loads", "Take it out of the gentle exercises.")
