"""Units of work on accounts: who calls, what they agreed to, and the revision that orders a person's writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row
from uuid_utils.compat import uuid7

from api.accounts import queries
from api.accounts.refusals import ConsentRequired, ScopeMissing, TokenRefused
from api.accounts.tokens import code_digest, digest, mint, mint_recovery_code, presented
from api.adherence import service as adherence
from api.db.changes import After, Changed, asked
from api.domain.errors import Unauthenticated
from api.domain.permission import HEALTH_DATA, Consent, Scope
from api.domain.practice import local_date

LOST_ANSWER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    access: timedelta
    refresh: timedelta


@dataclass(frozen=True, slots=True)
class Tokens:
    access_token: str
    refresh_token: str
    access_expires_at: datetime
    refresh_expires_at: datetime
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """An account with the consents in force."""

    id: UUID
    revision: int
    created_at: datetime
    app: str | None
    zone: str
    language: str
    weekly_target: int
    day_cutoff_min: int
    consents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    account: Person
    tokens: Tokens
    recovery_code: str


@dataclass(frozen=True, slots=True)
class Identity:
    user_id: UUID
    app: str | None


def identify(db: Connection, *, user_id: UUID, token: bytes, scope: Scope, now: datetime) -> Identity:
    """Whom an access token proves; raises Unauthenticated, the same for every reason, or ScopeMissing."""
    row = queries.TOKEN.one_or_none(db, {"user_id": user_id, "digest": token})
    if row is None or row.kind != "access" or row.revoked_at or row.expires_at <= now:
        raise Unauthenticated
    if scope not in row.scopes.split():
        raise ScopeMissing(f"The token lacks the scope `{scope}`.")
    return Identity(user_id, row.app)


def next_revision(db: Connection, *, user_id: UUID) -> Row[Any]:
    """Locks the person's row until the commit and gives it with its new revision.

    Every unit that writes for a person calls this first: it puts rival writes of one person in order. Raises
    Unauthenticated when the person was erased after the token was looked at.
    """
    person = queries.NEXT_REVISION.one_or_none(db, {"user_id": user_id})
    if person is None:
        raise Unauthenticated
    return person


def open_guest(
    db: Connection,
    *,
    settings: Mapping[str, Any],
    consents: Sequence[Consent],
    app: str | None,
    lifetimes: Lifetimes,
    now: datetime,
) -> Opened:
    """A new account without personal data; its tokens and its recovery code are given out this once."""
    user_id = uuid7()
    code = mint_recovery_code()
    agreed = sorted(set(consents))
    row = {"id": user_id, "revision": 1, "created_at": now, "app": app, "consents": " ".join(agreed), **settings}
    db.execute(queries.INSERT_ACCOUNT, row)
    db.execute(queries.INSERT_RECOVERY_CODE, {"digest": code_digest(code), "user_id": user_id, "created_at": now})
    for consent in agreed:
        note_consent(db, user_id=user_id, consent=consent, app=app, revision=1, now=now)
    tokens = issue_tokens(
        db, user_id=user_id, family=uuid7(), scopes=tuple(Scope), app=app, lifetimes=lifetimes, now=now
    )
    return Opened(read_person(db, user_id=user_id), tokens, code)


def issue_tokens(
    db: Connection,
    *,
    user_id: UUID,
    family: UUID,
    scopes: tuple[str, ...],
    app: str | None,
    lifetimes: Lifetimes,
    now: datetime,
) -> Tokens:
    tokens = Tokens(mint(user_id), mint(user_id), now + lifetimes.access, now + lifetimes.refresh, scopes)
    shared = {"user_id": user_id, "family": family, "scopes": " ".join(scopes), "app": app, "created_at": now}
    access = {"kind": "access", "digest": digest(tokens.access_token), "expires_at": tokens.access_expires_at}
    refresh = {"kind": "refresh", "digest": digest(tokens.refresh_token), "expires_at": tokens.refresh_expires_at}
    db.execute(queries.INSERT_TOKENS, [shared | access, shared | refresh])
    return tokens


def recover(db: Connection, *, code: str, app: str | None, lifetimes: Lifetimes, now: datetime) -> Tokens:
    """Tokens for the account that the recovery code belongs to; raises TokenRefused."""
    user_id = db.execute(queries.RECOVERED, {"digest": code_digest(code)}).scalar_one_or_none()
    if user_id is None:
        raise TokenRefused
    return issue_tokens(db, user_id=user_id, family=uuid7(), scopes=tuple(Scope), app=app, lifetimes=lifetimes, now=now)


def refresh(db: Connection, *, token: str, lifetimes: Lifetimes, now: datetime) -> Tokens:
    """A new pair for a refresh token, which is used up by it; raises TokenRefused.

    For a minute it may be used again: on a bad network the answer gets lost, and the person must not be signed out.
    """
    shown = presented(token)
    if shown is None:
        raise TokenRefused
    key = {"user_id_": shown.user_id, "digest_": shown.digest, "now": now, "lost_since": now - LOST_ANSWER}
    row = db.execute(queries.USE_TOKEN, key).one_or_none()
    if row is None:
        raise TokenRefused
    scopes = tuple(row.scopes.split())
    return issue_tokens(
        db, user_id=shown.user_id, family=row.family, scopes=scopes, app=row.app, lifetimes=lifetimes, now=now
    )


def read_settings(db: Connection, *, user_id: UUID) -> Row[Any]:
    """The account's row, without its consents."""
    return db.execute(queries.ACCOUNT, {"user_id": user_id}).one()


