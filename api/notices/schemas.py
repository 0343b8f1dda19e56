"""Notices on the wire."""

from datetime import date
from uuid import UUID

from pydantic import Field

from api.catalogue.schemas import Named, Spoken
from api.domain.notices import NoticeKind
from api.web.wire import Output


class Notice(Output):
    """Something to show once, quietly, inside the app."""

    id: UUID = Field(description="The same as long as it is about the same, on every device.")
    kind: NoticeKind
    text: str
    day: date = Field(description="Today, the last day of the week reached, or the last day of the answers.")
    exercise: Named | None = Field(default=None, description="The one whose level is raised.")
    rung: int | None = None
    sessions: list[UUID] = Field(description="Those that it rests on.")


class Notices(Spoken):
    """Those that hold now and were not put away."""

    items: list[Notice]
    none_new: bool = Field(description="Whether there is nothing to show: say so where a list would be.")
