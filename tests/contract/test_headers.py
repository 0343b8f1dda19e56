"""What every answer carries: its request id, its caching, its media type."""

import httpx
import pytest
from fastapi import FastAPI

from api.web.envelope import HEADERS_LIMIT
from tests.contract.documents import NO_JSON
from tests.contract.probing import is_minted, operations, require_problem
from tests.factories import Guest, start

HOSTILE_IDS = (b"", b"a" * 65, b"a b", b"a\tb", b'"><script>', b"\xff\xfe", b"%0d%0ax: y", b"../../etc", b"a,b")
CONTENT = "/v1/routines/seed-full"


async def answers(service: httpx.AsyncClient, guest: Guest, headers: dict[str, str]) -> list[httpx.Response]:
    """One answer of every kind of status."""
    signed = {**guest.headers, **headers}
    tag = (await service.get(CONTENT)).headers["etag"]
    session = await start(service, guest)
    preflight = {"origin": "https://app.test", "access-control-request-method": "PUT", **headers}
    return [
        await service.get(CONTENT, headers=headers),
        await service.get(CONTENT, headers={"if-none-match": tag, **headers}),
        await service.post("/v1/accounts", json={}, headers=headers),
        await service.delete(f"/v1/sessions/{session['id']}", headers=signed),
        await service.get(f"/v1/sessions/{session['id']}", headers=signed),
        await service.get("/v1/me", headers=headers),
        await service.get("/v1/me", headers=signed),
        await service.get("/nowhere", headers=headers),
        await service.post("/livez", headers=headers),
        await service.post("/v1/accounts", content=b"{", headers={"content-type": "application/json", **headers}),
        await service.post("/v1/accounts", content=b"{}", headers=headers),
        await service.post("/v1/accounts", content=b" " * 70_000, headers=headers),
        await service.options("/v1/me", headers=preflight),
        await service.head(CONTENT, headers=headers),
        await service.get("/docs", headers=headers),
    ]


async def test_an_acceptable_request_id_comes_back_on_every_status(service: httpx.AsyncClient, guest: Guest) -> None:
    told = await answers(service, guest, {"x-request-id": "Phone-7.a_1"})
    assert {a.status_code for a in told} == {200, 304, 201, 204, 410, 401, 404, 405, 422, 415, 413}
    assert {a.headers["x-request-id"] for a in told} == {"Phone-7.a_1"}


@pytest.mark.parametrize("hostile", HOSTILE_IDS)
async def test_any_other_request_id_is_replaced(service: httpx.AsyncClient, hostile: bytes) -> None:
    for path in ("/livez", "/nowhere"):
        answer = await service.get(path, headers=[(b"x-request-id", hostile)])
        assert is_minted(answer.headers["x-request-id"])


async def test_every_answer_forbids_guessing_its_type(service: httpx.AsyncClient, guest: Guest) -> None:
    for answer in await answers(service, guest, {}):
        assert answer.headers["x-content-type-options"] == "nosniff", answer.status_code
        assert len(answer.headers.get_list("x-request-id")) == 1
        assert is_minted(answer.headers["x-request-id"])


async def test_pages_run_no_script_from_elsewhere(service: httpx.AsyncClient) -> None:
    for path in ("/docs", "/problems/invalid"):
        page = await service.get(path)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'; script-src 'self'" in page.text
        assert "//" not in page.text.replace("http-equiv", "")


async def test_personal_answers_are_kept_by_no_cache_and_content_by_any(
    service: httpx.AsyncClient, app: FastAPI, guest: Guest
) -> None:
    for operation in operations(app):
        answer = await service.request(operation.method, operation.url, json=operation.sent, headers=guest.headers)
        caching = answer.headers["cache-control"]
        if answer.is_error:
            assert caching == "no-store", operation
        elif operation.personal or operation.body:
            assert caching == "private, no-store", operation
            assert "etag" not in answer.headers
        elif operation.path.startswith(("/v1/exercises", "/v1/routines")):
            assert caching.startswith("public, max-age="), operation
            assert answer.headers["etag"].startswith('"')
            wordless = answer.headers["content-type"] == "image/svg+xml"
            assert answer.headers["vary"] == ("Accept-Encoding" if wordless else "Accept-Encoding, Accept-Language")


async def test_answers_with_a_body_are_json_and_those_without_say_nothing_of_a_type(
    service: httpx.AsyncClient, app: FastAPI, guest: Guest
) -> None:
    for operation in operations(app):
        answer = await service.request(operation.method, operation.url, json=operation.sent, headers=guest.headers)
        if answer.status_code == 204:
            assert "content-type" not in answer.headers
        elif answer.is_success and answer.headers["content-type"] not in NO_JSON:
            assert answer.headers["content-type"] == "application/json", operation
            answer.json()


async def test_a_started_session_says_where_it_is(service: httpx.AsyncClient, guest: Guest) -> None:
    sent = {"routine": "seed-full", "no_red_flags": True}
    answer = await service.post("/v1/sessions", json=sent, headers=guest.headers)
    assert answer.headers["location"] == f"/v1/sessions/{answer.json()['id']}"
    assert (await service.get(answer.headers["location"], headers=guest.headers)).status_code == 200


async def test_headers_beyond_what_anybody_needs_are_refused_by_every_operation(
    service: httpx.AsyncClient, app: FastAPI, guest: Guest
) -> None:
    for operation in operations(app):
        headers = {**guest.headers, "x-padding": "a" * HEADERS_LIMIT, "origin": "https://app.test"}
        answer = await service.request(operation.method, operation.url, json=operation.sent, headers=headers)
        require_problem(answer, 431, "headers-too-large")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "431" in operation.spec["responses"]


async def test_many_small_headers_count_like_a_large_one(service: httpx.AsyncClient) -> None:
    many = [(f"x-{number}", "a" * 90) for number in range(HEADERS_LIMIT // 90)]
    require_problem(await service.get("/livez", headers=many), 431, "headers-too-large")
    assert (await service.get("/livez", headers=many[:100])).status_code == 200


@pytest.mark.parametrize("coding", ["identity", "br", "gzip", "zstd"])
async def test_vary_names_each_header_once(service: httpx.AsyncClient, guest: Guest, coding: str) -> None:
    for path in ("/v1/exercises", "/v1/exercises?equipment=chair", "/v1/exercises?quiet=true", "/v1/me", "/docs?x"):
        answer = await service.get(path, headers={**guest.headers, "accept-encoding": coding})
        members = [member.strip().lower() for member in answer.headers.get("vary", "").split(",")]
        assert len(members) == len(set(members)), (path, members)
