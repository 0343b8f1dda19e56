"""Refresh tokens: one use each, a lost answer, rivals, and what happens to whoever shows a used one later."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import time_machine

from tests.contract.probing import require_problem
from tests.databases import rows_of
from tests.factories import Guest, open_guest

LATER = timedelta(minutes=2)


async def refreshed(service: httpx.AsyncClient, token: str) -> httpx.Response:
    return await service.post("/v1/tokens/refresh", json={"refresh_token": token})


async def status_of(service: httpx.AsyncClient, access_token: str) -> int:
    return (await service.get("/v1/me", headers={"authorization": f"Bearer {access_token}"})).status_code


async def test_twenty_refreshes_at_once_sign_nobody_out(
    service: httpx.AsyncClient, guest: Guest, database_url: str
) -> None:
    answers = await asyncio.gather(*(refreshed(service, guest.refresh_token) for _ in range(20)))
    assert [answer.status_code for answer in answers] == [201] * 20
    for answer in (answers[0], answers[-1]):
        assert await status_of(service, answer.json()["access_token"]) == 200
        assert (await refreshed(service, answer.json()["refresh_token"])).status_code == 201
    families = rows_of(database_url, "SELECT DISTINCT family FROM token WHERE user_id = :user", user=guest.id)
    revoked = "SELECT count(*) FROM token WHERE user_id = :user AND revoked_at IS NOT NULL"
    assert (len(families), rows_of(database_url, revoked, user=guest.id)) == (1, [(0,)])


async def test_a_refresh_token_shown_again_later_signs_its_device_out_and_no_other(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    other = (await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code})).json()
    first = (await refreshed(service, guest.refresh_token)).json()
    with time_machine.travel(datetime.now(UTC) + LATER):
        require_problem(await refreshed(service, guest.refresh_token), 401, "token-refused")
        for access in (guest.access_token, first["access_token"]):
            assert await status_of(service, access) == 401
        require_problem(await refreshed(service, first["refresh_token"]), 401, "token-refused")
        assert await status_of(service, other["access_token"]) == 200
        events = await service.get(
            "/v1/me/security-events", headers={"authorization": f"Bearer {other['access_token']}"}
        )
    assert "refresh_reused" in [event["kind"] for event in events.json()["items"]]


async def test_signing_out_ends_this_device_and_no_other(service: httpx.AsyncClient, guest: Guest) -> None:
    other = (await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code})).json()
    for _ in range(2):
        answer = await service.post("/v1/tokens/revoke", json={"token": guest.refresh_token})
        assert (answer.status_code, answer.content) == (204, b"")
    assert await status_of(service, guest.access_token) == 401
    assert (await refreshed(service, guest.refresh_token)).status_code == 401
    assert await status_of(service, other["access_token"]) == 200


async def test_signing_out_with_what_nobody_gave_out_changes_nothing(service: httpx.AsyncClient, guest: Guest) -> None:
    stranger = await open_guest(service)
    forged = f"uk_{guest.id.hex}_{stranger.access_token.split('_', 2)[2]}"
    for token in ("x", "uk_", forged, f"uk_{'0' * 32}_{'A' * 43}", guest.access_token[:-1]):
        assert (await service.post("/v1/tokens/revoke", json={"token": token})).status_code == 204
    assert await status_of(service, guest.access_token) == 200
