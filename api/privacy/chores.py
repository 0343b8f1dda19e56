"""Units of work on what is due, so that of several processes one does it."""

from datetime import datetime

from sqlalchemy import Connection

from api.privacy import queries

SWEEP, SCRUB = "sweep", "scrub"


def make_due(db: Connection, *, name: str, at: datetime) -> None:
    db.execute(queries.MAKE_DUE, {"name_": name, "at": at})


def is_due(db: Connection, *, name: str, now: datetime) -> bool:
    due_at = db.execute(queries.CHORE, {"name": name}).scalar_one()
    return due_at is not None and due_at <= now


def claim(db: Connection, *, name: str, until: datetime, now: datetime) -> bool:
    """Whether the chore was due, and is the caller's: it is due again at `until` unless it is settled before."""
    return bool(db.execute(queries.CLAIM, {"name_": name, "at": until, "now": now}).rowcount)


def settle(db: Connection, *, name: str, claimed: datetime, at: datetime | None) -> None:
    """Says when a claimed chore is due next, unless somebody made it due meanwhile."""
    db.execute(queries.SETTLE, {"name_": name, "claimed": claimed, "at": at})
