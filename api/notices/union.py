"""What becomes of the notices that a guest has put away when the guest joins an account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from api.db.moving import hand_over
from api.notices import queries


def union(db: Connection, *, source: UUID, target: UUID, revision: int, now: datetime) -> dict[str, object]:
    """What one of the two has put away stays away."""
    del now
    hand_over(db, queries.acknowledged, source=source, target=target, revision=revision)
    return {}
