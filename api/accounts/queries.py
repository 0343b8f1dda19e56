"""Statements of accounts, made once: SQLAlchemy compiles each of them one time."""

from sqlalchemy import bindparam, func, insert, or_, select, update

from api.accounts.tables import Account, ConsentGiven, RecoveryCode, Token, Tombstone
from api.db.changes import changed_after
from api.db.prepared import Prepared

accounts, tokens = Account.__table__, Token.__table__  # type: ignore[attr-defined]  # SQLModel's stub hides it
consents, tombstones = ConsentGiven.__table__, Tombstone.__table__  # type: ignore[attr-defined]  # as above
recovery_codes = RecoveryCode.__table__  # type: ignore[attr-defined]  # as above

ACCOUNT = select(accounts).where(accounts.c.id == bindparam("user_id"))
PEOPLE = select(accounts.c.id).order_by(accounts.c.id)
INSERT_ACCOUNT = insert(accounts)
NEXT_REVISION = Prepared(
    update(accounts)
    .where(accounts.c.id == bindparam("user_id"))
    .values(revision=accounts.c.revision + 1)
    .returning(*accounts.c)
)
CHANGE_ACCOUNT = update(accounts).where(accounts.c.id == bindparam("user_id_")).returning(*accounts.c)

TOKEN = Prepared(
    select(tokens.c.kind, tokens.c.scopes, tokens.c.app, tokens.c.expires_at, tokens.c.revoked_at).where(
        tokens.c.user_id == bindparam("user_id"), tokens.c.digest == bindparam("digest")
    )
)
INSERT_TOKENS = insert(tokens)
USE_TOKEN = (
    update(tokens)
    .where(
        tokens.c.user_id == bindparam("user_id_"),
        tokens.c.digest == bindparam("digest_"),
        tokens.c.kind == "refresh",
        or_(tokens.c.used_at.is_(None), tokens.c.used_at > bindparam("lost_since")),
        tokens.c.revoked_at.is_(None),
        tokens.c.expires_at > bindparam("now"),
    )
    .values(used_at=func.coalesce(tokens.c.used_at, bindparam("now")))
    .returning(tokens.c.family, tokens.c.scopes, tokens.c.app)
)
INSERT_RECOVERY_CODE = insert(recovery_codes)
RECOVERED = select(recovery_codes.c.user_id).where(recovery_codes.c.digest == bindparam("digest"))

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
