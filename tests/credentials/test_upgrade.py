"""A guest gets an e-mail and a password; nothing else about the account changes."""

import asyncio

import httpx
import pytest

from tests.contract.probing import require_problem
from tests.factories import (
    PASSWORD,
    Guest,
    an_email,
    complete,
    open_guest,
    rating,
    read_progress,
    register,
    sign_in,
    start,
)

PATH = "/v1/me/credentials"


async def test_a_guest_becomes_an_account_in_place_and_loses_nothing(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest, pain_before=[rating(5)])
    await complete(service, guest, session["id"], pain_after=[rating(3)])
    before = (await service.get("/v1/me", headers=guest.headers)).json()
    progress = await read_progress(service, guest)
    email = an_email()
    added = await service.post(PATH, json={"email": email, "password": PASSWORD}, headers=guest.headers)
    expected = {**before, "kind": "registered", "email": email, "revision": before["revision"] + 1}
    assert (added.status_code, added.json()) == (200, {"account": expected, "united": None})
    elsewhere = await sign_in(service, email)
    assert (await service.get(f"/v1/sessions/{session['id']}", headers=elsewhere)).json()["status"] == "completed"
    assert await read_progress(service, guest) == progress
    by_code = await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code})
    assert by_code.status_code == 201


async def test_asking_again_gives_the_same_answer(service: httpx.AsyncClient, guest: Guest) -> None:
    sent = {"email": an_email(), "password": PASSWORD}
    first = await service.post(PATH, json=sent, headers=guest.headers)
    again = await service.post(PATH, json=sent, headers=guest.headers)
    assert (again.status_code, again.json()) == (200, first.json())


async def test_there_is_one_address_and_it_stays(service: httpx.AsyncClient) -> None:
    email = an_email()
    account = await register(service, email)
    other = {"email": an_email(), "password": PASSWORD}
    require_problem(await service.post(PATH, json=other, headers=account.headers), 409, "credentials-exist")
    wrong = {"email": email, "password": "nine loud geese"}
    require_problem(await service.post(PATH, json=wrong, headers=account.headers), 403, "password-wrong")
    assert (await service.get("/v1/me", headers=account.headers)).json()["email"] == email


async def test_somebody_elses_address_needs_their_password(service: httpx.AsyncClient, guest: Guest) -> None:
    email = an_email()
    await register(service, email)
    sent = {"email": email, "password": "nine loud geese"}
    require_problem(await service.post(PATH, json=sent, headers=guest.headers), 403, "password-wrong")
    assert (await service.get("/v1/me", headers=guest.headers)).json()["kind"] == "guest"


async def test_a_guest_chooses_no_password_that_everybody_tries(service: httpx.AsyncClient, guest: Guest) -> None:
    sent = {"email": an_email(), "password": "password1"}
    require_problem(await service.post(PATH, json=sent, headers=guest.headers), 409, "password-too-common")


async def test_of_many_who_want_one_address_at_once_one_gets_it_and_the_others_join(
    service: httpx.AsyncClient,
) -> None:
    sent = {"email": an_email(), "password": PASSWORD}
    guests = [await open_guest(service) for _ in range(5)]
    answers = await asyncio.gather(*(service.post(PATH, json=sent, headers=guest.headers) for guest in guests))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len({answer.json()["account"]["id"] for answer in answers}) == 1
    assert sum(answer.json()["united"] is None for answer in answers) == 1
    for guest in guests:
        me = await service.get("/v1/me", headers=guest.headers)
        assert me.json()["id"] == answers[0].json()["account"]["id"]


@pytest.mark.parametrize("order", [("email",), ("password",), ()])
async def test_half_of_it_is_none(service: httpx.AsyncClient, guest: Guest, order: tuple[str, ...]) -> None:
    sent = {"email": an_email(), "password": PASSWORD}
    answer = await service.post(PATH, json={name: sent[name] for name in order}, headers=guest.headers)
    missing = {f"/{name}" for name in sent.keys() - set(order)}
    assert {fault["pointer"] for fault in require_problem(answer, 422)["errors"]} == missing
