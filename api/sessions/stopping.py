"""What a rating during a session stops, what is gentler, and with what the session may go on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from api.catalogue.shelf import Content
from api.domain.exercise import Kind
from api.domain.judgement import RULINGS, Light, PainRule, judge_exercises
from api.domain.practice import Status
from api.domain.screening import STAYS, Permission, Permitted
from api.domain.standing import Standing, hold
from api.domain.value import FALLBACK
from api.routines.service import Plan, plan_for
from api.screening.service import screening_of
from api.sessions.keeping import SessionView


@dataclass(frozen=True, slots=True)
class Gentler:
    """The exercise to go on with instead, at its lowest dose."""

    exercise: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Stop:
    """An exercise to be ended now, and the rule that says so. It is None where nobody can tell which it was."""

    exercise: str | None
    rule: PainRule
    gentler: Gentler | None


def stopped_by(content: Content, view: SessionView) -> dict[str | None, PainRule]:
    """By exercise, the rule that stops it, as long as the session goes on.

    A rating that names no step is about the exercise that was recorded last (ours).
    """
    if view.row.status != Status.ACTIVE:
        return {}
    exercises = {step: planned.exercise for step, planned in view.plan.steps.items() if planned.exercise}
    releases = [name for name, exercise in content.exercises.items() if exercise.kind is Kind.RELEASE]
    rules = judge_exercises(view.ratings, exercises, releases)
    if None in rules and (latest := last_recorded(view)):
        rule = rules.pop(None)
        rules[latest] = min(rule, rules.get(latest, rule), key=tuple(RULINGS).index)
    return {name: rule for name, rule in rules.items() if RULINGS[rule].light is Light.STOP}


def last_recorded(view: SessionView) -> str | None:
    recorded = (view.row.record or {}).get("steps", ())
    done = (view.plan.steps[step["step"]].exercise for step in reversed(recorded))
    return next((exercise for exercise in done if exercise), None)


def stops(
    content: Content, view: SessionView, stopped: Mapping[str | None, PainRule], standing: Standing, now: datetime
) -> list[Stop]:
    """Each exercise that is stopped, with what is gentler and allowed to the person."""
    permissions = screening_of(content, standing, now).permissions
    held = hold(standing, content.screening, now) is not None
    found = []
    for exercise, rule in stopped.items():
        name = gentler_than(content, exercise, stopped, permissions)
        gentler = Gentler(name, alone(content, view, permissions[name], ask_first=held)) if name else None
        found.append(Stop(exercise, rule, gentler))
    return found


def gentler_than(
    content: Content, exercise: str | None, stopped: Iterable[str | None], permissions: Mapping[str, Permission]
) -> str | None:
    """The nearest easier exercise that is allowed and not stopped itself; the content's ways down have an end."""
    below = content.exercises.get(exercise or "")
    while below and below.easier:
        below = content.exercises[below.easier]
        if below.id not in stopped and permissions[below.id].effect in STAYS:
            return below.id
    return None


def alone(content: Content, view: SessionView, permission: Permission, *, ask_first: bool) -> Plan:
    """One exercise by itself, at its lowest dose, in the language of the session."""
    name = permission.exercise
    return plan_for(
        content,
        content.planner.gentle.routine,
        level=0,
        language=view.row.language if view.row.language in content.languages else FALLBACK,
        ask_first=ask_first,
        items=(name,),
        asks=frozenset({name} if permission.effect is Permitted.ASK else ()),
    )


def going_on(content: Content, view: SessionView, stopped: Mapping[str | None, PainRule]) -> Iterator[str]:
    """What is left of the plan and does not load."""
    recorded = {step["step"] for step in (view.row.record or {}).get("steps", ())}
    left = {planned.exercise for step, planned in view.plan.steps.items() if planned.counted and step not in recorded}
    for name in view.plan.exercises:
        loads = content.exercises[name].loads if name in content.exercises else ()
        if name in left and name not in stopped and not loads:
            yield name
