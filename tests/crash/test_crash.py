"""A short drill on both databases, and proof that the comparison finds what a crash could do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from pathlib import Path
from random import Random
from uuid import uuid4

import httpx

from api.main import create_app
from api.settings import Settings
from tests.content.loaded import CONTENT
from tests.crash.comparison import Finding, compare
from tests.crash.drill import Kill, Size, drill, phones
from tests.crash.log import Log
from tests.crash.rows import compare_rows
from tests.databases import rows_of

Findings = Callable[[Log], Awaitable[set[Finding]]]

TAMPERED_ROWS = {
    "a lost rating": ("lost", "DELETE FROM rating WHERE id = (SELECT id FROM rating LIMIT 1)"),
    "a changed rating": ("changed", "UPDATE rating SET value = 10 - value WHERE value <> 5"),
    "a changed note": ("changed", "UPDATE session SET note = 'other' WHERE note IS NOT NULL"),
    "a doubled count": ("progress", "UPDATE progress SET sessions = sessions + 1"),
    "a lost day": ("progress", "DELETE FROM progress_day"),
    "lost counts of an exercise": ("progress", "UPDATE progress_ladder SET held_s = held_s + 1"),
    "a lost deletion": ("lost", "DELETE FROM tombstone"),
    "a lost session": ("lost", "DELETE FROM session WHERE status = 'completed'"),
}
DOUBLED_RATING = """
INSERT INTO rating (user_id, id, session_id, moment, region, side, value, at, received_at, revision)
SELECT user_id, :id, session_id, moment, region, side, value, at, received_at, revision FROM rating LIMIT 1
"""


async def test_two_kills_under_load_lose_double_and_change_nothing(empty_database_url: str, tmp_path: Path) -> None:
    told: list[Kill] = []
    size = Size(kills=2, writes=60, phones=6)
    log, findings = await drill(tmp_path, empty_database_url, size=size, seed=7, told=told.append)
    assert findings == []
    assert [kill.number for kill in told] == [1, 2]
    assert log.acknowledged >= 120
    assert sum(kill.unanswered for kill in told) > 0


async def test_the_comparison_finds_what_was_done_to_the_database(fresh_database_url: str) -> None:
    async with practised(fresh_database_url) as (log, findings):
        assert await findings(log) == set()
        known: set[Finding] = set()
        for what, (kind, statement) in TAMPERED_ROWS.items():
            rows_of(fresh_database_url, statement)
            found = await findings(log)
            assert kind in {finding.kind for finding in found - known}, what
            known |= found


async def test_the_comparison_finds_a_rating_that_is_there_twice(fresh_database_url: str) -> None:
    async with practised(fresh_database_url) as (log, findings):
        rows_of(fresh_database_url, DOUBLED_RATING, id=uuid4())
        assert {finding.kind for finding in await findings(log)} == {"changed", "doubled"}


async def test_the_comparison_finds_what_the_log_has_and_the_server_has_not(fresh_database_url: str) -> None:
    async with practised(fresh_database_url) as (log, findings):
        person = next(person for person in log.people if any(person.completed()))
        finished = next(person.completed())
        person.sessions[str(uuid4())] = deepcopy(finished)
        assert {finding.kind for finding in await findings(log)} == {"lost", "progress"}


async def test_the_comparison_finds_what_the_server_has_and_the_log_has_not(fresh_database_url: str) -> None:
    async with practised(fresh_database_url) as (log, findings):
        stranger = log.people.pop()
        person = next(person for person in log.people if any(person.completed()))
        person.sessions = {name: known for name, known in person.sessions.items() if not known.completed}
        found = await findings(log)
        assert {finding.kind for finding in found} == {"doubled", "progress"}
        assert stranger.id not in {person.id for person in log.people}
        assert any("accounts that nobody opened" in finding.what for finding in found)


@asynccontextmanager
async def practised(database_url: str) -> AsyncIterator[tuple[Log, Findings]]:
    """An honest log, and what the comparison finds in it; the server is in this process and is not killed."""
    app = create_app(Settings(database_url=database_url, rate_limit_per_minute=0, sign_up_limit_per_hour=0), CONTENT)
    transport, log, served = httpx.ASGITransport(app), Log(), asyncio.Event()
    served.set()
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://unknot.test") as service,
    ):
        async with phones(service, log, Random(1), served, 3):  # noqa: S311 - a load that can be repeated
            while not is_long_enough(log):  # noqa: ASYNC110 - a count, no event
                await asyncio.sleep(0)

        async def findings(log: Log) -> set[Finding]:
            return {*await compare(log, service), *compare_rows(log, database_url)}

        yield log, findings


def is_long_enough(log: Log) -> bool:
    return log.acknowledged >= 90 and any(session.deleted for _, session in log.sessions())
