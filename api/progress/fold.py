"""Progress as a fold over finished sessions: each is added once, and can be taken out again.

Knows nothing of where sessions come from; a completion, a mended record, a deletion and a rebuild all come this way.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from api.adherence import service as adherence
from api.domain.finished import Finished
from api.domain.practice import week_of
from api.domain.streak import DAY, Run, joined, parted
from api.progress import ladders, queries


def apply(db: Connection, *, user_id: UUID, revision: int, sessions: Sequence[Finished]) -> None:
    """Takes in sessions that have ended, with as many statements for all of them as for one of each day.

    The caller holds the person's row, whose revision it is.
    """
    if counted := [session for session in sessions if session.counts]:
        count(db, user_id=user_id, sessions=counted)
    ladders.add(db, user_id=user_id, revision=revision, sessions=sessions)


def count(db: Connection, *, user_id: UUID, sessions: Sequence[Finished]) -> None:
    of_person = {"user_id": user_id}
    queries.ADD_TOTALS.run(db, of_person | time_of(sessions) | {"ratings": sum(map(ratings_in, sessions))})
    for day, on_day in by_day(sessions).items():
        added = queries.ADD_DAY.one(db, of_person | {"day": day} | time_of(on_day))
        if added.sessions == len(on_day):
            join_runs(db, user_id=user_id, day=day)
        if ratings := [session.rating for session in on_day if session.rating is not None]:
            rated = {"day": day, "ratings": len(ratings), "total": sum(ratings)}
            queries.ADD_PAIN_DAY.run(db, of_person | rated)
    for monday, number in Counter(week_of(session.day)[0] for session in sessions).items():
        adherence.count(db, user_id=user_id, day=monday, by=number)


def by_day(sessions: Sequence[Finished]) -> dict[date, list[Finished]]:
    days: dict[date, list[Finished]] = {}
    for session in sessions:
        days.setdefault(session.day, []).append(session)
    return days


def time_of(sessions: Sequence[Finished]) -> dict[str, int]:
    return {"sessions": len(sessions), "active_ms": sum(session.active_ms for session in sessions)}


def take_out(db: Connection, *, user_id: UUID, revision: int, session: Finished) -> None:
    """Undoes `apply` of a session, given just as it was then. The caller holds the person's row."""
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
