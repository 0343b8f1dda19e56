"""Rate limits: exact, told in every answer, by address until somebody is known and by person from then on."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine
from starlette.types import Receive, Scope, Send

from api.main import create_app
from api.settings import Settings
from api.web.limits import Limits, Recognised, Windows, fingerprint, general
from api.web.middleware import Trace
from tests.content import loaded
from tests.contract.probing import require_problem
from tests.factories import open_guest

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CONTENT = "/v1/routines/seed-full"


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@asynccontextmanager
async def limited(
    database_url: str, *, per_minute: int = 0, sign_ups: int = 0, address: str = "192.0.2.1"
) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(database_url=database_url, rate_limit_per_minute=per_minute, sign_up_limit_per_hour=sign_ups)
    app = create_app(settings, loaded.CONTENT)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, client=(address, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://unknot.test") as client:
            yield client


def told(answer: httpx.Response) -> tuple[str, str]:
    return answer.headers["ratelimit-policy"], answer.headers["ratelimit"]


async def test_exactly_as_many_requests_are_taken_as_the_policy_says(database_url: str) -> None:
    async with limited(database_url, per_minute=3) as client:
        for left in (2, 1, 0):
            answer = await client.get(CONTENT)
            assert answer.status_code == 200
            assert told(answer) == ('"general";q=3;w=60', f'"general";r={left};t=60')
        refused = await client.get(CONTENT)
    require_problem(refused, 429, "too-many-requests")
    assert refused.headers["retry-after"] == "60"
    assert told(refused) == ('"general";q=3;w=60', '"general";r=0;t=60')


async def test_the_next_window_begins_anew(database_url: str, stopped_clock: time_machine.Traveller) -> None:
    async with limited(database_url, per_minute=1) as client:
        assert (await client.get(CONTENT)).status_code == 200
        refused = await client.get(CONTENT)
        stopped_clock.shift(timedelta(seconds=int(refused.headers["retry-after"])))
        assert (await client.get(CONTENT)).status_code == 200


async def test_what_has_not_changed_costs_nothing(database_url: str) -> None:
    async with limited(database_url, per_minute=2) as client:
        tag = (await client.get(CONTENT)).headers["etag"]
        for _ in range(5):
            same = await client.get(CONTENT, headers={"if-none-match": tag})
            assert same.status_code == 304
            assert told(same)[1] == '"general";r=1;t=60'
        changed = await client.get(CONTENT, headers={"if-none-match": '"another"'})
        assert changed.status_code == 200
        assert told(changed)[1] == '"general";r=0;t=60'
        assert (await client.get(CONTENT)).status_code == 429


async def test_health_is_neither_counted_nor_refused(database_url: str) -> None:
    async with limited(database_url, per_minute=1) as client:
        for _ in range(3):
            answer = await client.get("/livez")
            assert answer.status_code == 200
            assert "ratelimit" not in answer.headers


async def test_no_header_makes_another_caller_of_one(database_url: str) -> None:
    async with limited(database_url, per_minute=1) as client:
        await client.get(CONTENT)
        for forged in (
            {"x-forwarded-for": "203.0.113.9"},
            {"forwarded": "for=203.0.113.9"},
            {"x-real-ip": "203.0.113.9"},
            {"authorization": "Bearer made-up"},
            {"authorization": f"Bearer uk_{'0' * 32}_{'A' * 43}"},
        ):
            assert (await client.get(CONTENT, headers=forged)).status_code == 429


async def test_people_behind_one_address_have_a_quota_each_once_they_are_known(database_url: str) -> None:
    async with limited(database_url, per_minute=4) as client:
        one, other = await open_guest(client), await open_guest(client)
        for guest in (one, other):
            assert (await client.get("/v1/me", headers=guest.headers)).status_code == 200
        assert (await client.get("/v1/me")).status_code == 429
        for guest in (one, other):
            statuses = [(await client.get("/v1/me", headers=guest.headers)).status_code for _ in range(5)]
            assert statuses == [200, 200, 200, 200, 429]


async def test_sign_ups_have_a_policy_of_their_own(database_url: str) -> None:
    async with limited(database_url, sign_ups=2) as client:
        for left in (1, 0):
            answer = await client.post("/v1/accounts", json={})
            assert answer.status_code == 201
            assert told(answer) == ('"sign-up";q=2;w=3600', f'"sign-up";r={left};t=3600')
        refused = await client.post("/v1/accounts", json={})
        require_problem(refused, 429, "too-many-requests")
        assert (await client.get(CONTENT)).status_code == 200


async def test_a_condition_makes_no_sign_up_cheaper(database_url: str) -> None:
    async with limited(database_url, sign_ups=2) as client:
        headers = {"if-none-match": '"anything"'}
        opened = [client.post("/v1/accounts", json={}, headers=headers) for _ in range(12)]
        statuses = [answer.status_code for answer in await asyncio.gather(*opened)]
    assert sorted(statuses) == [201] * 2 + [429] * 10


async def test_conditions_that_come_all_at_once_pass_no_limit(database_url: str) -> None:
    async with limited(database_url, per_minute=3) as client:
        guest = await open_guest(client)
        assert (await client.get("/v1/me", headers=guest.headers)).status_code == 200
        asked = [client.get("/v1/me", headers={**guest.headers, "if-none-match": "*"}) for _ in range(12)]
        statuses = [answer.status_code for answer in await asyncio.gather(*asked)]
    assert sorted(statuses) == [200] * 3 + [429] * 9


async def test_what_was_refused_takes_nothing_from_what_is_given_back(database_url: str) -> None:
    async with limited(database_url, per_minute=2) as client:
        tag = (await client.get(CONTENT)).headers["etag"]
        await client.get(CONTENT)
        assert [(await client.get(CONTENT)).status_code for _ in range(3)] == [429] * 3
        assert (await client.get(CONTENT, headers={"if-none-match": tag})).status_code == 429


async def test_a_condition_given_back_after_its_window_leaves_no_counter_behind(
    database_url: str, stopped_clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with limited(database_url, per_minute=1) as client:
        tag = (await client.get(CONTENT)).headers["etag"]
        stopped_clock.shift(timedelta(minutes=2))

        def slow(*_: object) -> bool:
            stopped_clock.shift(timedelta(minutes=2))
            return True

        monkeypatch.setattr("api.web.ready.names_tag", slow)
        same = await client.get(CONTENT, headers={"if-none-match": tag})
        assert (same.status_code, told(same)[1]) == (304, '"general";r=1;t=0')


async def test_a_condition_given_back_after_its_window_makes_the_next_one_no_larger(
    stopped_clock: time_machine.Traveller,
) -> None:
    come_in, go_on = asyncio.Event(), asyncio.Event()

    async def answers(scope: Scope, _: Receive, send: Send) -> None:
        slow = scope["path"] == "/slow"
        if slow:
            come_in.set()
            await go_on.wait()
        await send({"type": "http.response.start", "status": 304 if slow else 200, "headers": []})
        await send({"type": "http.response.body"})

    limits = Trace(Limits(answers, policies={None: general(2)}, recognised=Recognised()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(limits), base_url="http://unknot.test") as client:
        slow = asyncio.create_task(client.get("/slow"))
        await come_in.wait()
        stopped_clock.shift(timedelta(minutes=2))
        assert told(await client.get("/quick"))[1] == '"general";r=1;t=60'
        go_on.set()
        assert told(await slow)[1] == '"general";r=1;t=60'
        assert told(await client.get("/quick"))[1] == '"general";r=0;t=60'


def test_callers_whose_window_has_ended_are_forgotten_when_there_is_a_crowd(
    stopped_clock: time_machine.Traveller,
) -> None:
    windows = Windows(crowd=3)
    for who in ("ann", "bob", "cem"):
        windows.take(who, 60)
    stopped_clock.shift(timedelta(seconds=59))
    windows.take("dee", 60)
    assert len(windows) == 4
    stopped_clock.shift(timedelta(seconds=1))
    for who in ("eva", "fay", "gil", "hal"):
        assert windows.take(who, 60) == 1
    assert windows.take("dee", 60) == 2
    assert len(windows) == 5


def test_credentials_are_remembered_in_few_bytes_whatever_was_sent() -> None:
    recognised = Recognised()
    token = b"uk_" + b"0" * 32 + b"_" + b"A" * 43
    for spaces in (1, 40, 1_000_000):
        recognised.remember(fingerprint(b"Bearer" + b" " * spaces + token), "ann")
    kept = vars(recognised)["_owners"]
    assert [len(key) for key in kept] == [32]
    assert recognised.owner(fingerprint(b"bearer " + token + b" ")) == "ann"
    assert recognised.owner(fingerprint(b"Bearer " + token[:-1])) is None


def test_what_was_proved_longest_ago_is_forgotten_first() -> None:
    recognised = Recognised(at_most=2)
    for credential in (b"one", b"two", b"one", b"three"):
        recognised.remember(credential, "ann")
    assert [recognised.owner(credential) for credential in (b"one", b"two", b"three")] == ["ann", None, "ann"]


async def test_the_fields_are_structured_fields_of_draft_11(database_url: str) -> None:
    async with limited(database_url, per_minute=5) as client:
        policy, state = told(await client.get("/nowhere"))
    assert re.fullmatch(r'"[a-z-]+"(;[a-z]+=\d+)+', policy)
    assert re.fullmatch(r'"[a-z-]+";r=\d+;t=\d+', state)
    assert policy.split(";")[0] == state.split(";")[0]


async def test_another_address_is_another_caller(database_url: str) -> None:
    async with limited(database_url, per_minute=1) as client:
        assert [(await client.get(CONTENT)).status_code for _ in range(2)] == [200, 429]
        elsewhere = httpx.ASGITransport(client._transport.app, client=("192.0.2.2", 1))  # type: ignore[attr-defined]  # noqa: SLF001
        async with httpx.AsyncClient(transport=elsewhere, base_url="http://unknot.test") as other:
            assert (await other.get(CONTENT)).status_code == 200
