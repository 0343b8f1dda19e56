"""What the phones know: every write that was acknowledged, as it was sent and as it was answered.

The log lives in the clients' process and never asks the server, so it can be held against what the server says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Json = dict[str, Any]


@dataclass
class KnownSession:
    """`said` is what the state must show because the phone sent it, `answer` the state as last acknowledged."""

    said: Json
    answer: Json
    deleted: bool = False

    @property
    def completed(self) -> bool:
        return not self.deleted and self.answer["status"] == "completed"


@dataclass
class KnownPerson:
    id: UUID
    headers: dict[str, str]
    sessions: dict[str, KnownSession] = field(default_factory=dict)

    def completed(self) -> Iterator[KnownSession]:
        return (session for session in self.sessions.values() if session.completed)


@dataclass
class Log:
    """`surprises` are answers that no client may get; `found_done` counts starts kept without a word to the client.

    Of those `unanswered`, `unconnected` never reached a server; `refused` got a 503. All were repeated.
    """

    people: list[KnownPerson] = field(default_factory=list)
    acknowledged: int = 0
    unanswered: int = 0
    unconnected: int = 0
    refused: int = 0
    unanswered_sign_ups: int = 0
    sent_again_by_others: bool = False
    """A proxy repeats requests by itself: what a phone takes for new may be there already."""
    found_done: int = 0
    surprises: list[str] = field(default_factory=list)

    def sessions(self) -> Iterator[tuple[tuple[UUID, UUID], KnownSession]]:
        """By person and id."""
        for person in self.people:
            for session_id, session in person.sessions.items():
                yield (person.id, UUID(session_id)), session
