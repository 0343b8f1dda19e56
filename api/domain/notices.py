"""Quiet notices inside the app. Each is named by what it is about, so that none comes twice."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid5

EXPIRES_SOON_DAYS = 7
"""A notice of the screening's end comes so many days before; ours."""


class NoticeKind(StrEnum):
    LEVEL_RAISED = "level-raised"
    WEEK_REACHED = "week-reached"
    SCREENING_EXPIRES = "screening-expires"


@dataclass(frozen=True, slots=True)
class Notice:
    """`about` is the exercise that rose, the Monday of the week reached, or the last day on which the answers count.

    `rung` is that of a level raised, `sessions` those that it rests on.
    """

    kind: NoticeKind
    about: str
    day: date
    rung: int | None = None
    sessions: tuple[UUID, ...] = ()

    def id_for(self, user_id: UUID) -> UUID:
        """The same for the same person and thing, whoever works it out and when."""
        told = (self.kind, self.about, str(self.rung or ""), *map(str, self.sessions))
        return uuid5(user_id, "/".join(told))
