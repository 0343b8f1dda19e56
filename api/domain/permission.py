"""What a token may do, and what a person has agreed to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class Scope(StrEnum):
    """A token's reach. A person's own device has all of them; other apps get what the person picks."""

    SESSIONS_READ = "sessions:read"
    SESSIONS_WRITE = "sessions:write"
    PROGRESS_READ = "progress:read"
    PROFILE_READ = "profile:read"
    PROFILE_WRITE = "profile:write"


class SecurityEventKind(StrEnum):
    """What happened to an account that its owner should be able to look up."""

    SIGNED_IN = "signed_in"
    NEW_DEVICE = "new_device"
    SIGNED_OUT = "signed_out"
    DEVICE_REVOKED = "device_revoked"
    TOKEN_MADE = "token_made"  # noqa: S105 - the name of an event
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - the name of an event
    REFRESH_REUSED = "refresh_reused"
    CREDENTIALS_ADDED = "credentials_added"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of an event
    RECOVERY_CODE_MADE = "recovery_code_made"
    EMAIL_VERIFIED = "email_verified"
    EMAIL_CHANGED = "email_changed"
    ACCOUNTS_UNITED = "accounts_united"


class Consent(StrEnum):
    """A purpose with the version of the text that was agreed to."""

    HEALTH_DATA_1 = "health-data@1"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A consent as it was given once, and when it was taken back."""

    consent: str
    given_at: datetime
    withdrawn_at: datetime | None


def in_force(agreements: Iterable[Agreement]) -> frozenset[str]:
    """The consents of which the last thing said is that they are given; taken back at the same instant they are not."""
    agreements = tuple(agreements)
    taken_back = [(a.consent, a.withdrawn_at) for a in agreements if a.withdrawn_at]
    standing = [a for a in agreements if a.withdrawn_at is None]
    return frozenset(
        a.consent for a in standing if all(a.given_at > at for consent, at in taken_back if consent == a.consent)
    )


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
                "back at any time: from then on nothing more of it is kept, and what was kept of it is deleted."
            ),
        )
    }
)

HEALTH_DATA = frozenset(consent for consent, text in CONSENT_TEXTS.items() if text.purpose == "health-data")
