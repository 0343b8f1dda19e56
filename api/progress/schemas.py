"""Progress on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field, computed_field

from api.domain.adherence import FreezeReason, WeekState
from api.domain.trend import RATINGS_FROM, RELIEF_FROM, shown
from api.routines.schemas import Amounts
from api.web.paging import listed_at
from api.web.wire import Day, Input, Output, may_be_absent

Mean = Annotated[
    float,
    BeforeValidator(shown),
    Field(ge=0, le=10, description="Mean of the ratings, 0 to 10, to one decimal.", examples=[4.3]),
]


SessionsAt = Annotated[str, Field(description="Lists exactly the sessions that are counted.")]


class Week(Output):
    """The ISO week that today is in."""

    first_day: date
    last_day: date
    sessions: int
    target: int
    met: bool
    sessions_at: SessionsAt


class WeeksOnTarget(Output):
    """ISO weeks in a row in which the target was met; the present one counts as soon as it is.

    Weeks that were frozen or locked are passed over, and so are those in part if they were not met.
    """

    weeks: int
    first_day: date | None = Field(default=None, description="Of the first of these weeks.")
    sessions_at: str | None = Field(default=None, description="Lists the sessions of these weeks.")


class Adherence(Output):
    """Completed sessions against those planned, over 28 days up to today."""

    first_day: date
    last_day: date
    done: int
    planned: int = Field(description="Frozen and locked days plan no more than was done on them.")
    percent: int | None = Field(default=None, description="At most 100; null where nothing was planned.")
    sessions_at: SessionsAt


class Progress(Output):
    today: date = Field(description="The person's own day, by zone and day cut-off.")
    weeks_on_target: WeeksOnTarget
    week: Week
    adherence: Adherence
    days_in_a_row: int = Field(description="Consecutive days with a completed session, back from today or yesterday.")
    days_in_a_row_at: str | None = Field(default=None, description="Lists the sessions of these days.")
    sessions: int = Field(description="Completed sessions.")
    sessions_at: SessionsAt
    active_ms: int
    last_day: date | None = Field(default=None, description="The last day with a completed session.")


class FreezePut(Input):
    """Days on which nothing is to be done, both ends included."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"first_day": "2026-12-21", "last_day": "2027-01-03", "reason": "holiday"}]}
    )

    first_day: Day
    last_day: Day
    reason: FreezeReason = may_be_absent("It changes nothing.")


class Freeze(Output):
    id: UUID
    first_day: date
    last_day: date
    reason: FreezeReason | None = None
    changed_at: datetime
    revision: int


class Freezes(Output):
    """In the order of their first days."""

    items: list[Freeze]


class ProgressDay(Output):
    day: date
    sessions: int
    active_ms: int
    sessions_at: SessionsAt


class ProgressDays(Output):
    """Only days with a completed session are listed; all others between the two had none."""

    first_day: date
    last_day: date
    items: list[ProgressDay]


class ProgressWeek(Output):
    """An ISO week. `under-way` is one that can still be met; `skipped` neither counts nor breaks."""

    first_day: date
    last_day: date
    sessions: int
    target: int
    planned: int = Field(description="The share of the target of the days that were not frozen or locked.")
    state: WeekState
    sessions_at: SessionsAt


class ProgressWeeks(Output):
    """Every week of the span, also those in which nothing was done."""

    items: list[ProgressWeek]


class ProgressExercise(Output):
    exercise: str
    sessions: int
    held_s: int = Field(description="As recorded by the phone; 0 where nothing was recorded.")
    reps: int
    last_day: date
    sessions_at: SessionsAt


class ProgressExercises(Output):
    items: list[ProgressExercise]


class LevelDecision(Output):
    """The rule that set a level, and the sessions that it rests on, in their order."""

    rule: str = Field(description="Words are in `codes.level_rule` of the vocabulary.", examples=["goes-on"])
    sessions: list[UUID]


