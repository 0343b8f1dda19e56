"""Quiet notices inside the app. Each is named by what it is about, so that none comes twice."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid5

EXPIRES_SOON_DAYS = 7
"""A notice of the screening's end comes so many days before; ours."""
NAMESPACE = UUID("5f0c2a52-0d0e-4c55-9b1d-7a6e3f4c8d21")
"""Of the ids; part of the contract, since a phone without a network names notices by the same rule."""


class NoticeKind(StrEnum):
    LEVEL_RAISED = "level-raised"
    WEEK_REACHED = "week-reached"
    SCREENING_EXPIRES = "screening-expires"


@dataclass(frozen=True, slots=True)
class Notice:
    """Shown on the person's own days from the first to the last, both included, unless it was put away.

    `about` is the exercise that rises, the Monday of the week reached, or the last day on which the answers count, by
    UTC. `rung` is that of the level raised, `sessions` those that it rests on.
    """

    kind: NoticeKind
    about: str
    first_day: date
    last_day: date
    rung: int | None = None
    sessions: tuple[UUID, ...] = ()

    @property
    def id(self) -> UUID:
        """The same for the same thing, whoever works it out and when; nobody else's, for a person's own list."""
        told = (self.kind, self.about, str(self.rung or ""), *map(str, self.sessions))
        return uuid5(NAMESPACE, "/".join(told))

    @property
    def exercise(self) -> str | None:
        return self.about if self.kind is NoticeKind.LEVEL_RAISED else None

    @property
    def day(self) -> date:
        """On which the level rose, or the last one of the week or of the answers."""
        return self.first_day if self.exercise else self.last_day

    def is_shown_on(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day
