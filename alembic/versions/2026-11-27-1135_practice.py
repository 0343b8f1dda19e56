"""Levels, weeks on target, closed days, ratings of their own and notices; what was done until now is counted.

Levels begin with the sessions that start from here on: a plan kept before does not tell where on a ladder it stands.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import api.db.columns

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BY_DATABASE = {
    "postgresql": {
        "exercises": "jsonb_array_elements(outcome -> 'exercises') AS done (value)",
        "monday": "CAST(date_trunc('week', {day}) AS DATE)",
        "week": "(monday - DATE '0001-01-01') / 7",
        "locked_on": "CAST(locked_at AT TIME ZONE 'UTC' AS DATE)",
    },
    "sqlite": {
        "exercises": "json_each(outcome, '$.exercises') AS done",
        "monday": "date({day}, '-' || ((CAST(strftime('%w', {day}) AS INTEGER) + 6) % 7) || ' days')",
        "week": "CAST(julianday(monday) / 7 AS INTEGER)",
        "locked_on": "date(locked_at)",
    },
}
FILL_LADDERS = """
INSERT INTO progress_ladder
    (user_id, exercise, revision, sessions, held_s, reps, rated, lower, last_day, latest_at, state)
SELECT done.user_id, done.exercise, account.revision, done.sessions, done.held_s, done.reps,
    COALESCE(relief.rated, 0), COALESCE(relief.lower, 0), done.last_day, NULL, '{{}}'
FROM progress_exercise AS done
JOIN account ON account.id = done.user_id
LEFT JOIN progress_relief AS relief ON relief.user_id = done.user_id AND relief.exercise = done.exercise
"""
FILL_PRACTICES = """
INSERT INTO progress_practice (user_id, exercise, day, at, session_id, counts, relieved, before)
SELECT user_id, done.value ->> 'exercise', local_date, started_at, session.id, TRUE,
    CAST(outcome ->> 'pain_change' AS INTEGER) < 0, '{{}}'
FROM session CROSS JOIN {exercises}
WHERE status = 'completed'
"""
FILL_WEEKS = """
INSERT INTO progress_week (user_id, monday, sessions, state)
SELECT user_id, monday, SUM(sessions), CASE WHEN SUM(sessions) >= weekly_target THEN 'met' ELSE 'missed' END
FROM (SELECT user_id, {monday} AS monday, sessions FROM progress_day) AS of_day
JOIN account ON account.id = of_day.user_id
GROUP BY user_id, monday, weekly_target
"""
FILL_LOCKS = """
INSERT INTO closed_days (user_id, id, kind, first_day, last_day, changed_at, app, revision)
SELECT screening.user_id, screening.user_id, 'lock', {locked_on}, '9999-12-31',
    changed_at, screening.app, screening.revision
FROM screening
LEFT JOIN screening_answers ON screening_answers.user_id = screening.user_id AND screening_answers.id = answers_id
WHERE locked_at IS NOT NULL
    AND (answered_at IS NULL OR answered_at <= locked_at) AND (settled_at IS NULL OR settled_at <= locked_at)
"""
SKIP_THE_WEEK = """
INSERT INTO progress_week (user_id, monday, sessions, state)
SELECT user_id, {monday}, 0, 'skipped' FROM closed_days WHERE TRUE
ON CONFLICT (user_id, monday) DO UPDATE SET state = 'skipped' WHERE progress_week.state = 'missed'
"""
SKIP_THE_REST = """
UPDATE progress_week SET state = 'skipped' WHERE EXISTS (
    SELECT 1 FROM closed_days
    WHERE closed_days.user_id = progress_week.user_id AND progress_week.monday >= closed_days.first_day
)
"""
FILL_STRETCHES = """
INSERT INTO progress_stretch (user_id, first_week, last_week, met)
SELECT user_id, MIN(monday), MAX(monday), SUM(CASE WHEN state = 'met' THEN 1 ELSE 0 END)
FROM (
    SELECT user_id, monday, state,
        {week} - ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY monday) AS island
    FROM progress_week WHERE state <> 'missed'
) AS kept
GROUP BY user_id, island
"""
FILL = (FILL_LADDERS, FILL_PRACTICES, FILL_WEEKS, FILL_LOCKS, SKIP_THE_WEEK, SKIP_THE_REST, FILL_STRETCHES)
EXERCISES_AGAIN = """
INSERT INTO progress_exercise (user_id, exercise, sessions, held_s, reps, last_day)
SELECT user_id, exercise, sessions, held_s, reps, last_day FROM progress_ladder WHERE sessions > 0
"""
EXERCISE_DAYS_AGAIN = """
INSERT INTO progress_exercise_day (user_id, exercise, day, sessions, held_s, reps)
SELECT user_id, done.value ->> 'exercise', local_date, COUNT(*),
    SUM(CAST(done.value ->> 'held_s' AS INTEGER)), SUM(CAST(done.value ->> 'reps' AS INTEGER))
