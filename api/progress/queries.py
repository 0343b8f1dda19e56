"""Statements of progress, made once."""

from typing import Any

from sqlalchemy import Table, bindparam, delete, func, insert, literal_column, or_, select, tuple_, update

from api.adherence.queries import FROZEN_UNTIL, stretches, weeks
from api.db.prepared import Prepared
from api.db.upsert import upsert
from api.progress.tables import (
    Progress,
    ProgressDay,
    ProgressLadder,
    ProgressPainDay,
    ProgressPractice,
    ProgressRun,
)

totals: Table = Progress.__table__  # type: ignore[attr-defined]  # SQLModel's stub hides it
days: Table = ProgressDay.__table__  # type: ignore[attr-defined]  # as above
runs: Table = ProgressRun.__table__  # type: ignore[attr-defined]  # as above
ladders: Table = ProgressLadder.__table__  # type: ignore[attr-defined]  # as above
practices: Table = ProgressPractice.__table__  # type: ignore[attr-defined]  # as above
pain_days: Table = ProgressPainDay.__table__  # type: ignore[attr-defined]  # as above
kept = (totals, days, runs, ladders, practices, pain_days)
NOTHING_YET = "{}"
"""The state of a ladder on which nobody has stood."""
REFOLDED_AT_ONCE = 200


def adding(table: Table, *counted: str) -> Any:
    """Inserts a row, or adds its counts to the row that has its key."""
    row = upsert(table)
    changed: dict[str, Any] = {name: table.c[name] + row.excluded[name] for name in counted}
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


def of_exercise() -> Any:
    return of_person(practices).where(practices.c.exercise == bindparam("exercise"))


def folded() -> Any:
    return of_exercise().where(practices.c.rung.is_not(None))


def bound_place() -> tuple[Any, ...]:
    return tuple(bindparam(f"{name}_", type_=practices.c[name].type) for name in ("day", "at", "session_id"))


def backwards() -> tuple[Any, ...]:
    return practices.c.day.desc(), practices.c.at.desc(), practices.c.session_id.desc()


def keeping(table: Table) -> Any:
    """Inserts a whole row, or puts it in the place of the row that has its key."""
    row = upsert(table)
    others = [column.name for column in table.c if not column.primary_key]
    whole = {name: row.excluded[name] for name in others}
    return row.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=whole)


def everything(table: Table) -> Any:
    """What follows from the record of a table's rows: neither revisions nor rows that nothing is left of."""
    told = select(*(column for column in table.c if column.name != "revision"))
    if table is ladders:
        told = told.where(or_(ladders.c.sessions > 0, ladders.c.state != NOTHING_YET))
    return told.where(table.c.user_id == bindparam("user_id")).order_by(*table.primary_key.columns)


def a_pain_day() -> Any:
    return select(pain_days.c.day).where(pain_days.c.user_id == bindparam("user_id")).limit(literal_column("1"))


def a_total(column: Any) -> Any:
    return select(column).where(totals.c.user_id == USER).scalar_subquery()


def of_latest_run(column: Any) -> Any:
    latest = select(column).where(runs.c.user_id == USER).order_by(runs.c.last_day.desc())
    return latest.limit(literal_column("1")).scalar_subquery()


USER = bindparam("user_id", type_=totals.c.user_id.type)
DAY = days.c.day.type
ADD_TOTALS = Prepared(adding(totals, "sessions", "active_ms", "ratings"))
ADD_DAY = Prepared(adding(days, "sessions", "active_ms").returning(days.c.sessions))
ADD_PAIN_DAY = Prepared(adding(pain_days, "ratings", "total"))

