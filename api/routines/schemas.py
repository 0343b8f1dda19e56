"""Routines and timelines on the wire. Texts are in the language that `Content-Language` names."""

from pydantic import Field

from api.catalogue.schemas import ENGLISH, Duration, Evidence, Frequency, Named, Reading, RedFlagCard, Review, Spoken
from api.domain.caution import Severity
from api.domain.dose import RepUnit
from api.domain.exercise import Provenance, ReviewStatus, Side
from api.domain.routine import OrderRule
from api.domain.segment import CueKind, OnTimeout, StartsOn, StepKind
from api.domain.speech import TranslationState
from api.screening.schemas import (
    AdaptedItem,
    ForMe,
)
from api.web.wire import Output


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


class Amounts(Output):
    """What is done of an exercise; what it does not count is null."""

    hold_s: int | None = None
    reps: int | None = None
    sets: int
    spots: int | None = None


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
