"""Safety answers, how they stand, and what they changed in a session."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import api.db.columns

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    make_answers()
    make_standing()
    tell_of_sessions()


def make_answers() -> None:
    op.create_table(
        "screening_answers",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("questionnaire_version", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("content_version", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("answers", api.db.columns.Json(), nullable=False),
        sa.Column("red_flags", api.db.columns.Json(), nullable=False),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("app", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_screening_answers_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_screening_answers")),
    )


def make_standing() -> None:
    op.create_table(
        "screening",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("answers_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("session_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("new_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("locked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("app", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id", "answers_id"],
            ["screening_answers.user_id", "screening_answers.id"],
            name="screening_of_answers",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_screening_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_screening")),
    )


def tell_of_sessions() -> None:
    # Not in a batch: SQLite would copy the table, which both databases can do without.
    op.add_column("session", sa.Column("held_because", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=True))
    op.add_column("session", sa.Column("changes", api.db.columns.Json(), nullable=True))
    op.execute("UPDATE session SET held_because = 'no-screening' WHERE level < asked_level")
    # A red flag that was reported before there was a lock locks all the same.
    op.execute(
        "INSERT INTO screening (user_id, revision, locked_at, changed_at) "
        "SELECT user_id, max(revision), max(ended_at), max(end_received_at) FROM session "
        "WHERE reason = 'red_flag' GROUP BY user_id"
    )


def downgrade() -> None:
    op.drop_column("session", "changes")
    op.drop_column("session", "held_because")
    op.drop_table("screening")
    op.drop_table("screening_answers")
