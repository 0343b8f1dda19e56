"""A routine as it is for one person: its items adapted to the screening, and the plan made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from api.catalogue.shelf import Content
from api.domain.adaptation import AdaptedItem, adapt
from api.domain.dose import LEVELS
from api.domain.screening import Screening, ScreeningOutcome
from api.domain.standing import Hold, Standing, hold
from api.routines.service import Data, Plan, find_guided, find_routine, plan_for, summary
from api.screening import telling
from api.screening.service import screening_of

NO_RUNGS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PersonalRoutine:
    """`held_because` says why no level but the lowest is right, and what loads is asked about first."""

    routine: str
    screening: Screening
    items: tuple[AdaptedItem, ...]
    held_because: Hold | None

    @property
    def is_possible(self) -> bool:
        """Whether anything at all is left to do."""
        return any(item.exercise for item in self.items)

    def level(self, asked: int) -> int:
        return LEVELS[0] if self.held_because else asked

    def plan(self, content: Content, *, level: int, language: str, rungs: Mapping[str, int] = NO_RUNGS) -> Plan:
        """The plan of what is left; the routine's own plan where nothing differs. Raises KeyError (see `plan_for`).

        `rungs` set the doses of the exercises that they name; a level that is held leaves all of them the lowest.
        """
        items = tuple(item.exercise for item in self.items if item.exercise)
        asks = frozenset(item.exercise for item in self.items if item.exercise and item.asks_first)
        return plan_for(
            content,
            self.routine,
            level=self.level(level),
            language=language,
            ask_first=self.held_because is not None,
            items=items,
            asks=asks,
            rungs=() if self.held_because else tuple(rungs.items()),
        )


def for_person(content: Content, slug: str, standing: Standing, now: datetime) -> PersonalRoutine:
    """A routine, or a planned one by its id. Raises NotFound."""
    routine = find_guided(content, slug)
    screening = screening_of(content, standing, now)
    items = adapt((item.exercise for item in routine.items), screening.permissions)
    return PersonalRoutine(slug, screening, items, hold(standing, content.screening, now))


def told(content: Content, slug: str, standing: Standing, now: datetime, code: str) -> Data:
    """The routine for this person, each item with what became of it and why. Raises NotFound."""
    routine = find_routine(content, slug)
    personal = for_person(content, slug, standing, now)
    return {
        **{name: summary(routine, content, code)[name] for name in ("id", "version", "name")},
        **telling.for_me(content, standing, now, code),
        "possible": personal.is_possible,
        "items": [telling.item(content, item, place, code) for place, item in enumerate(personal.items, start=1)],
        "total_ms": total_ms(content, personal, code),
    }


def total_ms(content: Content, personal: PersonalRoutine, code: str) -> Data | None:
    if not personal.is_possible or personal.screening.outcome is ScreeningOutcome.STOP:
        return None
    ends = [personal.plan(content, level=level, language=code).outline.total_ms for level in (LEVELS[0], LEVELS[-1])]
    return {"low": ends[0].low, "high": ends[-1].high}
