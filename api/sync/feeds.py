"""What a phone shows of its person, each part by its feature, in one order by revision.

A table whose rows carry a revision is read by a feed, or is named here with the reason why not; a test asks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection

from api.accounts import service as accounts
from api.adherence import service as adherence
from api.catalogue.shelf import Content
from api.db.changes import LAST_KEY, After, Changed
from api.notices import service as notices
from api.progress import levels
from api.ratings import service as ratings
from api.screening import service as screening
from api.sessions import service as sessions
from api.sync.cursor import Cursor, cursor_in


@dataclass(frozen=True, slots=True)
class Feed:
    """`read` gives what changed after a place, in order by revision and key; `tables` are those whose rows it shows.

    What is `derived` follows from other rows by the content and the day, so that its `read` takes these too.
    """

    kind: str
    tables: tuple[str, ...]
    read: Callable[..., list[Changed]]
    derived: bool = False


FEEDS = (
    Feed("account", ("account", "consent"), accounts.changes),
    Feed("screening", ("screening", "screening_answers"), screening.changes),
    Feed("session", ("session", "rating"), sessions.changes),
    Feed("level", ("progress_ladder",), levels.changes),
    Feed("freeze", ("closed_days",), adherence.frozen_after),
    Feed("rating", (), ratings.changes),
    Feed("notices", ("notice_acknowledged",), notices.changes, derived=True),
    Feed("deleted", ("tombstone",), accounts.buried),
)
NOT_SHOWN: dict[str, str] = {
    "weekly_target": "The account shows the target in force, and weeks on target are read from progress.",
}
"""Tables with a revision that no phone shows, and why."""
KNOWN_FEEDS = sha256(",".join(feed.kind for feed in FEEDS).encode()).hexdigest()[:8]
"""Whoever read before there was another feed has read nothing of it, and begins anew."""

Item = tuple[str, Changed]


@dataclass(frozen=True, slots=True)
class Missed:
    """A page of what changed: `reset` where it begins from nothing, `more` where it ends before the present."""

    items: list[Item]
    reset: bool
    more: bool
    cursor: str


def missed(db: Connection, *, user_id: UUID, content: Content, cursor: str | None, limit: int, now: datetime) -> Missed:
    """What changed since the cursor. Complete up to the revision read here: each write of a person waits for the last.

    A cursor that cannot be honoured begins from nothing, as none does.
    """
    revision = accounts.read_settings(db, user_id=user_id).revision
    known = cursor_in(cursor) if cursor else None
    honest = known if known and known.is_honest(user_id, KNOWN_FEEDS, revision, now) else None
    begin = honest or Cursor(user_id, KNOWN_FEEDS, now, 0)
    found = sorted(read_all(db, begin, limit + 1, content, now), key=lambda place: place[:3])
    page, more = found[:limit], len(found) > limit
    if more:
        at, feed, key, _ = page[-1]
        end = replace(begin, revision=at, feed=feed, key=key)
    else:
        end = Cursor(user_id, KNOWN_FEEDS, now, revision)
    items = [(FEEDS[feed].kind, changed) for _, feed, _, changed in page]
    return Missed(items, reset=honest is None, more=more, cursor=end.text())


def read_all(
    db: Connection, cursor: Cursor, limit: int, content: Content, now: datetime
) -> Iterator[tuple[int, int, UUID, Changed]]:
    """Of each feed what comes after the cursor's place, with the place of each row in the order of all."""
    for number, feed in enumerate(FEEDS):
        if number == cursor.feed:
            after = After(cursor.revision, cursor.key)
        else:
            passed = cursor.revision if number < cursor.feed or cursor.feed < 0 else cursor.revision - 1
            after = After(passed, LAST_KEY)
        told = {"content": content, "now": now} if feed.derived else {}
        for changed in feed.read(db, user_id=cursor.user_id, after=after, limit=limit, **told):
            yield changed.revision, number, changed.key, changed
