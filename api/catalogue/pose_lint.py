"""Rules of a pose among the other files: it is of an exercise, can be stood in, and shows what the exercise works."""

from collections.abc import Iterator

from api.catalogue.findings import Fault
from api.catalogue.lint import strays, unknown
from api.catalogue.shelf import Content
from api.catalogue.walking import Path
from api.domain.exercise import EachSide, Exercise
from api.domain.speech import SIDE
from api.domain.value import FALLBACK
from api.drawing.muscles import DRAWN
from api.drawing.pose import Pose
from api.drawing.skeleton import Skeleton, Unreachable
from api.drawing.timing import stated


def pose_faults(pose: Pose, content: Content) -> Iterator[Fault]:
    """Everything wrong with one pose."""
    exercise = content.exercises.get(pose.id)
    if exercise is None:
        yield unknown(("id",), pose.id, content.exercises)
        return
    yield from alt_faults(pose, exercise, content)
    yield from highlight_faults(pose, exercise)
    yield from reach_faults(pose)


def alt_faults(pose: Pose, exercise: Exercise, content: Content) -> Iterator[Fault]:
    """The words name the side where there is one, and only there."""
    line = pose.alt.root[FALLBACK] if pose.alt else ""
    if stray := strays(line, content.languages.get(FALLBACK)):
        yield Fault(("alt", FALLBACK), f"`{stray}` is no placeholder", "Only {side} and {other} are filled in.")
    sided = isinstance(exercise.laterality, EachSide)
    if pose.alt and sided != bool(SIDE.search(line)):
        problem = "no side is named" if sided else "a side is named where none is worked"
        yield Fault(("alt", FALLBACK), problem, "Name {side} where one side is worked, and only there.")


def highlight_faults(pose: Pose, exercise: Exercise) -> Iterator[Fault]:
    """What is coloured is a muscle of the exercise, and one that can be drawn."""
    worked = {use.muscle for use in exercise.uses()} & DRAWN
    for place, light in enumerate(pose.highlight):
        if light.muscle not in worked:
            yield unknown(("highlight", place, "muscle"), light.muscle, worked)


def reach_faults(pose: Pose) -> Iterator[Fault]:
    """Hands and feet get to where they should be."""
    if pose.start is None:
        return
    ways: list[Path] = [("start",), *(("moves", n) for n in range(len(pose.moves)))]
    ways += [("search", n) for n in range(len(pose.search))]
    for way, posture in zip(ways, stated(pose), strict=True):
        try:
            Skeleton(posture)
        except Unreachable as error:
            cure = "Move the target nearer, or the hip towards it."
            yield Fault((*way, *field_of(pose, way, error.limb)), str(error), cure)


def field_of(pose: Pose, way: Path, limb: str) -> Path:
    """What of that moment states the limb; the moment itself where an earlier one does."""
    moment = pose.start if way == ("start",) else getattr(pose, str(way[0]))[way[1]]
    names = (limb, f"{limb.partition('_')[2]}s")
    return next(((name, "to") for name in names if getattr(moment, name, None)), ())
