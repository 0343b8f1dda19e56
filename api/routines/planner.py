"""The desk planner on the served content: one request decided, timed by the compiler, and told in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from api.catalogue.service import WordUnknown, plain, spoken
from api.catalogue.shelf import Content
from api.domain.caution import Urgency
from api.domain.exercise import Exercise
from api.domain.guidance import Guide
from api.domain.plan import Decision, LeftOut, Pick, Planning
from api.domain.planned import plan_id
from api.domain.planner import Refused
from api.domain.screening import CareAdvice, Screening
from api.domain.value import Text
from api.domain.wish import Wish
from api.routines.service import Plan, plan_for
from api.screening import telling
from api.screening.service import Given, check_answers, screened

TIMES_KEPT = 8192
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """What was decided for a wish, by which screening, and the timeline where there is a plan."""

    wish: Wish
    screening: Screening
    decision: Decision
    plan: Plan | None


def plan_now(content: Content, wish: Wish, given: Given | None, code: str) -> Planned:
    """Decides and compiles; nothing is kept. Raises WordUnknown, QuestionnaireChanged, AnswerUnknown."""
    tools = content.vocabulary.equipment
    if not wish.equipment <= tools.keys():
        raise WordUnknown(f"`equipment` is any of: {', '.join(tools)}.")
    screening = screening_of(content, given)
    decision = decide(content, wish, screening, code)
    return Planned(wish, screening, decision, compiled(content, decision, code))


def screening_of(content: Content, given: Given | None) -> Screening:
    """Without answers every question is open, and while one is, what loads is asked about first."""
    given = given or Given(content.screening.version, {})
    check_answers(content, given)
    answers = frozenset(given.answers.items())
    held = bool(content.screening.unanswered(given.answers))
    return screened(content, answers, given.red_flags, held=held)


def decide(content: Content, wish: Wish, screening: Screening, code: str) -> Decision:
    def lasts(exercise: Exercise, level: int, place: int) -> int:
        return guided_ms(content, exercise.id, level, first=place == 1, code=code)

    return Planning(wish, screening, content.exercises, content.vocabulary, content.planner, lasts).decide()


@lru_cache(TIMES_KEPT)
def guided_ms(content: Content, exercise: str, level: int, *, first: bool, code: str) -> int:
    """How long the compiler lets it last at the most. Nobody is told to ask first in a plan, so that is not spoken."""
    language, pauses = content.languages[code], content.planner.pauses
    place = 1 if first else 2
    guided = content.exercises[exercise]
    dose = guided.dosage.at(level)
    guide = Guide(place, guided, language, content.vocabulary, pauses, dose, ask_first=False)
    return sum(segment.duration_ms for segment in guide.segments())


def compiled(content: Content, decision: Decision, code: str) -> Plan | None:
    if not decision.picks:
        return None
    name = plan_id(decision.level, [pick.exercise for pick in decision.picks])
    return plan_for(content, name, level=decision.level, language=code, ask_first=False)


# Telling


def told(content: Content, planned: Planned, code: str) -> Data:
    """Everything but the timeline, in one language."""
    decision, screening = planned.decision, planned.screening
    return {
        "plan": plan_told(content, planned, planned.plan, code) if planned.plan else None,
        "refusal": refusal_told(content, planned, decision.refused, code) if decision.refused else None,
        "left_out": {
            "for_safety": [unsafe_told(content, screening, found, code) for found in decision.unsafe],
            "for_limits": [unfit_told(content, found, code) for found in decision.unfit],
        },
        "outcome": screening.outcome,
        "care": telling.care(content, screening.care, code),
        "unanswered": screening.unanswered,
        "red_flags": plain(content.red_flags, content.languages[code]),
        **spoken(content, code),
    }


def plan_told(content: Content, planned: Planned, plan: Plan, code: str) -> Data:
    rules, decision = content.planner, planned.decision
    picks = enumerate(decision.picks, start=1)
    return {
        "id": plan.timeline.routine,
        "level": decision.level,
        "held_because": [because(content, rules.held, reason, code) for reason in decision.held],
        "total_ms": plan.timeline.total_ms.model_dump(),
        "items": [pick_told(content, planned.screening, pick, place, code) for place, pick in picks],
    }


def pick_told(content: Content, screening: Screening, pick: Pick, place: int, code: str) -> Data:
    permission = screening.permissions[pick.exercise]
    return {
        "place": place,
        **named(content, pick.exercise, code),
        "effect": permission.effect,
        "reasons": [because(content, content.planner.picked, reason, code) for reason in pick.reasons],
        "stands_in_for": list(pick.stands_in_for),
        "cautions": [telling.reason(content, each, code) for each in permission.reasons if each.answer],
    }


def unsafe_told(content: Content, screening: Screening, found: LeftOut, code: str) -> Data:
    return {
        **named(content, found.exercise, code),
        "reason": because(content, content.planner.unsafe, found.reason, code),
        "effect": screening.permissions[found.exercise].effect,
        "alternative": found.alternative,
        "because_of": [telling.reason(content, each, code) for each in found.because_of],
    }


def unfit_told(content: Content, found: LeftOut, code: str) -> Data:
    language, tools = content.languages[code], content.vocabulary.equipment
    return {
        **named(content, found.exercise, code),
        "reason": because(content, content.planner.unfit, found.reason, code),
        "missing": [{"id": tool, "name": language.said(tools[tool].name)} for tool in found.missing],
    }


def refusal_told(content: Content, planned: Planned, refused: Refused, code: str) -> Data:
    """No safe routine is a matter for a professional, even where no answer says so by itself."""
    care = planned.screening.care
    if refused is Refused.NO_SAFE_ROUTINE and care is None:
        care = CareAdvice(Urgency.ROUTINE)
    return {
        **because(content, content.planner.refused, refused, code),
        "care": telling.care(content, care, code),
        "shortest_ms": planned.decision.shortest_ms,
    }


def because(content: Content, words: Mapping[Any, Text], reason: str, code: str) -> Data:
    return {"code": reason, "text": content.languages[code].said(words[reason])}


def named(content: Content, exercise: str, code: str) -> Data:
    return {"exercise": exercise, "name": content.languages[code].said(content.exercises[exercise].name)}
