"""Calls from browsers on other origins: all by default, or those that are named."""

from collections.abc import AsyncIterator

import httpx
import pytest

from api.main import create_app
from api.settings import Settings
from tests.content.loaded import CONTENT
from tests.contract.probing import require_problem
from tests.factories import Guest

APP, STRANGER = "https://app.test", "https://evil.test"
READABLE = {"etag", "x-request-id", "ratelimit", "ratelimit-policy", "retry-after", "content-language", "location"}


def preflight(origin: str = APP, method: str = "PUT", headers: str = "authorization,content-type") -> dict[str, str]:
    return {
        "origin": origin,
        "access-control-request-method": method,
        "access-control-request-headers": headers,
    }


@pytest.fixture
async def narrow(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A server that lets one origin call."""
    settings = Settings(database_url=database_url, allowed_origins=(APP,), rate_limit_per_minute=0)
    app = create_app(settings, CONTENT)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://unknot.test") as client:
            yield client


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
async def test_any_origin_may_send_every_method_with_a_token(service: httpx.AsyncClient, method: str) -> None:
    headers = "Authorization, Content-Type, If-None-Match, X-Request-Id, Accept-Language"
    answer = await service.options("/v1/sessions", headers=preflight(method=method, headers=headers))
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert int(answer.headers["access-control-max-age"]) > 0


async def test_every_answer_can_be_read_from_any_origin_and_cached_for_all(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    for path, headers in (("/v1/routines", {}), ("/v1/me", guest.headers), ("/v1/me", {}), ("/nowhere", {})):
        for origin in ({"origin": APP}, {}):
            answer = await service.get(path, headers={**headers, **origin})
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in answer.headers
            exposed = answer.headers["access-control-expose-headers"].lower().split(", ")
            assert set(exposed) == READABLE
            assert "Origin" not in answer.headers.get("vary", "")


async def test_a_fault_can_be_read_from_any_origin(service: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.catalogue.routes.exercise_answer", lambda *_: 1 / 0)
    answer = await service.get("/v1/exercises/never-heard-of", headers={"origin": APP})
    require_problem(answer, 500, "server-fault")
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_preflight_for_what_is_not_taken_is_a_problem(service: httpx.AsyncClient) -> None:
    for wanted in (preflight(method="TRACE"), preflight(headers="x-evil")):
        answer = await service.options("/v1/sessions", headers=wanted)
        require_problem(answer, 403, "preflight-refused")


async def test_a_named_origin_is_let_in_by_name(narrow: httpx.AsyncClient) -> None:
    answer = await narrow.options("/v1/sessions", headers=preflight())
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == APP
    answer = await narrow.get("/v1/routines", headers={"origin": APP})
    assert answer.headers["access-control-allow-origin"] == APP
    assert "Origin" in answer.headers["vary"]


async def test_another_origin_is_kept_out(narrow: httpx.AsyncClient) -> None:
    answer = await narrow.options("/v1/sessions", headers=preflight(STRANGER))
    require_problem(answer, 403, "preflight-refused")
    assert "access-control-allow-origin" not in answer.headers
    answer = await narrow.get("/v1/routines", headers={"origin": STRANGER})
    assert "access-control-allow-origin" not in answer.headers
    assert "Origin" in answer.headers["vary"]
