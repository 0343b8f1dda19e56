"""The plan that a session gets of a routine, by what is known of the person's screening."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.catalogue.service import languages_for
from api.catalogue.shelf import Content
from api.domain.dose import LEVELS
from api.domain.errors import Refusal
from api.domain.ladder import level_of
from api.domain.language import look_up
from api.domain.progression import BEGIN, State
from api.domain.progression import Standing as OnLadder
from api.domain.progression import standing as stands
from api.domain.screening import Permitted, ScreeningOutcome
from api.domain.standing import Hold, Standing
from api.domain.value import FALLBACK
from api.routines.personal import PersonalRoutine, for_person
from api.routines.service import Plan, courses, is_planned, ladders, plan_for
from api.screening import telling
from api.screening.refusals import ScreeningStop
from api.sessions.refusals import NoSafeForm, PlanUnknown, RoutineUnknown

Levels = Callable[[], Mapping[str, State]]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, why its level is held, and what differs from the routine as it is for everybody, as it is told.

    `doses` tell why each exercise got its dose, where they go by the person's own levels. `instead_of` is what was
    asked for, where pain led to the gentle routine.
    """

    plan: Plan
    held_because: Hold | None
    changes: list[dict[str, Any]]
    doses: list[dict[str, Any]] | None = None
    instead_of: str | None = None

    @property
    def counts(self) -> bool:
        """Whether the session keeps the answers that it was planned by from expiring."""
        return self.held_because in {None, Hold.INCOMPLETE}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a session is to follow. `level` is None where the person's own levels are to decide.

    `hurts` says that a place is rated so high that the gentle routine is done instead.
    """

    routine: str
    level: int | None
    planned: bool = False
    hurts: bool = False


def plan_in(
    content: Content,
    wanted: Asked,
    *,
    asked: str | None,
    usual: str,
    standing: Standing,
    now: datetime,
    day: date,
    levels: Levels,
) -> Planned | Refusal:
    """The routine, or the planned one of that id, for this person, in the nearest language.

    `levels` gives where the person stands on the ladders, for a session of that local day. Or RoutineUnknown,
    PlanUnknown, ScreeningStop, NoSafeForm.
    """
    if refusal := why_unknown(content, wanted.routine, planned=wanted.planned):
        return refusal
    gentle = content.planner.gentle.routine
    is_led = wanted.hurts and wanted.routine != gentle
    spoken = spoken_in(content, asked, usual)
    personal = for_person(content, gentle if is_led else wanted.routine, standing, now)
    if personal.screening.outcome is ScreeningOutcome.STOP:
        return stop(content, personal, standing, spoken)
    if not personal.is_possible:
        return NoSafeForm()
    level = LEVELS[0] if wanted.hurts else wanted.level
    if level is None:
        dosed = doses_of(content, personal, levels(), day)
        plan = own_plan(content, personal, dosed, spoken)
    else:
        dosed, plan = {}, personal.plan(content, level=level, language=spoken)
    return Planned(
        plan,
        personal.held_because,
        changes_of(content, personal, spoken) if standing.answered else [],
        doses=told_doses(content, plan, dosed) if wanted.level is None else None,
        instead_of=wanted.routine if is_led else None,
    )


def doses_of(
    content: Content, personal: PersonalRoutine, states: Mapping[str, State], day: date
) -> dict[str, OnLadder]:
    """Where the person stands on the ladder of each exercise of the routine."""
    return {
        item.exercise: stands(states.get(item.exercise, BEGIN), day, courses(content)[item.exercise])
        for item in personal.items
        if item.exercise
    }


def own_plan(content: Content, personal: PersonalRoutine, dosed: Mapping[str, OnLadder], language: str) -> Plan:
    """By the person's own levels; the level of the whole is the lowest of them (ours)."""
    rungs = {name: on.rung for name, on in dosed.items()}
    level = min(level_of(rung, courses(content)[name].top) for name, rung in rungs.items())
    return personal.plan(content, level=level, language=language, rungs=rungs)


def told_doses(content: Content, plan: Plan, dosed: Mapping[str, OnLadder]) -> list[dict[str, Any]]:
    """The dose of each exercise, and the rule with its sessions where the person's level set it."""
    return [
        {
            "exercise": name,
            "rung": on.rung,
            "level": level_of(on.rung, on.top),
            "dose": ladders(content)[name][on.rung].model_dump(exclude_none=True),
            **why(dosed[name] if name in dosed and dosed[name].rung == on.rung else None),
        }
        for name, on in plan.ladder.items()
    ]


def why(stands: OnLadder | None) -> dict[str, Any]:
    """Nothing where something else holds all doses the lowest."""
    if stands is None:
        return {"rule": None, "sessions": []}
    return {"rule": stands.decision.rule, "sessions": [str(session) for session in stands.decision.sessions]}


def plan_done(
    content: Content,
    followed: str,
    level: int | None,
    items: tuple[str, ...] | None,
    *,
    planned: bool,
    rungs: tuple[tuple[str, int], ...],
    asked: str | None,
    usual: str,
) -> Planned | Refusal:
    """The plan that a phone has followed by itself: at its level, at its rungs, and of its items where it says which.

    Without a level, an exercise whose rung it does not say was done at the lowest dose.

    Nothing is held or left out for a screening, since it has been done. Or RoutineUnknown, PlanUnknown.
    """
    if refusal := why_unknown(content, followed, planned=planned):
        return refusal
    if items and not content.exercises.keys() >= set(items):
        return PlanUnknown("`items` names what is no exercise of this catalogue.")
    if any(name not in content.exercises or rung > courses(content)[name].top for name, rung in rungs):
        return PlanUnknown("`rungs` names what is no rung of an exercise of this catalogue.")
    plan = plan_for(
        content,
        followed,
        level=LEVELS[0] if level is None else level,
        language=spoken_in(content, asked, usual),
        ask_first=False,
        items=items,
        rungs=rungs,
    )
    return Planned(plan, None, [], doses=told_doses(content, plan, {}) if level is None else None)


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
