"""How far a device has read what changed: opaque to it, checked when it comes back, never believed blindly."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from api.db.changes import LAST_KEY
from api.domain.retention import TOMBSTONES_KEPT

MARGIN = timedelta(days=1)
"""For clocks of several servers, and for what tidies tombstones away."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """All that changed before a place was read: a revision, a feed's place, and within that a row's key.

    `since` is when the reading that goes on here began; `feeds` tells which feeds there were.
    """

    user_id: UUID
    feeds: str
    since: datetime
    revision: int
    feed: int = -1
    key: UUID = LAST_KEY

    def text(self) -> str:
        members = (self.user_id.hex, self.feeds, int(self.since.timestamp()), self.revision, self.feed, self.key.hex)
        return urlsafe_b64encode("|".join(map(str, members)).encode()).decode().rstrip("=")

    def is_honest(self, user_id: UUID, feeds: str, revision: int, now: datetime) -> bool:
        """Whether all that was missed can still be told: it is this person's, of these feeds, and not of a future.

        A revision that this database has not reached comes from one that was brought back from a copy.
        """
        is_theirs = (self.user_id, self.feeds) == (user_id, feeds)
        return is_theirs and self.revision <= revision and now - self.since < TOMBSTONES_KEPT - MARGIN


def cursor_in(text: str) -> Cursor | None:
    """None for what no cursor's `text` gives."""
    try:
        members = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("|")
        user_id, feeds, since, revision, feed, key = members
        at = datetime.fromtimestamp(int(since), UTC)
        cursor = Cursor(UUID(user_id), feeds, at, int(revision), int(feed), UUID(key))
    except (ValueError, OverflowError, OSError):
        return None
    return cursor if cursor.text() == text else None
