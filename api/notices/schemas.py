"""Notices on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.catalogue.schemas import Named, Spoken
from api.domain.notices import NAMESPACE, NoticeKind
from api.web.wire import Output

NoticeId = Annotated[
    UUID,
    Field(
        description="The same as long as it is about the same, on every device, with or without a network: the UUID "
        f"v5 in the namespace `{NAMESPACE}` of kind, what it is about, rung and sessions, joined by `/`. It is about "
        "the exercise, the Monday of the week, or the last day of the answers by UTC; the rung is empty but for a "
        "level that rises."
    ),
]
FirstDay = Annotated[date, Field(description="Of the person's own days on which it is to be shown.")]
LastDay = Annotated[date, Field(description="Included; after it there is nothing to say any more.")]

SESSIONS = "The three on which the rise of a level rests; of a week, `GET /v1/me/progress` names them."


class NoticeKept(Output):
    """A notice as a phone keeps it. Its text is in `codes.notice` of the vocabulary."""

    id: NoticeId
    kind: NoticeKind
    first_day: FirstDay
    last_day: LastDay
    exercise: str | None = Field(default=None, description="The one whose level rises.")
    rung: int | None = None
    sessions: list[UUID] = Field(description=SESSIONS)


class Notice(Output):
    """Something to show once, quietly, inside the app."""

    id: NoticeId
    kind: NoticeKind
    text: str
    day: date = Field(description="On which the level rose, or the last day of the week reached, or of the answers.")
    first_day: FirstDay
    last_day: LastDay
    exercise: Named | None = Field(default=None, description="The one whose level is raised.")
    rung: int | None = None
    sessions: list[UUID] = Field(description=SESSIONS)


class Notices(Spoken):
    """Those that hold now and were not put away."""

    items: list[Notice]
    none_new: bool = Field(description="Whether there is nothing to show: say so where a list would be.")
