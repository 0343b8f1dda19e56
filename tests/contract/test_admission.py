"""What the server has no room for is refused at once, and what takes too long is given up."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from api.metrics import REGISTRY
from api.web.admission import TOO_MUCH, Admission, Deadline, Gate
from tests.contract.probing import require_problem
from tests.factories import Guest

WITHOUT_ROOM = ("/livez", "/readyz", "/v1/exercises", "/v1/routines/seed-full", "/v1/pack?lang=de", "/docs")


@pytest.fixture
def in_a_crowd(app: FastAPI, guest: Guest) -> Iterator[Guest]:
    """Who came before the application's own gate was full to the last place."""
    gate: Gate = app.state.gate
    entered = [method for method in ("GET", "POST") for _ in range(200) if gate.admits(method, b"/v1/me")]
    yield guest
    for method in entered:
        gate.leave(method)


async def test_without_room_every_request_that_is_work_is_refused_as_a_problem(
    service: httpx.AsyncClient, in_a_crowd: Guest
) -> None:
    before, waits = await refused(service), set()
    for method, path in (
        ("GET", "/v1/me"),
        ("GET", "/nowhere"),
        ("GET", "/v1/exercises?q=x"),
        ("POST", "/v1/sessions"),
    ):
        answer = await service.request(method, path, headers={**in_a_crowd.headers, "x-request-id": "Phone-7"})
        problem = require_problem(answer, 503, "unavailable")
        assert problem["instance"] == path.partition("?")[0]
        assert answer.headers["x-request-id"] == "Phone-7"
        assert answer.headers["access-control-allow-origin"] == "*"
        waits.add(answer.headers["retry-after"])
    assert waits == {"1", "2", "3", "4"}
    head = await service.head("/v1/me")
    assert (head.status_code, head.content) == (503, b"")
    assert await refused(service) == before + 5


@pytest.mark.usefixtures("in_a_crowd")
@pytest.mark.parametrize("path", WITHOUT_ROOM)
async def test_what_costs_nothing_is_answered_without_room(service: httpx.AsyncClient, path: str) -> None:
    before = await refused(service)
    assert (await service.get(path)).status_code == 200
    assert await refused(service) == before


async def refused(service: httpx.AsyncClient) -> float:
    """As the metrics tell it from the next request on that is admitted."""
    assert (await service.get("/livez")).status_code == 200
    return REGISTRY.get_sample_value("unknot_requests_not_admitted_total") or 0.0


def test_a_flood_of_reads_leaves_room_for_writes_and_the_other_way_round() -> None:
    for many, few in (("GET", "POST"), ("POST", "GET")):
        gate = Gate(most=8, most_connections=1)
        assert [gate.admits(many, b"/") for _ in range(8)] == [True] * 6 + [False] * 2
        assert [gate.admits(few, b"/") for _ in range(3)] == [True, True, False]
        gate.leave(many)
        assert gate.admits(many, b"/")


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """To which a hundred requests came in each second until now, all of which found room."""
    clock = iter(number / 100 for number in range(1, 10_000))
    monkeypatch.setattr("api.web.admission.monotonic", lambda: next(clock))
    gate = Gate(most=8, most_connections=1)
    for _ in range(300):
        assert gate.admits("GET", b"/", waited=lambda: 0.001, connections=7)
        gate.leave("GET")
    return gate


def test_what_waits_unread_counts_as_well_by_how_long_and_how_many_come(busy: Gate) -> None:
    assert not busy.admits("GET", b"/", waited=lambda: 1.0, connections=100)
    assert busy.admits("GET", b"/", waited=lambda: 0.01, connections=100)


def test_no_more_requests_wait_unread_than_there_are_connections(busy: Gate) -> None:
    assert busy.admits("GET", b"/", waited=lambda: 1.0, connections=7)
    assert not busy.admits("GET", b"/", waited=lambda: 1.0, connections=9)


def test_how_long_a_request_waited_is_asked_only_where_it_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1.0]
    monkeypatch.setattr("api.web.admission.monotonic", lambda: clock[0])
    gate, asked = Gate(most=8, most_connections=100), list[float]()

    def waited() -> float:
        asked.append(clock[0])
        return 0.0

    assert gate.admits("GET", b"/", waited=waited, connections=7)
    assert asked == [], "all that can wait find room"
    for clock[0] in (2.0, 2.0001, 2.0002, 3.0):
        assert gate.admits("GET", b"/", waited=waited, connections=50)
    assert asked == [2.0, 3.0], "what the first told holds for those just after it"
    assert gate.admits("GET", b"/", waited=waited, connections=50)
    clock[0] = 4.0
    assert not gate.admits("GET", b"/", waited=waited, connections=50)
    assert asked == [2.0, 3.0], "there was no room anyway"


def test_only_an_origin_that_may_read_is_told_why_it_was_refused() -> None:
    gate = Gate(most=1, most_connections=1, origins=("https://a.test",))
    for origin, told in ((b"https://a.test", b"https://a.test"), (b"https://b.test", None)):
        headers, _ = gate.refusal(TOO_MUCH, "GET", "/", [(b"origin", origin)])
        assert dict(headers).get(b"access-control-allow-origin") == told


async def test_a_request_that_waits_for_its_client_takes_no_room() -> None:
    came = asyncio.Event()

    async def reading(_: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await answered(send)

    async def body() -> Message:
        await came.wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    gate = Gate(most=1, most_connections=1)
    admission, sent = Admission(reading, gate=gate), Sent()
    slow = [asyncio.create_task(admission(scope("POST"), body, sent)) for _ in range(3)]
    await asyncio.sleep(0.01)
    assert gate.admits("POST", b"/")
    gate.leave("POST")
    came.set()
    await asyncio.gather(*slow)
    assert sent.statuses == [200, 200, 200]


async def test_what_takes_too_long_is_given_up_as_a_problem(app: FastAPI) -> None:
    async def endless(*_: object) -> None:
        await asyncio.Event().wait()

    sent = Sent()
    request = {**scope("GET"), "app": app, "state": {"request_id": "x"}}
    await Deadline(endless, longest_s=0.01)(request, no_body, sent)
    assert sent.statuses == [503]
    assert b"longer than the server works" in sent.body
    assert (b"retry-after", b"2") in sent.headers


async def test_a_request_that_is_cancelled_by_a_stop_is_told_so(app: FastAPI) -> None:
    async def endless(*_: object) -> None:
        await asyncio.Event().wait()

    sent = Sent()
    request = {**scope("GET"), "app": app, "state": {"request_id": "x"}}
    task = asyncio.create_task(Deadline(endless, longest_s=60)(request, no_body, sent))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sent.statuses == [503]


class Sent:
    """What an application sends, kept."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.statuses.append(message["status"])
            self.headers += message["headers"]
        self.body += message.get("body", b"")


def scope(method: str) -> Scope:
    return {"type": "http", "method": method, "path": "/", "query_string": b"", "headers": [], "state": {}}


async def no_body() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def answered(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body"})
