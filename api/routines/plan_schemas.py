"""The desk planner on the wire: what is asked, and the plan or the plain no."""

from typing import Annotated

from pydantic import ConfigDict, Field, Strict

from api.catalogue.schemas import Named, RedFlagCard
from api.domain.pain import BodySide, Region
from api.domain.planned import PLAN_ID
from api.domain.planner import Held, Picked, Refused, Unfit, Unsafe
from api.domain.screening import Permitted, ScreeningOutcome
from api.domain.wish import Focus, Limit
from api.routines.schemas import Timeline, TotalMs
from api.screening.schemas import EXAMPLE, CareAdvice, PermissionReason, ScreeningAnswers
from api.web.wire import Input, Output, Whole, may_be_absent

Tool = Annotated[str, Strict(), Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
PlanId = Annotated[str, Strict(), Field(pattern=PLAN_ID, max_length=80)]


class PlanRequest(Input):
    """What there is time and room for, where it hurts, and the safety answers; nothing of it is kept."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "max_minutes": 10,
                    "equipment": ["chair"],
                    "limits": ["seated", "quiet"],
                    "region": "upper_back",
                    "side": "left",
                    "focus": "loosen",
                    "pain_now": 3,
                    "screening": EXAMPLE,
                }
            ]
        }
    )

    max_minutes: Annotated[Whole, Field(ge=1, le=120, description="The plan never takes longer.")]
    equipment: Annotated[
        list[Tool], Field(max_length=40, description="All that is at hand, in the vocabulary's words.")
    ] = Field(default_factory=list)
    limits: Annotated[list[Limit], Field(max_length=12, description="What the place or the person does not allow.")] = (
        Field(default_factory=list)
    )
    region: Annotated[Region, Field(description="Where it hurts most.")] = Region.UPPER_BACK
    side: BodySide = BodySide.BOTH
    focus: Annotated[Focus, Field(description="`calm` is for a flare-up.")] = Focus.LOOSEN
    pain_now: Annotated[Whole, Field(ge=0, le=10)] = may_be_absent(
        "0 is none, 10 the worst imaginable. From 4 on every dose is the lowest, from 6 on only gentle exercises come."
    )
    screening: ScreeningAnswers = may_be_absent(
        "The questionnaire of `GET /v1/screening`. While a question is open, what a yes would forbid is left out."
    )


class PickReason(Output):
    code: Picked
    text: str


class HeldReason(Output):
    code: Held
    text: str


class PlannedItem(Output):
    """One exercise of the plan, and why it is there."""

    place: int = Field(description="From 1.")
    exercise: str
    name: str
    effect: Permitted = Field(description="`allow`, `caution` (see `cautions`), or `ask` for open questions.")
    reasons: list[PickReason] = Field(description="What it does stands first.")
    stands_in_for: list[str] = Field(description="Exercises left out for safety that name it as their alternative.")
    cautions: list[PermissionReason] = Field(description="Answers because of which care is needed.")


class PlannedRoutine(Output):
    """An ordered routine that fits the time."""

    id: str = Field(description="Start a session with it as `plan`. It says by itself what is planned, and no more.")
    level: int = Field(ge=0, le=4, description="The highest that fits, unless it is held at 0.")
    held_because: list[HeldReason]
    total_ms: TotalMs = Field(description="At this level; `high` is never more than the minutes asked for.")
    items: list[PlannedItem]


class UnsafeReason(Output):
    code: Unsafe
    text: str


class UnfitReason(Output):
    code: Unfit
    text: str


class LeftOutForSafety(Output):
    exercise: str
    name: str
    reason: UnsafeReason
    effect: Permitted = Field(description="What the answers make of it.")
    alternative: str | None = Field(default=None, description="The exercise of the plan that stands in for it.")
    because_of: list[PermissionReason] = Field(description="The answers, or open questions, that decide.")


class LeftOutForLimits(Output):
    exercise: str
    name: str
    reason: UnfitReason
    missing: list[Named] = Field(description="Equipment that is not at hand.")


class LeftOut(Output):
    """Every exercise that could not be chosen. What is named nowhere was not needed."""

    for_safety: list[LeftOutForSafety]
    for_limits: list[LeftOutForLimits] = Field(description="Safe, and not possible there.")


class Refusal(Output):
    """Why there is no plan. Show `care` where it is given."""

    code: Refused
    text: str
    care: CareAdvice | None = None
    shortest_ms: int | None = Field(default=None, description="The least time that a plan takes.")


class PlanAnswer(Output):
    """Either `plan` with its `timeline`, or `refusal`."""

    plan: PlannedRoutine | None = None
    refusal: Refusal | None = None
    left_out: LeftOut
    outcome: ScreeningOutcome = Field(description="Of the safety answers; `stop` means no exercise now.")
    care: CareAdvice | None = Field(default=None, description="Show it whether or not there is a plan.")
    unanswered: list[str] = Field(description="Safety questions that are open; answer them for more and higher doses.")
    red_flags: RedFlagCard
    language: str
    language_reviewed: bool
    content_version: str
    timeline: Timeline | None = None