class LevelAdvised(Output):
    """What is offered or suggested beside the level."""

    advice: str = Field(description="Words are in `codes.level_advice` of the vocabulary.", examples=["easier"])
    exercise: str | None = Field(default=None, description="The one to change to.")
    sessions: list[UUID]


class ProgressLevel(Output):
    """Where the person stands on the ladder of one exercise, and the dose for a session that starts today."""

    exercise: str
    rung: int = Field(description="Single steps above the lowest dose.")
    top: int = Field(description="The highest rung that there is.")
    level: int = Field(description="The rung as a level of 0 to 4.")
    dose: Amounts
    decision: LevelDecision
    clean: int = Field(description="Clean sessions in a row; three raise the level.")
    rises_on: date | None = Field(default=None, description="The first day of the next rise, once three are there.")
    advised: list[LevelAdvised]
    revision: int


class ProgressLevels(Output):
    """Exercises that were practised; any other begins at the lowest dose."""

    today: date
    items: list[ProgressLevel]


class LevelDay(Output):
    """How the exercise stood when a session began, and the rung that was played in it."""

    day: date
    session: UUID
    rung: int
    level: int
    played: int
    decision: LevelDecision


class ProgressLevelDays(Output):
    """The sessions with the exercise between two days, in their order."""

    exercise: str
    first_day: date
    last_day: date
    items: list[LevelDay]


class PainDay(Output):
    """The ratings of one day."""

    day: date
    ratings: int = Field(description="How many; a session counts once.", examples=[1])
    mean: Mean

    @computed_field  # type: ignore[prop-decorator]  # as above
    @property
    def sessions_at(self) -> str:
        """Lists exactly the sessions that were rated."""
        return listed_at("/v1/sessions", rated="before", first_day=self.day, last_day=self.day)


class PainWeek(Output):
    """Seven days, both ends included."""

    first_day: date
    last_day: date
    ratings: int = Field(description="How many; a session counts once.", examples=[4])
    mean: Mean

    @computed_field  # type: ignore[prop-decorator]  # as above
    @property
    def sessions_at(self) -> str:
        """Lists exactly the sessions that were rated."""
        return listed_at("/v1/sessions", rated="before", first_day=self.first_day, last_day=self.last_day)


class PainTrend(Output):
    """The latest week against the first.

    One rating, or one day, never makes a verdict: a change counts only if it holds whichever day is left out.
    """

    tendency: str = Field(
        description="`too-few-ratings` and `too-soon` say nothing of pain. `clearly-lower` and `clearly-higher`: by 2 "
        "points and by 30 % of the first week. The words are in `codes.pain_tendency` of the vocabulary.",
        examples=["clearly-lower"],
    )
    ratings: int = Field(description=f"All there are; below {RATINGS_FROM} no trend is told.", examples=[12])
    first_week: PainWeek | None = Field(default=None, description="From the first rating on, where weeks are compared.")
    latest_week: PainWeek | None = Field(default=None, description="Up to the latest rating, where weeks are compared.")


class Relief(Output):
    """Pain was lower after `lower` of `rated` sessions with the exercise. A count, and no cause."""

    exercise: str = Field(examples=["shoulder-shrug-seated"])
    lower: int = Field(examples=[4])
    rated: int = Field(description="Sessions rated before and after at the same place.", examples=[5])

    @computed_field  # type: ignore[prop-decorator]  # pydantic asks for it in this order
    @property
    def sessions_at(self) -> str:
        """Lists exactly the sessions that `rated` counts."""
        return listed_at("/v1/sessions", done=self.exercise, rated="both")


class ProgressPain(Output):
    """Only days with a rating are listed; all others between the two had none."""

    today: date = Field(description="The person's own day, by zone and day cut-off.")
    trend: PainTrend
    advice: list[str] = Field(
        description="Why to see someone: `four-weeks-without-relief`. Words are in `codes.advice` of the vocabulary."
    )
    relief: list[Relief] = Field(
        description=f"Exercises with at least {RELIEF_FROM} such sessions; others say too little."
    )
    first_day: date
    last_day: date
    items: list[PainDay]
