"""The safety questionnaire as a file states it: plain questions, each standing for contraindications."""

from collections.abc import Collection
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.domain.caution import Review
from api.domain.dose import Located, Sourced
from api.domain.value import Slug, Tag, Text, Value, Version


class Answer(StrEnum):
    """What was answered; a question that is open has none."""

    YES = "yes"
    NO = "no"


class Question(Located):
    """One question, to be answered yes or no. Its id always means the same question."""

    id: Slug
    text: Text
    tags: Annotated[tuple[Tag, ...], Field(min_length=1, description="What a yes stands for.")]
    asks_first: bool = Field(default=False, description="A yes means: ask a professional before any exercise.")
    red_flag: Slug | None = Field(None, description="The sign of the red-flag card that a yes states.")


class Expiry(Sourced):
    """After how many days without a session the answers are to be given again."""

    idle_days: Annotated[int, Field(ge=1, le=365)]


class Questionnaire(Value):
    """All questions, in order, and the one question that is enough while they are fresh.

    A new minor version adds questions, which are then open for everybody; a new major version is asked from the start.
    """

    version: Version
    introduction: Text
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    anything_new: Text
    expiry: Expiry
    review: Review

    @property
    def major(self) -> str:
        """What must agree for answers to count."""
        return self.version.partition(".")[0]

    def fits(self, version: str) -> bool:
        """Whether answers to that version still count."""
        return version.partition(".")[0] == self.major

    def unanswered(self, answered: Collection[str]) -> tuple[str, ...]:
        """The questions that are open, in order."""
        return tuple(question.id for question in self.questions if question.id not in answered)
