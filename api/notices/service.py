"""Quiet notices: they follow from levels, weeks and the screening as these stand, and are put away one by one.

What is kept is only which of them were put away. A notice is told before its first day, so that a phone without a
network shows it on that day; and an id that was put away stays so, whatever comes or goes of what it is about.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from api.accounts.service import next_revision, read_settings
from api.catalogue.shelf import Content
from api.db.changes import After, Changed
from api.domain.errors import NotFound
from api.domain.notices import EXPIRES_SOON_DAYS, Notice, NoticeKind
from api.domain.practice import local_date
from api.domain.standing import is_valid, valid_until
from api.notices import queries
from api.progress import service as progress
from api.progress.levels import rises_to_come
from api.screening.service import day_of, read_standing


class NoticeNotFound(NotFound):
    code = "notice-not-found"
    title = "There is no such notice"
    cure = "Read `GET /v1/me/notices` again; a notice goes when what it is about has passed."


def list_notices(db: Connection, *, user_id: UUID, content: Content, now: datetime) -> list[Notice]:
    """Those that hold today and were not put away."""
    person = read_settings(db, user_id=user_id)
    today = today_of(person, now)
    return [notice for notice in left(db, person, content, now) if notice.is_shown_on(today)]


def acknowledge(
    db: Connection, *, user_id: UUID, app: str | None, content: Content, notice_id: UUID, now: datetime
) -> None:
    """Puts a notice away; again changes nothing. Raises NoticeNotFound."""
    person = next_revision(db, user_id=user_id)
    known = db.execute(queries.ACKNOWLEDGED, {"user_id": user_id, "ids": [notice_id]}).first()
    if known is None and notice_id not in {notice.id for notice in to_come(db, person, content, now)}:
        raise NoticeNotFound
    put_away(db, person=person, app=app, ids={notice_id}, now=now)


def put_away(db: Connection, *, person: Row[Any], app: str | None, ids: Collection[UUID], now: datetime) -> None:
    """Also what nobody can be told of: a phone may have worked it out before the server heard of its sessions."""
    told = {"user_id": person.id, "acknowledged_at": now, "app": app, "revision": person.revision}
    if ids:
        db.execute(queries.ACKNOWLEDGE, [{**told, "id": notice_id} for notice_id in sorted(ids)])


def changes(
    db: Connection, *, user_id: UUID, after: After, limit: int, content: Content, now: datetime
) -> list[Changed]:
    """All that are not put away, at once: any write of the person may have changed them."""
    del limit
    person = read_settings(db, user_id=user_id)
    if person.revision <= after.revision:
        return []
    return [Changed(person.revision, user_id, left(db, person, content, now))]


def left(db: Connection, person: Row[Any], content: Content, now: datetime) -> list[Notice]:
    """Those that hold or are to come, without what was put away."""
    there = to_come(db, person, content, now)
    asked = {"user_id": person.id, "ids": [notice.id for notice in there]}
    gone = set(db.execute(queries.ACKNOWLEDGED, asked).scalars()) if there else set()
    return [notice for notice in there if notice.id not in gone]


def to_come(db: Connection, person: Row[Any], content: Content, now: datetime) -> list[Notice]:
    """Those that hold today or will on a later day, unless something happens before that."""
    today = today_of(person, now)
    notices = (
        *levels_raised(db, person, content),
        *week_reached(db, person, today),
        *screening_expires(db, person, content, now),
    )
    return [notice for notice in notices if today <= notice.last_day]


def today_of(person: Row[Any], now: datetime) -> date:
    return local_date(now, person.zone, person.day_cutoff_min)


def levels_raised(db: Connection, person: Row[Any], content: Content) -> Iterator[Notice]:
    for exercise, rise in rises_to_come(db, user_id=person.id, content=content):
        yield Notice(
            NoticeKind.LEVEL_RAISED, exercise, rise.first_day, rise.last_day, rung=rise.rung, sessions=rise.sessions
        )


def week_reached(db: Connection, person: Row[Any], today: date) -> Iterator[Notice]:
    week = progress.week_on(db, user_id=person.id, today=today, target=person.weekly_target)
    if week.met:
        yield Notice(NoticeKind.WEEK_REACHED, week.first_day.isoformat(), week.first_day, week.last_day)


def screening_expires(db: Connection, person: Row[Any], content: Content, now: datetime) -> Iterator[Notice]:
    standing = read_standing(db, user_id=person.id)
    until = valid_until(standing, content.screening)
    if until and is_valid(standing, content.screening, min(now, until - timedelta.resolution)):
        first_day = day_of(person, until - timedelta(days=EXPIRES_SOON_DAYS))
        yield Notice(NoticeKind.SCREENING_EXPIRES, until.date().isoformat(), first_day, day_of(person, until))
