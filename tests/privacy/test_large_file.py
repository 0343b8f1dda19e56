"""An SQLite file that is too large to be rewritten after each erasure: what a person wrote is zeroed as it goes."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.db.engines import engine_for
from api.db.scrubbing import SMALL_BYTES
from api.main import create_app
from api.privacy import sweeping
from api.settings import Settings
from tests.bench.copying import copy_history
from tests.bench.seeding import open_people, practise
from tests.conftest import UNSWEPT, quick
from tests.content.loaded import CONTENT
from tests.databases import rows_of, sqlite_database
from tests.factories import Guest, open_guest, rating, start
from tests.files import found, size_of_log
from tests.privacy.test_erasure import ERASE

OTHERS, OF_EACH = 10, 2000
SESSIONS = 10


@pytest.fixture
async def large(tmp_path: Path) -> AsyncIterator[FastAPI]:
    """An application on a file that is full of others' sessions."""
    with sqlite_database(tmp_path) as url:
        engine = engine_for(url)
        one, *others = open_people(engine, 1 + OTHERS)
        practise(engine, one, OF_EACH)
        copy_history(engine, one, others)
        engine.dispose()
        application = create_app(Settings(database_url=url, **UNSWEPT), CONTENT, quick())
        async with application.router.lifespan_context(application):
            yield application


async def lived(service: httpx.AsyncClient, people: dict[str, Guest]) -> None:
    """Sessions of all in turns, each recorded in parts that grow, and ended in another order with notes of any length.

    So rows grow and move while others stand between them.
    """
    dice = random.Random(7)  # noqa: S311 - no secret hangs on it
    under_way = []
    for _ in range(SESSIONS):
        under_way += [(name, await start(service, guest, pain_before=[rating(4)])) for name, guest in people.items()]
    dice.shuffle(under_way)
    for name, session in under_way:
        path, headers = f"/v1/sessions/{session['id']}", people[name].headers
        steps = [step["id"] for segment in session["timeline"]["segments"] for step in segment["steps"]]
        for many in (3, len(steps)):
            record = {"steps": [{"step": step, "result": "done"} for step in steps[:many]]}
            assert (await service.put(f"{path}/record", json=record, headers=headers)).status_code == 200
        note = f"<{name} wrote this>" * dice.randint(1, 60)
        assert (await service.post(f"{path}/complete", json={"note": note}, headers=headers)).status_code == 200


async def test_nothing_that_was_written_is_left_in_a_large_file_though_it_is_not_rewritten(large: FastAPI) -> None:
    url = large.state.settings.database_url
    async with httpx.AsyncClient(transport=httpx.ASGITransport(large), base_url="http://unknot.test") as service:
        people = {f"person-{number}": await open_guest(service, app=f"app-of-{number}") for number in range(8)}
        await lived(service, people)
        gone, kept = [*people][::2], [*people][1::2]
        for name in gone:
            assert (await service.delete(ERASE, headers=people[name].headers)).status_code == 200
        assert await sweeping.scrub(large.state.store)
    [(pages, size, free)] = rows_of(url, "SELECT * FROM pragma_page_count, pragma_page_size, pragma_freelist_count")
    assert pages * size > SMALL_BYTES
    assert free > 0, "a rewritten file has no free pages"
    assert size_of_log(url) == 0
    assert found(url, texts_of(gone)) == set()
    assert found(url, texts_of(kept)) == texts_of(kept)


def texts_of(names: list[str]) -> set[str]:
    return {text for name in names for text in (f"<{name} wrote this>", f"app-of-{name[-1]}")}
