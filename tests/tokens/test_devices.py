"""Devices and personal tokens: seen, named and revoked by their owner alone."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from tests.contract.probing import operations, require_problem
from tests.factories import Guest, open_guest, read_progress, session_request

GRANTABLE = ["sessions:read", "sessions:write", "progress:read", "profile:read"]


async def make_token(service: httpx.AsyncClient, guest: Guest, *scopes: str, **members: Any) -> dict[str, Any]:
    wanted = {"name": "Training diary", "scopes": list(scopes or GRANTABLE), **members}
    answer = await service.post("/v1/me/tokens", json=wanted, headers=guest.headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def last_event(service: httpx.AsyncClient, headers: dict[str, str]) -> tuple[str, str]:
    """What happened to the account last, and to which device or token."""
    [event] = (await service.get("/v1/me/security-events?limit=1", headers=headers)).json()["items"]
    return event["kind"], event["about"]


async def test_a_device_is_signed_out_by_its_id_and_then_there_is_none(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service, app="Unknot for Android", device="Old phone")
    sent = {"recovery_code": guest.recovery_code, "app": "Unknot for iOS", "device": "New phone"}
    new = (await service.post("/v1/tokens", json=sent)).json()
    listed = (await service.get("/v1/me/devices", headers=bearer(new["access_token"]))).json()["items"]
    assert [(row["app"], row["device"], row["current"]) for row in listed] == [
        ("Unknot for iOS", "New phone", True),
        ("Unknot for Android", "Old phone", False),
    ]
    path = f"/v1/me/devices/{listed[1]['id']}"
    assert (await service.delete(path, headers=bearer(new["access_token"]))).status_code == 204
    assert await last_event(service, bearer(new["access_token"])) == ("device_revoked", "Old phone")
    require_problem(await service.delete(path, headers=bearer(new["access_token"])), 404, "device-not-found")
    require_problem(await service.get("/v1/me", headers=guest.headers), 401)
    refreshed = await service.post("/v1/tokens/refresh", json={"refresh_token": guest.refresh_token})
    require_problem(refreshed, 401, "token-refused")


async def test_a_refresh_makes_no_device_and_is_when_it_was_seen_last(service: httpx.AsyncClient, guest: Guest) -> None:
    before = (await service.get("/v1/me/devices", headers=guest.headers)).json()["items"]
    await service.post("/v1/tokens/refresh", json={"refresh_token": guest.refresh_token})
    [after] = (await service.get("/v1/me/devices", headers=guest.headers)).json()["items"]
    assert after["id"] == before[0]["id"]
    assert after["last_seen_at"] > before[0]["last_seen_at"]


async def test_nobody_signs_out_another_persons_device_or_revokes_their_token(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    other = await open_guest(service)
    [device] = (await service.get("/v1/me/devices", headers=other.headers)).json()["items"]
    token = await make_token(service, other)
    for path, code in ((f"devices/{device['id']}", "device-not-found"), (f"tokens/{token['id']}", "token-not-found")):
        theirs = await service.delete(f"/v1/me/{path}", headers=guest.headers)
        missing = await service.delete(f"/v1/me/{path.split('/')[0]}/{uuid4()}", headers=guest.headers)
        assert require_problem(theirs, 404, code)["detail"] == require_problem(missing, 404, code)["detail"]
    assert (await service.get("/v1/me", headers=other.headers)).status_code == 200
    assert (await service.get("/v1/me", headers=bearer(token["token"]))).status_code == 200


async def test_another_app_writes_sessions_and_reads_progress_with_a_token_of_its_own(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    token = bearer((await make_token(service, guest, "sessions:write", "progress:read"))["token"])
    started = await service.post("/v1/sessions", json=session_request(), headers=token)
    assert (started.status_code, started.json()["app"]) == (201, "Training diary")
    done = await service.post(f"/v1/sessions/{started.json()['id']}/complete", json={}, headers=token)
    assert done.status_code == 200
    assert (await service.get("/v1/me/progress", headers=token)).json() == await read_progress(service, guest)
    problem = require_problem(await service.get("/v1/sessions", headers=token), 403, "scope-missing")
    assert "`sessions:read`" in problem["detail"]
    assert problem["scope"] == "sessions:read"


async def test_no_personal_token_reaches_how_the_account_is_signed_in_to(
    service: httpx.AsyncClient, app: FastAPI, guest: Guest
) -> None:
    token = bearer((await make_token(service, guest))["token"])
    managing = {"tokens", "credentials"}
    reached = [operation for operation in operations(app) if operation.secured and managing & {*operation.spec["tags"]}]
    assert len(reached) >= 9
    for operation in reached:
        answer = await service.request(operation.method, operation.url, json=operation.sent, headers=token)
        assert "`profile:write`" in require_problem(answer, 403, "scope-missing")["detail"], operation
    require_problem(await service.get("/v1/me/security-events", headers=token), 403, "scope-missing")


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"scopes": ["profile:write"]}, "/scopes/0"),
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["everything"]}, "/scopes/0"),
        ({"name": ""}, "/name"),
        ({"expires_in_days": 0}, "/expires_in_days"),
        ({"expires_in_days": 367}, "/expires_in_days"),
    ],
)
async def test_a_token_that_reaches_too_far_or_for_ever_is_not_made(
    service: httpx.AsyncClient, guest: Guest, members: dict[str, Any], pointer: str
) -> None:
    wanted = {"name": "Training diary", "scopes": ["sessions:read"], **members}
    answer = await service.post("/v1/me/tokens", json=wanted, headers=guest.headers)
    [fault] = require_problem(answer, 422)["errors"]
    assert fault["pointer"] == pointer
    if fault["code"] == "literal_error":
        assert fault["message"] == "Write 'sessions:read', 'sessions:write', 'progress:read' or 'profile:read'"
    assert (await service.get("/v1/me/tokens", headers=guest.headers)).json() == {"items": []}


async def test_a_personal_token_says_when_it_was_used_and_is_shown_only_once(
    service: httpx.AsyncClient, app: FastAPI, guest: Guest
) -> None:
    made = await make_token(service, guest, "progress:read")
    assert made["last_used_at"] is None
    await service.get("/v1/me/progress", headers=bearer(made["token"]))
    await app.state.uses.write_down(app.state.store)
    [listed] = (await service.get("/v1/me/tokens", headers=guest.headers)).json()["items"]
    assert made["created_at"] <= listed["last_used_at"]
    assert {**listed, "last_used_at": None} == {name: value for name, value in made.items() if name != "token"}


async def test_a_personal_token_is_worth_nothing_once_revoked_and_is_never_refreshed(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    made = await make_token(service, guest, "profile:read")
    refreshed = await service.post("/v1/tokens/refresh", json={"refresh_token": made["token"]})
    require_problem(refreshed, 401, "token-refused")
    assert (await service.get("/v1/me", headers=bearer(made["token"]))).status_code == 200
    for status in (204, 404):
        answer = await service.delete(f"/v1/me/tokens/{made['id']}", headers=guest.headers)
        assert answer.status_code == status
    assert await last_event(service, guest.headers) == ("token_revoked", "Training diary")
    require_problem(await service.get("/v1/me", headers=bearer(made["token"])), 401, "unauthenticated")


async def test_a_person_has_so_many_personal_tokens_and_no_more(
    service: httpx.AsyncClient, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.tokens.service.PERSONAL_AT_MOST", 3)
    for _ in range(3):
        made = await make_token(service, guest, "profile:read")
    wanted = {"name": "One more", "scopes": ["profile:read"]}
    answer = await service.post("/v1/me/tokens", json=wanted, headers=guest.headers)
    require_problem(answer, 409, "too-many-tokens")
    assert (await service.delete(f"/v1/me/tokens/{made['id']}", headers=guest.headers)).status_code == 204
    assert (await service.post("/v1/me/tokens", json=wanted, headers=guest.headers)).status_code == 201
