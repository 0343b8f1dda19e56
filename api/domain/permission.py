"""What a token may do, and what a person has agreed to."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Scope(StrEnum):
    """A token's reach. A person's own device has all of them; other apps get what the person picks."""

    SESSIONS_READ = "sessions:read"
    SESSIONS_WRITE = "sessions:write"
    PROGRESS_READ = "progress:read"
    PROFILE_READ = "profile:read"
    PROFILE_WRITE = "profile:write"


class Consent(StrEnum):
    """A purpose with the version of the text that was agreed to."""

    HEALTH_DATA_1 = "health-data@1"


@dataclass(frozen=True, slots=True)
class ConsentText:
    purpose: str
    version: int
    text: str


CONSENT_TEXTS = MappingProxyType(
    {
        Consent.HEALTH_DATA_1: ConsentText(
            purpose="health-data",
            version=1,
            text=(
                "Unknot may keep what I say about my health: pain ratings, notes and safety answers. They are used "
                "to show me my own progress and to keep my exercises safe, and for nothing else. I can take this "
                "back at any time: from then on nothing more of it is kept, and what is kept goes when I delete the "
                "session that it belongs to."
            ),
        )
    }
)

HEALTH_DATA = frozenset(consent for consent, text in CONSENT_TEXTS.items() if text.purpose == "health-data")
