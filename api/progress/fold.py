"""Progress as a fold over finished sessions: each is added once, and can be taken out again.

Knows nothing of where sessions come from; a completion, a mended record, a deletion and a rebuild all come this way.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from api.domain.practice import Finished
from api.domain.streak import DAY, Run, joined, parted
from api.progress import queries

COUNTED = frozenset({"sessions", "held_s", "reps", "ratings", "total", "rated", "lower"})
Rows = dict[tuple[object, ...], dict[str, Any]]


def apply(db: Connection, *, user_id: UUID, sessions: Sequence[Finished]) -> None:
    """Counts finished sessions, as many statements for all of them as for one of each day. The caller holds the row."""
    of_person = {"user_id": user_id}
    queries.ADD_TOTALS.run(db, of_person | time_of(sessions) | {"ratings": sum(map(ratings_in, sessions))})
    for day, on_day in by_day(sessions).items():
        added = queries.ADD_DAY.one(db, of_person | {"day": day} | time_of(on_day))
        if added.sessions == len(on_day):
            join_runs(db, user_id=user_id, day=day)
    add_exercises(db, user_id=user_id, sessions=sessions)
    add_pain(db, user_id=user_id, sessions=sessions)


def add_exercises(db: Connection, *, user_id: UUID, sessions: Sequence[Finished]) -> None:
    totals: Rows = {}
    days: Rows = {}
    for session in sessions:
        for row in exercise_rows(session, user_id):
            add(totals, (row["exercise"],), {**row, "last_day": session.day})
            add(days, (row["exercise"], session.day), {**row, "day": session.day})
    if totals:
        queries.ADD_EXERCISES.run_each(db, [*totals.values()])
        queries.ADD_EXERCISE_DAYS.run_each(db, [*days.values()])


def add_pain(db: Connection, *, user_id: UUID, sessions: Sequence[Finished]) -> None:
    """At most two statements, and none where nothing was rated."""
    days: Rows = {}
    reliefs: Rows = {}
    for session in sessions:
        if session.rating is not None:
            add(days, (session.day,), {"user_id": user_id, "day": session.day, "ratings": 1, "total": session.rating})
        for row in relief_rows(session, user_id):
            add(reliefs, (row["exercise"],), row)
    if days:
        queries.ADD_PAIN_DAY.run_each(db, [*days.values()])
    if reliefs:
        queries.ADD_RELIEF.run_each(db, [*reliefs.values()])


def add(rows: Rows, key: tuple[object, ...], row: dict[str, Any]) -> None:
    """Adds the counts of a row to the one of that key; a last day only moves forward."""
    known = rows.setdefault(key, row)
    if known is not row:
        known |= {name: known[name] + row[name] for name in COUNTED & row.keys()}
        if "last_day" in row:
            known["last_day"] = max(known["last_day"], row["last_day"])


def by_day(sessions: Sequence[Finished]) -> dict[date, list[Finished]]:
    days: dict[date, list[Finished]] = {}
    for session in sessions:
        days.setdefault(session.day, []).append(session)
    return days


def time_of(sessions: Sequence[Finished]) -> dict[str, int]:
    return {"sessions": len(sessions), "active_ms": sum(session.active_ms for session in sessions)}


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
