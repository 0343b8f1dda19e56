"""What is kept of each exercise: totals, how each time went, and where the person stands on its ladder.

In the usual order a session costs one look at the person's exercises and two writes, however long the history is. One
that comes late, is mended or goes is folded in from its place on, until what follows is as it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from api.domain.finished import Finished
from api.domain.judgement import Light
from api.domain.progression import Noted, State, state_of, taken, text_of
from api.progress import queries

NOT_NOTED = dict.fromkeys(("rung", "top", "seen", "flared", "part"))
PLACE = ("day", "at", "session_id")
BOUND_PLACE = tuple(f"{name}_" for name in PLACE)
Place = tuple[date, datetime, UUID]
Kept = dict[str, Any]


def add(db: Connection, *, user_id: UUID, revision: int, sessions: Sequence[Finished]) -> None:
    """Takes the exercises of sessions in. The caller holds the person's row."""
    rows = [(session, row) for session in sorted(sessions, key=place_in) for row in practices_of(session, user_id)]
    if not rows:
        return
    ladders = read(db, user_id=user_id)
    changed: dict[str, Kept] = {}
    late: dict[str, list[Place]] = {}
    for session, row in rows:
        name = row["exercise"]
        ladder = changed.get(name) or changed.setdefault(name, ladders.get(name) or fresh(user_id, name))
        ladder["revision"] = revision
        count(ladder, session, row, 1)
        if not climbs(ladder, row, session.noted.get(name)):
            late.setdefault(name, []).append(place_in(session))
    queries.INSERT_PRACTICES.run_each(db, [row for _, row in rows])
    for name, places in late.items():
        settle(db, changed[name], places[0], state_before(db, changed[name], places[0]), until=places[-1])
    queries.KEEP_LADDERS.run_each(db, [*changed.values()])


def place_in(session: Finished) -> Place:
    return session.day, session.at, session.session


def take_out(db: Connection, *, user_id: UUID, revision: int, session: Finished) -> None:
    """Undoes `add` of the same session, given just as it was then."""
    rows = practices_of(session, user_id)
    ladders = read(db, user_id=user_id)
    for row in rows:
        ladder, key = ladders[row["exercise"]], {f"{name}_": row[name] for name in ("user_id", "exercise", *PLACE)}
        before = db.execute(queries.DELETE_PRACTICE, key).scalar_one()
        count(ladder, session, row, -1)
        last = db.execute(queries.LAST_COUNTED, ladder).one_or_none()
        ladder |= {"revision": revision, "last_day": last.day if last else None}
        if row["rung"] is not None:
            settle(db, ladder, place_in(session), before, until=place_in(session))
    if rows:
        queries.KEEP_LADDERS.run_each(db, [ladders[row["exercise"]] for row in rows])


def read(db: Connection, *, user_id: UUID) -> dict[str, Kept]:
    """By exercise; at most as many as the catalogue ever had."""
    return {row.exercise: named(row) for row in queries.LADDERS.all(db, {"user_id": user_id})}


def named(row: Row[Any]) -> Kept:
    """As `_asdict` has it, in a third of the time."""
    return dict(zip(row._fields, row, strict=True))


def states(db: Connection, *, user_id: UUID) -> dict[str, State]:
    """Where the person stands on each ladder, by exercise."""
    return {name: state_of(ladder["state"]) for name, ladder in read(db, user_id=user_id).items()}


def fresh(user_id: UUID, exercise: str) -> Kept:
    nothing = dict.fromkeys(("sessions", "held_s", "reps", "rated", "lower"), 0)
    blank = {"last_day": None, "latest_at": None, "state": queries.NOTHING_YET, "revision": 0}
    return {"user_id": user_id, "exercise": exercise, **nothing, **blank}


def practices_of(session: Finished, user_id: UUID) -> list[Kept]:
    """A row for each exercise that counts or was practised at all."""
    done = {done.exercise for done in session.exercises if session.counts}
    shared = {"user_id": user_id, "day": session.day, "at": session.at, "session_id": session.session}
    return [
        {
            **shared,
            "exercise": name,
            "counts": name in done,
            "relieved": session.relieved if name in done else None,
            **(told(session.noted[name]) if name in session.noted else NOT_NOTED),
        }
        for name in sorted(done | session.noted.keys())
    ]


def told(noted: Noted) -> Kept:
    return {"rung": noted.rung, "top": noted.top, "seen": noted.seen, "flared": noted.flared, "part": noted.part}


def count(ladder: Kept, session: Finished, row: Kept, by: int) -> None:
    """Adds what counts of one exercise to its totals, or takes it off."""
    if not row["counts"]:
        return
    done = next(done for done in session.exercises if done.exercise == row["exercise"])
    ladder["sessions"] += by
    ladder["held_s"] += by * done.held_s
    ladder["reps"] += by * done.reps
    ladder["last_day"] = max(session.day, ladder["last_day"] or session.day)
    if session.relieved is not None:
        ladder["rated"] += by
        ladder["lower"] += by * int(session.relieved)


def climbs(ladder: Kept, row: Kept, noted: Noted | None) -> bool:
    """Whether a practice comes in the order of time, so that it moves the state on; one that does not is late."""
    row["before"] = ladder["state"] if noted else queries.NOTHING_YET
    if noted is None:
        return True
    state = state_of(ladder["state"])
    if state.last and (state.last.day, ladder["latest_at"]) >= (row["day"], row["at"]):
        return False
    ladder |= {"state": text_of(taken(state, noted)), "latest_at": noted.at}
    return True


def settle(db: Connection, ladder: Kept, place: Place, before: str, *, until: Place) -> None:
    """Folds what stands at a place and after it anew from the state before, until nothing changes any more.

    `until` is the last place at which something came or went.
    """
    for row in from_place(db, ladder, place):
        if row.before == before and place_of(row) > until:
            return
        if row.before != before:
            key = {f"{name}_": getattr(row, name) for name in ("user_id", "exercise", *PLACE)}
            db.execute(queries.BEGIN_FROM, {**key, "state": before})
        before = text_of(taken(state_of(before), noted_of(row)))
    last = db.execute(queries.LAST_FOLDED, ladder).one_or_none()
    ladder |= {"state": before, "latest_at": last.at if last else None}


def state_before(db: Connection, ladder: Kept, place: Place) -> str:
    key = dict(zip(BOUND_PLACE, place, strict=True))
    row = db.execute(queries.PRACTICE_BEFORE, {**ladder, **key}).one_or_none()
    return text_of(taken(state_of(row.before), noted_of(row))) if row else queries.NOTHING_YET


def from_place(db: Connection, ladder: Mapping[str, Any], place: Place) -> Iterator[Row[Any]]:
    """The practices of an exercise from that place on, a batch at a time."""
    after = None
    while True:
        bound = dict(zip(BOUND_PLACE, after or place, strict=True))
        found = list(db.execute(queries.PRACTICES_FROM, {**ladder, **bound}))
        yield from (row for row in found if after is None or place_of(row) > after)
        if len(found) < queries.REFOLDED_AT_ONCE:
            return
        after = place_of(found[-1])


def place_of(row: Row[Any]) -> Place:
    return row.day, row.at, row.session_id


def noted_of(row: Row[Any]) -> Noted:
    seen = Light(row.seen) if row.seen else None
    return Noted(row.session_id, row.at, row.day, row.rung, row.top, seen, row.flared, row.part)
