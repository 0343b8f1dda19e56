"""The plan that a session gets of a routine, by what is known of the person's screening."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.catalogue.service import languages_for
from api.catalogue.shelf import Content
from api.domain.errors import Refusal
from api.domain.language import look_up
from api.domain.screening import Permitted, ScreeningOutcome
from api.domain.standing import Hold, Standing
from api.domain.value import FALLBACK
from api.routines.personal import PersonalRoutine, for_person
from api.routines.service import Plan, is_planned, plan_for
from api.screening import telling
from api.screening.refusals import ScreeningStop
from api.sessions.refusals import NoSafeForm, PlanUnknown, RoutineUnknown


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, why its level is held, and what differs from the routine as it is for everybody, as it is told."""

    plan: Plan
    held_because: Hold | None
    changes: list[dict[str, Any]]

    @property
    def counts(self) -> bool:
        """Whether the session keeps the answers that it was planned by from expiring."""
        return self.held_because in {None, Hold.INCOMPLETE}


def plan_in(
    content: Content,
    routine: str,
    level: int,
    *,
    planned: bool = False,
    asked: str | None,
    usual: str,
    standing: Standing,
    now: datetime,
) -> Planned | Refusal:
    """The routine, or the planned one of that id, for this person, in the nearest language.

    Or RoutineUnknown, PlanUnknown, ScreeningStop, NoSafeForm.
    """
    if refusal := why_unknown(content, routine, planned=planned):
        return refusal
    spoken = spoken_in(content, asked, usual)
    personal = for_person(content, routine, standing, now)
    if personal.screening.outcome is ScreeningOutcome.STOP:
        return stop(content, personal, standing, spoken)
    if not personal.is_possible:
        return NoSafeForm()
    plan = personal.plan(content, level=level, language=spoken)
    changes = changes_of(content, personal, spoken) if standing.answered else []
    return Planned(plan, personal.held_because, changes)


def plan_done(
    content: Content,
    followed: str,
    level: int,
    items: tuple[str, ...] | None,
    *,
    planned: bool,
    asked: str | None,
    usual: str,
) -> Planned | Refusal:
    """The plan that a phone has followed by itself: at its level, and of its items where it says which.

    Nothing is held or left out for a screening, since it has been done. Or RoutineUnknown, PlanUnknown.
    """
    if refusal := why_unknown(content, followed, planned=planned):
        return refusal
    if items and not content.exercises.keys() >= set(items):
        return PlanUnknown("`items` names what is no exercise of this catalogue.")
    spoken = spoken_in(content, asked, usual)
    return Planned(plan_for(content, followed, level=level, language=spoken, ask_first=False, items=items), None, [])


def why_unknown(content: Content, followed: str, *, planned: bool) -> Refusal | None:
    if planned and not is_planned(content, followed):
        return PlanUnknown()
    return None if planned or followed in content.routines else RoutineUnknown()


def spoken_in(content: Content, asked: str | None, usual: str) -> str:
    """A language that nobody has reviewed is spoken only when it is asked for by its own name."""
    nearest = look_up([asked or usual], languages_for(content, None), FALLBACK)
    return asked if asked and asked in content.languages else nearest


def stop(content: Content, personal: PersonalRoutine, standing: Standing, language: str) -> ScreeningStop:
    told = "A red flag ended a session." if standing.is_locked else "An answer calls for care."
    return ScreeningStop(told, state={"care": telling.care(content, personal.screening.care, language)})


def changes_of(content: Content, personal: PersonalRoutine, language: str) -> list[dict[str, Any]]:
    """The items that are not simply allowed, each with what became of it."""
    return [
        telling.item(content, item, place, language)
        for place, item in enumerate(personal.items, start=1)
        if item.permission.effect is not Permitted.ALLOW
    ]
