"""When personal tokens were used: noted here, and written down together once a minute.

A request that only reads stays one that only reads.
"""

import asyncio
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from api.accounts import queries
from api.db.store import Store
from api.domain.errors import Unavailable

AT_MOST = 10_000
EVERY_S = 60.0
Use = tuple[UUID, bytes]


class Uses:
    """The latest use of each token since they were last written down; beyond a bound, further tokens wait."""

    def __init__(self) -> None:
        self._latest: dict[Use, datetime] = {}

    def note(self, user_id: UUID, digest: bytes, at: datetime) -> None:
        if len(self._latest) < AT_MOST or (user_id, digest) in self._latest:
            self._latest[user_id, digest] = at

    async def write_down(self, store: Store) -> None:
        """What cannot be written is forgotten: it is not worth holding up anything else."""
        latest, self._latest = self._latest, {}
        if latest:
            rows = [{"user_id_": user, "digest_": digest, "at": at} for (user, digest), at in latest.items()]
            await store.write(lambda db: mark(db, rows))


async def writing_down(uses: Uses, store: Store) -> None:
    """Once a minute, for as long as the server runs."""
    while True:
        await asyncio.sleep(EVERY_S)
        with suppress(Unavailable):
            await uses.write_down(store)


def mark(db: Connection, rows: list[dict[str, object]]) -> None:
    queries.MARK_USED.run_each(db, rows)
