"""The clients' log against the rows of the database itself."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, text
from sqlmodel import col

from api.accounts.tables import Account, Tombstone
from api.db.engines import engine_for
from api.sessions.tables import PainRating, Session
from tests.crash.comparison import Finding
from tests.crash.log import Json, Log

Key = tuple[UUID, UUID]


def compare_rows(log: Log, database_url: str) -> list[Finding]:
    engine = engine_for(database_url)
    try:
        with engine.connect() as db:
            return [*accounts(db, log), *sessions(db, log), *ratings(db, log), *broken(db)]
    finally:
        engine.dispose()


def accounts(db: Connection, log: Log) -> Iterator[Finding]:
    """A sign-up without an answer may have opened an account that nobody knows; nothing else may."""
    known, kept = {person.id for person in log.people}, set(column(db, select(col(Account.id))))
    yield from (Finding("lost", f"account {user_id}") for user_id in known - kept)
    if len(kept - known) > log.unanswered_sign_ups:
        yield Finding("doubled", f"{len(kept - known)} accounts that nobody opened")


def sessions(db: Connection, log: Log) -> Iterator[Finding]:
    rows = set(keys(db, select(col(Session.user_id), col(Session.id))))
    buried = set(keys(db, select(col(Tombstone.user_id), col(Tombstone.id))))
    alive = {key for key, session in log.sessions() if not session.deleted}
    deleted = {key for key, session in log.sessions() if session.deleted}
    yield from (Finding("lost", f"row of session {key}") for key in alive - rows)
    yield from (Finding("doubled", f"row of session {key}") for key in rows - alive)
    yield from (Finding("lost", f"tombstone of session {key}") for key in deleted - buried)
    yield from (Finding("doubled", f"tombstone of session {key}") for key in buried - deleted)


def ratings(db: Connection, log: Log) -> Iterator[Finding]:
    key = col(PainRating.user_id), col(PainRating.session_id)
    query = select(*key, func.count()).group_by(*key)
    kept: Counter[Any] = Counter({(row[0], row[1]): row[2] for row in db.execute(query)})
    given: Counter[Any] = Counter(
        {key: rated(session.answer) for key, session in log.sessions() if not session.deleted}
    )
    yield from (Finding("lost", f"{n} ratings of session {key}") for key, n in (given - kept).items())
    yield from (Finding("doubled", f"{n} ratings of session {key}") for key, n in (kept - given).items())


def rated(state: Json) -> int:
    after = (state["outcome"] or {}).get("pain_after", ())
    worst = (state["record"] or {}).get("ratings", ())
    return len(state["pain_before"]) + len(worst) + len(after)


def broken(db: Connection) -> Iterator[Finding]:
    """What SQLite itself says about its file."""
    if db.dialect.name == "sqlite":
        for check, whole in (("integrity_check", ["ok"]), ("foreign_key_check", [])):
            if (said := column(db, text(f"PRAGMA {check}"))) != whole:
                yield Finding("changed", f"{check}: {said[:3]}")


def column(db: Connection, query: Any) -> list[Any]:
    return list(db.execute(query).scalars())


def keys(db: Connection, query: Any) -> list[Key]:
    return [(row[0], row[1]) for row in db.execute(query)]
