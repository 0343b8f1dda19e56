"""Reading what changed of a person by revision, a page at a time."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, or_, select

from api.db.prepared import Prepared

LAST_KEY = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class After:
    """A place in the order of one feed: a revision, and within it the key of the last row that was read."""

    revision: int
    key: UUID = LAST_KEY


@dataclass(frozen=True, slots=True)
class Changed:
    """A row as it is now, with the revision by which it last changed. `value` is what its feature shows of it."""

    revision: int
    key: UUID
    value: Any


def changed_after(table: Table, *only: Any) -> Prepared:
    """The person's rows that changed after a place, in order; takes `user_id`, `revision`, `key` and `limit`.

    `only` narrows them.

    The table needs an index that begins with `user_id` and `revision`.
    """
    revision = table.c.revision
    return Prepared(
        select(table)
        .where(
            table.c.user_id == bindparam("user_id"),
            revision >= bindparam("revision"),
            or_(revision > bindparam("revision"), table.c.id > bindparam("key")),
            *only,
        )
        .order_by(revision, table.c.id)
        .limit(bindparam("limit"))
    )


def asked(user_id: UUID, after: After, limit: int) -> dict[str, Any]:
    """The parameters of such a statement."""
    return {"user_id": user_id, "revision": after.revision, "key": after.key, "limit": limit}
