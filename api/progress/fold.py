"""Progress as a fold over finished sessions: each is added once, and can be taken out again.

Knows nothing of where sessions come from; a completion, a mended record, a deletion and a rebuild all come this way.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from api.adherence import service as adherence
from api.domain.finished import Finished
from api.domain.streak import DAY, Run, joined, parted
from api.progress import ladders, queries


def apply(db: Connection, *, user_id: UUID, revision: int, session: Finished) -> None:
    """Takes in a session that has ended. The caller holds the person's row, whose revision it is."""
    if session.counts:
        count(db, user_id=user_id, session=session)
    ladders.add(db, user_id=user_id, revision=revision, session=session)


def count(db: Connection, *, user_id: UUID, session: Finished) -> None:
    time = {"sessions": 1, "active_ms": session.active_ms}
    queries.ADD_TOTALS.run(db, {"user_id": user_id, **time, "ratings": ratings_in(session)})
    on_this_day = queries.ADD_DAY.one(db, {"user_id": user_id, "day": session.day, **time}).sessions
    if on_this_day == 1:
        join_runs(db, user_id=user_id, day=session.day)
    adherence.count(db, user_id=user_id, day=session.day, by=1)
    if session.rating is not None:
        rated = {"user_id": user_id, "day": session.day, "ratings": 1, "total": session.rating}
        queries.ADD_PAIN_DAY.run(db, rated)


def take_out(db: Connection, *, user_id: UUID, revision: int, session: Finished) -> None:
    """Undoes `apply` of the same session, given just as it was then. The caller holds the person's row."""
    if session.counts:
        uncount(db, user_id=user_id, session=session)
    ladders.take_out(db, user_id=user_id, revision=revision, session=session)


def uncount(db: Connection, *, user_id: UUID, session: Finished) -> None:
    time = {"user_id_": user_id, "sessions_": 1, "active_ms_": session.active_ms}
    lower(db, queries.REMOVE_TOTALS, queries.SUBTRACT_TOTALS, {**time, "ratings_": ratings_in(session)})
    if lower(db, queries.REMOVE_DAY, queries.SUBTRACT_DAY, {**time, "day_": session.day}):
        part_run(db, user_id=user_id, day=session.day)
    adherence.count(db, user_id=user_id, day=session.day, by=-1)
    if session.rating is not None:
        rated = {"user_id_": user_id, "day_": session.day, "ratings_": 1, "total_": session.rating}
        lower(db, queries.REMOVE_PAIN_DAY, queries.SUBTRACT_PAIN_DAY, rated)


def ratings_in(session: Finished) -> int:
    return int(session.rating is not None)


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
