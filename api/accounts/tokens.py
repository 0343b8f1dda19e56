"""Opaque tokens `uk_<user>_<secret>` and recovery codes; only their digests are ever stored."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

SECRET_BYTES = 32
TOKEN = re.compile(r"uk_([0-9a-f]{32})_[A-Za-z0-9_-]{43}")
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_GROUPS, CODE_GROUP_LENGTH = 5, 5
CODE_PATTERN = r"^([0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{5}-){4}[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{5}$"


@dataclass(frozen=True, slots=True)
class Presented:
    """A token somebody showed: whose it says it is, and its digest. Nothing is proved yet."""

    user_id: UUID
    digest: bytes


def mint(user_id: UUID) -> str:
    return f"uk_{user_id.hex}_{secrets.token_urlsafe(SECRET_BYTES)}"


def mint_recovery_code() -> str:
    """125 bits in letters and digits that are not mistaken for one another, in groups a person can copy."""
    groups = ("".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_GROUP_LENGTH)) for _ in range(CODE_GROUPS))
    return "-".join(groups)


def minted_at(family: UUID) -> datetime:
    """When a sign-in began, which its id tells: it is a UUID of version 7."""
    return datetime.fromtimestamp((family.int >> 80) / 1000, UTC)


def presented(text: str) -> Presented | None:
    match = TOKEN.fullmatch(text)
    return Presented(UUID(match[1]), digest(text)) if match else None


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


def code_digest(code: str) -> bytes:
    """People type codes in small letters too."""
    return digest(code.upper())
