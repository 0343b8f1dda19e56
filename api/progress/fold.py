"""Progress as a fold over finished sessions: each is added once, and can be taken out again.

Knows nothing of where sessions come from; a completion, a mended record, a deletion and a rebuild all come this way.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from api.domain.practice import Finished
from api.domain.streak import DAY, Run, joined, parted
from api.progress import queries


def apply(db: Connection, *, user_id: UUID, session: Finished) -> None:
    """Counts a finished session. The caller holds the person's row."""
    time = {"sessions": 1, "active_ms": session.active_ms}
    queries.ADD_TOTALS.run(db, {"user_id": user_id, **time, "ratings": ratings_in(session)})
    on_this_day = queries.ADD_DAY.one(db, {"user_id": user_id, "day": session.day, **time}).sessions
    if on_this_day == 1:
        join_runs(db, user_id=user_id, day=session.day)
    rows = exercise_rows(session, user_id)
    if rows:
        queries.ADD_EXERCISES.run_each(db, [{**row, "last_day": session.day} for row in rows])
        queries.ADD_EXERCISE_DAYS.run_each(db, [{**row, "day": session.day} for row in rows])
    add_pain(db, user_id=user_id, session=session)


def add_pain(db: Connection, *, user_id: UUID, session: Finished) -> None:
    """At most two statements, and none where nothing was rated."""
    if session.rating is not None:
        rated = {"user_id": user_id, "day": session.day, "ratings": 1, "total": session.rating}
        queries.ADD_PAIN_DAY.run(db, rated)
    if reliefs := relief_rows(session, user_id):
        queries.ADD_RELIEF.run_each(db, reliefs)


def take_out(db: Connection, *, user_id: UUID, session: Finished) -> None:
    """Uncounts a session that `apply` counted, given just as it was then. The caller holds the person's row."""
    time = {"user_id_": user_id, "sessions_": 1, "active_ms_": session.active_ms}
    lower(db, queries.REMOVE_TOTALS, queries.SUBTRACT_TOTALS, {**time, "ratings_": ratings_in(session)})
    if lower(db, queries.REMOVE_DAY, queries.SUBTRACT_DAY, {**time, "day_": session.day}):
        part_run(db, user_id=user_id, day=session.day)
    for row in exercise_rows(session, user_id):
        key = {f"{name}_": value for name, value in row.items()}
        lower(db, queries.REMOVE_EXERCISE_DAY, queries.SUBTRACT_EXERCISE_DAY, {**key, "day_": session.day})
        if not lower(db, queries.REMOVE_EXERCISE, queries.SUBTRACT_EXERCISE, key):
            db.execute(queries.LAST_DAY_AGAIN, key)
    take_out_pain(db, user_id=user_id, session=session)


def take_out_pain(db: Connection, *, user_id: UUID, session: Finished) -> None:
    if session.rating is not None:
        rated = {"user_id_": user_id, "day_": session.day, "ratings_": 1, "total_": session.rating}
        lower(db, queries.REMOVE_PAIN_DAY, queries.SUBTRACT_PAIN_DAY, rated)
    for row in relief_rows(session, user_id):
        key = {f"{name}_": value for name, value in row.items()}
        lower(db, queries.REMOVE_RELIEF, queries.SUBTRACT_RELIEF, key)


def ratings_in(session: Finished) -> int:
    return int(session.rating is not None)


def exercise_rows(session: Finished, user_id: UUID) -> list[dict[str, Any]]:
    return [
        {"user_id": user_id, "exercise": done.exercise, "sessions": 1, "held_s": done.held_s, "reps": done.reps}
        for done in session.exercises
    ]


def relief_rows(session: Finished, user_id: UUID) -> list[dict[str, Any]]:
    if session.relieved is None:
        return []
    told = {"user_id": user_id, "rated": 1, "lower": int(session.relieved)}
    return [{**told, "exercise": done.exercise} for done in session.exercises]


def lower(db: Connection, remove: Any, subtract: Any, key: dict[str, Any]) -> bool:
    """Whether the row counted this one session only and is gone now."""
    if db.execute(remove, key).rowcount:
        return True
    db.execute(subtract, key)
    return False


def join_runs(db: Connection, *, user_id: UUID, day: date) -> None:
    before = queries.RUN_ENDING_ON.one_or_none(db, {"user_id": user_id, "day": day - DAY})
    after = queries.RUN_BEGINNING_ON.one_or_none(db, {"user_id": user_id, "day": day + DAY})
    neighbours = tuple(Run(row.first_day, row.last_day) for row in (before, after) if row)
    replace_runs(db, user_id=user_id, old=neighbours, new=(joined(day, neighbours),))


def part_run(db: Connection, *, user_id: UUID, day: date) -> None:
    run = Run(*db.execute(queries.RUN_AROUND, {"user_id": user_id, "day": day}).one())
    replace_runs(db, user_id=user_id, old=(run,), new=parted(day, run))


def replace_runs(db: Connection, *, user_id: UUID, old: tuple[Run, ...], new: tuple[Run, ...]) -> None:
    for run in old:
        queries.DELETE_RUN.run(db, {"user_id_": user_id, "first_day_": run.first})
    for run in new:
        queries.INSERT_RUN.run(db, {"user_id": user_id, "first_day": run.first, "last_day": run.last})
