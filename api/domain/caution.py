"""What to warn of, what excludes an exercise, and when to get care instead of exercising."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from api.domain.dose import OURS, Sourced
from api.domain.value import Line, Slug, Tag, Text, Value, Version, flaw


class Severity(StrEnum):
    """`info` is good to know, `warn` keeps the exercise safe, `stop` ends it."""

    INFO = "info"
    WARN = "warn"
    STOP = "stop"


class Moment(StrEnum):
    """When a caution is shown, seen from the exercise."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class AtStep(Value):
    """Shown with one step."""

    step: Slug


class Caution(Sourced):
    """One warning. A stop always has a source outside this project."""

    id: Slug
    severity: Severity
    when: Annotated[tuple[Moment | AtStep, ...], Field(min_length=1)]
    text: Text
    must_acknowledge: bool = Field(default=False, description="The person confirms it before going on.")
    red_flag: Slug | None = Field(None, description="The entry of the red-flag card that this is a sign of.")

    @model_validator(mode="after")
    def _stop_has_a_source(self) -> Self:
        if self.severity is Severity.STOP and self.by == OURS:
            raise flaw("a stop caution rests on nothing but us", "Name its source under `by`.")
        return self

    def shown(self, moment: Moment) -> bool:
        """Whether it belongs to this moment of the exercise."""
        return moment in self.when

    def shown_at(self, step: str) -> bool:
        """Whether it belongs to this step."""
        return any(isinstance(when, AtStep) and when.step == step for when in self.when)


class Effect(StrEnum):
    """What a contraindication does, strongest first."""

    EXCLUDE = "exclude"
    REGRESS = "regress"
    ASK = "ask"
    CAUTION = "caution"


class Contraindication(Sourced):
    """A state of the person that speaks against the exercise, and what to do instead where that exists."""

    tag: Tag
    effect: Effect
    alternative: Slug | None = None


class Urgency(StrEnum):
    """How soon care is needed."""

    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    ROUTINE = "routine"


ReviewState = Literal["unreviewed", "reviewed"]


class Review(Value):
    """Whether somebody with a clinical licence has read this; the note says it in words."""

    status: ReviewState
    note: Text


class RedFlag(Sourced):
    """One sign that calls for care instead of exercise."""

    code: Slug
    urgency: Urgency
    text: Text
    locator: Line


class Care(Value):
    """What to do, by urgency."""

    emergency: Text
    same_day: Text
    routine: Text


class RedFlagCard(Value):
    """What a person reads before a session; one that applies means no session."""

    version: Version
    introduction: Text
    care: Care
    urgencies: Sourced = Field(description="Where the urgency of each sign comes from.")
    items: Annotated[tuple[RedFlag, ...], Field(min_length=1)]
    review: Review
