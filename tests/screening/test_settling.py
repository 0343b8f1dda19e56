"""The way out of a stop for whoever lets no answers be kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.contract.probing import require_problem
from tests.databases import rows_of
from tests.factories import Guest, answer_screening, open_guest, session_request, start
from tests.screening.test_sessions import abandon, refused

PATH = "/v1/me/screening/settle"
CONSENT = "/v1/me/consents/health-data@1"


async def settle(service: httpx.AsyncClient, guest: Guest) -> dict[str, Any]:
    answer = await service.post(PATH, json={"no_red_flags": True}, headers=guest.headers)
    assert answer.status_code == 200, answer.text
    standing: dict[str, Any] = answer.json()
    return standing


@pytest.fixture
async def stranger(service: httpx.AsyncClient) -> Guest:
    """A person who agreed to nothing."""
    return await open_guest(service, consents=[])


async def test_whoever_keeps_no_answers_here_gets_out_of_a_lock_by_saying_that_no_sign_applies(
    service: httpx.AsyncClient, stranger: Guest, database_url: str
) -> None:
    await abandon(service, stranger, await start(service, stranger))
    problem = await refused(service, stranger)
    assert PATH in (await service.get(problem["type"])).text
    standing = await settle(service, stranger)
    assert (standing["outcome"], standing["locked"], standing["held_because"]) == ("adapt", False, "no-screening")
    assert (await start(service, stranger, level=4))["plan"]["level"] == 0
    kept = rows_of(database_url, "SELECT count(*) FROM screening_answers WHERE user_id = :user", user=stranger.id)
    assert kept == [(0,)]


async def test_the_next_red_flag_locks_again(service: httpx.AsyncClient, stranger: Guest) -> None:
    for _ in range(2):
        await abandon(service, stranger, await start(service, stranger))
        await refused(service, stranger)
        await settle(service, stranger)
    assert (await start(service, stranger))["status"] == "active"


async def test_saying_so_beforehand_lifts_nothing(service: httpx.AsyncClient, stranger: Guest) -> None:
    session = await start(service, stranger)
    assert (await settle(service, stranger))["locked"] is False
    await abandon(service, stranger, session)
    await refused(service, stranger)


async def test_a_red_flag_from_before_that_arrives_late_does_not_lock_again(
    service: httpx.AsyncClient, stranger: Guest
) -> None:
    at = datetime.now(UTC) - timedelta(hours=2)
    late = await start(service, stranger, started_at=at.isoformat())
    await abandon(service, stranger, await start(service, stranger))
    await settle(service, stranger)
    await abandon(service, stranger, late, abandoned_at=(at + timedelta(minutes=5)).isoformat())
    assert (await start(service, stranger))["status"] == "active"


async def test_where_answers_may_be_kept_they_alone_lift_a_lock(service: httpx.AsyncClient, guest: Guest) -> None:
    await abandon(service, guest, await start(service, guest))
    answer = await service.post(PATH, json={"no_red_flags": True}, headers=guest.headers)
    require_problem(answer, 409, "screening-to-repeat")
    await refused(service, guest)


async def test_a_stop_outlives_the_answers_that_go_with_the_consent_and_is_settled(
    service: httpx.AsyncClient, guest: Guest, database_url: str
) -> None:
    await answer_screening(service, guest, "neck-injury", "wrist-or-grip", red_flags=["chest-or-breath"])
    await service.delete(CONSENT, headers=guest.headers)
    assert rows_of(database_url, "SELECT count(*) FROM screening_answers WHERE user_id = :id", id=guest.id) == [(0,)]
    await refused(service, guest)
    standing = await settle(service, guest)
    assert (standing["outcome"], standing["held_because"], standing["care"]) == ("adapt", "no-screening", None)
    plan = (await start(service, guest, level=3))["plan"]
    assert (plan["level"], plan["held_because"], plan["changes"]) == (0, "no-screening", [])


async def test_answers_that_are_kept_later_count_as_ever(service: httpx.AsyncClient, stranger: Guest) -> None:
    await abandon(service, stranger, await start(service, stranger))
    await settle(service, stranger)
    await service.put(CONSENT, headers=stranger.headers)
    given = await answer_screening(service, stranger)
    assert (given["valid"], given["locked"], given["held_because"]) == (True, False, None)


@pytest.mark.parametrize("body", [{"no_red_flags": False}, {}, {"no_red_flags": True, "answers": {}}])
async def test_it_takes_a_plain_yes_and_nothing_else(
    service: httpx.AsyncClient, stranger: Guest, body: dict[str, Any]
) -> None:
    require_problem(await service.post(PATH, json=body, headers=stranger.headers), 422)


async def test_settling_twice_is_settling_once(service: httpx.AsyncClient, stranger: Guest) -> None:
    await abandon(service, stranger, await start(service, stranger))
    first, second = await settle(service, stranger), await settle(service, stranger)
    assert first == second
    answer = await service.post("/v1/sessions", json=session_request(), headers=stranger.headers)
    assert answer.status_code == 201
