"""The parts of a timeline: segments of steps, each step with what is said and when."""

from enum import StrEnum

from pydantic import Field

from api.domain.caution import Severity
from api.domain.dose import RepUnit
from api.domain.exercise import Side
from api.domain.value import Value


class StepKind(StrEnum):
    """What the person does, or is asked, during a step."""

    GET_READY = "get_ready"
    SET_UP = "set_up"
    MOVE = "move"
    HOLD = "hold"
    REPS = "reps"
    SWITCH_SIDE = "switch_side"
    SEARCH = "search"
    RELEASE = "release"
    REST = "rest"
    CHECK_IN = "check_in"


WORK = (StepKind.HOLD, StepKind.REPS)


class CueKind(StrEnum):
    """What a phone does at a cue: speak, mark the middle, tick the last seconds, or count a repetition."""

    SAY = "say"
    HALFWAY = "halfway"
    TICK = "tick"
    COUNT = "count"


class Cue(Value):
    """One cue, hung either on the step's start (`at_ms`) or on its end (`before_end_ms`), never on both."""

    kind: CueKind
    at_ms: int | None = None
    before_end_ms: int | None = None
    text: str | None = None
    number: int | None = None


class ShownCaution(Value):
    """A caution at the step where it is shown."""

    code: str
    severity: Severity
    text: str
    english: str | None = None
    must_acknowledge: bool


class RepTempo(Value):
    """How long one repetition takes, by phase."""

    up_ms: int
    top_ms: int
    down_ms: int

    @property
    def total_ms(self) -> int:
        """One whole repetition."""
        return self.up_ms + self.top_ms + self.down_ms


class StepDose(Value):
    """The dose at this level: seconds held, or repetitions at a tempo."""

    hold_s: int | None = None
    reps: int | None = None
    rep_unit: RepUnit | None = None
    tempo: RepTempo | None = None


class TimelineStep(Value):
    """One step. Its id is unique in the timeline and the same in every language."""

    id: str
    kind: StepKind
    exercise: str | None = None
    side: Side | None = None
    offset_ms: int = Field(0, description="From the start of the segment.")
    duration_ms: int
    text: str
    cue: str | None = None
    cautions: tuple[ShownCaution, ...] = ()
    dose: StepDose | None = None
    cues: tuple[Cue, ...] = ()


class StartsOn(StrEnum):
    """What a segment waits for."""

    PREVIOUS = "previous"
    USER = "user"


class OnTimeout(StrEnum):
    """What happens to a segment whose event does not come while the previous one lasts."""

    START = "start"
    SKIP = "skip"


class Segment(Value):
    """Steps that follow one another without a gap.

    `shortest_ms` is what it takes at the least: less than `duration_ms` for a search, 0 for what may be left out.
    """

    id: str
    starts_on: StartsOn = StartsOn.PREVIOUS
    event: str | None = None
    on_timeout: OnTimeout | None = None
    optional: bool = False
    exercise: str
    side: Side | None = None
    shortest_ms: int
    duration_ms: int
    steps: tuple[TimelineStep, ...]
