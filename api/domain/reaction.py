"""How somebody bore an exercise, read off the ratings of the session: the traffic light, and the flare-up after it.

A rule of safety for the next dose, and no verdict: from single ratings nobody is told that they got worse (see
`pain.change`). Where a place was rated twice at one moment, the reading is the careful one: the lowest before, the
highest later.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from api.domain.judgement import AMBER_FROM, RED_FROM, RISE, WORST
from api.domain.pain import BodySide, Moment, Rating, Region

PRESSED_UP_TO = 5
"""Under a roller or a ball that much is expected while it presses, and more is red wherever it began.

Ours; a massage page allows 7 (N. Otani).
"""
DURING = (Moment.CHECK_IN, Moment.WORST, Moment.AFTER)

Place = tuple[Region, BodySide]


class Light(StrEnum):
    """Green: go on. Amber: go on at the low end, raise nothing. Red: stop this exercise now."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def light(ratings: Collection[Rating], *, presses: bool = False) -> Light | None:
    """The light of one exercise; `presses` says that pressure is its purpose. None when nothing tells of a change.

    Red and amber may show in one rating. Green takes a place rated before, and during or after as well; a place not
    rated before is taken to have hurt less. A rise of 1 by the next morning is amber, like one during.
    """
    before, during = _lowest(ratings), _highest(_felt(ratings, presses=presses))
    rise = max((_rise(before[place], during[place]) for place in before.keys() & during.keys()), default=None)
    high = any(value >= RED_FROM > before.get(place, 0) for place, value in during.items())
    if high or (rise or 0) >= RISE or (presses and _is_pressed_too_hard(ratings)):
        return Light.RED
    if max(during.values(), default=0) >= AMBER_FROM or max(rise or 0, next_morning(ratings) or 0) > 0:
        return Light.AMBER
    return None if rise is None else Light.GREEN


def next_morning(ratings: Collection[Rating]) -> int | None:
    """The rise from before to the next morning, at the place with the greatest one; None where nothing tells."""
    before, after = _lowest(ratings), _highest(r for r in ratings if r.moment is Moment.NEXT_MORNING)
    return max((after[place] - before[place] for place in before.keys() & after.keys()), default=None)


def is_flare_up(ratings: Collection[Rating]) -> bool:
    """Whether a place still hurts by 2 or more above before at the next morning."""
    return (next_morning(ratings) or 0) >= RISE


def ratings_of(exercise: str, session: Iterable[Rating], stopped: Collection[str] = ()) -> tuple[Rating, ...]:
    """Those of a session's ratings that tell of one of its exercises.

    A rating at a step is about that step's exercise, one without a step about all of them. Only the worst moment
    without a step is about those that were stopped for pain, if any were.
    """

    def concerns(rating: Rating) -> bool:
        if rating.step:
            return rating.step.split(".")[1:2] == [exercise]
        return rating.moment is not Moment.WORST or not stopped or exercise in stopped

    return tuple(filter(concerns, session))


def _rise(before: int, later: int) -> int:
    """From 9 to 10 counts as 2 (ours): the scale has no room to show it."""
    return max(later - before, RISE if later == WORST > before else 0)


def _is_pressed_too_hard(ratings: Iterable[Rating]) -> bool:
    return any(rating.moment is Moment.WORST and rating.value > PRESSED_UP_TO for rating in ratings)


def _felt(ratings: Iterable[Rating], *, presses: bool) -> Iterable[Rating]:
    during = (rating for rating in ratings if rating.moment in DURING)
    return (r for r in during if not (presses and r.moment is Moment.WORST and r.value <= PRESSED_UP_TO))


def _lowest(ratings: Iterable[Rating]) -> Mapping[Place, int]:
    before: dict[Place, int] = {}
    for rating in ratings:
        if rating.moment is Moment.BEFORE:
            place = rating.region, rating.side
            before[place] = min(rating.value, before.get(place, rating.value))
    return before


def _highest(ratings: Iterable[Rating]) -> Mapping[Place, int]:
    later: dict[Place, int] = {}
    for rating in ratings:
        place = rating.region, rating.side
        later[place] = max(rating.value, later.get(place, rating.value))
    return later
