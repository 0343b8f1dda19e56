"""Receipts of erasures, and chores that one process does for all."""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import api.db.columns

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.LargeBinary(length=32), nullable=True),
        sa.Column("erasing", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("counts", api.db.columns.Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("asked_by", name=op.f("uq_erasure_asked_by")),
    )
    op.create_index(op.f("ix_erasure_erasing"), "erasure", ["erasing"])
    chores = op.create_table(
        "chore",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )
    op.bulk_insert(chores, [{"name": "sweep", "due_at": LONG_AGO}, {"name": "scrub", "due_at": None}])


def downgrade() -> None:
    op.drop_table("chore")
    op.drop_table("erasure")
