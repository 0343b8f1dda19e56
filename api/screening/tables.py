"""A person's safety answers, and how they stand. Answers are health data, kept under that consent only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from api.db.columns import Json, person_key, personal


class ScreeningAnswers(SQLModel, table=True):
    """The questionnaire as it was answered once, against which version of it and of the content; never changed."""

    __tablename__ = "screening_answers"
    __table_args__ = personal("screening_answers", "The safety questions as you answered them, each time.")

    user_id: UUID = person_key()
    id: UUID = Field(primary_key=True)
    revision: int = Field(sa_type=BigInteger)
    questionnaire_version: str = Field(max_length=20)
    content_version: str = Field(max_length=64)
    answers: dict[str, Any] = Field(sa_type=Json)
    red_flags: list[str] = Field(sa_type=Json)
    answered_at: datetime
    received_at: datetime
    app: str | None = Field(default=None, max_length=80)


class Screening(SQLModel, table=True):
    """One row of a person: which answers count, and what happened since. Instants are those of the events.

    A lock needs no answers: a red flag locks whoever reports it.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "answers_id"],
            ["screening_answers.user_id", "screening_answers.id"],
            name="screening_of_answers",
            ondelete="CASCADE",
        ),
        personal("screening", "Which of your safety answers count, and what happened since."),
    )

    user_id: UUID = person_key()
    revision: int = Field(sa_type=BigInteger)
    answers_id: UUID | None = None
    confirmed_at: datetime | None = None
    session_at: datetime | None = None
    new_at: datetime | None = None
    locked_at: datetime | None = None
    settled_at: datetime | None = None
    changed_at: datetime
    app: str | None = Field(default=None, max_length=80)
