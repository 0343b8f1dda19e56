"""Units of work on tokens: signing in, refreshing, revoking, devices and personal tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row
from uuid_utils.compat import uuid7

from api.accounts import credentials, events
from api.accounts.credentials import Credential
from api.accounts.refusals import AccountMoved, TokenRefused
from api.accounts.service import Lifetimes, Tokens, hold, issue_tokens, keep_tokens
from api.accounts.tokens import Presented, code_digest, digest, mint, minted_at, presented
from api.domain.permission import Scope, SecurityEventKind
from api.tokens import queries
from api.tokens.refusals import DeviceNotFound, TokenNotFound, TooManyTokens

LOST_ANSWER = timedelta(minutes=1)
PERSONAL_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Device:
    """Where somebody signs in: the app as it calls itself, and the name of the device."""

    app: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A device with tokens in force; `current` is the one that asks."""

    id: UUID
    app: str | None
    device: str | None
    created_at: datetime
    last_seen_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class PersonalToken:
    """A token that a person made for another app; its text is there only when it has just been made."""

    id: UUID
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    token: str | None = None


# Signing in


def sign_in(
    db: Connection,
    *,
    known: Credential,
    renewed: str | None,
    device: Device,
    lifetimes: Lifetimes,
    now: datetime,
) -> Tokens | None:
    """Tokens for whoever knew that password; None where it has changed since it was checked.

    `renewed` is the hash at today's cost, to be kept in place of that one. Raises AccountMoved.
    """
    owner = hold(db, user_id=known.user_id)
    if not credentials.is_still(db, user_id=owner, password_hash=known.password_hash):
        return None
    if renewed:
        credentials.renew_hash(db, user_id=owner, password_hash=renewed)
    return welcome(db, user_id=owner, device=device, lifetimes=lifetimes, now=now)


def recover(db: Connection, *, code: str, device: Device, lifetimes: Lifetimes, now: datetime) -> Tokens:
    """Tokens for the account that the recovery code belongs to; raises TokenRefused."""
    user_id = db.execute(queries.RECOVERED, {"digest": code_digest(code)}).scalar_one_or_none()
    if user_id is None:
        raise TokenRefused
    return welcome(db, user_id=hold(db, user_id=user_id), device=device, lifetimes=lifetimes, now=now)


def welcome(db: Connection, *, user_id: UUID, device: Device, lifetimes: Lifetimes, now: datetime) -> Tokens:
    """Tokens of a new family, and the event; a device of an app and name that were there before is not new."""
    asked = {"user_id": user_id, "app": device.app or "", "device": device.name or ""}
    known = db.execute(queries.KNOWN_DEVICE, asked).first()
    kind = SecurityEventKind.SIGNED_IN if known else SecurityEventKind.NEW_DEVICE
    events.note(db, user_id=user_id, kind=kind, app=device.app, about=device.name, now=now)
    return issue_tokens(db, user_id=user_id, app=device.app, device=device.name, lifetimes=lifetimes, now=now)


# Refreshing and signing out


def refresh(db: Connection, *, token: str, lifetimes: Lifetimes, now: datetime) -> Tokens | TokenRefused:
    """A new pair for a refresh token, which is used up by it; raises TokenRefused, or gives it where something is kept.

    For a minute it may be used again: on a bad network the answer gets lost, and the person must not be signed out.
    After that, whoever shows it may have stolen it, and every token of that sign-in is revoked.
    """
    row = shown(db, token)
    if row is None or row.kind != "refresh" or row.revoked_at or row.expires_at <= now:
        raise TokenRefused
    if row.used_at and row.used_at <= now - LOST_ANSWER:
        revoke(db, row.user_id, queries.OF_FAMILY, family=row.family, now=now)
        reused = SecurityEventKind.REFRESH_REUSED
        events.note(db, user_id=row.user_id, kind=reused, app=row.app, about=row.name, now=now)
        return TokenRefused("This refresh token was used before; every token of its sign-in is revoked.")
    end = end_of(db, row, lifetimes)
    if end and end <= now:
        raise TokenRefused("This sign-in has lasted as long as one may; sign in again.")
    if row.used_at is None:
        db.execute(queries.USE_UP, {"user_id_": row.user_id, "digest_": row.digest, "now": now})
    return issue_tokens(
        db,
        user_id=row.user_id,
        family=row.family,
        scopes=tuple(row.scopes.split()),
        app=row.app,
        device=row.name,
        lifetimes=lifetimes,
        now=now,
        end=end,
    )


def end_of(db: Connection, row: Row[Any], lifetimes: Lifetimes) -> datetime | None:
    """When the sign-in of this token is over, however often it is refreshed.

    Never where no address is proved: whoever has lost code and password could not come back.
    """
    kept = credentials.own(db, user_id=row.user_id)
    if kept is None or kept.email_verified_at is None or lifetimes.sign_in is None:
        return None
    return max(minted_at(row.family), kept.changed_at, kept.email_verified_at) + lifetimes.sign_in


