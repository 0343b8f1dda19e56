"""Progress on the wire."""

from datetime import date

from pydantic import Field

from api.web.wire import Output


class Week(Output):
    """The ISO week that today is in."""

    first_day: date
    last_day: date
    sessions: int
    target: int
    met: bool


class Progress(Output):
    today: date = Field(description="The person's own day, by zone and day cut-off.")
    sessions: int = Field(description="Completed sessions.")
    active_ms: int
    days_in_a_row: int = Field(description="Consecutive days with a completed session, back from today or yesterday.")
    last_day: date | None = Field(default=None, description="The last day with a completed session.")
    week: Week


class ProgressDay(Output):
    day: date
    sessions: int
    active_ms: int


class ProgressDays(Output):
    """Only days with a completed session are listed; all others between the two had none."""

    first_day: date
    last_day: date
    items: list[ProgressDay]


class ProgressExercise(Output):
    exercise: str
    sessions: int
    held_s: int = Field(description="As recorded by the phone; 0 where nothing was recorded.")
    reps: int
    last_day: date


class ProgressExercises(Output):
    items: list[ProgressExercise]
