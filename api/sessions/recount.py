"""Proves progress from the record, person by person, each in a transaction of their own."""

from uuid import UUID

from sqlalchemy import Engine

from api.accounts.service import list_people
from api.sessions.service import rebuild_progress


def people(engine: Engine) -> list[UUID]:
    with engine.connect() as db:
        return list_people(db)


def agree(engine: Engine, *, user_id: UUID, repair: bool) -> bool:
    """Whether the kept progress is what the record gives; `repair` keeps what it gives."""
    with engine.connect() as db, db.begin() as transaction:
        same = rebuild_progress(db, user_id=user_id)
        if not repair or same:
            transaction.rollback()
        return same
