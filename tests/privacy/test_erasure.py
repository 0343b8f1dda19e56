"""Erased means gone: signed out everywhere, no row left, and a receipt that names nobody."""

import asyncio
from functools import partial
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, func, select

from api.db.engines import engine_for
from api.metadata import metadata
from api.privacy import erasing
from api.privacy.parts import Part, all_parts
from tests.contract.probing import require_problem
from tests.databases import rows_of
from tests.factories import Guest, open_guest, practise, session_request
from tests.privacy.archives import exported
from tests.privacy.test_export import YESTERDAY, lived

ERASE = "/v1/me?confirm=erase"


def rows_left(url: str, guest: Guest) -> dict[str, int]:
    """How many rows each table has of the person, and every table where the id stands in any column."""
    engine = engine_for(url)
    with engine.connect() as db:
        found = {part.name: count(db, part, guest) for part in all_parts()}
        for name, table in metadata.tables.items():
            rows = db.execute(select(table)).all()
            found[name] = sum(str(guest.id) in map(str, row) for row in rows)
    engine.dispose()
    return {name: number for name, number in found.items() if number}


def count(db: Connection, part: Part, guest: Guest) -> int:
    return db.execute(select(func.count()).select_from(part.table).where(part.owner == guest.id)).scalar_one()


async def test_no_row_of_any_table_is_left_and_the_receipt_counts_them_by_part(
    service: httpx.AsyncClient, guest: Guest, database_url: str
) -> None:
    await lived(service, guest)
    parts = (await exported(service, guest)).parts()
    answer = await service.delete(ERASE, headers=guest.headers)
    assert answer.status_code == 200, answer.text
    receipt = answer.json()
    assert receipt["erased"] == {name: len(rows) for name, rows in parts.items()}
    assert rows_left(database_url, guest) == {}
    assert not [trace for trace in (str(guest.id), guest.id.hex) if trace in answer.text]


async def test_nobody_else_loses_anything(service: httpx.AsyncClient, guest: Guest) -> None:
    other = await open_guest(service)
    await lived(service, other)
    before = (await exported(service, other)).parts()
    await lived(service, guest)
    await service.delete(ERASE, headers=guest.headers)
    assert (await exported(service, other)).parts() == before


async def test_every_token_and_code_is_refused_at_once_as_if_it_had_never_been(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    other = (await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code})).json()
    await service.delete(ERASE, headers=guest.headers)
    for token in (guest.access_token, other["access_token"]):
        for path in ("/v1/me", "/v1/sessions", "/v1/me/export"):
            answer = await service.get(path, headers={"authorization": f"Bearer {token}"})
            require_problem(answer, 401, "unauthenticated")
    for refresh in (guest.refresh_token, other["refresh_token"]):
        require_problem(await service.post("/v1/tokens/refresh", json={"refresh_token": refresh}), 401, "token-refused")
    again = await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code})
    require_problem(again, 401, "token-refused")
    stranger = await service.delete(ERASE, headers={"authorization": f"Bearer {other['access_token']}"})
    require_problem(stranger, 401, "unauthenticated")


async def test_a_lost_answer_is_had_by_asking_again_with_the_same_token(
    service: httpx.AsyncClient, guest: Guest, database_url: str
) -> None:
    first, second = [await service.delete(ERASE, headers=guest.headers) for _ in range(2)]
    assert (second.status_code, second.json()) == (200, first.json())
    kept = rows_of(database_url, "SELECT erasing FROM erasure WHERE id = :id", id=UUID(first.json()["id"]))
    assert kept == [(None,)]


@pytest.mark.parametrize("query", ["", "?confirm=", "?confirm=yes", "?confirm=erase&confirm=erase", "?confirm=ERASE"])
async def test_nothing_is_erased_unless_it_is_meant(service: httpx.AsyncClient, guest: Guest, query: str) -> None:
    before = (await service.get("/v1/me", headers=guest.headers)).json()
    problem = require_problem(await service.delete(f"/v1/me{query}", headers=guest.headers), 422)
    assert [fault["pointer"] for fault in problem["errors"]] == ["?confirm"]
    assert (await service.get("/v1/me", headers=guest.headers)).json() == before


async def test_ten_rivals_get_one_receipt(service: httpx.AsyncClient, guest: Guest, database_url: str) -> None:
    await lived(service, guest)
    answers = await asyncio.gather(*(service.delete(ERASE, headers=guest.headers) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert rows_left(database_url, guest) == {}


async def test_writes_that_race_with_the_erasure_leave_nothing_behind(
    service: httpx.AsyncClient, guest: Guest, database_url: str
) -> None:
    writes = [service.post("/v1/sessions", json=session_request(), headers=guest.headers) for _ in range(20)]
    answers = await asyncio.gather(*writes[:10], service.delete(ERASE, headers=guest.headers), *writes[10:])
    assert {answer.status_code for answer in answers} <= {200, 201, 401}
    assert rows_left(database_url, guest) == {}


async def test_whoever_has_more_than_goes_at_once_is_signed_out_first_and_a_stopped_erasure_goes_on(
    service: httpx.AsyncClient, app: FastAPI, guest: Guest, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await practise(service, guest, YESTERDAY, before=4)
    total = sum(len(rows) for rows in (await exported(service, guest)).parts().values())
    monkeypatch.setattr(erasing, "ROWS_AT_ONCE", 4)
    first = await app.state.store.write(
        partial(erasing.erase, user_id=guest.id, app=None, asked_by=b"\0" * 32, now=YESTERDAY)
    )
    assert (first.finished, sum(first.erased.values())) == (False, 4)
    assert rows_left(database_url, guest)["sessions"] == 3
    require_problem(await service.get("/v1/me", headers=guest.headers), 401)
    receipt, units = first, 1
    while not receipt.finished:
        receipt, units = await app.state.store.write(partial(erasing.go_on, erasure=first.id)), units + 1
    assert units == total // 4 + 1
    assert sum(receipt.erased.values()) == total
    assert rows_left(database_url, guest) == {}
