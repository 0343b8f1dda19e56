"""Routines and timelines on the wire. Texts are in the language that `Content-Language` names."""

from typing import Annotated

from pydantic import ConfigDict, Field, Strict

from api.catalogue.schemas import ENGLISH, Duration, Evidence, Frequency, Named, Reading, RedFlagCard, Review, Spoken
from api.domain.caution import Severity
from api.domain.dose import RepUnit
from api.domain.exercise import Provenance, ReviewStatus, Side
from api.domain.pain import BodySide, Region
from api.domain.planned import PLAN_ID
from api.domain.planner import Held, Picked, Refused, Unfit, Unsafe
from api.domain.routine import OrderRule
from api.domain.screening import Permitted, ScreeningOutcome
from api.domain.segment import CueKind, OnTimeout, StartsOn, StepKind
from api.domain.speech import TranslationState
from api.domain.wish import Focus, Limit
from api.screening.schemas import (
    EXAMPLE,
    AdaptedItem,
    CareAdvice,
    ForMe,
    PermissionReason,
    ScreeningAnswers,
)
from api.web.wire import Input, Output, Whole, may_be_absent

Tool = Annotated[str, Strict(), Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
PlanId = Annotated[str, Strict(), Field(pattern=PLAN_ID, max_length=80)]


class TotalMs(Output):
    """`low` when each spot is found at once and nothing optional is done; `high` at the most."""

    low: int = Field(examples=[513800])
    high: int = Field(examples=[786400])


class RoutineSpace(Output):
    """What the place must allow for all of its exercises together."""

    floor: bool = Field(description="Whether one of them needs the floor, and no bed will do instead.")
    bed: bool = Field(description="Whether one of them is done lying or kneeling, and a bed will do for it.")
    wall: bool
    noise: str = Field(description="That of the loudest one.", examples=["low"])
    privacy: str = Field(description="`private` when one of them is.", examples=["private"])


class RoutineCore(Output):
    id: str = Field(examples=["seed-full"])
    version: str = Field(examples=["1.0.0"])
    name: str
    summary: str
    reference: bool = Field(description="Whether this is the source article's own order.")
    recommended_first: bool = Field(description="Whether a beginner does best to start here; one routine is.")
    exercises: list[str] = Field(description="Ids, in order.")
    equipment: list[Named] = Field(description="All that its exercises require.")
    positions: list[Named] = Field(description="The usual one of each exercise, in order, each once.")
    space: RoutineSpace
    total_ms: TotalMs = Field(description="From level 0 at its shortest to level 4 at its longest.")


class RoutineSummary(RoutineCore):
    review: str = Field(description="`unreviewed` until somebody with a clinical licence has read it.")


class Routines(Spoken):
    """All that pass the filters; never cut. In the order of the catalogue, with `q` the best match first."""

    items: list[RoutineSummary]


class Told(Output):
    text: str
    facts: list[str] = Field(default=[])


class RoutineItem(Output):
    place: int = Field(description="From 1.")
    exercise: str
    name: str


class BrokenRule(Output):
    rule: OrderRule
    why: str


class Order(Told):
    """Why the exercises come in this order."""

    breaks: list[BrokenRule] = Field(default=[], description="Rules of order that it does not keep, and why it may.")


class MyRoutine(ForMe):
    """A routine as it is for one person. Nothing is dropped silently: every item says what became of it."""

    id: str = Field(examples=["seed-full"])
    version: str
    name: str
    possible: bool = Field(description="Whether anything is left to do. If not, there is no safe form for now.")
    items: list[AdaptedItem]
    total_ms: TotalMs | None = Field(default=None, description="At the levels that a session may have now.")


class LevelTotal(Output):
    level: int = Field(ge=0, le=4)
    low_ms: int
    high_ms: int


class HowOften(Told):
    amount: Frequency


class Pauses(Output):
    rest: Duration
    get_ready: Duration
    check_in: Duration


class RoutineDetail(Spoken, RoutineCore):
    status: ReviewStatus
    origin: Provenance
    introduction: list[Told]
    items: list[RoutineItem]
    order: Order
    frequency: HowOften
    pauses: Pauses
    totals: list[LevelTotal] = Field(description="One for each level.")
    red_flags: RedFlagCard
    readings: list[Reading]
    evidence: list[Evidence]
    review: Review


class TimelineCue(Output):
    """What the phone does at a moment, counted from the step's start (`at_ms`) or back from its end."""

    kind: CueKind
    at_ms: int | None = None
    before_end_ms: int | None = Field(default=None, description="Given instead of `at_ms`.")
    text: str | None = None
    number: int | None = Field(default=None, description="The second of a tick, the repetition of a count.")


class TimelineCaution(Output):
    code: str = Field(examples=["dizzy-stop"])
    severity: Severity
    text: str
    english: str | None = Field(default=None, description=ENGLISH)
    must_acknowledge: bool = Field(description="Wait until the person confirms it.")


class RepTempo(Output):
    up_ms: int
    top_ms: int
    down_ms: int


class StepDose(Output):
    """What is to be done in this step: a hold, or repetitions at a tempo."""

    hold_s: int | None = Field(default=None, examples=[20])
    reps: int | None = Field(default=None, examples=[12])
    rep_unit: RepUnit | None = Field(default=None, description="What is counted; absent for plain repetitions.")
    tempo: RepTempo | None = None


class TimelineStep(Output):
    id: str = Field(description="Unique in the timeline, the same in every language.")
    kind: StepKind = Field(description="More kinds may come; show the text of one that you do not know.")
    exercise: str | None = Field(default=None, description="Absent while resting.")
    side: Side | None = Field(default=None, description="Absent where both sides work.")
    offset_ms: int = Field(description="From the start of the segment.")
    duration_ms: int
    text: str
    cue: str | None = Field(default=None, description="The short form.")
    cautions: list[TimelineCaution] = Field(default=[])
    dose: StepDose | None = None
    cues: list[TimelineCue] = Field(default=[])


class TimelineSegment(Output):
    """Steps that follow one another without a gap.

    A segment that starts on `user` waits, for as long as the one before lasts, until the person reports `event`;
    then `on_timeout` says whether it starts all the same or is skipped. An optional one may be left out.
    """

    id: str
    starts_on: StartsOn
    event: str | None = Field(default=None, examples=["spot_found"])
    on_timeout: OnTimeout | None = None
    optional: bool
    exercise: str
    side: Side | None = None
    shortest_ms: int = Field(description="What it takes at the least; 0 for an optional one.")
    duration_ms: int
    steps: list[TimelineStep]


class Timeline(Output):
    """A routine at one level in one language, to be followed without further calls."""

    routine: str = Field(examples=["seed-full"])
    level: int = Field(ge=0, le=4)
    language: str = Field(examples=["en"])
    translation: TranslationState | None = Field(
        default=None, description="Always there but in sessions that are older than this member."
    )
    ask_first: bool = Field(description="Whether loading exercises carry the advice to ask a professional first.")
    content_version: str
    total_ms: TotalMs = Field(description="The sums of `shortest_ms` and of `duration_ms`.")
    segments: list[TimelineSegment]


# The planner


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


class PlanAnswer(Spoken):
    """Either `plan` with its `timeline`, or `refusal`."""

    plan: PlannedRoutine | None = None
    refusal: Refusal | None = None
    left_out: LeftOut
    outcome: ScreeningOutcome = Field(description="Of the safety answers; `stop` means no exercise now.")
    care: CareAdvice | None = Field(default=None, description="Show it whether or not there is a plan.")
    unanswered: list[str] = Field(description="Safety questions that are open; answer them for more and higher doses.")
    red_flags: RedFlagCard
    timeline: Timeline | None = None
