"""Statements of weeks, made once."""

from typing import Any

from sqlalchemy import (
    Integer,
    Table,
    Uuid,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    table,
    update,
)

from api.adherence.tables import ClosedDays, ProgressStretch, ProgressWeek, WeeklyTarget
from api.db.changes import changed_after
from api.db.prepared import Prepared
from api.db.upsert import upsert
from api.domain.adherence import FREEZE, WeekState

targets: Table = WeeklyTarget.__table__  # type: ignore[attr-defined]  # SQLModel's stub hides it
closed: Table = ClosedDays.__table__  # type: ignore[attr-defined]  # as above
weeks: Table = ProgressWeek.__table__  # type: ignore[attr-defined]  # as above
stretches: Table = ProgressStretch.__table__  # type: ignore[attr-defined]  # as above
account = table("account", column("id", Uuid), column("weekly_target", Integer))
"""The room of accounts lies above; its target counts as long as it was never changed."""

ONE: Any = literal_column("1")
USER = bindparam("user_id", type_=weeks.c.user_id.type)
MONDAY = bindparam("monday", type_=weeks.c.monday.type)
SUNDAY = bindparam("sunday", type_=weeks.c.monday.type)

SINCE = targets.c.user_id == USER, targets.c.since <= MONDAY
IN_FORCE = select(targets.c.sessions).where(*SINCE).order_by(targets.c.since.desc()).limit(ONE).scalar_subquery()
UNCHANGED = select(account.c.weekly_target).where(account.c.id == USER).scalar_subquery()
THE_WEEK = weeks.c.user_id == USER, weeks.c.monday == MONDAY
CLOSED_IN_WEEK = closed.c.user_id == USER, closed.c.last_day >= MONDAY, closed.c.first_day <= SUNDAY
FACTS = Prepared(
    select(
        select(weeks.c.sessions).where(*THE_WEEK).scalar_subquery().label("sessions"),
        select(weeks.c.state).where(*THE_WEEK).scalar_subquery().label("state"),
        func.coalesce(IN_FORCE, UNCHANGED).label("target"),
        select(ONE).where(*CLOSED_IN_WEEK).limit(ONE).scalar_subquery().label("closed"),
    )
)
"""What a week is judged by, always in one row."""
KEEP_WEEK = Prepared(
    (row := upsert(weeks)).on_conflict_do_update(
        index_elements=["user_id", "monday"], set_={"sessions": row.excluded.sessions, "state": row.excluded.state}
    )
)
FORGET_WEEK = delete(weeks).where(*THE_WEEK)
WEEKS_FROM = (
    select(weeks.c.monday)
    .where(weeks.c.user_id == USER, weeks.c.monday.between(bindparam("first"), bindparam("last")))
    .order_by(weeks.c.monday)
)
SESSIONS_BY_WEEK = select(weeks.c.monday, weeks.c.sessions).where(
    weeks.c.user_id == USER, weeks.c.monday.between(bindparam("first"), bindparam("last"))
)
MET_BETWEEN = select(func.count()).where(
    weeks.c.user_id == USER,
    weeks.c.state == WeekState.MET,
    weeks.c.monday >= bindparam("first"),
    weeks.c.monday < bindparam("before"),
)

STRETCHES_AROUND = Prepared(
    select(stretches).where(
        stretches.c.user_id == USER,
        stretches.c.last_week >= bindparam("from"),
        stretches.c.first_week <= bindparam("to"),
    )
)
STRETCH_ENDING_FROM = Prepared(
    select(stretches.c.first_week, stretches.c.last_week, stretches.c.met)
    .where(stretches.c.user_id == USER, stretches.c.last_week >= bindparam("day", type_=stretches.c.last_week.type))
    .order_by(stretches.c.last_week)
    .limit(ONE)
)
INSERT_STRETCH = Prepared(insert(stretches))
DELETE_STRETCH = Prepared(
    delete(stretches).where(stretches.c.user_id == USER, stretches.c.first_week == bindparam("first"))
)

TARGETS = Prepared(
    select(targets.c.since, targets.c.sessions).where(targets.c.user_id == USER).order_by(targets.c.since)
)
SET_TARGET = (row := upsert(targets)).on_conflict_do_update(
    index_elements=["user_id", "since"], set_={"sessions": row.excluded.sessions, "revision": row.excluded.revision}
)

CLOSED_BETWEEN = Prepared(
    select(closed).where(
        closed.c.user_id == USER, closed.c.last_day >= bindparam("first"), closed.c.first_day <= bindparam("last")
    )
)
TODAY = bindparam("today", type_=closed.c.first_day.type)
FROZEN_UNTIL = (
    select(func.max(closed.c.last_day))
    .where(closed.c.user_id == USER, closed.c.kind == FREEZE)
    .where(closed.c.last_day >= TODAY, closed.c.first_day <= TODAY)
)
"""The last day of the freeze that holds today; of several the last one."""
CLOSED = select(closed).where(closed.c.user_id == USER).order_by(closed.c.first_day, closed.c.id)
CLOSED_ONE = select(closed).where(closed.c.user_id == USER, closed.c.id == bindparam("id"))
PUT_CLOSED = (row := upsert(closed)).on_conflict_do_update(
    index_elements=["user_id", "id"],
    set_={name: row.excluded[name] for name in ("first_day", "last_day", "reason", "changed_at", "app", "revision")},
)
END_LOCK = (
    update(closed)
    .where(closed.c.user_id == bindparam("user_id_"), closed.c.id == bindparam("id_"))
    .values(last_day=bindparam("last"), revision=bindparam("revision_"), changed_at=bindparam("at"))
)
CHANGED = changed_after(closed, closed.c.kind == FREEZE)
DELETE_CLOSED = delete(closed).where(closed.c.user_id == USER, closed.c.id == bindparam("id"))
FORGET = tuple(delete(kept).where(kept.c.user_id == USER) for kept in (weeks, stretches))
EVERYTHING = tuple(
    select(kept).where(kept.c.user_id == USER).order_by(*kept.primary_key.columns) for kept in (weeks, stretches)
)
