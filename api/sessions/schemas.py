"""Sessions on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from api.catalogue.schemas import ENGLISH
from api.domain.judgement import PainRule
from api.domain.pain import BodySide, Region
from api.domain.practice import Status, StepResult, StopReason
from api.domain.standing import Hold
from api.routines.planner_schemas import PlanId
from api.routines.schemas import Amounts, Timeline
from api.screening.schemas import AdaptedItem, CareAdvice
from api.web.wire import (
    Affirmed,
    Id,
    Input,
    Instant,
    LanguageTag,
    Output,
    Slug,
    Text,
    Whole,
    Zone,
    literally,
    may_be_absent,
)

EXAMPLE_ID = "01938a3e-7c00-7000-8000-00000000cafe"
THIRTY_DAYS_MS = 30 * 24 * 60 * 60 * 1000

Milliseconds = Annotated[Whole, Field(ge=0, le=THIRTY_DAYS_MS)]
AskedLevel = Annotated[Literal[0, 1, 2, 3, 4, "auto"], BeforeValidator(literally)]
StepId = Annotated[Text, Field(min_length=1, max_length=160)]
PainValue = Annotated[Whole, Field(ge=0, le=10, description="0 is none, 10 the worst imaginable.")]


class Rating(Input):
    """How much it hurts, and where."""

    region: Region
    side: BodySide
    value: PainValue


class RecordedRating(Rating):
    """Pain while the session went on: at its worst, or as answered at a check-in; when and at which step, if known."""

    moment: Literal["worst", "check_in"] = "worst"

    at: Instant = may_be_absent()
    step: StepId = may_be_absent()


Ratings = Annotated[list[Rating], Field(max_length=20)]


class SessionCreate(Input):
    """`no_red_flags` states that the person read the routine's red-flag card and that none of it applies today."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["routine"], "properties": {"plan": False}},
                {"required": ["plan"], "properties": {"routine": False, "level": False}},
            ],
            "examples": [
                {
                    "id": EXAMPLE_ID,
                    "routine": "seed-full",
                    "level": 0,
                    "no_red_flags": True,
                    "pain_before": [{"region": "upper_back", "side": "left", "value": 5}],
                }
            ],
        }
    )

    id: Id = may_be_absent(
        "Mint a UUID (v7) on the device and a retry is safe: the same again gives the same session. "
        "Without it the server mints one, and a blind retry makes a second session."
    )
    routine: Slug = may_be_absent("Either this or `plan`.")
    plan: PlanId = may_be_absent("The `id` of a planned routine, from `POST /v1/routines/plan`. It has its own level.")
    level: Annotated[
        AskedLevel,
        Field(description="0 is the low end of each dose, 4 the high end; `auto`: each exercise has its own."),
    ] = 0
    language: LanguageTag = may_be_absent(
        "Otherwise the account's. One that nobody has reviewed is spoken only when named here, and is marked."
    )
    zone: Zone = may_be_absent()
    started_at: Instant = may_be_absent()
    no_red_flags: Affirmed
    pain_before: Ratings = Field(default_factory=list)

    @property
    def followed(self) -> str:
        """The name of what the session follows."""
        return self.plan or self.routine

    @model_validator(mode="after")
    def one_thing_to_follow(self) -> "SessionCreate":
        sent = self.model_fields_set
        if ("routine" in sent) == ("plan" in sent):
            raise ValueError("Give either `routine` or `plan`")
        if {"plan", "level"} <= sent:
            raise ValueError("A plan has its own level: leave `level` out")
        return self


class StepRecord(Input):
    """What was done of one step of the timeline."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["held_s", "reps"]}})

    step: StepId
    result: StepResult
    held_s: Annotated[Whole, Field(ge=0, le=600)] = may_be_absent()
    reps: Annotated[Whole, Field(ge=0, le=200)] = may_be_absent()
    side: Literal["left", "right"] = may_be_absent()
    reason: StopReason = may_be_absent()

    @model_validator(mode="after")
    def held_or_counted(self) -> "StepRecord":
        if {"held_s", "reps"} <= self.model_fields_set:
            raise ValueError("A step is held or counted: give `held_s` or `reps`, not both")
        return self


class Pause(Input):
    """From and to, in milliseconds since `started_at`."""

    from_ms: Milliseconds
    to_ms: Milliseconds


class SessionRecord(Input):
    """All of what was done so far, in one document; send it as often as you like, the latest `recorded_at` wins."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "steps": [
                        {
                            "step": "1.neck-side-bend-rotation.set1.left.hold",
                            "side": "left",
                            "held_s": 20,
                            "result": "done",
                        },
                    ],
                    "pauses": [{"from_ms": 60000, "to_ms": 75000}],
                    "ratings": [{"region": "upper_back", "side": "left", "value": 4}],
                }
            ]
        }
    )

    steps: Annotated[list[StepRecord], Field(max_length=400)] = Field(default_factory=list)
    pauses: Annotated[list[Pause], Field(max_length=100)] = Field(default_factory=list)
    ratings: Annotated[list[RecordedRating], Field(max_length=60)] = Field(default_factory=list)
    recorded_at: Instant = may_be_absent()


class SessionComplete(Input):
    """The person reached the end. Whatever is left out was not said."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"pain_after": [{"region": "upper_back", "side": "left", "value": 3}], "effort": 3}]
        }
    )

    completed_at: Instant = may_be_absent()
    pain_after: Ratings = Field(default_factory=list)
    effort: Annotated[Whole, Field(ge=0, le=10, description="0 is rest, 10 as hard as possible.")] = may_be_absent()
    note: Annotated[Text, Field(max_length=2000)] = may_be_absent()
    record: SessionRecord = may_be_absent()


class SessionAbandon(Input):
    """The session ended before its time. Pain or a red flag make it `stopped`, other reasons `abandoned`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "no_time"}]})

    reason: StopReason
    abandoned_at: Instant = may_be_absent()


