"""What was deleted leaves the files too, whatever moved about in them before."""

import asyncio
import random
from re import findall

import pytest
from sqlalchemy import Connection, create_engine, delete, insert, make_url, text, update

from api.db import scrubbing
from api.db.engines import engine_for
from tests.files import content_of, size_of_log
from tests.store.shelf import Gate, ids, opened, things

ROWS = 900
TABLES = ["thing"]


def fill(db: Connection) -> None:
    """In any order, with some replaced by others of another length: pages split, and rows move between them."""
    dice = random.Random(3)  # noqa: S311 - no secret hangs on it
    for number in dice.sample(range(ROWS), ROWS):
        db.execute(insert(things), {"id": number, "name": marker(number) * dice.randint(1, 20)})
        older = dice.randrange(ROWS)
        db.execute(update(things).where(things.c.id == older).values(name=marker(older) * dice.randint(1, 20)))


def empty(db: Connection) -> None:
    db.execute(delete(things).where(things.c.id % 2 == 0))


def marker(number: int) -> str:
    return f"<mark{number}>"


def marks_in(url: str) -> set[bytes]:
    return set(findall(rb"<mark\d+>", content_of(url)))


@pytest.mark.parametrize("rewrite", [True, False])
async def test_no_byte_of_a_deleted_row_is_left_in_what_is_small_or_rewritten(
    url: str, monkeypatch: pytest.MonkeyPatch, *, rewrite: bool
) -> None:
    monkeypatch.setattr(scrubbing, "SMALL_BYTES", 0 if rewrite else scrubbing.SMALL_BYTES)
    gone, kept = ({marker(number).encode() for number in range(first, ROWS, 2)} for first in (0, 1))
    async with opened(url) as store:
        await store.write(fill)
        assert marks_in(url) == gone | kept
        await store.write(empty)
        assert await store.scrub(TABLES, rewrite=rewrite)
        assert marks_in(url) == kept
        assert len(await store.read(ids)) == ROWS // 2


async def test_a_large_file_is_not_rewritten_and_yet_its_log_is_emptied(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "SMALL_BYTES", 0)
    async with opened(sqlite_url) as store:
        await store.write(fill)
        assert size_of_log(sqlite_url)
        assert await store.scrub(TABLES)
        assert size_of_log(sqlite_url) == 0


async def test_whoever_reads_at_length_is_waited_for_and_the_answer_is_to_ask_again(sqlite_url: str) -> None:
    async with opened(sqlite_url) as store:
        reading = Gate(ids)
        task = asyncio.create_task(store.read_long(reading))
        await asyncio.to_thread(reading.entered.wait)
        await store.write(fill)
        scrubs = [asyncio.create_task(store.scrub(TABLES)), asyncio.create_task(store.write(empty))]
        assert not (await asyncio.gather(*scrubs))[0]
        reading.opened.set()
        await task
        assert await store.scrub(TABLES)


async def test_postgresql_too_waits_for_whoever_reads_the_past(postgresql_url: str) -> None:
    engine = engine_for(postgresql_url)
    async with opened(postgresql_url) as store:
        await store.write(fill)
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as reader:
            reader.execute(text("SELECT 1"))
            await store.write(empty)
            assert not await store.scrub(TABLES)
        assert await store.scrub(TABLES)
    engine.dispose()


async def test_postgresql_too_waits_for_whoever_writes_wherever(postgresql_url: str) -> None:
    elsewhere = create_engine(make_url(postgresql_url).set(database="postgres"))
    async with opened(postgresql_url) as store:
        await store.write(fill)
        with elsewhere.begin() as writer:
            writer.execute(text("SELECT pg_current_xact_id()"))
            await store.write(empty)
            assert not await store.scrub(TABLES)
        assert await store.scrub(TABLES)
        assert marks_in(postgresql_url) == {marker(number).encode() for number in range(1, ROWS, 2)}
    elsewhere.dispose()
