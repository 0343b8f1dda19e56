"""The desk planner on the served content: one request decided, timed by the compiler, and told in one language."""

from dataclasses import dataclass
from typing import Any

from api.catalogue.service import WordUnknown, plain, spoken, told_twice
from api.catalogue.shelf import Content
from api.catalogue.times import between_ms, guided_ms
from api.domain.caution import Urgency
from api.domain.choice import POINTS, STAGE_OF, TURNS
from api.domain.exercise import Exercise
from api.domain.order import HELD_AGAINST
from api.domain.plan import LARGE_SHARE, Decision, LeftOut, Pick, Planning
from api.domain.planned import plan_id
from api.domain.planner import REASONS, Refused
from api.domain.screening import CareAdvice, Screening
from api.domain.wish import Wish
from api.routines.service import Plan, plan_for
from api.screening import telling
from api.screening.service import Given, check_answers, screened

Data = dict[str, Any]
GRAVE = ("held", "unsafe", "refused")


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
    between = between_ms(content, code)

    def lasts(exercise: Exercise, level: int, place: int) -> int:
        return guided_ms(content, exercise.id, level, code) + (between if place > 1 else 0)

    return Planning(wish, screening, content.exercises, content.vocabulary, content.planner, lasts).decide()


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
    decision = planned.decision
    picks = enumerate(decision.picks, start=1)
    return {
        "id": plan.outline.routine,
        "level": decision.level,
        "held_because": [because(content, "held", reason, code) for reason in decision.held],
        "total_ms": plan.outline.total_ms.model_dump(),
        "items": [pick_told(content, planned.screening, pick, place, code) for place, pick in picks],
    }


def pick_told(content: Content, screening: Screening, pick: Pick, place: int, code: str) -> Data:
    permission = screening.permissions[pick.exercise]
    return {
        "place": place,
        **named(content, pick.exercise, code),
        "effect": permission.effect,
        "reasons": [because(content, "picked", reason, code) for reason in pick.reasons],
        "stands_in_for": list(pick.stands_in_for),
        "cautions": [telling.reason(content, each, code) for each in permission.reasons if each.answer],
    }


def unsafe_told(content: Content, screening: Screening, found: LeftOut, code: str) -> Data:
    return {
        **named(content, found.exercise, code),
        "reason": because(content, "unsafe", found.reason, code),
        "effect": screening.permissions[found.exercise].effect,
        "alternative": found.alternative,
        "because_of": [telling.reason(content, each, code) for each in found.because_of],
    }


def unfit_told(content: Content, found: LeftOut, code: str) -> Data:
    language, tools = content.languages[code], content.vocabulary.equipment
    return {
        **named(content, found.exercise, code),
        "reason": because(content, "unfit", found.reason, code),
        "missing": [{"id": tool, "name": language.said(tools[tool].name)} for tool in found.missing],
    }


def refusal_told(content: Content, planned: Planned, refused: Refused, code: str) -> Data:
    """No safe routine is a matter for a professional, even where no answer says so by itself."""
    care = planned.screening.care
    if refused is Refused.NO_SAFE_ROUTINE and care is None:
        care = CareAdvice(Urgency.ROUTINE)
    return {
        **because(content, "refused", refused, code),
        "care": telling.care(content, care, code),
        "shortest_ms": planned.decision.shortest_ms,
    }


def because(content: Content, kind: str, reason: str, code: str) -> Data:
    """A reason of one of the kinds of REASONS in words, the English beside it where it keeps a person safe."""
    language, text = content.languages[code], getattr(content.planner, kind)[reason]
    return {"code": reason, **(told_twice("text", text, language) if kind in GRAVE else {"text": language.said(text)})}


def named(content: Content, exercise: str, code: str) -> Data:
    return {"exercise": exercise, "name": content.languages[code].said(content.exercises[exercise].name)}


# What a phone plans by


def rules(content: Content, code: str) -> Data:
    """The whole file of the planner, with what its own code adds to it."""
    told: Data = plain(content.planner, content.languages[code])
    return told | {
        "between_ms": between_ms(content, code),
        "stages": [{"kind": kind, "stage": stage} for kind, stage in STAGE_OF.items()],
        "turns": [{"focus": focus, "turns": list(stages)} for focus, stages in TURNS.items()],
        "large_share": LARGE_SHARE,
        "points": POINTS,
        "neck_kinds": list(HELD_AGAINST),
        **{kind: [because(content, kind, reason, code) for reason in reasons] for kind, reasons in REASONS.items()},
        **spoken(content, code),
    }
