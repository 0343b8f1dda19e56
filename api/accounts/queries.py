"""Statements of accounts, made once: SQLAlchemy compiles each of them one time."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Table, bindparam, delete, func, insert, select, update

from api.accounts.tables import (
    Account,
    AccountAlias,
    ConsentGiven,
    Credential,
    EmailAddress,
    MailedCode,
    RecoveryCode,
    SecurityEvent,
    Token,
    Tombstone,
)
from api.db.changes import changed_after
from api.db.prepared import Prepared
from api.db.upsert import upsert

accounts, tokens = Account.__table__, Token.__table__  # type: ignore[attr-defined]  # SQLModel's stub hides it
consents, tombstones = ConsentGiven.__table__, Tombstone.__table__  # type: ignore[attr-defined]  # as above
recovery_codes = RecoveryCode.__table__  # type: ignore[attr-defined]  # as above
addresses, aliases = EmailAddress.__table__, AccountAlias.__table__  # type: ignore[attr-defined]  # as above
credentials, codes = Credential.__table__, MailedCode.__table__  # type: ignore[attr-defined]  # as above
security_events: Table = SecurityEvent.__table__  # type: ignore[attr-defined]  # as above

ACCOUNT = Prepared(select(accounts).where(accounts.c.id == bindparam("user_id")))
PERSON = (
    select(accounts, credentials.c.email, credentials.c.email_verified_at)
    .join_from(accounts, credentials, credentials.c.user_id == accounts.c.id, isouter=True)
    .where(accounts.c.id == bindparam("user_id"))
)
PEOPLE = select(accounts.c.id).order_by(accounts.c.id)
INSERT_ACCOUNT = insert(accounts)
NEXT_REVISION = Prepared(
    update(accounts)
    .where(accounts.c.id == bindparam("user_id"))
    .values(revision=accounts.c.revision + 1)
    .returning(*accounts.c)
)
HOLD = Prepared(select(accounts.c.id).where(accounts.c.id == bindparam("user_id")).with_for_update())
ALIAS = Prepared(select(aliases).where(aliases.c.id == bindparam("id")))
CHANGE_ACCOUNT = update(accounts).where(accounts.c.id == bindparam("user_id_")).returning(*accounts.c)

TOKEN = Prepared(
    select(tokens.c.kind, tokens.c.scopes, tokens.c.app, tokens.c.expires_at, tokens.c.revoked_at).where(
        tokens.c.user_id == bindparam("user_id"), tokens.c.digest == bindparam("digest")
    )
)
INSERT_TOKENS = insert(tokens)
MARK_USED = Prepared(
    update(tokens)
    .where(tokens.c.user_id == bindparam("user_id_"), tokens.c.digest == bindparam("digest_"))
    .values(last_used_at=bindparam("at"))
)
INSERT_RECOVERY_CODE = insert(recovery_codes)
DROP_RECOVERY_CODES = delete(recovery_codes).where(recovery_codes.c.user_id == bindparam("user_id"))

INSERT_CONSENT = insert(consents)
WITHDRAW_CONSENT = (
    update(consents)
    .where(
        consents.c.user_id == bindparam("user_id_"),
        consents.c.consent == bindparam("consent_"),
        consents.c.withdrawn_at.is_(None),
    )
    .values(withdrawn_at=bindparam("now"), revision=bindparam("revision_"))
)

INSERT_TOMBSTONE = insert(tombstones)
BURIED_ONE = select(tombstones.c.deleted_at).where(
    tombstones.c.user_id == bindparam("user_id"),
    tombstones.c.kind == bindparam("kind"),
    tombstones.c.id == bindparam("id"),
)
BURIED = changed_after(tombstones)

CREDENTIAL = select(credentials).where(credentials.c.user_id == bindparam("user_id"))
CREDENTIAL_BY_EMAIL = (
    select(credentials)
    .join(addresses, addresses.c.user_id == credentials.c.user_id)
    .where(addresses.c.email == bindparam("email"))
)
CLAIM_EMAIL = upsert(addresses).on_conflict_do_nothing(index_elements=["email"])
INSERT_CREDENTIAL = insert(credentials)
CHANGE_CREDENTIAL = (
    update(credentials)
    .where(credentials.c.user_id == bindparam("user_id_"))
    .values(password_hash=bindparam("password_hash"), changed_at=bindparam("changed_at"))
)
MOVE_CREDENTIAL = (
    update(credentials)
    .where(credentials.c.user_id == bindparam("user_id_"))
    .values(email=bindparam("email_"), email_verified_at=bindparam("now"))
)
DROP_OTHER_EMAILS = delete(addresses).where(
    addresses.c.user_id == bindparam("user_id"), addresses.c.email != bindparam("email")
)
RENEW_HASH = (
    update(credentials).where(credentials.c.user_id == bindparam("user_id_")).values(password_hash=bindparam("hash_"))
)
VERIFY_EMAIL = (
    update(credentials)
    .where(credentials.c.user_id == bindparam("user_id_"))
    .values(email_verified_at=func.coalesce(credentials.c.email_verified_at, bindparam("now")))
)
PUT_CODE = upsert(codes)
KEEP_CODE = PUT_CODE.on_conflict_do_update(
    index_elements=["user_id", "purpose"],
    set_={name: PUT_CODE.excluded[name] for name in ("digest", "expires_at")},
)
DROP_CODE = delete(codes).where(codes.c.user_id == bindparam("user_id"), codes.c.purpose == bindparam("purpose"))
USE_CODE = DROP_CODE.where(codes.c.digest == bindparam("digest"), codes.c.expires_at > bindparam("now"))
INSERT_EVENT = insert(security_events)


def events(db: Connection, *, user_id: UUID, before: UUID | None, limit: int) -> list[Row[Any]]:
    query = select(security_events).where(security_events.c.user_id == user_id)
    query = query.where(security_events.c.id < before) if before else query
    return list(db.execute(query.order_by(security_events.c.id.desc()).limit(limit)))
