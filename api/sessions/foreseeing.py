"""Progress after a change of many sessions, worked out before anything is written, so that no writer waits for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from api.accounts.queries import accounts, tombstones
from api.adherence.queries import closed, targets
from api.db.scratch import copied, scratch
from api.progress import service as progress
from api.progress.queries import ALL_KEPT
from api.progress.service import Kept
from api.sessions import queries

AT_ONCE = 500
"""So many sessions are counted anew within a quarter of a second, which any writer may wait."""
READ = (queries.sessions, queries.ratings, tombstones, closed, targets)
PLANS = (queries.plans, queries.plan_exercises)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What is kept of somebody's progress then; true as long as the people whose revisions these are write nothing."""

    revisions: Mapping[UUID, int]
    kept: Kept

    def fits(self, revisions: Mapping[UUID, int]) -> bool:
        """Whether these come next."""
        return {user_id: revision + 1 for user_id, revision in self.revisions.items()} == revisions


def foresee(db: Connection, *, people: Sequence[UUID], of: UUID, change: Callable[[Connection, int], Any]) -> Foreseen:
    """What `change` makes of one person's progress: a unit that reads and writes what is of these people.

    It is run beside the database, with the revision that the person will have.
    """
    which = accounts.c.id.in_(people)
    revisions = {row.id: row.revision for row in db.execute(select(accounts.c.id, accounts.c.revision).where(which))}
    with scratch((accounts, *READ, *PLANS, *ALL_KEPT)) as beside:
        copied(db, beside, accounts, which)
        for table in READ:
            copied(db, beside, table, table.c.user_id.in_(people))
        followed = select(queries.sessions.c.plan).where(queries.sessions.c.user_id.in_(people))
        copied(db, beside, queries.plans, queries.plans.c.digest.in_(followed))
        change(beside, revisions[of] + 1)
        return Foreseen(revisions, progress.kept_of(beside, user_id=of, for_db=db))


def is_long(db: Connection, *, user_id: UUID) -> bool:
    """Whether counting the person's sessions anew takes so long that it should be foreseen."""
    some = select(queries.sessions.c.id).where(queries.sessions.c.user_id == user_id).limit(AT_ONCE + 1)
    return int(db.execute(select(func.count()).select_from(some.subquery())).scalar_one()) > AT_ONCE
