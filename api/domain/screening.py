"""What a person's answers permit. Pure: the same answers and the same content give the same.

The rule, which a phone applies offline just like this: a sign of the red-flag card stops everything. Otherwise each
contraindication of an exercise counts with its own effect when its question is answered yes, as `ask` when its
question is open or there is none, and not at all when it is answered no; a question that asks first counts as `ask`
for every exercise. The strongest effect decides. What takes an exercise out of a routine (exclude, regress) is stronger
than what asks about it, so no open question brings back what an answer has taken out.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.domain.caution import RedFlagCard, Urgency
from api.domain.dose import OURS
from api.domain.exercise import Exercise
from api.domain.questionnaire import Answer, Question, Questionnaire

UNKNOWN_SIGN = "unknown"
"""Stands for a sign that was reported without saying which one."""


class Permitted(StrEnum):
    """What becomes of an exercise, strongest first."""

    EXCLUDE = "exclude"
    REGRESS = "regress"
    ASK = "ask"
    CAUTION = "caution"
    ALLOW = "allow"

    @property
    def strength(self) -> int:
        """Greater is stronger."""
        return -tuple(Permitted).index(self)


SAFE = (Permitted.ALLOW, Permitted.CAUTION)
STAYS = (*SAFE, Permitted.ASK)


class ScreeningOutcome(StrEnum):
    """Everything as it is, some of it otherwise, or nothing at all."""

    CLEAR = "clear"
    ADAPT = "adapt"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an exercise is not simply allowed: the answer, or the sign, that it comes from, and who says so."""

    effect: Permitted
    by: str
    why: str | None = None
    question: str | None = None
    answer: Answer | None = None
    tag: str | None = None
    red_flag: str | None = None
    alternative: str | None = None


LOADS = Reason(Permitted.ASK, OURS, why="No safety screening counts now, and this exercise loads.")


@dataclass(frozen=True, slots=True)
class Permission:
    """One exercise for one person. Its alternative is one that itself stays (see `alternative`)."""

    exercise: str
    effect: Permitted
    reasons: tuple[Reason, ...] = ()
    alternative: str | None = None


@dataclass(frozen=True, slots=True)
class CareAdvice:
    """How soon to get care; the words are those of the red-flag card. `signs` are its codes, where they are known."""

    urgency: Urgency
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screening:
    """The answers applied to every exercise."""

    outcome: ScreeningOutcome
    permissions: Mapping[str, Permission]
    unanswered: tuple[str, ...] = ()
    care: CareAdvice | None = None


def screen(
    questionnaire: Questionnaire,
    card: RedFlagCard,
    exercises: Mapping[str, Exercise],
    answers: Mapping[str, Answer],
    red_flags: Collection[str] = (),
    *,
    held: bool = False,
    settled: bool = False,
) -> Screening:
    """What the answers and the signs said yes to permit. A yes more never permits more.

    `held` says that the answers no longer count: they still keep from what they exclude, and what loads is asked about.
    `settled` says that no sign applies any more, whatever was answered before.
    """
    unanswered = questionnaire.unanswered(answers)
    if (signs := signs_of(questionnaire, answers, red_flags)) and not settled:
        return stopped(card, exercises, signs, unanswered)
    reasons = {name: reasons_for(exercise, questionnaire, answers, held=held) for name, exercise in exercises.items()}
    permissions = permitted(exercises, reasons)
    adapted = any(permission.effect is not Permitted.ALLOW for permission in permissions.values())
    asks = any(q.asks_first and answers.get(q.id) is Answer.YES for q in questionnaire.questions)
    return Screening(
        outcome=ScreeningOutcome.ADAPT if adapted else ScreeningOutcome.CLEAR,
        permissions=permissions,
        unanswered=unanswered,
        care=CareAdvice(Urgency.ROUTINE) if asks else None,
    )


def unscreened(questionnaire: Questionnaire, exercises: Mapping[str, Exercise]) -> Screening:
    """While nobody has answered: what loads is asked about first. Everything else stays at its lowest dose anyway."""
    reasons = {name: (LOADS,) if exercise.loads else () for name, exercise in exercises.items()}
    return Screening(ScreeningOutcome.ADAPT, permitted(exercises, reasons), questionnaire.unanswered(()))


def signs_of(questionnaire: Questionnaire, answers: Mapping[str, Answer], red_flags: Collection[str]) -> list[str]:
    """The signs of the card: those said yes to, and those that an answer states."""
    stated = [q.red_flag for q in questionnaire.questions if q.red_flag and answers.get(q.id) is Answer.YES]
    return list(dict.fromkeys([*red_flags, *stated]))


