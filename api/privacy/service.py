"""Units of work on all of a person's data at once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from api.domain.errors import Unavailable
from api.privacy import archive
from api.privacy.growing import Growing


def export(db: Connection, *, user_id: UUID, into: Growing, now: datetime) -> None:
    """Writes the archive at its own pace: whoever takes it may be slow, and would hold the snapshot for as long.

    Raises Unavailable when the disk is full, or nobody wants it any more.
    """
    into.begin()
    try:
        archive.write(db, into, user_id=user_id, now=now)
    except OSError as error:
        raise Unavailable("There is no room to put the archive together.") from error
