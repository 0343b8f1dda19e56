"""The words that the code knows, each with its name per language: a list here cannot lack one, nor have one more."""

from enum import StrEnum
from typing import Self, get_args

from pydantic import model_validator

from api.domain.adherence import FreezeReason
from api.domain.caution import Effect, Moment, ReviewState, Severity, Urgency
from api.domain.dose import RepUnit
from api.domain.exercise import (
    Kind,
    LateralityMode,
    Load,
    Noise,
    Phase,
    Privacy,
    Provenance,
    ReviewStatus,
    Side,
    SideMeaning,
)
from api.domain.judgement import PainRule
from api.domain.notices import NoticeKind
from api.domain.pain import BodySide
from api.domain.pain import Moment as PainMoment
from api.domain.practice import Status, StepResult, StopReason
from api.domain.progression import Advice as LevelAdvice
from api.domain.progression import Rule
from api.domain.questionnaire import Answer
from api.domain.routine import OrderRule
from api.domain.screening import Permitted, ScreeningOutcome
from api.domain.segment import StepKind
from api.domain.source import Extent, SourceKind, Strength
from api.domain.speech import TranslationState
from api.domain.standing import Hold
from api.domain.today import Advice, Due, WayOut, Why
from api.domain.trend import Tendency
from api.domain.value import Text, Value, flaw
from api.domain.wish import Focus, Limit


class Word(Value):
    """A word and its name."""

    name: Text


class Codes(Value):
    """By what they say of something; the names of the lists are part of the wire."""

    kind: dict[Kind, Word]
    phase: dict[Phase, Word]
    rep_unit: dict[RepUnit, Word]
    step_kind: dict[StepKind, Word]
    laterality: dict[LateralityMode, Word]
    side: dict[Side, Word]
    side_means: dict[SideMeaning, Word]
    load: dict[Load, Word]
    noise: dict[Noise, Word]
    privacy: dict[Privacy, Word]
    order_rule: dict[OrderRule, Word]
    severity: dict[Severity, Word]
    shown: dict[Moment, Word]
    effect: dict[Effect, Word]
    focus: dict[Focus, Word]
    limit: dict[Limit, Word]
    urgency: dict[Urgency, Word]
    status: dict[ReviewStatus, Word]
    origin: dict[Provenance, Word]
    review: dict[ReviewState, Word]
    translation: dict[TranslationState, Word]
    source_kind: dict[SourceKind, Word]
    extent: dict[Extent, Word]
    strength: dict[Strength, Word]
    pain_side: dict[BodySide, Word]
    pain_moment: dict[PainMoment, Word]
    session_status: dict[Status, Word]
    step_result: dict[StepResult, Word]
    stop_reason: dict[StopReason, Word]
    permission: dict[Permitted, Word]
    screening_answer: dict[Answer, Word]
    screening_outcome: dict[ScreeningOutcome, Word]
    held_because: dict[Hold, Word]
    pain_tendency: dict[Tendency, Word]
    advice: dict[Advice, Word]
    pain_rule: dict[PainRule, Word]
    level_rule: dict[Rule, Word]
    level_advice: dict[LevelAdvice, Word]
    today_due: dict[Due, Word]
    today_why: dict[Why, Word]
    way_out: dict[WayOut, Word]
    notice: dict[NoticeKind, Word]
    freeze_reason: dict[FreezeReason, Word]

    @model_validator(mode="after")
    def _every_word_has_a_name(self) -> Self:
        for name, field in type(self).model_fields.items():
            key, _ = get_args(field.annotation)
            lacking = [word for word in words_of(key) if word not in getattr(self, name)]
            if lacking:
                raise flaw(f"`{name}` lacks {', '.join(lacking)}", "Add each with its name.")
        return self


def words_of(closed: object) -> tuple[str, ...]:
    """The values of an enum or of a Literal."""
    if isinstance(closed, type) and issubclass(closed, StrEnum):
        return tuple(word.value for word in closed)
    return get_args(closed)