FROM session CROSS JOIN {exercises}
WHERE status = 'completed'
GROUP BY user_id, done.value ->> 'exercise', local_date
"""
RELIEF_AGAIN = """
INSERT INTO progress_relief (user_id, exercise, rated, lower)
SELECT user_id, exercise, rated, lower FROM progress_ladder WHERE rated > 0
"""


def upgrade() -> None:
    make_ladders()
    make_practices()
    make_weeks()
    make_targets_and_closed_days()
    make_notices()
    # Before the tables that everybody reads are altered: from then on nobody reads them until all this is over.
    run(*FILL)
    op.add_column("plan", sa.Column("ladder", api.db.columns.Json(), nullable=True))
    op.add_column("session", sa.Column("doses", api.db.columns.Json(), nullable=True))
    op.add_column("session", sa.Column("instead_of", text_of(80), nullable=True))
    op.add_column("rating", sa.Column("digest", sa.LargeBinary(length=32), nullable=True))
    on_its_own = {"sqlite_where": sa.text("digest IS NOT NULL"), "postgresql_where": sa.text("digest IS NOT NULL")}
    op.create_index("ix_rating_changes", "rating", ["user_id", "revision"], unique=False, **on_its_own)
    for table in ("progress_relief", "progress_exercise_day", "progress_exercise"):
        op.drop_table(table)


def downgrade() -> None:
    make_exercises()
    make_exercise_days()
    make_relief()
    run(EXERCISES_AGAIN, EXERCISE_DAYS_AGAIN, RELIEF_AGAIN)
    op.drop_index("ix_rating_changes", "rating")
    for table, column in (("rating", "digest"), ("session", "instead_of"), ("session", "doses"), ("plan", "ladder")):
        op.drop_column(table, column)
    for table in (
        "notice_acknowledged",
        "closed_days",
        "weekly_target",
        "progress_stretch",
        "progress_week",
        "progress_practice",
        "progress_ladder",
    ):
        op.drop_table(table)


def run(*statements: str) -> None:
    said = BY_DATABASE[op.get_bind().dialect.name]
    for statement in statements:
        day = "first_day" if statement is SKIP_THE_WEEK else "day"
        op.execute(statement.format(**said | {"monday": said["monday"].format(day=day)}))


def person() -> Any:
    return sa.Column("user_id", sa.Uuid(), nullable=False)


def text_of(length: int) -> Any:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def count_of(name: str, kind: Any = sa.BigInteger) -> Any:
    return sa.Column(name, kind(), nullable=False)


def keyed(table: str, *columns: str) -> tuple[Any, Any]:
    """The account that the rows hang on, and their key."""
    account = op.f(f"fk_{table}_user_id_account")
    return (
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=account, ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", *columns, name=op.f(f"pk_{table}")),
    )


def make_ladders() -> None:
    op.create_table(
        "progress_ladder",
        person(),
        sa.Column("exercise", text_of(80), nullable=False),
        *map(count_of, ("revision", "sessions", "held_s", "reps", "rated", "lower")),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("latest_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("state", text_of(1024), nullable=False),
        sa.CheckConstraint("lower BETWEEN 0 AND rated", name=op.f("ck_progress_ladder_relief")),
        sa.CheckConstraint("sessions >= 0 AND held_s >= 0 AND reps >= 0", name=op.f("ck_progress_ladder_counts")),
        *keyed("progress_ladder", "exercise"),
    )
    op.create_index("ix_progress_ladder_changes", "progress_ladder", ["user_id", "revision"], unique=False)


def make_practices() -> None:
    op.create_table(
        "progress_practice",
        person(),
        sa.Column("exercise", text_of(80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("relieved", sa.Boolean(), nullable=True),
        sa.Column("rung", sa.SmallInteger(), nullable=True),
        sa.Column("top", sa.SmallInteger(), nullable=True),
        sa.Column("seen", text_of(10), nullable=True),
        sa.Column("flared", sa.Boolean(), nullable=True),
        sa.Column("part", sa.Boolean(), nullable=True),
        sa.Column("before", text_of(1024), nullable=False),
        *keyed("progress_practice", "exercise", "day", "at", "session_id"),
    )


def make_weeks() -> None:
    op.create_table(
        "progress_week",
        person(),
        sa.Column("monday", sa.Date(), nullable=False),
        count_of("sessions", sa.Integer),
        sa.Column("state", text_of(10), nullable=False),
        sa.CheckConstraint("sessions >= 0", name=op.f("ck_progress_week_counts")),
        *keyed("progress_week", "monday"),
    )
    op.create_table(
        "progress_stretch",
        person(),
        sa.Column("first_week", sa.Date(), nullable=False),
        sa.Column("last_week", sa.Date(), nullable=False),
        count_of("met", sa.Integer),
        sa.CheckConstraint("first_week <= last_week AND met >= 0", name=op.f("ck_progress_stretch_forward")),
        *keyed("progress_stretch", "first_week"),
    )
    op.create_index("ix_progress_stretch_last", "progress_stretch", ["user_id", "last_week"], unique=True)


def make_targets_and_closed_days() -> None:
    op.create_table(
        "weekly_target",
        person(),
        sa.Column("since", sa.Date(), nullable=False),
        count_of("sessions", sa.SmallInteger),
        count_of("revision"),
        sa.CheckConstraint("sessions BETWEEN 1 AND 21", name=op.f("ck_weekly_target_range")),
        *keyed("weekly_target", "since"),
    )
    op.create_table(
        "closed_days",
        person(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", text_of(10), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", text_of(10), nullable=True),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("app", text_of(80), nullable=True),
        count_of("revision"),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_closed_days_forward")),
        *keyed("closed_days", "id"),
    )
    op.create_index("ix_closed_days_changes", "closed_days", ["user_id", "revision"], unique=False)
    op.create_index("ix_closed_days_last", "closed_days", ["user_id", "last_day"], unique=False)


def make_notices() -> None:
    op.create_table(
        "notice_acknowledged",
        person(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("acknowledged_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("app", text_of(80), nullable=True),
        count_of("revision"),
        *keyed("notice_acknowledged", "id"),
    )
    op.create_index("ix_notice_acknowledged_changes", "notice_acknowledged", ["user_id", "revision"], unique=False)


# The way back


def counted(table: str) -> Any:
    return sa.CheckConstraint("sessions > 0 AND held_s >= 0 AND reps >= 0", name=op.f(f"ck_{table}_counts"))


def make_exercises() -> None:
    op.create_table(
        "progress_exercise",
        person(),
        sa.Column("exercise", text_of(80), nullable=False),
        *map(count_of, ("sessions", "held_s", "reps")),
        sa.Column("last_day", sa.Date(), nullable=False),
        counted("progress_exercise"),
        *keyed("progress_exercise", "exercise"),
    )


def make_exercise_days() -> None:
    op.create_table(
        "progress_exercise_day",
        person(),
        sa.Column("exercise", text_of(80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        count_of("sessions", sa.Integer),
        *map(count_of, ("held_s", "reps")),
        counted("progress_exercise_day"),
        *keyed("progress_exercise_day", "exercise", "day"),
    )


def make_relief() -> None:
    op.create_table(
        "progress_relief",
        person(),
        sa.Column("exercise", text_of(80), nullable=False),
        *map(count_of, ("rated", "lower")),
        sa.CheckConstraint("rated > 0 AND lower BETWEEN 0 AND rated", name=op.f("ck_progress_relief_counts")),
        *keyed("progress_relief", "exercise"),
    )