def sign_out(db: Connection, *, token: str, now: datetime) -> None:
    """Revokes every token of the sign-in that this one came from, or this personal token. Unknown ones are no error."""
    try:
        row = shown(db, token)
    except TokenRefused:
        return
    if row and not row.revoked_at:
        revoke(db, row.user_id, queries.OF_FAMILY, family=row.family, now=now)
        kind = SecurityEventKind.TOKEN_REVOKED if row.kind == "personal" else SecurityEventKind.SIGNED_OUT
        events.note(db, user_id=row.user_id, kind=kind, app=row.app, about=row.name, now=now)


def shown(db: Connection, token: str) -> Row[Any] | None:
    """The row of a token that somebody shows, its person's row held. Raises TokenRefused where nobody has that id."""
    claimed = presented(token)
    if claimed is None:
        return None
    try:
        owner = hold(db, user_id=claimed.user_id)
    except AccountMoved as gone:
        raise TokenRefused from gone
    return find(db, user_id=owner, token=claimed)


def find(db: Connection, *, user_id: UUID, token: Presented) -> Row[Any] | None:
    return db.execute(queries.SHOWN, {"user_id": user_id, "digest": token.digest}).one_or_none()


def revoke(
    db: Connection, user_id: UUID, which: ColumnElement[bool], *, family: UUID, now: datetime
) -> Sequence[str | None]:
    """What those that were not revoked before are called, each; `which` chooses by the family."""
    statement = queries.REVOKE.where(which).values(revoked_at=now).returning(queries.tokens.c.name)
    return db.execute(statement, {"user_id_": user_id, "family_": family}).scalars().all()


def revoke_others(db: Connection, *, user_id: UUID, token: Presented, now: datetime) -> None:
    """Signs every other device out and revokes every personal token; only the sign-in of this token stays."""
    row = find(db, user_id=user_id, token=token)
    revoke(db, user_id, queries.OF_OTHERS, family=row.family if row else user_id, now=now)


def revoke_all(db: Connection, *, user_id: UUID, now: datetime) -> None:
    db.execute(queries.REVOKE.values(revoked_at=now), {"user_id_": user_id})


# Devices


def list_devices(db: Connection, *, user_id: UUID, token: Presented, now: datetime) -> list[SignedIn]:
    """The one seen last first."""
    rows = db.execute(queries.DEVICES, {"user_id": user_id, "now": now})
    asking = find(db, user_id=user_id, token=token)
    return [SignedIn(**row._asdict(), current=asking is not None and row.id == asking.family) for row in rows]


def revoke_device(db: Connection, *, user_id: UUID, app: str | None, device: UUID, now: datetime) -> None:
    """Signs a device out. Raises DeviceNotFound where none of that id is signed in."""
    hold(db, user_id=user_id)
    if not (names := revoke(db, user_id, queries.OF_FAMILY & queries.OF_DEVICE, family=device, now=now)):
        raise DeviceNotFound
    events.note(db, user_id=user_id, kind=SecurityEventKind.DEVICE_REVOKED, app=app, about=names[0], now=now)


# Personal tokens


def make_token(
    db: Connection,
    *,
    user_id: UUID,
    app: str | None,
    name: str,
    scopes: Sequence[Scope],
    lifetime: timedelta,
    now: datetime,
) -> PersonalToken:
    """A token for another app. Raises TooManyTokens."""
    hold(db, user_id=user_id)
    if len(list_tokens(db, user_id=user_id, now=now)) >= PERSONAL_AT_MOST:
        raise TooManyTokens
    text, reach = mint(user_id), tuple(sorted(set(scopes)))
    made = PersonalToken(uuid7(), name, reach, now, now + lifetime, token=text)
    whose = {"user_id": user_id, "digest": digest(text), "kind": "personal", "family": made.id}
    known = {"scopes": " ".join(reach), "app": name, "name": name}
    keep_tokens(db, [{**whose, **known, "created_at": now, "expires_at": made.expires_at}])
    events.note(db, user_id=user_id, kind=SecurityEventKind.TOKEN_MADE, app=app, about=name, now=now)
    return made


def list_tokens(db: Connection, *, user_id: UUID, now: datetime) -> list[PersonalToken]:
    """The personal tokens in force, the newest first."""
    rows = db.execute(queries.PERSONAL, {"user_id": user_id, "now": now})
    return [
        PersonalToken(row.family, row.name, tuple(row.scopes.split()), row.created_at, row.expires_at, row.last_used_at)
        for row in rows
    ]


def revoke_token(db: Connection, *, user_id: UUID, app: str | None, token_id: UUID, now: datetime) -> None:
    """Raises TokenNotFound where no personal token of that id is in force."""
    hold(db, user_id=user_id)
    if not (names := revoke(db, user_id, queries.OF_FAMILY & queries.OF_PERSON, family=token_id, now=now)):
        raise TokenNotFound
    events.note(db, user_id=user_id, kind=SecurityEventKind.TOKEN_REVOKED, app=app, about=names[0], now=now)
