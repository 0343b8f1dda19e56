"""Units of work on e-mail and password. Hashing is none of their business: it takes longer than a transaction may."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from api.accounts import queries
from api.accounts.passwords import normalised
from api.accounts.tokens import code_digest, digest, mint_recovery_code

CODE_LIFE = timedelta(minutes=30)
RESET, VERIFY, MOVE = "reset", "verify", "move"
"""What a code may be sent for."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An address, and the hash of the password that goes with it."""

    email: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class Credential:
    """How a person signs in; `email` as it was typed."""

    user_id: UUID
    email: str
    password_hash: str
    email_verified_at: datetime | None
    changed_at: datetime


def find(db: Connection, *, email: str) -> Credential | None:
    """The credential of whoever has this address."""
    row = db.execute(queries.CREDENTIAL_BY_EMAIL, {"email": normalised(email)}).one_or_none()
    return Credential(**row._asdict()) if row else None


def own(db: Connection, *, user_id: UUID) -> Credential | None:
    """The person's credential; a guest has none."""
    row = db.execute(queries.CREDENTIAL, {"user_id": user_id}).one_or_none()
    return Credential(**row._asdict()) if row else None


def claim(db: Connection, *, user_id: UUID, wanted: Claim, now: datetime) -> bool:
    """Gives the person, whose row is held, this address and password; False where somebody has the address."""
    address = {"email": normalised(wanted.email), "user_id": user_id}
    if not db.execute(queries.CLAIM_EMAIL, address).rowcount:
        return False
    row = {"user_id": user_id, "email": wanted.email, "password_hash": wanted.password_hash, "changed_at": now}
    db.execute(queries.INSERT_CREDENTIAL, row)
    return True


def is_still(db: Connection, *, user_id: UUID, password_hash: str) -> bool:
    """Whether the hash that a password was checked against is the one that counts."""
    kept = own(db, user_id=user_id)
    return kept is not None and kept.password_hash == password_hash


def set_password(db: Connection, *, user_id: UUID, password_hash: str, now: datetime) -> None:
    """Takes the place of the password before; a code that was sent to reset that one is void."""
    db.execute(queries.CHANGE_CREDENTIAL, {"user_id_": user_id, "password_hash": password_hash, "changed_at": now})
    db.execute(queries.DROP_CODE, {"user_id": user_id, "purpose": RESET})


def renew_hash(db: Connection, *, user_id: UUID, password_hash: str) -> None:
    db.execute(queries.RENEW_HASH, {"user_id_": user_id, "hash_": password_hash})


def move(db: Connection, *, user_id: UUID, email: str, now: datetime) -> bool:
    """Gives the person, whose row is held, this address, proved, in place of the one before; False where it is taken.

    Codes that went to the one before are void.
    """
    address = {"email": normalised(email), "user_id": user_id}
    if not db.execute(queries.CLAIM_EMAIL, address).rowcount:
        holder = find(db, email=email)
        if holder is None or holder.user_id != user_id:
            return False
    db.execute(queries.DROP_OTHER_EMAILS, address)
    db.execute(queries.MOVE_CREDENTIAL, {"user_id_": user_id, "email_": email, "now": now})
    for purpose in (RESET, VERIFY):
        db.execute(queries.DROP_CODE, {"user_id": user_id, "purpose": purpose})
    return True


def make_code(db: Connection, *, user_id: UUID, purpose: str, now: datetime, email: str = "") -> str:
    """A code to be mailed, which takes the place of the one before it; with an address it proves that one only."""
    code = mint_recovery_code()
    kept = {"user_id": user_id, "purpose": purpose, "digest": digest_for(code, email), "expires_at": now + CODE_LIFE}
    db.execute(queries.KEEP_CODE, kept)
    return code


def use_code(db: Connection, *, user_id: UUID, purpose: str, code: str, now: datetime, email: str = "") -> bool:
    """Whether it was the person's code for that purpose, and address, and in time; then it is used up."""
    asked = {"user_id": user_id, "purpose": purpose, "digest": digest_for(code, email), "now": now}
    return bool(db.execute(queries.USE_CODE, asked).rowcount)


def digest_for(code: str, email: str) -> bytes:
    return digest(f"{code.upper()} {normalised(email)}") if email else code_digest(code)


def verify_email(db: Connection, *, user_id: UUID, now: datetime) -> None:
    """States that letters to the address reach the person; the first time counts."""
    db.execute(queries.VERIFY_EMAIL, {"user_id_": user_id, "now": now})
