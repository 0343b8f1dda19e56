"""Statements of privacy, made once."""

from typing import Any

from sqlalchemy import Table, bindparam, exists, func, select, update

from api.accounts.tables import Account, Credential, Token
from api.db.upsert import upsert
from api.privacy.tables import Chore, Erasure

accounts: Table = Account.__table__  # type: ignore[attr-defined]  # SQLModel's stub hides it
tokens: Table = Token.__table__  # type: ignore[attr-defined]  # as above
credentials: Table = Credential.__table__  # type: ignore[attr-defined]  # as above
erasures: Table = Erasure.__table__  # type: ignore[attr-defined]  # as above
chores: Table = Chore.__table__  # type: ignore[attr-defined]  # as above

BEGIN_ERASURE = upsert(erasures).on_conflict_do_nothing(index_elements=["asked_by"])
ERASURE = select(erasures).where(erasures.c.id == bindparam("id")).with_for_update()
ERASURE_ASKED_BY = select(erasures).where(erasures.c.asked_by == bindparam("asked_by"))
ERASURES_UNDER_WAY = select(erasures.c.id).where(erasures.c.erasing.is_not(None)).order_by(erasures.c.id)
CHANGE_ERASURE = update(erasures).where(erasures.c.id == bindparam("id_")).returning(*erasures.c)

CHORE = select(chores.c.due_at).where(chores.c.name == bindparam("name"))
MAKE_DUE = update(chores).where(chores.c.name == bindparam("name_")).values(due_at=bindparam("at"))
CLAIM = MAKE_DUE.where(chores.c.due_at <= bindparam("now"))
SETTLE = MAKE_DUE.where(chores.c.due_at == bindparam("claimed"))


def last_seen() -> Any:
    """When the person of an account was last there: a device gets new tokens at least as often as one expires."""
    newest = select(func.max(func.coalesce(tokens.c.last_used_at, tokens.c.used_at, tokens.c.created_at)))
    return func.coalesce(newest.where(tokens.c.user_id == accounts.c.id).scalar_subquery(), accounts.c.created_at)


IDLE_GUESTS = (
    select(accounts.c.id)
    .where(last_seen() < bindparam("before"), ~exists().where(credentials.c.user_id == accounts.c.id))
    .order_by(accounts.c.id)
    .limit(bindparam("at_most"))
)
IS_IDLE_GUEST = IDLE_GUESTS.where(accounts.c.id == bindparam("user_id"))
