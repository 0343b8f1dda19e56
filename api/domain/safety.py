"""Which exercises a planner may choose for a person. Stricter than a routine that the person has chosen.

A ready routine keeps what is to be asked about, and says so. A planner chooses itself, so it takes only what the
answers allow. While a question is open, it takes what even a yes would only call for care with.
"""

from collections.abc import Mapping

from api.domain.caution import Effect
from api.domain.exercise import Exercise
from api.domain.planner import Unsafe
from api.domain.questionnaire import Answer
from api.domain.screening import SAFE, Permission, Permitted, Reason

LEFT_OUT: Mapping[Permitted, Unsafe] = {
    Permitted.EXCLUDE: Unsafe.EXCLUDED,
    Permitted.REGRESS: Unsafe.EASIER_FIRST,
}


def why_unsafe(exercise: Exercise, permission: Permission) -> Unsafe | None:
    """Why it is not to be chosen; None when it may."""
    against = reasons_against(exercise, permission)
    if not against:
        return None
    if against[0].effect in LEFT_OUT:
        return LEFT_OUT[against[0].effect]
    return Unsafe.ASK_FIRST if any(reason.answer is Answer.YES for reason in against) else Unsafe.OPEN_QUESTION


def reasons_against(exercise: Exercise, permission: Permission) -> tuple[Reason, ...]:
    """Those of its reasons that keep it from being chosen, strongest first.

    The one that decides the permission may be among those that do not.
    """
    return tuple(
        reason for reason in permission.reasons if reason.effect not in SAFE and not harmless(exercise, reason)
    )


def harmless(exercise: Exercise, reason: Reason) -> bool:
    """Whether the question is open, and a yes would only call for care with this very exercise.

    Open questions that ask first about everything are harmless so too: they hold the level, not the whole plan.
    """
    if reason.question is None or reason.answer is not None:
        return False
    effects = {found.effect for found in exercise.contraindications if found.tag == reason.tag}
    return effects <= {Effect.CAUTION}
