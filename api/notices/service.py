"""Quiet notices: they follow from levels, weeks and the screening as these stand, and are put away one by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from api.accounts.service import next_revision, read_settings
from api.catalogue.shelf import Content
from api.domain.errors import NotFound
from api.domain.notices import EXPIRES_SOON_DAYS, Notice, NoticeKind
from api.domain.practice import local_date
from api.domain.progression import Rule
from api.domain.standing import is_valid, valid_until
from api.notices import queries
from api.progress import service as progress
from api.progress.levels import read_levels
from api.screening.service import read_standing


class NoticeNotFound(NotFound):
    code = "notice-not-found"
    title = "There is no such notice"
    cure = "Read `GET /v1/me/notices` again; a notice goes when what it is about has passed."


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice under its id, which is the same whoever works it out and when."""

    id: UUID
    notice: Notice


def list_notices(db: Connection, *, user_id: UUID, content: Content, now: datetime) -> list[Shown]:
    """Those that hold now and were not put away."""
    there = holding(db, user_id=user_id, content=content, now=now)
    gone = set(db.execute(queries.ACKNOWLEDGED, {"user_id": user_id, "ids": list(there)}).scalars())
    return [Shown(key, notice) for key, notice in there.items() if key not in gone]


def acknowledge(
    db: Connection, *, user_id: UUID, app: str | None, content: Content, notice_id: UUID, now: datetime
) -> None:
    """Puts a notice away; again changes nothing. Raises NoticeNotFound."""
    revision = next_revision(db, user_id=user_id).revision
    known = db.execute(queries.ACKNOWLEDGED, {"user_id": user_id, "ids": [notice_id]}).first()
    if known is None and notice_id not in holding(db, user_id=user_id, content=content, now=now):
        raise NoticeNotFound
    row = {"user_id": user_id, "id": notice_id, "acknowledged_at": now, "app": app, "revision": revision}
    db.execute(queries.ACKNOWLEDGE, row)


def holding(db: Connection, *, user_id: UUID, content: Content, now: datetime) -> dict[UUID, Notice]:
    notices = (
        *levels_raised(db, user_id=user_id, content=content, now=now),
        *week_reached(db, user_id=user_id, now=now),
        *screening_expires(db, user_id=user_id, content=content, now=now),
    )
    return {notice.id_for(user_id): notice for notice in notices}


def levels_raised(db: Connection, *, user_id: UUID, content: Content, now: datetime) -> Iterator[Notice]:
    levels = read_levels(db, user_id=user_id, content=content, now=now)
    for level in levels.items:
        if level.decision.rule is Rule.RAISED:
            sessions = level.decision.sessions
            yield Notice(NoticeKind.LEVEL_RAISED, level.exercise, levels.today, level.rung, sessions)


def week_reached(db: Connection, *, user_id: UUID, now: datetime) -> Iterator[Notice]:
    person = read_settings(db, user_id=user_id)
    today = local_date(now, person.zone, person.day_cutoff_min)
    week = progress.summary_on(db, user_id=user_id, today=today, target=person.weekly_target).week
    if week.met:
        yield Notice(NoticeKind.WEEK_REACHED, week.first_day.isoformat(), week.last_day)


def screening_expires(db: Connection, *, user_id: UUID, content: Content, now: datetime) -> Iterator[Notice]:
    standing = read_standing(db, user_id=user_id)
    until = valid_until(standing, content.screening)
    soon = until is not None and until - now <= timedelta(days=EXPIRES_SOON_DAYS)
    if until and soon and is_valid(standing, content.screening, now):
        last = last_day(until)
        yield Notice(NoticeKind.SCREENING_EXPIRES, last.isoformat(), last)


def last_day(until: datetime) -> date:
    return until.date()
