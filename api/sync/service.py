"""What a phone did offline: every session by itself is kept, known already, refused, or to be sent again."""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from uuid import UUID

from sqlalchemy import Connection

from api.accounts.service import next_revision
from api.catalogue.shelf import Content
from api.db.failures import described
from api.db.savepoint import attempt
from api.domain.errors import Refusal
from api.notices import service as notices
from api.routines.service import offered
from api.sessions.keeping import Change, Write
from api.sessions.living import Known, Lived, find_known, keep_lived

log = logging.getLogger(__name__)


class Ruling(StrEnum):
    APPLIED = "applied"
    UPDATED = "updated"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Verdict:
    """On one session. A refusal comes with the part that it is about, as a JSON pointer into the request."""

    id: UUID
    ruling: Ruling
    refusal: Refusal | None = None
    pointer: str = ""


def take(
    db: Connection,
    *,
    user_id: UUID,
    app: str | None,
    content: Content,
    sessions: Sequence[Lived],
    acknowledged: Collection[UUID] = (),
    now: datetime,
) -> list[Verdict]:
    """Keeps the sessions, and gives a verdict on each in the order in which they came. Raises no refusal of one.

    `acknowledged` are the ids of notices that were put away.
    """
    write = Write(next_revision(db, user_id=user_id), app, now, offered(content))
    known = find_known(db, user_id=user_id, ids={lived.id for lived in sessions})
    before = dict(known.views)
    verdicts = [judge(known, lived, write, place) for place, lived in enumerate(sessions)]
    changes = [Change(before.get(key), view) for key, view in known.views.items() if view is not before.get(key)]
    notices.put_away(db, person=write.person, app=app, ids=acknowledged, now=now)
    lost = keep_what_can_be(db, write, content, changes)
    return [Verdict(one.id, Ruling.RETRY) if one.id in lost else one for one in verdicts]


def judge(known: Known, lived: Lived, write: Write, place: int) -> Verdict:
    """Lets the session become in memory what this makes of it; a refusal of any part leaves it as it was."""
    pointer = f"/sessions/{place}/start"
    try:
        before = after = known.view(lived.id)
        for part, step in lived.parts():
            pointer = f"/sessions/{place}/{part}"
            after = step(after, write)
    except Refusal as refusal:
        return Verdict(lived.id, Ruling.REJECTED, refusal, pointer)
    except Exception as error:  # noqa: BLE001 - a mistake of ours with one session must not keep the others waiting
        log.error("A session was left out of a sync: %s", described(error))  # noqa: TRY400 - as in `attempt`
        return Verdict(lived.id, Ruling.RETRY)
    if after is None or after is before:
        return Verdict(lived.id, Ruling.DUPLICATE)
    known.views[lived.id] = after
    return Verdict(lived.id, Ruling.UPDATED if before else Ruling.APPLIED)


def keep_what_can_be(db: Connection, write: Write, content: Content, changes: Sequence[Change]) -> set[UUID]:
    """The ids of those that a mistake of ours kept out: all are kept together, or where that fails each by itself."""
    if not changes or attempt(db, partial(keep_lived, db, write, content, changes)):
        return set()
    return set(ids(change for change in changes if not attempt(db, partial(keep_lived, db, write, content, [change]))))


def ids(changes: Iterable[Change]) -> Iterable[UUID]:
    return (change.after.row.id for change in changes)
