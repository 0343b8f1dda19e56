"""Pain over time, kept by day and by exercise, and counted from the sessions that are there."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FILL_DAYS = """
INSERT INTO progress_pain_day (user_id, day, ratings, total)
SELECT user_id, local_date, COUNT(*), SUM(worst)
FROM (
    SELECT session.user_id, session.id, session.local_date, MAX(rating.value) AS worst
    FROM session JOIN rating ON rating.user_id = session.user_id AND rating.session_id = session.id
    WHERE session.status = 'completed' AND rating.moment = 'before'
    GROUP BY session.user_id, session.id, session.local_date
) AS rated
GROUP BY user_id, local_date
"""
FILL_TOTALS = """
UPDATE progress SET ratings = COALESCE(
    (SELECT SUM(ratings) FROM progress_pain_day AS of_day WHERE of_day.user_id = progress.user_id), 0
)
"""
FILL_RELIEF = """
INSERT INTO progress_relief (user_id, exercise, rated, lower)
SELECT user_id, done.value ->> 'exercise', COUNT(*),
    SUM(CASE WHEN CAST(outcome ->> 'pain_change' AS INTEGER) < 0 THEN 1 ELSE 0 END)
FROM session CROSS JOIN {exercises}
WHERE status = 'completed' AND outcome ->> 'pain_change' IS NOT NULL
GROUP BY user_id, done.value ->> 'exercise'
"""
EXERCISES = {
    "postgresql": "jsonb_array_elements(outcome -> 'exercises') AS done (value)",
    "sqlite": "json_each(outcome, '$.exercises') AS done",
}


def upgrade() -> None:
    op.add_column("progress", sa.Column("ratings", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "progress_pain_day",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ratings > 0 AND total BETWEEN 0 AND 10 * ratings", name=op.f("ck_progress_pain_day_counts")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_progress_pain_day_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_progress_pain_day")),
    )
    op.create_table(
        "progress_relief",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("exercise", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("rated", sa.BigInteger(), nullable=False),
        sa.Column("lower", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("rated > 0 AND lower BETWEEN 0 AND rated", name=op.f("ck_progress_relief_counts")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_progress_relief_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "exercise", name=op.f("pk_progress_relief")),
    )
    exercises = EXERCISES[op.get_bind().dialect.name]
    for fill in (FILL_DAYS, FILL_TOTALS, FILL_RELIEF.format(exercises=exercises)):
        op.execute(fill)


def downgrade() -> None:
    op.drop_table("progress_relief")
    op.drop_table("progress_pain_day")
    op.drop_column("progress", "ratings")