class GivenRating(Output):
    region: Region
    side: BodySide
    value: int


class GivenRecordedRating(GivenRating):
    moment: Literal["worst", "check_in"]
    at: datetime
    step: str | None = None


class ChosenDose(Output):
    """The dose of one exercise, and why it is that."""

    exercise: str
    rung: int = Field(description="Counts the single steps above the lowest dose.")
    level: int
    dose: Amounts
    rule: str | None = Field(
        default=None,
        description="Which rule set it; words are in `codes.level_rule` of the vocabulary. None where something else "
        "holds every dose the lowest.",
    )
    sessions: list[UUID] = Field(description="Those that the rule rests on.")


class SessionPlan(Output):
    """How the session was set up, and why it differs from what was asked for."""

    id: str | None = Field(default=None, description="Of the planned routine that it follows, if it follows one.")
    level: int = Field(description="The lowest of its exercises where they have levels of their own.")
    asked_level: AskedLevel
    held_because: Hold | None = Field(
        default=None, description="Why the level is lower than asked: no screening counts for this reason."
    )
    changes: list[AdaptedItem] = Field(
        description="What the person's answers made of items of the routine, with the reasons."
    )
    doses: list[ChosenDose] = Field(description="Of each exercise, where the level was `auto`.")
    instead_of: str | None = Field(
        default=None, description="The routine or plan asked for, where pain of 6 or more led to the gentle one."
    )


class GivenStep(Output):
    step: str
    result: StepResult
    held_s: int | None = None
    reps: int | None = None
    side: str | None = None
    reason: StopReason | None = None


class GivenPause(Output):
    from_ms: int
    to_ms: int


class GivenRecord(Output):
    steps: list[GivenStep]
    pauses: list[GivenPause]
    ratings: list[GivenRecordedRating]
    recorded_at: datetime


class ExerciseDone(Output):
    exercise: str
    held_s: int
    reps: int


class ProgressChange(Output):
    """Progress just after this session was counted."""

    sessions: int
    days_in_a_row: int
    week_sessions: int
    week_target: int


class NextSession(Output):
    """What is due next, by the rules of `GET /v1/me/today` just after this session."""

    routine: str | None = None
    plan: str | None = None
    due_on: date
    gentle: bool = Field(default=False, description="Whether it is the gentle routine, and for how long see `today`.")
    why: str | None = Field(default=None, description="Words are in `codes.today_why` of the vocabulary.")


class Outcome(Output):
    """How the session ended. `progress` and `next` are given once it is completed."""

    status: Status
    ended_at: datetime
    active_ms: int = Field(description="Start to end without pauses, at most the plan's longest run.")
    exercises: list[ExerciseDone]
    pain_after: list[GivenRating]
    pain_change: int | None = Field(
        default=None, description="After minus before at the place that changed for the worse most; one session only."
    )
    effort: int | None = None
    note: str | None = None
    reason: StopReason | None = None
    progress: ProgressChange | None = None
    next: NextSession | None = None


class SessionSummary(Output):
    id: UUID
    status: Status
    routine: str | None = Field(description="Null for a planned routine, which `plan.id` names.")
    revision: int
    plan: SessionPlan
    content_version: str
    language: str
    zone: str
    started_at: datetime
    local_date: date = Field(description="The day the session belongs to, in its own zone, by the person's cut-off.")
    ended_at: datetime | None = None
    active_ms: int | None = None


class SessionKept(SessionSummary):
    """A session with all that was said of it, without its timeline."""

    app: str | None
    received_at: datetime
    pain_before: list[GivenRating]
    record: GivenRecord | None = None
    outcome: Outcome | None = None


class SessionState(SessionKept):
    """A session without its timeline: what a phone that runs it needs to hear."""

    server_time: datetime


class SessionAbandoned(SessionState):
    """The session as it is now."""

    care: CareAdvice | None = Field(
        default=None,
        description="Where a red flag ended it: how soon to get which care, in the session's language.",
    )


class Gentler(Output):
    """The exercise to go on with instead, by itself and at its lowest dose."""

    exercise: str
    name: str
    timeline: Timeline


class ExerciseStop(Output):
    """An exercise to be ended now. The next time it is asked for less, and it is not raised."""

    exercise: str | None = Field(default=None, description="Null where nobody can tell which: end the one at hand.")
    rule: PainRule = Field(description="Words are in `codes.pain_rule` of the vocabulary.")
    gentler: Gentler | None = Field(default=None, description="Null where there is none that is safe.")


class SessionRecorded(SessionState):
    """The session as it is, and what its ratings stop."""

    stops: list[ExerciseStop] = Field(description="Empty where all may go on, and once the session has ended.")
    may_go_on: list[str] | None = Field(
        default=None, description="Where something stops: the exercises left that do not load, in their order."
    )


class SessionCaution(Output):
    """A caution of the plan, to be shown before the session begins."""

    exercise: str
    code: str
    severity: str
    text: str
    english: str | None = Field(default=None, description=ENGLISH)
    must_acknowledge: bool


class Session(SessionState):
    cautions: list[SessionCaution]
    timeline: Timeline


class Sessions(Output):
    """A page, newest first. `next` is the cursor of the page after it."""

    items: list[SessionSummary]
    next: str | None = None