def read_person(db: Connection, *, user_id: UUID) -> Person:
    row = read_settings(db, user_id=user_id)._asdict()
    return Person(**{**row, "consents": tuple(row["consents"].split())})


def list_people(db: Connection) -> list[UUID]:
    return list(db.execute(queries.PEOPLE).scalars())


def change_person(
    db: Connection, *, user_id: UUID, app: str | None, changes: Mapping[str, Any], now: datetime
) -> Person:
    """`app` is the caller's and is not kept: it is the account's that tells where the account came from.

    A new weekly target counts from this week on.
    """
    del app
    if changes:
        before = next_revision(db, user_id=user_id)
        db.execute(queries.CHANGE_ACCOUNT.values(**changes), {"user_id_": user_id})
        target = changes.get("weekly_target", before.weekly_target)
        if target != before.weekly_target:
            today = local_date(now, before.zone, before.day_cutoff_min)
            adherence.aim(
                db,
                user_id=user_id,
                revision=before.revision,
                day=today,
                before=before.weekly_target,
                target=target,
            )
    return read_person(db, user_id=user_id)


def give_consent(db: Connection, *, user_id: UUID, app: str | None, consent: Consent, now: datetime) -> Person:
    """Agreeing again changes nothing: the first time counts."""
    person = next_revision(db, user_id=user_id)
    in_force = set(person.consents.split())
    if consent not in in_force:
        put_in_force(db, user_id=user_id, consents={*in_force, consent})
        note_consent(db, user_id=user_id, consent=consent, app=app, revision=person.revision, now=now)
    return read_person(db, user_id=user_id)


def withdraw_consent(db: Connection, *, user_id: UUID, app: str | None, consent: Consent, now: datetime) -> Person:
    """From now on nothing more is kept under it. Withdrawing what was never given changes nothing."""
    del app
    person = next_revision(db, user_id=user_id)
    put_in_force(db, user_id=user_id, consents=set(person.consents.split()) - {consent})
    row = {"user_id_": user_id, "consent_": consent, "now": now, "revision_": person.revision}
    db.execute(queries.WITHDRAW_CONSENT, row)
    return read_person(db, user_id=user_id)


def put_in_force(db: Connection, *, user_id: UUID, consents: set[str]) -> None:
    db.execute(queries.CHANGE_ACCOUNT.values(consents=" ".join(sorted(consents))), {"user_id_": user_id})


def note_consent(
    db: Connection, *, user_id: UUID, consent: Consent, app: str | None, revision: int, now: datetime
) -> None:
    row = {"user_id": user_id, "id": uuid7(), "consent": consent, "given_at": now, "app": app, "revision": revision}
    db.execute(queries.INSERT_CONSENT, row)


def has_health_consent(person: Row[Any]) -> bool:
    """Whether the person, as `next_revision` gave them, agreed to a health-data text."""
    return not HEALTH_DATA.isdisjoint(person.consents.split())


def require_health_consent(person: Row[Any]) -> None:
    """Raises ConsentRequired."""
    if not has_health_consent(person):
        raise ConsentRequired


def bury(db: Connection, *, user_id: UUID, kind: str, row_id: UUID, revision: int, now: datetime) -> None:
    row = {"user_id": user_id, "kind": kind, "id": row_id, "deleted_at": now, "revision": revision}
    db.execute(queries.INSERT_TOMBSTONE, row)


def is_buried(db: Connection, *, user_id: UUID, kind: str, row_id: UUID) -> bool:
    """Whether something of that kind and id was deleted."""
    return db.execute(queries.BURIED_ONE, {"user_id": user_id, "kind": kind, "id": row_id}).first() is not None


# What a person's devices hear of


def changes(db: Connection, *, user_id: UUID, after: After, limit: int) -> list[Changed]:
    """The account and its settings: every write of the person changes it, if only its revision."""
    del limit
    person = read_person(db, user_id=user_id)
    return [Changed(person.revision, user_id, person)] if person.revision > after.revision else []


def buried(db: Connection, *, user_id: UUID, after: After, limit: int) -> list[Changed]:
    """What was deleted, of whatever kind."""
    rows = queries.BURIED.all(db, asked(user_id, after, limit))
    return [Changed(row.revision, row.id, row) for row in rows]
