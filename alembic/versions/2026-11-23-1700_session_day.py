"""One index less to write at each start: the history is found by its instants, by day too."""

from collections.abc import Sequence

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index("ix_session_day", "session")


def downgrade() -> None:
    op.create_index("ix_session_day", "session", ["user_id", "local_date", "started_at", "id"])
