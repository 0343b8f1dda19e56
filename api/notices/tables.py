"""Which notices a person has put away. The notices themselves follow from everything else."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from api.db.columns import person_key, personal


class NoticeAcknowledged(SQLModel, table=True):
    """A notice that the person has put away, by the id that says what it is about."""

    __tablename__ = "notice_acknowledged"
    __table_args__ = (
        Index("ix_notice_acknowledged_changes", "user_id", "revision"),
        personal("notices_acknowledged", "Notices that you put away."),
    )

    user_id: UUID = person_key()
    id: UUID = Field(primary_key=True)
    acknowledged_at: datetime
    app: str | None = Field(default=None, max_length=80)
    revision: int = Field(sa_type=BigInteger)