def stopped(
    card: RedFlagCard, exercises: Mapping[str, Exercise], signs: Collection[str], unanswered: tuple[str, ...] = ()
) -> Screening:
    """Nothing is permitted, and nothing stands in for it."""
    known = {flag.code: flag for flag in card.items}
    reasons = tuple(
        Reason(Permitted.EXCLUDE, by=known[sign].by if sign in known else OURS, red_flag=sign) for sign in signs
    )
    return Screening(
        outcome=ScreeningOutcome.STOP,
        permissions={name: Permission(name, Permitted.EXCLUDE, reasons) for name in exercises},
        unanswered=unanswered,
        care=CareAdvice(urgency_of(card, signs), tuple(sign for sign in signs if sign in known)),
    )


def urgency_of(card: RedFlagCard, signs: Collection[str]) -> Urgency:
    """The most urgent of the signs. One that the card does not know may be any, so it is taken for the most urgent."""
    urgencies = {flag.code: flag.urgency for flag in card.items}
    candidates = [urgencies[sign] for sign in signs] if set(signs) <= urgencies.keys() else urgencies.values()
    return min(candidates, key=tuple(Urgency).index)


def reasons_for(
    exercise: Exercise, questionnaire: Questionnaire, answers: Mapping[str, Answer], *, held: bool
) -> tuple[Reason, ...]:
    """Strongest first."""
    asked = {tag: question for question in questionnaire.questions for tag in question.tags}
    found = [
        *contraindicated(exercise, asked, answers),
        *(asked_first(question, answers) for question in questionnaire.questions if question.asks_first),
        LOADS if held and exercise.loads else None,
    ]
    return tuple(sorted(filter(None, found), key=lambda reason: -reason.effect.strength))


def contraindicated(
    exercise: Exercise, asked: Mapping[str, Question], answers: Mapping[str, Answer]
) -> Iterator[Reason]:
    for found in exercise.contraindications:
        question = asked.get(found.tag)
        answer = answers.get(question.id) if question else None
        if answer is not Answer.NO:
            yield Reason(
                effect=Permitted(found.effect) if answer is Answer.YES else Permitted.ASK,
                by=found.by,
                why=found.why,
                question=question.id if question else None,
                answer=answer,
                tag=found.tag,
                alternative=found.alternative,
            )


def asked_first(question: Question, answers: Mapping[str, Answer]) -> Reason | None:
    answer = answers.get(question.id)
    if answer is Answer.NO:
        return None
    return Reason(Permitted.ASK, question.by, question.why, question.id, answer, question.tags[0])


def permitted(exercises: Mapping[str, Exercise], reasons: Mapping[str, tuple[Reason, ...]]) -> dict[str, Permission]:
    effects = {name: found[0].effect if found else Permitted.ALLOW for name, found in reasons.items()}
    return {
        name: Permission(name, effects[name], reasons[name], alternative(exercises, effects, reasons, name))
        for name in exercises
    }


def alternative(
    exercises: Mapping[str, Exercise],
    effects: Mapping[str, Permitted],
    reasons: Mapping[str, tuple[Reason, ...]],
    name: str,
) -> str | None:
    """The nearest exercise offered instead that is itself safe.

    Where regressing leads to none, the nearest that is to be asked about will do: so would the harder form have been.
    """
    reached = tuple(offered_instead(exercises, effects, reasons, name))
    accepted = (SAFE, STAYS) if effects[name] is Permitted.REGRESS else (SAFE,)
    return next((other for good in accepted for other in reached if effects[other] in good), None)


def offered_instead(
    exercises: Mapping[str, Exercise],
    effects: Mapping[str, Permitted],
    reasons: Mapping[str, tuple[Reason, ...]],
    name: str,
) -> Iterator[str]:
    """Nearest first: what the exercise offers, then what that offers, and so on."""
    waiting, seen = [name], {name}
    while waiting:
        current = waiting.pop(0)
        for other in offered(exercises[current], effects[current], reasons[current]):
            if other not in seen and other in exercises:
                seen.add(other)
                waiting.append(other)
                yield other


def offered(exercise: Exercise, effect: Permitted, reasons: Iterable[Reason]) -> tuple[str, ...]:
    """What stands in for it. Where a reason that decides names nothing, nothing does; regressing also goes easier."""
    easier = exercise.easier if effect is Permitted.REGRESS else None
    named = [reason.alternative or easier for reason in reasons if reason.effect is effect]
    known = [name for name in named if name]
    return tuple(dict.fromkeys(known)) if len(known) == len(named) else ()
