"""The loop of a tutorial: each session that a phone tells of becomes objects of SQLModel, added one after the other."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session as Work
from uuid_utils.compat import uuid7

from api.catalogue.content import load_content
from api.progress.tables import Progress, ProgressDay
from api.sessions import queries
from api.sessions.tables import PainRating, Session
from api.settings import Settings
from api.sync import feeds
from api.sync.service import Ruling, Verdict
from tests.bench.seeding import open_people, practise

Columns = dict[str, Any]


class Loop:
    """A store that keeps as many sessions as `practise` made, with a rating each and totals, whatever it is told.

    It leaves out every rule, the exercises, the weeks and what comes next: what it costs is a floor of such a loop.
    """

    def __init__(self, engine: Engine, sessions: int) -> None:
        [person] = open_people(engine, 1)
        practise(engine, person, sessions)
        self._engine, self._person = engine, person.id
        self._pool = ThreadPoolExecutor(1)
        now = datetime.now(UTC)
        with engine.begin() as db:
            rows = db.execute(queries.sessions.select().where(queries.sessions.c.user_id == person.id))
            self._sessions = [row._asdict() for row in rows]
            content = load_content(Settings().content_dir)
            told: Columns = {"user_id": person.id, "content": content, "cursor": None, "limit": sessions, "now": now}
            self._missed = feeds.missed(db, **told)
        self._verdicts = [Verdict(uuid7(), Ruling.APPLIED) for _ in self._sessions]

    async def write(self, _unit: object) -> list[Verdict]:
        await asyncio.get_running_loop().run_in_executor(self._pool, self._keep_all)
        return self._verdicts

    async def read_long(self, _unit: object, *, wait_s: float | None = None) -> feeds.Missed:
        del wait_s
        return self._missed

    async def ready(self) -> None:
        """Always."""

    def _keep_all(self) -> None:
        with Work(self._engine) as work:
            for one in self._sessions:
                self._keep(work, {**one, "id": uuid7()})
            work.commit()

    def _keep(self, work: Work, session: Columns) -> None:
        work.add(Session(**session))
        work.flush()
        work.add(self._rating(session["id"], session["ended_at"]))
        totals = work.get(Progress, self._person)
        day = work.get(ProgressDay, (self._person, session["local_date"]))
        for kept in (totals, day):
            assert kept
            kept.sessions += 1
            kept.active_ms += session["active_ms"]
            work.add(kept)
        work.flush()

    def _rating(self, session: UUID, at: datetime) -> PainRating:
        place: Columns = {"moment": "before", "region": "neck", "side": "left", "value": 5}
        whose: Columns = {"user_id": self._person, "id": uuid7(), "session_id": session, "revision": 1}
        return PainRating(**whose, **place, at=at, received_at=at)
