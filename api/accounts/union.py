"""What an account takes over from a guest's that becomes a part of it: tokens, consents, tombstones, events."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, update

from api.accounts import queries
from api.accounts.service import put_in_force
from api.db.moving import hand_over
from api.domain.permission import Agreement, in_force

TABLES = (queries.tokens, queries.consents, queries.tombstones, queries.security_events)


def union(db: Connection, *, source: UUID, target: UUID, revision: int, now: datetime) -> dict[str, object]:
    """The account's own settings stay; of a consent, what the person said last counts, on whichever side.

    The recovery code and the tokens of the source belong to the target from now on.
    """
    del now
    for table in TABLES:
        hand_over(db, table, source=source, target=target, revision=revision)
    codes = queries.recovery_codes
    db.execute(update(codes).where(codes.c.user_id == source).values(user_id=target))
    consents = queries.consents
    rows = db.execute(consents.select().where(consents.c.user_id == target)).all()
    counting = in_force([Agreement(row.consent, row.given_at, row.withdrawn_at) for row in rows])
    put_in_force(db, user_id=target, consents=set(counting))
    return {}


def leave(db: Connection, *, source: UUID, target: UUID, outcome: dict[str, object], now: datetime) -> None:
    """Removes the source with all that is left of it; its id means the target from now on."""
    db.execute(delete(queries.accounts).where(queries.accounts.c.id == source))
    row = {"id": source, "user_id": target, "united_at": now, "outcome": outcome}
    db.execute(queries.aliases.insert(), row)
