"""Units of work on accounts: who calls, what they agreed to, and the revision that orders a person's writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Row
from uuid_utils.compat import uuid7

from api.accounts import credentials, queries
from api.accounts.credentials import Claim
from api.accounts.refusals import AccountMoved, ConsentRequired, EmailTaken, ScopeMissing
from api.accounts.tokens import code_digest, digest, mint, mint_recovery_code
from api.adherence import service as adherence
from api.db.changes import After, Changed, asked
from api.domain.errors import Unauthenticated
from api.domain.permission import HEALTH_DATA, Consent, Scope
from api.domain.practice import local_date

BEARERS = frozenset({"access", "personal"})
"""The kinds of token that sign a request."""


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """`sign_in` is how long a device of somebody with a proved address goes on refreshing; None for ever."""

    access: timedelta
    refresh: timedelta
    sign_in: timedelta | None = None

    def until(self, now: datetime, end: datetime | None) -> tuple[datetime, datetime]:
        """When an access and a refresh token expire that are given now."""
        times = now + self.access, now + self.refresh
        return (min(times[0], end), min(times[1], end)) if end else times


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
    email: str | None
    email_verified_at: datetime | None

    @property
    def kind(self) -> str:
        return "registered" if self.email else "guest"


@dataclass(frozen=True, slots=True)
class Opened:
    account: Person
    tokens: Tokens
    recovery_code: str


class Identity(NamedTuple):
    """Made for every request, hence of the kind that is made quickest."""

    user_id: UUID
    app: str | None
    personal: bool = False


def identify(db: Connection, *, user_id: UUID, token: bytes, scope: Scope, now: datetime) -> Identity:
    """Whom an access token proves; raises Unauthenticated, the same for every reason, or ScopeMissing."""
    row = queries.TOKEN.one_or_none(db, {"user_id": user_id, "digest": token})
    if row is None and (alias := find_alias(db, user_id=user_id)):
        return identify(db, user_id=alias.user_id, token=token, scope=scope, now=now)
    if row is None or (kind := row.kind) not in BEARERS or row.revoked_at or row.expires_at <= now:
        raise Unauthenticated
    if scope not in row.scopes.split():
        raise ScopeMissing(f"The token lacks the scope `{scope}`.", state={"scope": scope})
    return Identity(user_id, row.app, kind == "personal")


def find_alias(db: Connection, *, user_id: UUID) -> Row[Any] | None:
    """What became of an account that was united with another; its tokens are found there."""
    return queries.ALIAS.one_or_none(db, {"id": user_id})


def hold(db: Connection, *, user_id: UUID) -> UUID:
    """Locks the row of the account that this id means now and gives its id, without a new revision.

    For units that change only how somebody signs in. Raises AccountMoved where there is none.
    """
    if queries.HOLD.one_or_none(db, {"user_id": user_id}):
        return user_id
    alias = find_alias(db, user_id=user_id)
    if alias is None or queries.HOLD.one_or_none(db, {"user_id": alias.user_id}) is None:
        raise AccountMoved
    owner: UUID = alias.user_id
    return owner


def next_revision(db: Connection, *, user_id: UUID) -> Row[Any]:
    """Locks the person's row until the commit and gives it with its new revision.

    Every unit that writes for a person calls this first: it puts rival writes of one person in order. Raises
    AccountMoved when the account became part of another, or was erased, after the token was looked at.
    """
    row = queries.NEXT_REVISION.one_or_none(db, {"user_id": user_id})
    if row is None:
        raise AccountMoved
    return row


def open_account(
    db: Connection,
    *,
    settings: Mapping[str, Any],
    consents: Sequence[Consent],
    app: str | None,
    lifetimes: Lifetimes,
    now: datetime,
    device: str | None = None,
    claim: Claim | None = None,
) -> Opened:
    """A new account, a guest's without a claim; its tokens and its recovery code are given out this once.

    Raises EmailTaken.
    """
    user_id = uuid7()
    code = mint_recovery_code()
    agreed = sorted(set(consents))
    row = {"id": user_id, "revision": 1, "created_at": now, "app": app, "consents": " ".join(agreed), **settings}
    db.execute(queries.INSERT_ACCOUNT, row)
    keep_recovery_code(db, user_id=user_id, code=code, now=now)
    for consent in agreed:
        note_consent(db, user_id=user_id, consent=consent, app=app, revision=1, now=now)
    if claim and not credentials.claim(db, user_id=user_id, wanted=claim, now=now):
        raise EmailTaken
    tokens = issue_tokens(db, user_id=user_id, app=app, device=device, lifetimes=lifetimes, now=now)
    return Opened(read_person(db, user_id=user_id), tokens, code)


def keep_recovery_code(db: Connection, *, user_id: UUID, code: str, now: datetime) -> None:
    db.execute(queries.INSERT_RECOVERY_CODE, {"digest": code_digest(code), "user_id": user_id, "created_at": now})


def renew_recovery_code(db: Connection, *, user_id: UUID, now: datetime) -> str:
    """A new code; those before bring nothing back any more."""
    db.execute(queries.DROP_RECOVERY_CODES, {"user_id": user_id})
    code = mint_recovery_code()
    keep_recovery_code(db, user_id=user_id, code=code, now=now)
    return code


def issue_tokens(
    db: Connection,
    *,
    user_id: UUID,
    app: str | None,
    lifetimes: Lifetimes,
    now: datetime,
    device: str | None = None,
    family: UUID | None = None,
    scopes: tuple[str, ...] = tuple(Scope),
    end: datetime | None = None,
) -> Tokens:
    """A pair of tokens for a device, which is a new one unless its family is given; none lasts beyond the end."""
    tokens = Tokens(mint(user_id), mint(user_id), *lifetimes.until(now, end), scopes)
    known_as = {"user_id": user_id, "family": family or uuid7(), "app": app, "name": device}
    shared = {**known_as, "scopes": " ".join(scopes), "created_at": now}
    access = {"kind": "access", "digest": digest(tokens.access_token), "expires_at": tokens.access_expires_at}
    refresh = {"kind": "refresh", "digest": digest(tokens.refresh_token), "expires_at": tokens.refresh_expires_at}
    keep_tokens(db, [shared | access, shared | refresh])
    return tokens


def keep_tokens(db: Connection, rows: list[dict[str, Any]]) -> None:
    db.execute(queries.INSERT_TOKENS, rows)


def read_settings(db: Connection, *, user_id: UUID) -> Row[Any]:
    """The account's row, without its consents."""
    return queries.ACCOUNT.one(db, {"user_id": user_id})


def read_person(db: Connection, *, user_id: UUID) -> Person:
    row = db.execute(queries.PERSON, {"user_id": user_id}).one()._asdict()
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


def withdraw_consent(db: Connection, *, person: Row[Any], consent: Consent, now: datetime) -> None:
    """From now on nothing more is kept under it; what is kept is left to the caller, who holds the person's row.

    Withdrawing what was never given changes nothing.
    """
    put_in_force(db, user_id=person.id, consents=set(person.consents.split()) - {consent})
    row = {"user_id_": person.id, "consent_": consent, "now": now, "revision_": person.revision}
    db.execute(queries.WITHDRAW_CONSENT, row)


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
