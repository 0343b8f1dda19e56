"""Units of work on a person's e-mail and password: added to a guest, joined with an account, changed, reset, proved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

import api.accounts.union
import api.notices.union
import api.screening.union
import api.sessions.union
from api.accounts import credentials, events
from api.accounts.credentials import MOVE, RESET, VERIFY, Claim, Credential
from api.accounts.refusals import CodeRefused, EmailTaken
from api.accounts.service import (
    Person,
    find_alias,
    has_health_consent,
    hold,
    next_revision,
    read_person,
    renew_recovery_code,
)
from api.accounts.tokens import Presented
from api.accounts.union import leave
from api.catalogue.shelf import Content
from api.domain.permission import SecurityEventKind
from api.privacy.withdrawing import forget_without_consent
from api.sessions import foreseeing
from api.sessions.foreseeing import Foreseen
from api.tokens.service import revoke_all, revoke_others

UNIONS: tuple[Callable[..., dict[str, object]], ...] = (
    api.notices.union.union,
    api.sessions.union.union,
    api.screening.union.union,
    api.accounts.union.union,
)
"""What each feature takes over of a guest, the topmost first."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The account that a person has now, and what came of the union with it, if there was one."""

    account: Person
    united: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose credentials there are: the caller's, and those with the address that the caller names."""

    own: Credential | None
    holder: Credential | None


def look(db: Connection, *, user_id: UUID, email: str) -> Standing:
    return Standing(credentials.own(db, user_id=user_id), credentials.find(db, email=email))


def read_joined(db: Connection, *, user_id: UUID, known_as: UUID) -> Joined:
    """As it was answered when it was done; `known_as` is the person that the token names."""
    alias = find_alias(db, user_id=known_as)
    return Joined(read_person(db, user_id=user_id), alias.outcome if alias else None)


def upgrade(db: Connection, *, user_id: UUID, app: str | None, claim: Claim, now: datetime) -> Joined | None:
    """The guest with e-mail and password; None where either is there already, by now."""
    next_revision(db, user_id=user_id)
    if credentials.own(db, user_id=user_id) or not credentials.claim(db, user_id=user_id, wanted=claim, now=now):
        return None
    events.note(db, user_id=user_id, kind=SecurityEventKind.CREDENTIALS_ADDED, app=app, now=now)
    return Joined(read_person(db, user_id=user_id), None)


def foresee(db: Connection, *, user_id: UUID, account: Credential, now: datetime) -> Foreseen | None:
    """The progress of both together, where it takes long to tell: to be passed on to `unite`."""
    both = [user_id, account.user_id]
    if not any(foreseeing.is_long(db, user_id=each) for each in both):
        return None
    union = partial(api.sessions.union.union, source=user_id, target=account.user_id, now=now)
    return foreseeing.foresee(db, people=both, of=account.user_id, change=lambda at, to: union(at, revision=to))


def unite(
    db: Connection,
    *,
    user_id: UUID,
    app: str | None,
    account: Credential,
    content: Content,
    now: datetime,
    foreseen: Foreseen | None = None,
) -> Joined | None:
    """The guest becomes a part of the account whose password was shown; None where that is not so any more.

    None too where what was foreseen does not hold. Both rows are held, in one order for all. What comes over carries
    the account's new revision; health data goes where the last word of either was that none is kept.
    """
    target = account.user_id
    if user_id == target or not credentials.is_still(db, user_id=target, password_hash=account.password_hash):
        return None
    held = {each: next_revision(db, user_id=each) for each in sorted((user_id, target))}
    if not credentials.is_still(db, user_id=target, password_hash=account.password_hash):
        return None
    if credentials.own(db, user_id=user_id):
        return None
    if foreseen and not foreseen.fits({each: row.revision for each, row in held.items()}):
        return None
    outcome: dict[str, object] = {}
    for union in UNIONS:
        more = {"foreseen": foreseen.kept} if foreseen and union is api.sessions.union.union else {}
        outcome |= union(db, source=user_id, target=target, revision=held[target].revision, now=now, **more)
    leave(db, source=user_id, target=target, outcome=outcome, now=now)
    if any(map(has_health_consent, held.values())):
        forget_without_consent(db, user_id=target, content=content, now=now)
    events.note(db, user_id=target, kind=SecurityEventKind.ACCOUNTS_UNITED, app=app, now=now)
    return Joined(read_person(db, user_id=target), outcome)


