"""Units of work on all of a person's data at once."""

from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID

from sqlalchemy import Connection

from api.domain.errors import Unavailable
from api.privacy import archive

IN_MEMORY = 1024 * 1024


def export(db: Connection, *, user_id: UUID, now: datetime) -> IO[bytes]:
    """The archive, at its end, in a file that has no name and goes with its last reader.

    A reader may be slow, and would hold the snapshot for as long. Raises Unavailable when the disk is full.
    """
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever receives it closes it
    try:
        archive.write(db, file, user_id=user_id, now=now)
    except OSError as error:
        file.close()
        raise Unavailable("There is no room to put the archive together.") from error
    except BaseException:
        file.close()
        raise
    return file
