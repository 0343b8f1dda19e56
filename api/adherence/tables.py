"""What was asked of a person when, and whether it was met, week by week.

Targets and closed days are the person's own record; weeks and stretches follow from them and from the days of the
completed sessions: `progress rebuild` makes them anew.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger
from sqlmodel import Field, SQLModel

from api.db.columns import person_key, personal


class WeeklyTarget(SQLModel, table=True):
    """A target from the ISO week on whose Monday is `since`; kept from the first change on."""

    __tablename__ = "weekly_target"
    __table_args__ = (
        CheckConstraint("sessions BETWEEN 1 AND 21", name="range"),
        personal("weekly_targets", "Your weekly targets, from which week on."),
    )

    user_id: UUID = person_key()
    since: date = Field(primary_key=True)
    sessions: int = Field(sa_type=SmallInteger)
    revision: int = Field(sa_type=BigInteger)


class ClosedDays(SQLModel, table=True):
    """Local days, both ends included, frozen by the person or locked by a red flag; a lock that lasts ends never."""

    __tablename__ = "closed_days"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="forward"),
        Index("ix_closed_days_last", "user_id", "last_day"),
        Index("ix_closed_days_changes", "user_id", "revision"),
        personal("closed_days", "Days that you froze, or on which a red flag kept you from exercising."),
    )

    user_id: UUID = person_key()
    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=10)
    first_day: date
    last_day: date
    reason: str | None = Field(default=None, max_length=10)
    changed_at: datetime
    app: str | None = Field(default=None, max_length=80)
    revision: int = Field(sa_type=BigInteger)


class ProgressWeek(SQLModel, table=True):
    """A week with sessions, or with closed days that were looked at; any other was missed."""

    __tablename__ = "progress_week"
    __table_args__ = (
        CheckConstraint("sessions >= 0", name="counts"),
        personal("progress_weeks", "Your weeks, and whether their target was met."),
    )

    user_id: UUID = person_key()
    monday: date = Field(primary_key=True)
    sessions: int
    state: str = Field(max_length=10)


class ProgressStretch(SQLModel, table=True):
    """Weeks with none missed, from the first to the last by their Mondays; stretches of one person never touch."""

    __tablename__ = "progress_stretch"
    __table_args__ = (
        CheckConstraint("first_week <= last_week AND met >= 0", name="forward"),
        Index("ix_progress_stretch_last", "user_id", "last_week", unique=True),
        personal("progress_stretches", "Weeks on target in a row."),
    )

    user_id: UUID = person_key()
    first_week: date = Field(primary_key=True)
    last_week: date
    met: int
