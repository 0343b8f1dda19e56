from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
import time_machine

from tests.databases import rows_of
from tests.factories import Guest, open_guest


async def test_a_guest_needs_no_personal_data_and_can_call_at_once(service: httpx.AsyncClient) -> None:
    answer = await service.post("/v1/accounts", json={})
    opened = answer.json()
    assert answer.status_code == 201
    assert opened["account"]["kind"] == "guest"
    assert opened["account"]["consents"] == []
    headers = {"authorization": f"Bearer {opened['tokens']['access_token']}"}
    me = await service.get("/v1/me", headers=headers)
    assert me.json() == opened["account"]


async def test_opening_again_opens_another_account(service: httpx.AsyncClient) -> None:
    first, second = await open_guest(service), await open_guest(service)
    assert first.id != second.id
    assert first.recovery_code != second.recovery_code


async def test_neither_tokens_nor_recovery_code_are_stored_as_they_are(
    service: httpx.AsyncClient, database_url: str
) -> None:
    guest = await open_guest(service)
    secrets = [guest.access_token, guest.refresh_token, guest.recovery_code]
    tables = ("account", "token", "recovery_code", "consent")
    stored = "".join(str(rows_of(database_url, f"SELECT * FROM {table}")) for table in tables)  # noqa: S608 - names of our own
    assert not [secret for secret in secrets if secret in stored or secret.split("_", 2)[-1] in stored]


async def test_a_recovery_code_brings_the_account_back_however_it_is_typed(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service)
    answer = await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code.lower()})
    assert answer.status_code == 201
    headers = {"authorization": f"Bearer {answer.json()['access_token']}"}
    assert UUID((await service.get("/v1/me", headers=headers)).json()["id"]) == guest.id


async def test_an_unknown_recovery_code_is_refused(service: httpx.AsyncClient) -> None:
    answer = await service.post("/v1/tokens", json={"recovery_code": "00000-00000-00000-00000-00000"})
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/token-refused")


async def test_a_refresh_whose_answer_was_lost_can_be_repeated_for_a_minute(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    first = await service.post("/v1/tokens/refresh", json={"refresh_token": guest.refresh_token})
    again = await service.post("/v1/tokens/refresh", json={"refresh_token": guest.refresh_token})
    assert (first.status_code, again.status_code) == (201, 201)
    for access in (guest.access_token, first.json()["access_token"], again.json()["access_token"]):
        answer = await service.get("/v1/me", headers={"authorization": f"Bearer {access}"})
        assert answer.status_code == 200
    for seconds, status in ((50, 201), (61, 401)):
        with time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds)):
            late = await service.post("/v1/tokens/refresh", json={"refresh_token": guest.refresh_token})
        assert late.status_code == status


async def test_an_access_token_is_no_refresh_token_nor_the_other_way_round(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    answer = await service.post("/v1/tokens/refresh", json={"refresh_token": guest.access_token})
    assert answer.status_code == 401
    swapped = {"authorization": f"Bearer {guest.refresh_token}"}
    assert (await service.get("/v1/me", headers=swapped)).status_code == 401


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer x", "Basic dTpw", "Bearer uk_00000000000000000000000000000000_" + "A" * 43]
)
async def test_every_bad_token_gets_the_same_answer(service: httpx.AsyncClient, authorization: str) -> None:
    answer = await service.get("/v1/me", headers={"authorization": authorization} if authorization else {})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["type"] == "/problems/unauthenticated"
    assert answer.json()["title"] == "Sign in first"


async def test_a_token_of_another_person_does_not_fit_my_id(service: httpx.AsyncClient) -> None:
    mine, theirs = await open_guest(service), await open_guest(service)
    secret = theirs.access_token.split("_", 2)[2]
    forged = {"authorization": f"Bearer uk_{mine.id.hex}_{secret}"}
    assert (await service.get("/v1/me", headers=forged)).status_code == 401


async def test_tokens_expire(service: httpx.AsyncClient, guest: Guest) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        assert (await service.get("/v1/me", headers=guest.headers)).status_code == 401
        renewed = await service.post("/v1/tokens/refresh", json={"refresh_token": guest.refresh_token})
        assert renewed.status_code == 201
    with time_machine.travel(datetime.now(UTC) + timedelta(days=200)):
        late = await service.post("/v1/tokens/refresh", json={"refresh_token": renewed.json()["refresh_token"]})
        assert late.status_code == 401


async def test_a_narrow_token_is_told_which_scope_it_lacks(
    service: httpx.AsyncClient, guest: Guest, database_url: str
) -> None:
    rows_of(database_url, "UPDATE token SET scopes = 'sessions:read' WHERE user_id = :user", user=guest.id)
    answer = await service.get("/v1/me", headers=guest.headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope-missing")
    assert "profile:read" in answer.json()["detail"]
    assert (await service.get("/v1/sessions", headers=guest.headers)).status_code == 200
