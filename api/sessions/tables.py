"""The record: sessions, the plans they follow, and the pain ratings given with them.

A plan is kept once under the digest of its content, whoever follows it, so a session keeps its plan whatever the
content becomes. Each write stands with the client's instant, the server's, and the app that sent it.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, SmallInteger, text
from sqlmodel import Field, SQLModel

from api.db.columns import Json, person_key, personal, shared

DIGEST_BYTES = 32
ON_ITS_OWN = text("digest IS NOT NULL")
TELLS_REPEATS = "It only tells a repeated request from another one."


class Plan(SQLModel, table=True):
    """A compiled timeline as it is served. Holds nothing personal.

    `ladder` has the rung that it asks for, the top one and whether it presses, by exercise; empty of a plan that was
    kept before levels were.
    """

    __table_args__ = shared("What an exercise asks of anybody, under the digest of its content.")

    digest: str = Field(primary_key=True, max_length=64)
    document: bytes = Field(sa_type=LargeBinary)
    ladder: dict[str, Any] | None = Field(default=None, sa_type=Json)
    created_at: datetime


class PlanExercise(SQLModel, table=True):
    """Which exercises a plan has, so that history can be asked by exercise."""

    __tablename__ = "plan_exercise"
    __table_args__ = shared("It follows from the plans.")

    plan: str = Field(primary_key=True, max_length=64, foreign_key="plan.digest", ondelete="CASCADE")
    exercise: str = Field(primary_key=True, max_length=80, index=True)
    place: int = Field(sa_type=SmallInteger)


class Session(SQLModel, table=True):
    """`started_at`, `recorded_at`, `ended_at` are the client's instants; the `_received_at` are the server's.

    `changes` is what the screening made of the routine, `doses` why each exercise got its dose where the level was left
    to the person's own levels, both as told at the start. `instead_of` is the routine asked for when pain led to the
    gentle one.
    """

    __table_args__ = (
        CheckConstraint("asked_level BETWEEN 0 AND 4 AND level BETWEEN 0 AND 4", name="level_range"),
        CheckConstraint("active_ms IS NULL OR active_ms >= 0", name="active_not_negative"),
        CheckConstraint("effort IS NULL OR effort BETWEEN 0 AND 10", name="effort_range"),
        CheckConstraint("(status = 'active') = (ended_at IS NULL)", name="ended_when_not_active"),
        Index("ix_session_history", "user_id", "started_at", "id"),
        Index("ix_session_changes", "user_id", "revision"),
        personal(
            "sessions",
            "Your sessions: what was planned, what you recorded, how they ended. `plan` names a file under `plans`.",
            withheld=dict.fromkeys(("start_digest", "record_digest", "end_digest"), TELLS_REPEATS),
        ),
    )

    user_id: UUID = person_key()
    id: UUID = Field(primary_key=True)
    revision: int = Field(sa_type=BigInteger)
    status: str = Field(max_length=10)
    routine: str = Field(max_length=80)
    plan: str = Field(max_length=64, foreign_key="plan.digest")
    content_version: str = Field(max_length=64)
    language: str = Field(max_length=35)
    asked_level: int = Field(sa_type=SmallInteger)
    level: int = Field(sa_type=SmallInteger)
    held_because: str | None = Field(default=None, max_length=30)
    changes: list[dict[str, Any]] | None = Field(default=None, sa_type=Json)
    doses: list[dict[str, Any]] | None = Field(default=None, sa_type=Json)
    instead_of: str | None = Field(default=None, max_length=80)
    zone: str = Field(max_length=64)
    started_at: datetime
    local_date: date
    start_received_at: datetime
    start_app: str | None = Field(default=None, max_length=80)
    start_digest: bytes = Field(sa_type=LargeBinary(DIGEST_BYTES))
    touched_at: datetime
    record: dict[str, Any] | None = Field(default=None, sa_type=Json)
    recorded_at: datetime | None = None
    record_received_at: datetime | None = None
    record_app: str | None = Field(default=None, max_length=80)
    record_digest: bytes | None = Field(default=None, sa_type=LargeBinary(DIGEST_BYTES))
    ended_at: datetime | None = None
    end_received_at: datetime | None = None
    end_app: str | None = Field(default=None, max_length=80)
    end_digest: bytes | None = Field(default=None, sa_type=LargeBinary(DIGEST_BYTES))
    reason: str | None = Field(default=None, max_length=20)
    effort: int | None = Field(default=None, sa_type=SmallInteger)
    note: str | None = Field(default=None, max_length=2000)
    active_ms: int | None = Field(default=None, sa_type=BigInteger)
    outcome: dict[str, Any] | None = Field(default=None, sa_type=Json)


class PainRating(SQLModel, table=True):
    """One rating of one place at one moment. `session_id` is empty for one that is of no session.

    One that came on its own has the `digest` of what was sent.
    """

    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint("value BETWEEN 0 AND 10", name="pain_range"),
        ForeignKeyConstraint(
            ["user_id", "session_id"], ["session.user_id", "session.id"], name="rating_of_session", ondelete="CASCADE"
        ),
        Index("ix_rating_session", "user_id", "session_id", "id"),
        Index("ix_rating_at", "user_id", "at"),
        Index("ix_rating_changes", "user_id", "revision", sqlite_where=ON_ITS_OWN, postgresql_where=ON_ITS_OWN),
        personal("ratings", "How much it hurt, where and when.", withheld={"digest": TELLS_REPEATS}),
    )

    user_id: UUID = person_key()
    id: UUID = Field(primary_key=True)
    session_id: UUID | None = None
    moment: str = Field(max_length=15)
    region: str = Field(max_length=20)
    side: str = Field(max_length=5)
    value: int = Field(sa_type=SmallInteger)
    step: str | None = Field(default=None, max_length=160)
    at: datetime
    received_at: datetime
    app: str | None = Field(default=None, max_length=80)
    digest: bytes | None = Field(default=None, sa_type=LargeBinary(DIGEST_BYTES))
    revision: int = Field(sa_type=BigInteger)
