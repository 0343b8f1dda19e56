"""Units of work on all of a person's data at once."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID

from sqlalchemy import Connection, Row
from uuid_utils.compat import uuid7

from api.accounts.service import next_revision
from api.domain.errors import Unauthenticated, Unavailable
from api.privacy import archive, queries
from api.privacy.parts import erasing_order

IN_MEMORY = 1024 * 1024
ROWS_AT_ONCE = 1000
"""So many rows go in one unit, which keeps nobody else waiting for long."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`erased` counts the rows that went, by part. It is `finished` when none is left."""

    id: UUID
    erased_at: datetime
    erased: dict[str, int]
    finished: bool


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


def erase(db: Connection, *, user_id: UUID, app: str | None, asked_by: bytes, now: datetime) -> Receipt:
    """Signs the person out everywhere and deletes their rows, or the first of many: `go_on` deletes the rest.

    `asked_by` is the digest of the token that asked.
    """
    del app
    next_revision(db, user_id=user_id)
    row = {"id": uuid7(), "asked_by": asked_by, "erasing": user_id, "erased_at": now, "counts": {}}
    db.execute(queries.BEGIN_ERASURE, row)
    db.execute(queries.MAKE_DUE, {"name_": queries.SCRUB, "now": now})
    return go_on(db, erasure=receipt_for(db, asked_by=asked_by).id)


def go_on(db: Connection, *, erasure: UUID) -> Receipt:
    """Deletes some more of what an erasure has to, and says whether that was all."""
    row = db.execute(queries.ERASURE, {"id": erasure}).one()
    if row.erasing is None:
        return receipt_of(row)
    counts, left = Counter(row.counts), ROWS_AT_ONCE
    for part in erasing_order():
        gone = part.erase(db, row.erasing, left)
        counts[part.name] += gone
        left -= gone
        if not left:
            break
    changes: dict[str, Any] = {"counts": dict(+counts), "erasing": None if left else row.erasing}
    return receipt_of(db.execute(queries.CHANGE_ERASURE, {"id_": erasure, **changes}).one())


def receipt_for(db: Connection, *, asked_by: bytes) -> Receipt:
    """What the token of that digest was told when it asked for the erasure; raises Unauthenticated."""
    row = db.execute(queries.ERASURE_ASKED_BY, {"asked_by": asked_by}).one_or_none()
    if row is None:
        raise Unauthenticated
    return receipt_of(row)


def receipt_of(row: Row[Any]) -> Receipt:
    return Receipt(row.id, row.erased_at, row.counts, finished=row.erasing is None)
