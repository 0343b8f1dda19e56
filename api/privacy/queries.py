"""Statements of privacy, made once."""

from sqlalchemy import Table, bindparam, select, update

from api.db.upsert import upsert
from api.privacy.tables import Chore, Erasure

erasures: Table = Erasure.__table__  # type: ignore[attr-defined]  # SQLModel's stub hides it
chores: Table = Chore.__table__  # type: ignore[attr-defined]  # as above

SWEEP, SCRUB = "sweep", "scrub"

BEGIN_ERASURE = upsert(erasures).on_conflict_do_nothing(index_elements=["asked_by"])
ERASURE = select(erasures).where(erasures.c.id == bindparam("id")).with_for_update()
ERASURE_ASKED_BY = select(erasures).where(erasures.c.asked_by == bindparam("asked_by"))
CHANGE_ERASURE = update(erasures).where(erasures.c.id == bindparam("id_")).returning(*erasures.c)

MAKE_DUE = update(chores).where(chores.c.name == bindparam("name_")).values(due_at=bindparam("now"))
