"""Another recovery code for whoever is signed in and has lost theirs."""

import httpx
import pytest

from tests.contract.probing import require_problem
from tests.credentials.test_passwords import kinds, letters_to, proved
from tests.factories import PASSWORD, an_email, letters_sent, open_guest, register
from tests.mail.servers import Kept

CODE = "/v1/me/recovery-code"


async def recover(service: httpx.AsyncClient, code: str) -> httpx.Response:
    return await service.post("/v1/tokens", json={"recovery_code": code})


async def test_a_new_code_brings_a_guest_back_and_the_one_before_does_not(service: httpx.AsyncClient) -> None:
    opened = (await service.post("/v1/accounts", json={})).json()
    headers = {"authorization": f"Bearer {opened['tokens']['access_token']}"}
    answer = await service.post(CODE, json={}, headers=headers)
    assert answer.status_code == 201
    require_problem(await recover(service, opened["recovery_code"]), 401, "token-refused")
    back = (await recover(service, answer.json()["recovery_code"])).json()
    again = {"authorization": f"Bearer {back['access_token']}"}
    assert (await service.get("/v1/me", headers=again)).json()["id"] == opened["account"]["id"]
    assert (await service.get("/v1/me", headers=headers)).status_code == 200
    assert "recovery_code_made" in await kinds(service, headers)


@pytest.mark.parametrize("shown", [{}, {"current_password": "eight slow otters"}])
async def test_where_there_is_a_password_it_has_to_be_shown(service: httpx.AsyncClient, shown: dict[str, str]) -> None:
    account = await register(service, an_email())
    require_problem(await service.post(CODE, json=shown, headers=account.headers), 403, "password-wrong")
    answer = await service.post(CODE, json={"current_password": PASSWORD}, headers=account.headers)
    assert (await recover(service, answer.json()["recovery_code"])).status_code == 201


async def test_a_confirmed_address_is_told_of_a_new_code(service: httpx.AsyncClient, letters: Kept) -> None:
    email = an_email()
    account = await proved(service, letters, email)
    await service.post(CODE, json={"current_password": PASSWORD}, headers=account.headers)
    await letters_sent(service)
    assert "recovery code" in letters_to(letters, email)[-1]


async def test_another_app_cannot_make_one(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service)
    wanted = {"name": "Diary", "scopes": ["profile:read"]}
    token = (await service.post("/v1/me/tokens", json=wanted, headers=guest.headers)).json()["token"]
    answer = await service.post(CODE, json={}, headers={"authorization": f"Bearer {token}"})
    require_problem(answer, 403, "scope-missing")
