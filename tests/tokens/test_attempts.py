"""Guessing passwords: counted by account and by address, and never a way to keep a person out for good."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
import time_machine

from api.main import create_app
from api.settings import Settings
from api.web.limits import Attempts
from tests.conftest import quick
from tests.content.loaded import CONTENT
from tests.contract.probing import require_problem
from tests.factories import PASSWORD, an_email, register, sign_in

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@asynccontextmanager
async def guarded(database_url: str, **settings: Any) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Clients of one application, by their addresses."""
    app = create_app(Settings.model_validate({"database_url": database_url, **settings}), CONTENT, quick())
    async with app.router.lifespan_context(app):
        yield {
            address: httpx.AsyncClient(
                transport=httpx.ASGITransport(app, client=(address, 1)), base_url="http://unknot.test"
            )
            for address in (HOME, ELSEWHERE)
        }


async def guess(client: httpx.AsyncClient, email: str, password: str = "not that one") -> httpx.Response:  # noqa: S107
    return await client.post("/v1/tokens", json={"email": email, "password": password})


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def clients(database_url: str) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    async with guarded(
        database_url, sign_in_attempts=2, sign_in_limit_per_minute=0, sign_up_limit_per_hour=0
    ) as opened:
        yield opened


async def test_so_many_guesses_at_an_account_and_no_more_whether_there_is_one_or_not(
    clients: dict[str, httpx.AsyncClient], stopped_clock: time_machine.Traveller
) -> None:
    known, unknown = an_email(), an_email()
    client = clients[HOME]
    await register(client, known)
    for email in (known, unknown):
        assert [(await guess(client, email)).status_code for _ in range(4)] == [401] * 2 + [429] * 2
    refused = await guess(client, known, PASSWORD)
    require_problem(refused, 429, "too-many-attempts")
    assert refused.headers["retry-after"] == "900"
    stopped_clock.shift(timedelta(seconds=900))
    await sign_in(client, known)


async def test_who_signs_in_may_guess_anew(clients: dict[str, httpx.AsyncClient]) -> None:
    email = an_email()
    await register(clients[HOME], email)
    for _ in range(3):
        assert (await guess(clients[HOME], email)).status_code == 401
        await sign_in(clients[HOME], email)


async def test_a_guest_who_guesses_at_an_account_is_counted_too(clients: dict[str, httpx.AsyncClient]) -> None:
    email = an_email()
    await register(clients[HOME], email)
    stranger = await register(clients[ELSEWHERE], an_email())
    guest = (await clients[ELSEWHERE].post("/v1/accounts", json={})).json()["tokens"]["access_token"]
    sent = {"email": email, "password": "not that one"}
    headers = {"authorization": f"Bearer {guest}"}
    statuses = [
        (await clients[ELSEWHERE].post("/v1/me/credentials", json=sent, headers=headers)).status_code for _ in range(3)
    ]
    assert statuses == [403, 403, 429]
    change = {"current_password": "not that one", "new_password": "nine loud geese"}
    statuses = [
        (await clients[ELSEWHERE].put("/v1/me/password", json=change, headers=stranger.headers)).status_code
        for _ in range(3)
    ]
    assert statuses == [403, 403, 429]


async def test_an_address_has_so_many_tries_at_whatever_account(database_url: str) -> None:
    async with guarded(database_url, sign_in_limit_per_minute=2) as clients:
        answers = [await guess(clients[HOME], an_email()) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [401, 401, 429]
        assert answers[0].headers["ratelimit-policy"] == '"sign-in";q=2;w=60'
        assert (await guess(clients[ELSEWHERE], an_email())).status_code == 401


async def test_nobody_is_flooded_with_letters_from_however_many_addresses(database_url: str) -> None:
    email = an_email()
    settings = {"mail_url": "smtp://127.0.0.1:9", "sign_in_limit_per_minute": 0}
    async with guarded(database_url, **settings) as clients:
        asked = [HOME, ELSEWHERE] * 4
        answers = [await clients[address].post("/v1/password-resets", json={"email": email}) for address in asked]
        assert [answer.status_code for answer in answers] == [202] * 5 + [429] * 3
        require_problem(answers[-1], 429, "too-many-attempts")


def test_many_addresses_together_have_ten_times_as_many() -> None:
    attempts = Attempts(2)
    taken = [attempts.take("ann", f"198.51.100.{number}") for number in range(25)]
    assert taken == [0] * 20 + [900] * 5


def test_nobody_keeps_a_person_out_of_an_account_from_where_they_signed_in_before() -> None:
    attempts = Attempts(2)
    assert attempts.take("ann", HOME) == 0
    attempts.succeeded("ann", HOME)
    for number in range(40):
        attempts.take("ann", f"198.51.100.{number}")
    assert attempts.take("ann", ELSEWHERE) == 900
    assert attempts.take("ann", HOME) == 0
    attempts.forget("ann")
    assert attempts.take("ann", ELSEWHERE) == 0


def test_what_is_refused_is_not_counted_so_it_ends() -> None:
    attempts = Attempts(1)
    assert [attempts.take("ann", HOME) for _ in range(5)] == [0, 900, 900, 900, 900]
    with time_machine.travel(NOW + timedelta(minutes=15)):
        assert attempts.take("ann", HOME) == 0
