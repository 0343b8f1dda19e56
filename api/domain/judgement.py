"""What pain means for the exercise at hand, as a traffic light, and for the two days after the session.

A light says what to do now, for safety. It is no verdict on how somebody fares: single ratings vary by up to 4 points
where nothing changed (Kovacs 2008, doi 10.1186/1471-2474-9-43). What may be said over the weeks is told by `trend`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from api.domain.dose import OURS, Sourced
from api.domain.pain import Moment, Rating, by_place
from api.domain.practice import Status

AMBER_FROM, RED_FROM, WORST = 4, 6, 10
"""On the scale of 0 to 10 (provide-traffic-light: green to 3, orange 4 and 5, red from 6)."""
RISE = 2
"""Points above before that stop an exercise, and that make a flare-up when they last (maclean-pain-guide)."""
LASTS = timedelta(minutes=30)
"""After the end of a session, pain that is still raised lasts (maclean-pain-guide)."""
FLARE_UP = timedelta(hours=48)
"""How long a flare-up calls for the gentle routine; ours, as the two quiet days of that routine."""


class Light(StrEnum):
    """`green`: go on. `amber`: go on at the lowest dose, and do not raise it. `stop`: end this exercise now."""

    GREEN = "green"
    AMBER = "amber"
    STOP = "stop"


class PainRule(StrEnum):
    """Which rule set the light."""

    RISE = "rise"
    RED_ZONE = "red-zone"
    BEGAN_HIGH = "began-high"
    AMBER_ZONE = "amber-zone"
    SLIGHT_RISE = "slight-rise"
    PRESSURE = "pressure"
    GREEN_ZONE = "green-zone"


class Ruling(Sourced):
    """The light that a rule sets, and where the rule comes from."""

    light: Light


RULINGS: Mapping[PainRule, Ruling] = {
    PainRule.RISE: Ruling(light=Light.STOP, by="maclean-pain-guide"),
    PainRule.RED_ZONE: Ruling(light=Light.STOP, by="provide-traffic-light"),
    PainRule.BEGAN_HIGH: Ruling(
        light=Light.AMBER, by=OURS, why="Who begins in the red does the gentle routine, and stops only at a rise."
    ),
    PainRule.AMBER_ZONE: Ruling(light=Light.AMBER, by="provide-traffic-light"),
    PainRule.SLIGHT_RISE: Ruling(
        light=Light.AMBER, by=OURS, why="Half of the rise that stops is a reason to do less, and none to stop."
    ),
    PainRule.PRESSURE: Ruling(
        light=Light.GREEN, by=OURS, why="Pressing on a sore spot hurts while it lasts; up to 5 is expected of it."
    ),
    PainRule.GREEN_ZONE: Ruling(light=Light.GREEN, by="provide-traffic-light"),
}
"""Gravest first."""


def judge(value: int, before: int | None, *, pressing: bool = False) -> PainRule:
    """The rule for a rating during an exercise; `before` is that of the same place before the session, 0 to 10.

    Where nothing was rated before, the level alone decides. `pressing` is for what is felt under a roller or a ball.
    A rise from 9 to 10 counts as one of 2 (ours): the scale has no room to show it.
    """
    if pressing:
        return PainRule.PRESSURE if value < RED_FROM else PainRule.RED_ZONE
    rise = value - before if before is not None else 0
    if rise >= RISE or (rise > 0 and value == WORST):
        return PainRule.RISE
    if value >= RED_FROM:
        return PainRule.BEGAN_HIGH if before is not None and before >= RED_FROM else PainRule.RED_ZONE
    if value >= AMBER_FROM:
        return PainRule.AMBER_ZONE
    return PainRule.SLIGHT_RISE if rise == 1 else PainRule.GREEN_ZONE


def judge_exercises(
    ratings: Sequence[Rating], exercises: Mapping[str, str], releases: Collection[str]
) -> dict[str | None, PainRule]:
    """By exercise, the gravest rule that its ratings call for; under None those that name no step.

    `exercises` has the exercise of each step, `releases` those that press. While they press, the worst moment is
    pressure; what is rated at the check-in after it has stayed, and counts like any other.
    """
    before = by_place(ratings, Moment.BEFORE)
    found: dict[str | None, PainRule] = {}
    for rating in ratings:
        if rating.moment in {Moment.WORST, Moment.CHECK_IN}:
            exercise = exercises.get(rating.step) if rating.step else None
            pressing = rating.moment is Moment.WORST and exercise in releases
            rule = judge(rating.value, before.get((rating.region, rating.side)), pressing=pressing)
            found[exercise] = graver(rule, found.get(exercise, rule))
    return found


def graver(*rules: PainRule) -> PainRule:
    return min(rules, key=tuple(RULINGS).index)


def calls_for_gentle(ratings: Iterable[Rating]) -> bool:
    """Whether a place is rated so high before the session that the gentle routine is done instead."""
    return max(by_place(ratings, Moment.BEFORE).values(), default=0) >= RED_FROM


def flare_up_at(ratings: Sequence[Rating], ended_at: datetime) -> datetime | None:
    """When a place was last rated 2 or more above before though the session was over for half an hour, or overnight.

    A rating without an instant counts from the session's end.
    """
    before = by_place(ratings, Moment.BEFORE)
    later = [rating for rating in ratings if is_later(rating, ended_at) and (rating.region, rating.side) in before]
    raised = [rating for rating in later if rating.value - before[rating.region, rating.side] >= RISE]
    return max((rating.at or ended_at for rating in raised), default=None)


def is_later(rating: Rating, ended_at: datetime) -> bool:
    if rating.moment is Moment.AFTER:
        return rating.at is not None and rating.at - ended_at >= LASTS
    return rating.moment is Moment.NEXT_MORNING


def stopped_twice(latest_first: Iterable[Status]) -> bool:
    """Whether the last two sessions that tell were both stopped, so that a professional is suggested (ours).

    Completed and stopped ones tell; one that was left for want of time says nothing of pain.
    """
    telling = [status for status in latest_first if status in {Status.COMPLETED, Status.STOPPED}]
    return telling[:2] == [Status.STOPPED] * 2
