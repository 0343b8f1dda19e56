"""A large archive is handed on while it is still being written, to one after the other."""

import asyncio
from collections.abc import AsyncIterator
from threading import Event
from typing import Any
from zipfile import BadZipFile

import httpx
import pytest
from fastapi import FastAPI

from api.domain.errors import Unavailable
from api.privacy import archive, growing, handing
from api.privacy.growing import Growing
from api.privacy.handing import Handing
from tests.contract.probing import require_problem
from tests.factories import Guest, open_guest
from tests.privacy.archives import Archive
from tests.privacy.test_export import lived

EXPORT = "/v1/me/export"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hands on what is there at once."""
    monkeypatch.setattr(handing, "SOON_S", 0.01)
    monkeypatch.setattr(handing, "TURN_S", 0.5)


@pytest.fixture
async def held(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Event]:
    """Archives stop after their first entries until this is set, and nobody waits for the rest."""
    request.getfixturevalue("impatient")
    go_on, write_part = Event(), archive.write_part

    def waiting(*arguments: Any) -> None:
        go_on.wait(20)
        write_part(*arguments)

    monkeypatch.setattr(archive, "write_part", waiting)
    yield go_on
    go_on.set()


async def test_what_takes_long_comes_without_its_length_and_whole(
    service: httpx.AsyncClient, guest: Guest, held: Event
) -> None:
    await lived(service, guest)
    asking = asyncio.create_task(service.get(EXPORT, headers=guest.headers))
    await asyncio.sleep(0.2)
    held.set()
    answer = await asking
    assert answer.status_code == 200
    assert "content-length" not in answer.headers
    assert len(Archive(answer.content).part("sessions")) == 1


async def test_who_comes_while_another_is_written_waits_and_then_is_asked_to_come_back(
    service: httpx.AsyncClient, guest: Guest, held: Event
) -> None:
    other = await open_guest(service)
    first = asyncio.create_task(service.get(EXPORT, headers=guest.headers))
    await asyncio.sleep(0.1)
    require_problem(await service.get(EXPORT, headers=other.headers), 503, "unavailable")
    second = asyncio.create_task(service.get(EXPORT, headers=other.headers))
    held.set()
    assert [(await one).status_code for one in (first, second)] == [200, 200]


@pytest.mark.usefixtures("impatient")
async def test_nobody_we_know_is_told_so_at_once(service: httpx.AsyncClient) -> None:
    headers = {"authorization": f"Bearer uk_{'0' * 32}_{'A' * 43}"}
    require_problem(await service.get(EXPORT, headers=headers), 401, "unauthenticated")


async def test_what_breaks_midway_is_broken_off_and_the_next_one_gets_its_turn(
    service: httpx.AsyncClient, app: FastAPI, guest: Guest, held: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        held.wait(20)
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(archive, "write_part", broken)
        asking = asyncio.create_task(service.get(EXPORT, headers=guest.headers))
        await asyncio.sleep(0.2)
        held.set()
        answer = await asking
    assert answer.content.startswith(b"PK")
    with pytest.raises(BadZipFile):
        Archive(answer.content)
    assert not app.state.archives.locked()
    assert Archive((await service.get(EXPORT, headers=guest.headers)).content).part("account")


async def test_a_full_disk_is_told_where_nothing_was_sent_yet(
    service: httpx.AsyncClient, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError("No space left on device")

    monkeypatch.setattr(growing.Growing, "write", full)
    require_problem(await service.get(EXPORT, headers=guest.headers), 503, "unavailable")


async def test_who_goes_away_stops_the_writing() -> None:
    file, stopped = Growing(), asyncio.Event()

    async def writing() -> None:
        try:
            while True:
                file.write(b"x" * 10)
                await asyncio.sleep(0.001)
        finally:
            stopped.set()

    archive_to_come = Handing(writing(), file)
    async for _ in archive_to_come.chunks():
        break
    await archive_to_come.close()
    assert stopped.is_set()
    with pytest.raises(Unavailable):
        file.write(b"y")


def test_a_unit_that_runs_again_begins_anew_unless_some_was_handed_on() -> None:
    file = Growing()
    file.begin()
    file.write(b"half")
    file.begin()
    file.write(b"whole")
    assert (file.size, file.after(0), file.after(5)) == (5, b"whole", b"")
    with pytest.raises(Unavailable):
        file.begin()
    file.close()
