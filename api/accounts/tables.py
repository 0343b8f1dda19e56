"""Accounts and what hangs on them. Every row of a person begins with `user_id`, in its key and in every index."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from api.db.columns import Json, person_key, personal

DIGEST_BYTES = 32
DIGEST_WITHHELD = "It says nothing, and whoever has the secret has no need of it."


class Account(SQLModel, table=True):
    """`revision` counts this person's writes; each changed row carries the one it was changed by.

    `consents` are the ids of those in force, separated by spaces; the rows of `consent` tell when and how.
    """

    __table_args__ = (
        CheckConstraint("revision >= 1", name="revision_counts"),
        CheckConstraint("weekly_target BETWEEN 1 AND 21", name="weekly_target_range"),
        CheckConstraint("day_cutoff_min BETWEEN 0 AND 720", name="day_cutoff_range"),
        personal("account", "Your account and its settings.", lists=["consents"]),
    )

    id: UUID = Field(primary_key=True)
    revision: int = Field(sa_type=BigInteger)
    created_at: datetime
    app: str | None = Field(default=None, max_length=80)
    zone: str = Field(max_length=64)
    language: str = Field(max_length=35)
    weekly_target: int
    day_cutoff_min: int
    consents: str = Field(max_length=200)


class Token(SQLModel, table=True):
    """A token is known by the digest of its text only. `family` joins those that came from one sign-in.

    `name` is the device's, or a personal token's; `last_used_at` is kept of personal tokens, to the minute.
    """

    __table_args__ = (
        Index("ix_token_family", "user_id", "family"),
        personal(
            "tokens",
            "When, where and by which app you were signed in, and what each token may do.",
            withheld={"digest": DIGEST_WITHHELD},
            lists=["scopes"],
        ),
    )

    user_id: UUID = person_key()
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary(DIGEST_BYTES))
    kind: str = Field(max_length=10)
    family: UUID
    scopes: str = Field(max_length=200)
    app: str | None = Field(default=None, max_length=80)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None
    name: str | None = Field(default=None, max_length=80)
    last_used_at: datetime | None = None


class EmailAddress(SQLModel, table=True):
    """Whose an e-mail address is, as `normalised` writes it; unique over all people, hence without a foreign key."""

    __tablename__ = "email_address"
    __table_args__ = personal("email_addresses", "Your address as you are known by it.")

    email: str = Field(primary_key=True, max_length=800)
    user_id: UUID = Field(index=True)


class Credential(SQLModel, table=True):
    """How a person signs in. `email` stands as it was typed, for letters."""

    __table_args__ = personal(
        "credentials",
        "Your e-mail address, when it was confirmed, and when your password was changed last.",
        withheld={"password_hash": "Whoever has it can try passwords against it."},
    )

    user_id: UUID = person_key()
    email: str = Field(max_length=254)
    password_hash: str = Field(max_length=200)
    email_verified_at: datetime | None = None
    changed_at: datetime


class MailedCode(SQLModel, table=True):
    """A code that was sent to an address for one purpose. It goes when it is used."""

    __tablename__ = "mailed_code"
    __table_args__ = personal(
        "mailed_codes",
        "What codes were sent to you for, and until when they work.",
        withheld={"digest": DIGEST_WITHHELD},
    )

    user_id: UUID = person_key()
    purpose: str = Field(primary_key=True, max_length=20)
    digest: bytes = Field(sa_type=LargeBinary(DIGEST_BYTES))
    expires_at: datetime


class AccountAlias(SQLModel, table=True):
    """The id of an account that became part of another, whose tokens act there since; `outcome` as it was answered."""

    __tablename__ = "account_alias"
    __table_args__ = personal("joined_accounts", "Guest accounts that became a part of yours, and what came of it.")

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(index=True)
    united_at: datetime
    outcome: dict[str, Any] = Field(sa_type=Json)


class SecurityEvent(SQLModel, table=True):
    """What happened to the account; `about` names the device or token. Addresses are not kept."""

    __tablename__ = "security_event"
    __table_args__ = personal(
        "security_events", "Sign-ins, new devices, tokens, changes of your password, and the like."
    )

    user_id: UUID = person_key()
    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=20)
    at: datetime
    app: str | None = Field(default=None, max_length=80)
    about: str | None = Field(default=None, max_length=80)


class RecoveryCode(SQLModel, table=True):
    """Unique over all people, hence a look-up table by itself, without a foreign key."""

    __tablename__ = "recovery_code"
    __table_args__ = personal(
        "recovery_codes", "When your recovery code was made.", withheld={"digest": DIGEST_WITHHELD}
    )

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary(DIGEST_BYTES))
    user_id: UUID = Field(index=True)
    created_at: datetime


class ConsentGiven(SQLModel, table=True):
    """That a person agreed, to which version of which text, when and through which app; kept when withdrawn."""

    __tablename__ = "consent"
    __table_args__ = personal("consents", "What you agreed to, when, by which app, and when you took it back.")

    user_id: UUID = person_key()
    id: UUID = Field(primary_key=True)
    consent: str = Field(max_length=40)
    given_at: datetime
    withdrawn_at: datetime | None = None
    app: str | None = Field(default=None, max_length=80)
    revision: int = Field(sa_type=BigInteger)


class Tombstone(SQLModel, table=True):
    """What was deleted, so that other devices hear of it and the id answers `gone`."""

    __table_args__ = (
        Index("ix_tombstone_changes", "user_id", "revision"),
        personal("deleted", "Ids of what you deleted, kept so that your other devices hear of it."),
    )

    user_id: UUID = person_key()
    kind: str = Field(primary_key=True, max_length=20)
    id: UUID = Field(primary_key=True)
    deleted_at: datetime
    revision: int = Field(sa_type=BigInteger)
