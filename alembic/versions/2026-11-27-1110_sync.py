"""Deletions found by revision, as everything is that a device hears of."""

from collections.abc import Sequence

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_tombstone_changes", "tombstone", ["user_id", "revision"])


def downgrade() -> None:
    op.drop_index("ix_tombstone_changes", table_name="tombstone")
