"""What erasing leaves behind, which names nobody; and when the next tidying is due."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from api.db.columns import Json, shared

DIGEST_BYTES = 32


class Erasure(SQLModel, table=True):
    """The receipt of an erasure. `erasing` is whose rows are still going, and empty as soon as they are gone.

    `asked_by` is the digest of the token that asked, so that the same request gets the same receipt. `counts` are the
    rows of each part that went.
    """

    __table_args__ = shared("That somebody was erased, and how many rows of each kind went.")

    id: UUID = Field(primary_key=True)
    asked_by: bytes | None = Field(default=None, unique=True, sa_type=LargeBinary(DIGEST_BYTES))
    erasing: UUID | None = Field(default=None, index=True)
    erased_at: datetime
    counts: dict[str, int] = Field(sa_type=Json)


class Chore(SQLModel, table=True):
    """A chore that one process does for all. It is due from `due_at` on, and not while that is empty."""

    __table_args__ = shared("It is about the server.")

    name: str = Field(primary_key=True, max_length=20)
    due_at: datetime | None = None