REMOVE_TOTALS, SUBTRACT_TOTALS = removing(totals), subtracting(totals, "sessions", "active_ms", "ratings")
REMOVE_DAY, SUBTRACT_DAY = removing(days), subtracting(days, "sessions", "active_ms")
REMOVE_PAIN_DAY, SUBTRACT_PAIN_DAY = removing(pain_days, "ratings"), subtracting(pain_days, "ratings", "total")
LADDERS = Prepared(of_person(ladders))
KEEP_LADDERS = Prepared(keeping(ladders))
INSERT_PRACTICES = Prepared(insert(practices))
DELETE_PRACTICE = delete(practices).where(*keyed(practices)).returning(practices.c.before)
PRACTICES_FROM = (
    folded()
    .where(tuple_(practices.c.day, practices.c.at, practices.c.session_id) >= tuple_(*bound_place()))
    .order_by(practices.c.day, practices.c.at, practices.c.session_id)
    .limit(REFOLDED_AT_ONCE)
)
PRACTICE_BEFORE = (
    folded()
    .where(tuple_(practices.c.day, practices.c.at, practices.c.session_id) < tuple_(*bound_place()))
    .order_by(*backwards())
    .limit(1)
)
BEGIN_FROM = update(practices).where(*keyed(practices)).values(before=bindparam("state"))
LAST_COUNTED = of_exercise().where(practices.c.counts).order_by(*backwards()).limit(1)
LAST_FOLDED = folded().order_by(*backwards()).limit(1)
PRACTICES_BETWEEN = (
    of_person(practices)
    .where(
        practices.c.exercise == bindparam("exercise"), practices.c.day.between(bindparam("first"), bindparam("last"))
    )
    .where(practices.c.rung.is_not(None))
    .order_by(practices.c.day, practices.c.at, practices.c.session_id)
)

RUN_ENDING_ON = Prepared(a_run().where(runs.c.last_day == bindparam("day")))
RUN_BEGINNING_ON = Prepared(a_run().where(runs.c.first_day == bindparam("day")))
RUN_AROUND = a_run().where(runs.c.last_day >= bindparam("day")).order_by(runs.c.last_day).limit(1)
INSERT_RUN = Prepared(insert(runs))
DELETE_RUN = Prepared(delete(runs).where(*keyed(runs)))

TOTALS = Prepared(of_person(totals))
DAYS_OF_WEEK = select(func.sum(days.c.sessions)).where(
    days.c.user_id == USER, days.c.day.between(bindparam("monday", type_=DAY), bindparam("sunday", type_=DAY))
)
FIRST_DAY = select(runs.c.first_day).where(runs.c.user_id == USER).order_by(runs.c.first_day).limit(literal_column("1"))
ON_TODAY = select(days.c.sessions).where(days.c.user_id == USER, days.c.day == bindparam("today", type_=DAY))
SUMMARY = Prepared(
    select(
        a_total(totals.c.sessions).label("sessions"),
        a_total(totals.c.active_ms).label("active_ms"),
        a_total(totals.c.ratings).label("ratings"),
        of_latest_run(runs.c.first_day).label("first_day"),
        of_latest_run(runs.c.last_day).label("last_day"),
        FIRST_DAY.scalar_subquery().label("earliest"),
        DAYS_OF_WEEK.scalar_subquery().label("this_week"),
        ON_TODAY.scalar_subquery().label("on_today"),
        FROZEN_UNTIL.scalar_subquery().label("frozen_until"),
    )
)
"""Always one row."""
DAYS = Prepared(between(days))
SESSIONS_BY_DAY = Prepared(between(days).with_only_columns(days.c.day, days.c.sessions))
"""For whoever asks for a month of them with each reading."""
SESSIONS_BETWEEN = Prepared(
    select(func.sum(days.c.sessions).label("sessions")).where(
        days.c.user_id == USER, days.c.day.between(bindparam("first", type_=DAY), bindparam("last", type_=DAY))
    )
)
"""Of all the days together; always one row."""
EXERCISES = of_person(ladders).where(ladders.c.sessions > 0).order_by(ladders.c.exercise)
PAIN_DAYS = Prepared(between(pain_days))
FIRST_PAIN_DAY = Prepared(a_pain_day().order_by(pain_days.c.day))
LATEST_PAIN_DAY = Prepared(a_pain_day().order_by(pain_days.c.day.desc()))
RELIEFS = of_person(ladders).where(ladders.c.rated > 0)
ALL_KEPT = (*kept, weeks, stretches)
FORGET = tuple(delete(table).where(table.c.user_id == bindparam("user_id")) for table in kept)
EVERYTHING = tuple(everything(table) for table in kept)
