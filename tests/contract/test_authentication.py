"""Who may call what: every secured operation asks, every public one does not care."""

import secrets
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from tests.contract.probing import operations, require_problem
from tests.factories import Guest

SECRET = "A" * 43
BAD = (
    None,
    "",
    "Bearer",
    "Bearer ",
    "Bearer null",
    "Basic dXNlcjpwYXNz",
    f"Bearer uk_{uuid4().hex}_{SECRET}",
    f"Bearer uk_{uuid4()}_{SECRET}",
    f"Bearer uk_{uuid4().hex}_{SECRET}x",
    f"Bearer uk_{uuid4().hex}_{SECRET[:-1]}\xff",
    "Bearer eyJhbGciOiJub25lIn0.e30.",
    f"Token uk_{uuid4().hex}_{SECRET}",
    f"Bearer {'A' * 8000}",
    f"Bearer {' ' * 200}uk_{uuid4().hex}_{SECRET}",
)


@pytest.mark.parametrize("authorization", BAD, ids=range(len(BAD)))
async def test_every_secured_operation_asks_who_is_calling(
    service: httpx.AsyncClient, app: FastAPI, authorization: str | None
) -> None:
    headers = [] if authorization is None else [(b"authorization", authorization.encode("latin-1"))]
    for operation in operations(app):
        if operation.secured:
            sent = operation.sent
            answer = await service.request(
                operation.method, operation.url, params=operation.query, json=sent, headers=headers
            )
            require_problem(answer, 401, "unauthenticated")
            assert answer.headers["www-authenticate"] == "Bearer", operation


async def test_nobody_is_told_of_a_cursor_before_the_token_is_known(service: httpx.AsyncClient, app: FastAPI) -> None:
    headers = {"authorization": f"Bearer uk_{uuid4().hex}_{SECRET}"}
    paged = [one for one in operations(app) if "cursor" in {each["name"] for each in one.spec.get("parameters", ())}]
    assert len([one for one in paged if one.secured]) >= 3
    for operation in paged:
        answer = await service.request(operation.method, operation.url, params={"cursor": "x"}, headers=headers)
        require_problem(answer, 401 if operation.secured else 409)


@pytest.mark.parametrize("other", ["refresh_token", "another_secret"])
async def test_what_only_looks_like_my_token_is_none(service: httpx.AsyncClient, guest: Guest, other: str) -> None:
    minted = f"uk_{guest.id.hex}_{secrets.token_urlsafe(32)}"
    token = guest.refresh_token if other == "refresh_token" else minted
    answer = await service.get("/v1/me", headers={"authorization": f"Bearer {token}"})
    require_problem(answer, 401, "unauthenticated")


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
async def test_the_name_of_the_scheme_may_be_written_in_any_case(
    service: httpx.AsyncClient, guest: Guest, scheme: str
) -> None:
    answer = await service.get("/v1/me", headers={"authorization": f"{scheme} {guest.access_token}"})
    assert answer.status_code == 200


async def test_a_token_among_more_spaces_than_anybody_sends_is_none(service: httpx.AsyncClient, guest: Guest) -> None:
    for spaces, status in ((3, 200), (100, 401), (10_000, 401)):
        authorization = f"Bearer{' ' * spaces}{guest.access_token}"
        answer = await service.get("/v1/me", headers={"authorization": authorization})
        assert answer.status_code == status, spaces


async def test_every_public_operation_ignores_a_bad_token(service: httpx.AsyncClient, app: FastAPI) -> None:
    for operation in operations(app):
        if not operation.secured:
            sent = operation.sent
            bare = await service.request(operation.method, operation.url, json=sent)
            for authorization in ("Bearer nonsense", f"Bearer uk_{uuid4().hex}_{SECRET}", "\x01"):
                headers = {"authorization": authorization}
                answer = await service.request(operation.method, operation.url, json=sent, headers=headers)
                assert answer.status_code == bare.status_code, operation


def test_an_operation_is_secured_by_one_scope_or_says_that_it_is_public(app: FastAPI) -> None:
    for operation in operations(app):
        assert operation.spec["security"] == [] or [list(row) for row in operation.spec["security"]] == [
            ["access_token"]
        ], operation
        assert all(len(scopes) == 1 for row in operation.spec["security"] for scopes in row.values()), operation
