"""How a request is taken: media types, sizes, queries, methods, paths, HEAD."""

import gc
import weakref
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from api.web.cors import Cors
from api.web.envelope import HeaderLimit
from api.web.limits import Limits, Recognised, general
from api.web.middleware import Faults, Trace
from api.web.routing import BODY_LIMIT
from tests.contract.probing import JSON, METHODS, faults, operations, require_problem, with_bodies
from tests.factories import Guest, session_request, start

NO_JSON = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "application/json; charset=utf-16",
    "application/json; charset=latin-1",
    "application/jsonp",
    "json",
    "",
)
PAGES = ("/", "/docs", "/docs/docs.js", "/openapi.json", "/problems/not-found")
VOLATILE = {"x-request-id", "date"}


class Cycle:
    """As uvicorn's: what sends the answer leads back to the scope."""

    def __init__(self) -> None:
        headers: list[tuple[bytes, bytes]] = []
        self.scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": headers, "client": ("::1", 1)}

    async def receive(self) -> Message:
        return {"type": "http.request"}

    async def send(self, message: Message) -> None:
        """To nobody."""


async def test_a_request_leaves_nothing_that_only_the_collector_would_find() -> None:
    async def answered(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    app = Trace(Cors(HeaderLimit(Limits(Faults(answered), policies={None: general(9)}, recognised=Recognised()))))
    gc.disable()
    try:
        cycle = Cycle()
        left = weakref.ref(cycle)
        await app(cycle.scope, cycle.receive, cycle.send)
        del cycle
        assert left() is None
    finally:
        gc.enable()


class Trickle(httpx.AsyncByteStream):
    """A body far beyond the limit, which counts what was taken of it."""

    def __init__(self) -> None:
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.taken < 20 * BODY_LIMIT:
            self.taken += 8192
            yield b" " * 8192


@pytest.mark.parametrize("media_type", NO_JSON)
async def test_only_json_in_utf8_is_taken(
    service: httpx.AsyncClient, app: FastAPI, guest: Guest, media_type: str
) -> None:
    for operation in with_bodies(app):
        headers = {**guest.headers, "content-type": media_type}
        answer = await service.request(operation.method, operation.url, content=b"{}", headers=headers)
        require_problem(answer, 415, "unsupported-media-type")


async def test_a_body_without_a_content_type_is_not_guessed_at(service: httpx.AsyncClient) -> None:
    answer = await service.post("/v1/accounts", content=b"{}")
    require_problem(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize("media_type", ["application/json", "Application/JSON; Charset=UTF-8", "application/json;x=y"])
async def test_json_may_be_named_in_any_spelling(service: httpx.AsyncClient, media_type: str) -> None:
    answer = await service.post("/v1/accounts", content=b"{}", headers={"content-type": media_type})
    assert answer.status_code == 201


async def test_a_body_announced_too_large_is_refused_unread(service: httpx.AsyncClient, guest: Guest) -> None:
    body = Trickle()
    headers = {**JSON, **guest.headers, "content-length": str(BODY_LIMIT + 1)}
    require_problem(await service.post("/v1/sessions", content=body, headers=headers), 413, "body-too-large")
    assert body.taken <= 8192


async def test_a_body_that_goes_on_is_read_no_further_than_the_limit(service: httpx.AsyncClient, guest: Guest) -> None:
    body = Trickle()
    answer = await service.post("/v1/sessions", content=body, headers={**JSON, **guest.headers})
    require_problem(answer, 413, "body-too-large")
    assert body.taken <= BODY_LIMIT + 2 * 8192


async def test_a_body_of_exactly_the_limit_is_taken(service: httpx.AsyncClient) -> None:
    body = b"{}" + b" " * (BODY_LIMIT - 2)
    assert (await service.post("/v1/accounts", content=body, headers=JSON)).status_code == 201
    require_problem(await service.post("/v1/accounts", content=body + b" ", headers=JSON), 413)


async def test_an_unknown_query_parameter_is_refused_by_every_operation(
    service: httpx.AsyncClient, app: FastAPI, guest: Guest
) -> None:
    for operation in operations(app):
        url = f"{operation.url}?surely_unknown=1"
        answer = await service.request(operation.method, url, json=operation.sent, headers=guest.headers)
        problem = require_problem(answer, 422, "invalid")
        assert ("?surely_unknown", "unknown_parameter") in faults(problem), operation


async def test_a_repeated_query_parameter_is_refused(service: httpx.AsyncClient, app: FastAPI, guest: Guest) -> None:
    for operation in operations(app):
        for parameter in operation.spec.get("parameters", ()):
            if parameter["in"] == "query":
                name = parameter["name"]
                answer = await service.request(
                    operation.method, f"{operation.url}?{name}=1&{name}=1", headers=guest.headers
                )
                assert (f"?{name}", "repeated_parameter") in faults(require_problem(answer, 422)), operation


async def test_a_trailing_slash_is_another_address_and_never_a_redirect(
    service: httpx.AsyncClient, app: FastAPI, guest: Guest
) -> None:
    for operation in operations(app):
        answer = await service.request(
            operation.method, operation.url + "/", headers={**guest.headers, "host": "evil.test"}
        )
        assert "location" not in answer.headers
        require_problem(answer, 404, "not-found")


async def test_a_method_that_a_path_does_not_take_is_answered_with_all_that_it_takes(
    service: httpx.AsyncClient, app: FastAPI, guest: Guest
) -> None:
    taken: dict[str, set[str]] = {}
    for operation in operations(app):
        taken.setdefault(operation.url, set()).add(operation.method)
    taken.update({page: {"GET"} for page in PAGES})
    for url, methods in taken.items():
        complete = methods | ({"HEAD"} if "GET" in methods else set())
        for method in {*METHODS, "HEAD", "OPTIONS", "TRACE", "QUERY"} - complete:
            answer = await service.request(method, url, headers=guest.headers)
            assert answer.status_code == 405, (method, url)
            assert set(answer.headers["allow"].split(", ")) == complete, (method, url)
            if method != "HEAD":
                require_problem(answer, 405, "method-not-allowed")


async def test_head_is_get_without_the_body(service: httpx.AsyncClient, app: FastAPI, guest: Guest) -> None:
    await start(service, guest, **session_request(id="01938a3e-7c00-7000-8000-00000000cafe"))
    urls = [operation.url for operation in operations(app) if operation.method == "GET"]
    for url in [*urls, *PAGES, "/nowhere", "/v1/sessions?x=1"]:
        # A session tells the time, which a coding packs now shorter, now longer.
        for accepted in ("identity",) if url.startswith("/v1/sessions") else ("identity", "br"):
            headers = {**guest.headers, "accept-encoding": accepted}
            whole, head = await service.get(url, headers=headers), await service.head(url, headers=headers)
            assert head.content == b"", url
            assert head.status_code == whole.status_code, url
            assert comparable(head) == comparable(whole), url


async def test_head_sends_no_byte_of_a_body(app: FastAPI, guest: Guest) -> None:
    sent: list[bytes] = []

    async def recording(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            sent.append(message.get("body", b""))
            await send(message)

        await app(scope, receive, sending)

    # httpx drops such bytes by itself, so they are looked for underneath.
    async with httpx.AsyncClient(transport=httpx.ASGITransport(recording), base_url="http://unknot.test") as client:
        for url in ("/v1/me", "/v1/routines", "/v1/exercises?quiet=true", "/docs", "/nowhere"):
            await client.head(url, headers=guest.headers)
            assert b"".join(sent) == b"", url


def comparable(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in VOLATILE}


async def test_an_unknown_path_is_not_found_whatever_it_is(service: httpx.AsyncClient) -> None:
    for path in (
        "/v1",
        "/v2/sessions",
        "/%00",
        "/%ff%fe",
        "/v1/exercises/a/b",
        "/problems/unheard-of",
        "//v1/me",
    ):
        require_problem(await service.get(path), 404, "not-found")


def test_each_operation_has_a_url_without_holes(app: FastAPI) -> None:
    assert not [str(operation) for operation in operations(app) if "{" in operation.url or "None" in operation.url]