def change_password(
    db: Connection,
    *,
    user_id: UUID,
    app: str | None,
    token: Presented,
    before: str,
    password_hash: str,
    now: datetime,
) -> bool:
    """Sets the password and signs everything out but the device that asks; False where `before` is not the hash."""
    hold(db, user_id=user_id)
    if not credentials.is_still(db, user_id=user_id, password_hash=before):
        return False
    credentials.set_password(db, user_id=user_id, password_hash=password_hash, now=now)
    revoke_others(db, user_id=user_id, token=token, now=now)
    events.note(db, user_id=user_id, kind=SecurityEventKind.PASSWORD_CHANGED, app=app, now=now)
    return True


def reset_password(db: Connection, *, email: str, code: str, password_hash: str, now: datetime) -> tuple[UUID, str]:
    """Whose password was set, and the new recovery code; the old one and all tokens are worth nothing any more.

    Raises CodeRefused.
    """
    kept = credentials.find(db, email=email)
    if kept is None:
        raise CodeRefused
    owner = hold(db, user_id=kept.user_id)
    if not credentials.use_code(db, user_id=owner, purpose=RESET, code=code, now=now):
        raise CodeRefused
    credentials.set_password(db, user_id=owner, password_hash=password_hash, now=now)
    revoke_all(db, user_id=owner, now=now)
    events.note(db, user_id=owner, kind=SecurityEventKind.PASSWORD_RESET, app=None, now=now)
    return owner, renew_recovery_code(db, user_id=owner, now=now)


def make_recovery_code(
    db: Connection, *, user_id: UUID, app: str | None, before: Credential | None, now: datetime
) -> str | None:
    """A new code in the place of those before; None where `before` is not how the person signs in any more."""
    hold(db, user_id=user_id)
    if credentials.own(db, user_id=user_id) != before:
        return None
    events.note(db, user_id=user_id, kind=SecurityEventKind.RECOVERY_CODE_MADE, app=app, now=now)
    return renew_recovery_code(db, user_id=user_id, now=now)


def change_email(
    db: Connection, *, user_id: UUID, app: str | None, email: str, code: str, now: datetime
) -> tuple[Person, str | None]:
    """The account with its new address, and the one before where that was proved. Raises CodeRefused, EmailTaken."""
    next_revision(db, user_id=user_id)
    before = credentials.own(db, user_id=user_id)
    if not (before and credentials.use_code(db, user_id=user_id, purpose=MOVE, email=email, code=code, now=now)):
        raise CodeRefused
    if not credentials.move(db, user_id=user_id, email=email, now=now):
        raise EmailTaken
    events.note(db, user_id=user_id, kind=SecurityEventKind.EMAIL_CHANGED, app=app, now=now)
    return read_person(db, user_id=user_id), before.email if before.email_verified_at else None


def verify_email(db: Connection, *, user_id: UUID, app: str | None, code: str, now: datetime) -> Person:
    """Raises CodeRefused."""
    next_revision(db, user_id=user_id)
    if not credentials.use_code(db, user_id=user_id, purpose=VERIFY, code=code, now=now):
        raise CodeRefused
    credentials.verify_email(db, user_id=user_id, now=now)
    events.note(db, user_id=user_id, kind=SecurityEventKind.EMAIL_VERIFIED, app=app, now=now)
    return read_person(db, user_id=user_id)
