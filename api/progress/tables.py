"""What is kept of finished sessions, so that reading progress costs the same however many there are.

Every row follows from the record alone: `progress rebuild` makes them anew, and nothing else is stored here. What is
kept of pain follows from ratings, which are only there with the person's consent, and goes with their session.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from api.db.columns import person_key, personal


class Progress(SQLModel, table=True):
    """Totals over all completed sessions; `ratings` are those of `progress_pain_day`."""

    __table_args__ = (
        CheckConstraint("sessions > 0 AND active_ms >= 0", name="counts"),
        personal("progress", "Totals over all your completed sessions."),
    )

    user_id: UUID = person_key()
    sessions: int = Field(sa_type=BigInteger)
    active_ms: int = Field(sa_type=BigInteger)
    ratings: int = Field(sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class ProgressDay(SQLModel, table=True):
    """A local day with at least one completed session."""

    __tablename__ = "progress_day"
    __table_args__ = (
        CheckConstraint("sessions > 0 AND active_ms >= 0", name="counts"),
        personal("progress_days", "Days on which you completed sessions."),
    )

    user_id: UUID = person_key()
    day: date = Field(primary_key=True)
    sessions: int
    active_ms: int = Field(sa_type=BigInteger)


class ProgressRun(SQLModel, table=True):
    """Consecutive days, from the first to the last; runs of one person never touch."""

    __tablename__ = "progress_run"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="forward"),
        Index("ix_progress_run_last", "user_id", "last_day", unique=True),
        personal("progress_runs", "Days in a row, from the first to the last."),
    )

    user_id: UUID = person_key()
    first_day: date = Field(primary_key=True)
    last_day: date


class ProgressExercise(SQLModel, table=True):
    """Totals of one exercise."""

    __tablename__ = "progress_exercise"
    __table_args__ = (
        CheckConstraint("sessions > 0 AND held_s >= 0 AND reps >= 0", name="counts"),
        personal("progress_exercises", "Totals of each exercise."),
    )

    user_id: UUID = person_key()
    exercise: str = Field(primary_key=True, max_length=80)
    sessions: int = Field(sa_type=BigInteger)
    held_s: int = Field(sa_type=BigInteger)
    reps: int = Field(sa_type=BigInteger)
    last_day: date


class ProgressExerciseDay(SQLModel, table=True):
    """One exercise on one day: what makes the last day known again when a session is taken out."""

    __tablename__ = "progress_exercise_day"
    __table_args__ = (
        CheckConstraint("sessions > 0 AND held_s >= 0 AND reps >= 0", name="counts"),
        personal("progress_exercise_days", "Each exercise on each day."),
    )

    user_id: UUID = person_key()
    exercise: str = Field(primary_key=True, max_length=80)
    day: date = Field(primary_key=True)
    sessions: int
    held_s: int = Field(sa_type=BigInteger)
    reps: int = Field(sa_type=BigInteger)


class ProgressPainDay(SQLModel, table=True):
    """A local day with completed sessions that were rated before they began: how many, and the sum of their ratings."""

    __tablename__ = "progress_pain_day"
    __table_args__ = (
        CheckConstraint("ratings > 0 AND total BETWEEN 0 AND 10 * ratings", name="counts"),
        personal("progress_pain_days", "Your ratings before sessions, added up by day."),
    )

    user_id: UUID = person_key()
    day: date = Field(primary_key=True)
    ratings: int
    total: int


class ProgressRelief(SQLModel, table=True):
    """Of the completed sessions with an exercise that were rated before and after, those with less pain after."""

    __tablename__ = "progress_relief"
    __table_args__ = (
        CheckConstraint("rated > 0 AND lower BETWEEN 0 AND rated", name="counts"),
        personal("progress_relief", "After how many sessions with an exercise pain was lower."),
    )

    user_id: UUID = person_key()
    exercise: str = Field(primary_key=True, max_length=80)
    rated: int = Field(sa_type=BigInteger)
    lower: int = Field(sa_type=BigInteger)
