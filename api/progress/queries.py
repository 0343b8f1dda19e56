"""Statements of progress, made once."""

from typing import Any

from sqlalchemy import Table, bindparam, case, delete, insert, literal_column, select, update

from api.db.prepared import Prepared
from api.db.upsert import upsert
from api.progress.tables import (
    Progress,
    ProgressDay,
    ProgressExercise,
    ProgressExerciseDay,
    ProgressPainDay,
    ProgressRelief,
    ProgressRun,
)

totals: Table = Progress.__table__  # type: ignore[attr-defined]  # SQLModel's stub hides it
days: Table = ProgressDay.__table__  # type: ignore[attr-defined]  # as above
runs: Table = ProgressRun.__table__  # type: ignore[attr-defined]  # as above
exercises: Table = ProgressExercise.__table__  # type: ignore[attr-defined]  # as above
exercise_days: Table = ProgressExerciseDay.__table__  # type: ignore[attr-defined]  # as above
pain_days: Table = ProgressPainDay.__table__  # type: ignore[attr-defined]  # as above
reliefs: Table = ProgressRelief.__table__  # type: ignore[attr-defined]  # as above
kept = (totals, days, runs, exercises, exercise_days, pain_days, reliefs)


def adding(table: Table, *counted: str) -> Any:
    """Inserts a row, or adds its counts to the row that has its key; a last day only moves forward."""
    row = upsert(table)
    changed: dict[str, Any] = {name: table.c[name] + row.excluded[name] for name in counted}
    if "last_day" in table.c:
        moves = row.excluded.last_day > table.c.last_day
        changed["last_day"] = case((moves, row.excluded.last_day), else_=table.c.last_day)
    return row.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=changed)


def subtracting(table: Table, *counted: str) -> Any:
    """Takes counts off a row that keeps some of them; the row's last session takes the row with it instead.

    The first of the counts is that of the sessions.
    """
    return (
        update(table)
        .where(*keyed(table), table.c[counted[0]] > 1)
        .values({name: table.c[name] - bindparam(f"{name}_") for name in counted})
    )


def removing(table: Table, sessions: str = "sessions") -> Any:
    """Deletes a row that counts one session; to be run before `subtracting`."""
    return delete(table).where(*keyed(table), table.c[sessions] == 1)


def keyed(table: Table) -> list[Any]:
    return [column == bindparam(f"{column.name}_") for column in table.primary_key.columns]


def of_person(table: Table) -> Any:
    return select(table).where(table.c.user_id == bindparam("user_id"))


def a_run() -> Any:
    return select(runs.c.first_day, runs.c.last_day).where(runs.c.user_id == bindparam("user_id"))


def between(table: Table) -> Any:
    of_days = of_person(table).where(table.c.day.between(bindparam("first"), bindparam("last")))
    return of_days.order_by(table.c.day)


def a_pain_day() -> Any:
    return select(pain_days.c.day).where(pain_days.c.user_id == bindparam("user_id")).limit(literal_column("1"))


ADD_TOTALS = Prepared(adding(totals, "sessions", "active_ms", "ratings"))
ADD_DAY = Prepared(adding(days, "sessions", "active_ms").returning(days.c.sessions))
ADD_EXERCISES = Prepared(adding(exercises, "sessions", "held_s", "reps"))
ADD_EXERCISE_DAYS = Prepared(adding(exercise_days, "sessions", "held_s", "reps"))
ADD_PAIN_DAY = Prepared(adding(pain_days, "ratings", "total"))
ADD_RELIEF = Prepared(adding(reliefs, "rated", "lower"))

REMOVE_TOTALS, SUBTRACT_TOTALS = removing(totals), subtracting(totals, "sessions", "active_ms", "ratings")
REMOVE_DAY, SUBTRACT_DAY = removing(days), subtracting(days, "sessions", "active_ms")
REMOVE_EXERCISE = removing(exercises)
SUBTRACT_EXERCISE = subtracting(exercises, "sessions", "held_s", "reps")
REMOVE_EXERCISE_DAY = removing(exercise_days)
SUBTRACT_EXERCISE_DAY = subtracting(exercise_days, "sessions", "held_s", "reps")
REMOVE_PAIN_DAY, SUBTRACT_PAIN_DAY = removing(pain_days, "ratings"), subtracting(pain_days, "ratings", "total")
REMOVE_RELIEF, SUBTRACT_RELIEF = removing(reliefs, "rated"), subtracting(reliefs, "rated", "lower")
LAST_DAY_AGAIN = (
    update(exercises)
    .where(*keyed(exercises))
    .values(
        last_day=select(exercise_days.c.day)
        .where(exercise_days.c.user_id == exercises.c.user_id, exercise_days.c.exercise == exercises.c.exercise)
        .order_by(exercise_days.c.day.desc())
        .limit(1)
        .scalar_subquery()
    )
)

RUN_ENDING_ON = Prepared(a_run().where(runs.c.last_day == bindparam("day")))
RUN_BEGINNING_ON = Prepared(a_run().where(runs.c.first_day == bindparam("day")))
RUN_AROUND = a_run().where(runs.c.last_day >= bindparam("day")).order_by(runs.c.last_day).limit(1)
LATEST_RUN = Prepared(a_run().order_by(runs.c.last_day.desc()).limit(literal_column("1")))
INSERT_RUN = Prepared(insert(runs))
DELETE_RUN = Prepared(delete(runs).where(*keyed(runs)))

TOTALS = Prepared(of_person(totals))
DAYS = Prepared(between(days))
EXERCISES = of_person(exercises).order_by(exercises.c.exercise)
PAIN_DAYS = Prepared(between(pain_days))
FIRST_PAIN_DAY = Prepared(a_pain_day().order_by(pain_days.c.day))
LATEST_PAIN_DAY = Prepared(a_pain_day().order_by(pain_days.c.day.desc()))
RELIEFS = Prepared(of_person(reliefs))
FORGET = tuple(delete(table).where(table.c.user_id == bindparam("user_id")) for table in kept)
EVERYTHING = tuple(of_person(table).order_by(*table.primary_key.columns) for table in kept)
