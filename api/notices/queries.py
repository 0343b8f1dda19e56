"""Statements of notices, made once."""

from sqlalchemy import Table, bindparam, select

from api.db.upsert import upsert
from api.notices.tables import NoticeAcknowledged

acknowledged: Table = NoticeAcknowledged.__table__  # type: ignore[attr-defined]  # SQLModel's stub hides it

ACKNOWLEDGED = select(acknowledged.c.id).where(
    acknowledged.c.user_id == bindparam("user_id"), acknowledged.c.id.in_(bindparam("ids", expanding=True))
)
ACKNOWLEDGE = upsert(acknowledged).on_conflict_do_nothing(index_elements=["user_id", "id"])
