"""Statements of screening, made once."""

from typing import Any

from sqlalchemy import Table, and_, bindparam, case, delete, func, insert, or_, select, update

from api.db.prepared import Prepared
from api.db.upsert import upsert
from api.screening.tables import Screening, ScreeningAnswers

answers: Table = ScreeningAnswers.__table__  # type: ignore[attr-defined]  # SQLModel's stub hides it
standings: Table = Screening.__table__  # type: ignore[attr-defined]  # as above

STANDING = Prepared(
    select(
        standings,
        answers.c.questionnaire_version,
        answers.c.answers,
        answers.c.red_flags,
        answers.c.answered_at,
        answers.c.received_at,
    )
    .join_from(
        standings,
        answers,
        and_(answers.c.user_id == standings.c.user_id, answers.c.id == standings.c.answers_id),
        isouter=True,
    )
    .where(standings.c.user_id == bindparam("user_id"))
)
INSERT_ANSWERS = Prepared(insert(answers))
LATEST_ANSWERS = (
    select(answers)
    .where(answers.c.user_id == bindparam("user_id"))
    .order_by(answers.c.answered_at.desc(), answers.c.id.desc())
    .limit(1)
)
FIRST_ANSWERED = Prepared(
    select(func.min(answers.c.answered_at).label("answered_at")).where(
        answers.c.user_id == bindparam("user_id"), answers.c.answered_at > bindparam("at")
    )
)


def change(column: str, *, later: bool = False) -> Prepared:
    """Sets one member of a person's row, made where it is missing; `later` lets an instant only move forward."""
    row = upsert(standings)
    value: Any = row.excluded[column]
    if later:
        moves = or_(standings.c[column].is_(None), value > standings.c[column])
        value = case((moves, value), else_=standings.c[column])
    told = {name: row.excluded[name] for name in ("revision", "changed_at", "app")}
    return Prepared(row.on_conflict_do_update(index_elements=["user_id"], set_={**told, column: value}))


COUNT_ANSWERS = change("answers_id")
EVENTS = ("confirmed_at", "session_at", "new_at", "locked_at", "settled_at")
"""What may happen to a person's screening; the last time counts."""
MOVE_ON = {column: change(column, later=True) for column in EVENTS}
CHANGE_STANDING = (
    update(standings)
    .where(standings.c.user_id == bindparam("user_id_"))
    .values({name: bindparam(name) for name in ("revision", "changed_at", "answers_id", *EVENTS)})
)
FORGET_ANSWERS = delete(answers).where(answers.c.user_id == bindparam("user_id"))
