"""What pain means for the exercise at hand, as a traffic light, for its next dose, and for the two days after.

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


FELT = (Moment.CHECK_IN, Moment.WORST, Moment.AFTER)
"""From the first step on."""


class Light(StrEnum):
    """`green`: go on. `amber`: go on at the lowest dose, and do not raise it. `stop`: end this exercise now.

    In the order of gravity.
    """

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


# How a session was borne, for the next dose


def light(ratings: Collection[Rating], *, presses: bool = False) -> Light | None:
    """The light of one exercise over a whole session; `presses` says that pressure is its purpose.

    What is rated after the session counts as well, and a rise of 1 by the next morning is amber, like one during. Stop
    and amber may show in one rating. Green takes a place rated before, and during or after as well, other than by what
    is felt while something presses; None when nothing tells of a change.
    """
    before, felt = by_place(ratings, Moment.BEFORE), [r for r in ratings if r.moment in FELT]
    rules = [
        judge(r.value, before.get((r.region, r.side)), pressing=presses and r.moment is Moment.WORST) for r in felt
    ]
    seen = max((RULINGS[rule].light for rule in rules), key=list(Light).index, default=Light.GREEN)
    if seen is Light.GREEN and (next_morning(ratings) or 0) > 0:
        return Light.AMBER
    told = {(r.region, r.side) for r in felt if not (presses and r.moment is Moment.WORST)}
    return seen if seen is not Light.GREEN or told & before.keys() else None


def next_morning(ratings: Collection[Rating]) -> int | None:
    """The rise from before to the next morning, at the place with the greatest one; None where nothing tells."""
    before, morning = (by_place(ratings, moment) for moment in (Moment.BEFORE, Moment.NEXT_MORNING))
    return max((morning[place] - before[place] for place in before.keys() & morning.keys()), default=None)


def ratings_of(exercise: str | None, session: Iterable[Rating], stopped: Collection[str] = ()) -> tuple[Rating, ...]:
    """Those of a session's ratings that tell of one of its exercises; of None those that tell of any not named.

    A rating at a step is about that step's exercise, one without a step about all of them. Only the worst moment
    without a step is about those that were stopped for pain, if any were.
    """

    def concerns(rating: Rating) -> bool:
        if rating.step:
            return exercise_at(rating.step) == exercise
        return rating.moment is not Moment.WORST or not stopped or exercise in stopped

    return tuple(filter(concerns, session))


def exercise_at(step: str) -> str:
    """Which exercise a step of a timeline belongs to, by its id; empty of one that is none's."""
    return (*step.split("."), "")[1]


# The two days after


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


def is_flare_up(ratings: Sequence[Rating], ended_at: datetime | None = None) -> bool:
    """Whether there was one; by the next morning alone where the session's end is not known."""
    if ended_at is None:
        return (next_morning(ratings) or 0) >= RISE
    return flare_up_at(ratings, ended_at) is not None


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
