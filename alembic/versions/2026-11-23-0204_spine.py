"""Accounts, sessions with their plans and ratings, and the progress kept of them."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import api.db.columns

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    make_account()
    make_plan()
    make_recovery_code()
    make_consent()
    make_plan_exercise()
    make_progress()
    make_progress_day()
    make_progress_exercise()
    make_progress_exercise_day()
    make_progress_run()
    make_session()
    make_token()
    make_tombstone()
    make_rating()


def make_account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("app", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("zone", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=35), nullable=False),
        sa.Column("weekly_target", sa.Integer(), nullable=False),
        sa.Column("day_cutoff_min", sa.Integer(), nullable=False),
        sa.Column("consents", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint("day_cutoff_min BETWEEN 0 AND 720", name=op.f("ck_account_day_cutoff_range")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_account_revision_counts")),
        sa.CheckConstraint("weekly_target BETWEEN 1 AND 21", name=op.f("ck_account_weekly_target_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )


def make_plan() -> None:
    op.create_table(
        "plan",
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_plan")),
    )


def make_recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_user_id"), ["user_id"], unique=False)


def make_consent() -> None:
    op.create_table(
        "consent",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consent", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("given_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("app", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_consent_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_consent")),
    )


def make_plan_exercise() -> None:
    op.create_table(
        "plan_exercise",
        sa.Column("plan", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("exercise", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["plan"], ["plan.digest"], name=op.f("fk_plan_exercise_plan_plan"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan", "exercise", name=op.f("pk_plan_exercise")),
    )
    with op.batch_alter_table("plan_exercise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_exercise_exercise"), ["exercise"], unique=False)


def make_progress() -> None:
    op.create_table(
        "progress",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sessions", sa.BigInteger(), nullable=False),
        sa.Column("active_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sessions > 0 AND active_ms >= 0", name=op.f("ck_progress_counts")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_progress_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_progress")),
    )


def make_progress_day() -> None:
    op.create_table(
        "progress_day",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("active_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sessions > 0 AND active_ms >= 0", name=op.f("ck_progress_day_counts")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_progress_day_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_progress_day")),
    )


def make_progress_exercise() -> None:
    op.create_table(
        "progress_exercise",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("exercise", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("sessions", sa.BigInteger(), nullable=False),
        sa.Column("held_s", sa.BigInteger(), nullable=False),
        sa.Column("reps", sa.BigInteger(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("sessions > 0 AND held_s >= 0 AND reps >= 0", name=op.f("ck_progress_exercise_counts")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_progress_exercise_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "exercise", name=op.f("pk_progress_exercise")),
    )


def make_progress_exercise_day() -> None:
    op.create_table(
        "progress_exercise_day",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("exercise", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("held_s", sa.BigInteger(), nullable=False),
        sa.Column("reps", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sessions > 0 AND held_s >= 0 AND reps >= 0", name=op.f("ck_progress_exercise_day_counts")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_progress_exercise_day_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "exercise", "day", name=op.f("pk_progress_exercise_day")),
    )


def make_progress_run() -> None:
    op.create_table(
        "progress_run",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_progress_run_forward")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_progress_run_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "first_day", name=op.f("pk_progress_run")),
    )
    with op.batch_alter_table("progress_run", schema=None) as batch_op:
        batch_op.create_index("ix_progress_run_last", ["user_id", "last_day"], unique=True)


def make_session() -> None:
    op.create_table(
        "session",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("routine", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("plan", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content_version", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=35), nullable=False),
        sa.Column("asked_level", sa.SmallInteger(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("zone", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("start_received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("start_app", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("start_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("touched_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("record", api.db.columns.Json(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("record_received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("record_app", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("record_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("end_received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("end_app", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("end_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("effort", sa.SmallInteger(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=True),
        sa.Column("active_ms", sa.BigInteger(), nullable=True),
        sa.Column("outcome", api.db.columns.Json(), nullable=True),
        sa.CheckConstraint("(status = 'active') = (ended_at IS NULL)", name=op.f("ck_session_ended_when_not_active")),
        sa.CheckConstraint("active_ms IS NULL OR active_ms >= 0", name=op.f("ck_session_active_not_negative")),
        sa.CheckConstraint(
            "asked_level BETWEEN 0 AND 4 AND level BETWEEN 0 AND 4", name=op.f("ck_session_level_range")
        ),
        sa.CheckConstraint("effort IS NULL OR effort BETWEEN 0 AND 10", name=op.f("ck_session_effort_range")),
        sa.ForeignKeyConstraint(["plan"], ["plan.digest"], name=op.f("fk_session_plan_plan")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_session_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_session")),
    )
    index_session()


def index_session() -> None:
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index("ix_session_changes", ["user_id", "revision"], unique=False)
        batch_op.create_index("ix_session_day", ["user_id", "local_date", "started_at", "id"], unique=False)
        batch_op.create_index("ix_session_history", ["user_id", "started_at", "id"], unique=False)


def make_token() -> None:
    op.create_table(
        "token",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("family", sa.Uuid(), nullable=False),
        sa.Column("scopes", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("app", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_token_user_id_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "digest", name=op.f("pk_token")),
    )


def make_tombstone() -> None:
    op.create_table(
        "tombstone",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deleted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_tombstone_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", "id", name=op.f("pk_tombstone")),
    )


def make_rating() -> None:
    op.create_table(
        "rating",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("moment", sqlmodel.sql.sqltypes.AutoString(length=15), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("side", sqlmodel.sql.sqltypes.AutoString(length=5), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("step", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("app", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("value BETWEEN 0 AND 10", name=op.f("ck_rating_pain_range")),
        sa.ForeignKeyConstraint(
            ["user_id", "session_id"], ["session.user_id", "session.id"], name="rating_of_session", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_rating_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_rating")),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index("ix_rating_at", ["user_id", "at"], unique=False)
        batch_op.create_index("ix_rating_session", ["user_id", "session_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_index("ix_rating_session")
        batch_op.drop_index("ix_rating_at")

    op.drop_table("rating")
    op.drop_table("tombstone")
    op.drop_table("token")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index("ix_session_history")
        batch_op.drop_index("ix_session_day")
        batch_op.drop_index("ix_session_changes")

    op.drop_table("session")
    with op.batch_alter_table("progress_run", schema=None) as batch_op:
        batch_op.drop_index("ix_progress_run_last")

    op.drop_table("progress_run")
    op.drop_table("progress_exercise_day")
    op.drop_table("progress_exercise")
    op.drop_table("progress_day")
    op.drop_table("progress")
    with op.batch_alter_table("plan_exercise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_exercise_exercise"))

    op.drop_table("plan_exercise")
    op.drop_table("consent")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_user_id"))

    op.drop_table("recovery_code")
    op.drop_table("plan")
    op.drop_table("account")
