"""Statements of tokens, devices and personal tokens, made once."""

from sqlalchemy import Table, and_, bindparam, func, or_, select, update

from api.accounts.tables import RecoveryCode, Token

tokens: Table = Token.__table__  # type: ignore[attr-defined]  # SQLModel's stub hides it
recovery_codes: Table = RecoveryCode.__table__  # type: ignore[attr-defined]  # as above

MINE = tokens.c.user_id == bindparam("user_id")
IN_FORCE = and_(tokens.c.revoked_at.is_(None), tokens.c.expires_at > bindparam("now"))

RECOVERED = select(recovery_codes.c.user_id).where(recovery_codes.c.digest == bindparam("digest"))
SHOWN = select(tokens).where(MINE, tokens.c.digest == bindparam("digest"))
USE_UP = (
    update(tokens)
    .where(tokens.c.user_id == bindparam("user_id_"), tokens.c.digest == bindparam("digest_"))
    .values(used_at=bindparam("now"))
)
KNOWN_DEVICE = (
    select(tokens.c.family)
    .where(
        MINE,
        tokens.c.kind == "refresh",
        func.coalesce(tokens.c.app, "") == bindparam("app"),
        func.coalesce(tokens.c.name, "") == bindparam("device"),
    )
    .limit(1)
)
DEVICES = (
    select(
        tokens.c.family.label("id"),
        func.max(tokens.c.app).label("app"),
        func.max(tokens.c.name).label("device"),
        func.min(tokens.c.created_at).label("created_at"),
        func.max(tokens.c.created_at).label("last_seen_at"),
    )
    .where(MINE, tokens.c.kind == "refresh")
    .group_by(tokens.c.family)
    .having(func.max(tokens.c.expires_at).filter(tokens.c.revoked_at.is_(None)) > bindparam("now"))
    .order_by(func.max(tokens.c.created_at).desc(), tokens.c.family)
)
PERSONAL = select(tokens).where(MINE, tokens.c.kind == "personal", IN_FORCE).order_by(tokens.c.created_at.desc())
REVOKE = update(tokens).where(tokens.c.user_id == bindparam("user_id_"), tokens.c.revoked_at.is_(None))
OF_FAMILY = tokens.c.family == bindparam("family_")
OF_OTHERS = tokens.c.family != bindparam("family_")
OF_DEVICE = or_(tokens.c.kind == "access", tokens.c.kind == "refresh")
OF_PERSON = tokens.c.kind == "personal"
