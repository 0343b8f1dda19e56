"""What is kept of finished sessions, so that reading progress costs the same however many there are.

Every row follows from the record alone: `progress rebuild` makes them anew, and nothing else is stored here.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from api.db.columns import person_key


class Progress(SQLModel, table=True):
    """Totals over all completed sessions."""

    __table_args__ = (CheckConstraint("sessions > 0 AND active_ms >= 0", name="counts"),)

    user_id: UUID = person_key()
    sessions: int = Field(sa_type=BigInteger)
    active_ms: int = Field(sa_type=BigInteger)


class ProgressDay(SQLModel, table=True):
    """A local day with at least one completed session."""

    __tablename__ = "progress_day"
    __table_args__ = (CheckConstraint("sessions > 0 AND active_ms >= 0", name="counts"),)

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
    )

    user_id: UUID = person_key()
    first_day: date = Field(primary_key=True)
    last_day: date


class ProgressExercise(SQLModel, table=True):
    """Totals of one exercise."""

    __tablename__ = "progress_exercise"
    __table_args__ = (CheckConstraint("sessions > 0 AND held_s >= 0 AND reps >= 0", name="counts"),)

    user_id: UUID = person_key()
    exercise: str = Field(primary_key=True, max_length=80)
    sessions: int = Field(sa_type=BigInteger)
    held_s: int = Field(sa_type=BigInteger)
    reps: int = Field(sa_type=BigInteger)
    last_day: date


class ProgressExerciseDay(SQLModel, table=True):
    """One exercise on one day: what makes the last day known again when a session is taken out."""

    __tablename__ = "progress_exercise_day"
    __table_args__ = (CheckConstraint("sessions > 0 AND held_s >= 0 AND reps >= 0", name="counts"),)

    user_id: UUID = person_key()
    exercise: str = Field(primary_key=True, max_length=80)
    day: date = Field(primary_key=True)
    sessions: int
    held_s: int = Field(sa_type=BigInteger)
    reps: int = Field(sa_type=BigInteger)
