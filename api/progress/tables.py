"""What is kept of finished sessions, so that reading progress costs the same however many there are.

Every row follows from the record alone: `progress rebuild` makes them anew, and nothing else is stored here. What is
kept of pain follows from ratings, which are only there with the person's consent, and goes with their session.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger
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


class ProgressLadder(SQLModel, table=True):
    """Totals of one exercise over completed sessions, and where the person stands on its ladder.

    `state` is the JSON of `progression.State` without what is as at the beginning; `last_day` that of a session which
    counts, `latest_at` the start of the latest one that the state holds. A row that nothing is left of stays, so that
    other devices hear of it.
    """

    __tablename__ = "progress_ladder"
    __table_args__ = (
        CheckConstraint("sessions >= 0 AND held_s >= 0 AND reps >= 0", name="counts"),
        CheckConstraint("lower BETWEEN 0 AND rated", name="relief"),
        Index("ix_progress_ladder_changes", "user_id", "revision"),
        personal(
            "progress_exercises",
            "Totals of each exercise, relief after it, and your level.",
            documents=["state"],
        ),
    )

    user_id: UUID = person_key()
    exercise: str = Field(primary_key=True, max_length=80)
    revision: int = Field(sa_type=BigInteger)
    sessions: int = Field(sa_type=BigInteger)
    held_s: int = Field(sa_type=BigInteger)
    reps: int = Field(sa_type=BigInteger)
    rated: int = Field(sa_type=BigInteger)
    lower: int = Field(sa_type=BigInteger)
    last_day: date | None = None
    latest_at: datetime | None = None
    state: str = Field(max_length=1024)


class ProgressPractice(SQLModel, table=True):
    """One exercise in one session, in the order in which its ladder takes them in.

    `before` is the state until then, so that a session which comes late, is mended or goes is folded in from there on.
    `rung` is empty where the plan does not tell it: that one leaves the ladder as it is, and nothing is `before` it.
    """

    __tablename__ = "progress_practice"
    __table_args__ = personal(
        "progress_practices", "Each exercise in each session, and how you bore it.", documents=["before"]
    )

    user_id: UUID = person_key()
    exercise: str = Field(primary_key=True, max_length=80)
    day: date = Field(primary_key=True)
    at: datetime = Field(primary_key=True)
    session_id: UUID = Field(primary_key=True)
    counts: bool
    relieved: bool | None = None
    rung: int | None = Field(default=None, sa_type=SmallInteger)
    top: int | None = Field(default=None, sa_type=SmallInteger)
    seen: str | None = Field(default=None, max_length=10)
    flared: bool | None = None
    part: bool | None = None
    before: str = Field(max_length=1024)


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
