"""The movement in its own time: one loop from getting ready over the hold and back, as the exercise's tempo says."""

from dataclasses import dataclass
from itertools import pairwise

from api.domain.dose import Dosage
from api.drawing.pose import Pose
from api.drawing.skeleton import Posture, between, postures

STEPS = 4
"""Moments between two of the file: lines between the points of that many show no corner in the way of a hand."""
AT_REST_MS = 900
UNSTATED_MS = 3000


@dataclass(frozen=True, slots=True)
class Moment:
    """A posture, and when in the loop it is there."""

    at_ms: int
    posture: Posture


def held(pose: Pose) -> Posture:
    """What a still shows: the end of the way."""
    return stated(pose)[len(pose.moves)]


def stated(pose: Pose) -> list[Posture]:
    """The postures of the file in its order: start, moves, search."""
    assert pose.start is not None  # noqa: S101 - a pose without one has no picture
    return postures((pose.start, *pose.moves, *pose.search))


def loop(pose: Pose, dosage: Dosage) -> list[Moment]:
    """The moments of one loop; the last one is the first again."""
    all_of = stated(pose)
    there, around = all_of[: len(pose.moves) + 1], all_of[len(pose.moves) :]
    tempo = dosage.tempo_s
    into, out = ("up", "down") if dosage.reps else ("move_in", "release")
    stay = tempo.ms("top") if dosage.reps else (dosage.hold_s.low * 1000 if dosage.hold_s else 0)
    moments = [Moment(0, there[0]), Moment(AT_REST_MS, there[0])]
    travel(moments, there, tempo.ms(into) or UNSTATED_MS)
    if len(around) > 1:
        travel(moments, [*around, around[0]], tempo.ms("search") or UNSTATED_MS)
    moments.append(Moment(moments[-1].at_ms + stay, there[-1]))
    travel(moments, there[::-1], tempo.ms(out) or UNSTATED_MS)
    return moments


def travel(moments: list[Moment], way: list[Posture], ms: int) -> None:
    """From one posture to the next in equal times, gently at both ends."""
    begun, share = moments[-1].at_ms, ms / (len(way) - 1)
    for number, (start, end) in enumerate(pairwise(way)):
        for step in range(1, STEPS + 1):
            part = step / STEPS
            eased = part * part * (3 - 2 * part)
            posture = between(start, end, eased) if step < STEPS else end
            moments.append(Moment(round(begun + share * (number + part)), posture))
