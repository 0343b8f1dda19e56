"""Signing in by e-mail and password, or by the recovery code."""

from collections import Counter
from functools import partial
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.accounts.credentials import find
from api.accounts.passwords import Cost, Passwords, common_passwords, is_guessable, normalised
from tests.contract.probing import require_problem
from tests.factories import PASSWORD, an_email, open_guest, register, sign_in

CODE = "7K3QD-0XVYM-2N9BT-HC5RE-4WAJ8"


async def test_an_account_with_e_mail_and_password_is_signed_in_to_on_another_device(
    service: httpx.AsyncClient,
) -> None:
    email = an_email()
    account = await register(service, email)
    headers = await sign_in(service, email)
    me = (await service.get("/v1/me", headers=headers)).json()
    assert (me["id"], me["kind"], me["email"], me["email_verified_at"]) == (str(account.id), "registered", email, None)


async def test_an_address_is_the_same_in_any_case_and_any_form_of_unicode(service: httpx.AsyncClient) -> None:
    plain = an_email().replace("sam.", "sämü.")
    await register(service, plain)
    decomposed = plain.upper().replace("Ä", "A\u0308").replace("Ü", "U\u0308")
    assert decomposed.casefold() != plain
    await sign_in(service, decomposed)
    assert normalised(decomposed) == normalised(plain)
    taken = await service.post("/v1/accounts", json={"email": decomposed, "password": PASSWORD})
    require_problem(taken, 409, "email-taken")


@pytest.mark.parametrize(
    "typed", ["Seven quiet herons", "seven quiet herons ", "seven quiet heron", "sevenquietherons"]
)
async def test_a_password_counts_exactly_as_it_was_given(service: httpx.AsyncClient, typed: str) -> None:
    email = an_email()
    await register(service, email)
    require_problem(await service.post("/v1/tokens", json={"email": email, "password": typed}), 401, "sign-in-refused")


@pytest.mark.parametrize(
    "password", ["\u2603" * 128, "        ", "a\u0308\u00e4\u0308\t\n x", "\U0001f9d8 stretch more"]
)
async def test_any_characters_make_a_password(service: httpx.AsyncClient, password: str) -> None:
    email = an_email()
    await register(service, email, password)
    await sign_in(service, email, password)


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"email": "sam@example.org"}, "/password"),
        ({"password": PASSWORD}, "/email"),
        ({"email": "sam", "password": PASSWORD}, "/email"),
        ({"email": " sam@example.org", "password": PASSWORD}, "/email"),
        ({"email": "sam@example.org\nBcc: all@example.org", "password": PASSWORD}, "/email"),
        ({"email": "sam@" + "a" * 250 + ".org", "password": PASSWORD}, "/email"),
        ({"email": "sam@example.org", "password": "7 chars"}, "/password"),
        ({"email": "sam@example.org", "password": "a" * 129}, "/password"),
    ],
)
async def test_half_a_pair_or_one_of_a_wrong_form_opens_nothing(
    service: httpx.AsyncClient, members: dict[str, Any], pointer: str
) -> None:
    problem = require_problem(await service.post("/v1/accounts", json=members), 422, "invalid")
    assert [fault["pointer"] for fault in problem["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({}, ""),
        ({"email": "sam@example.org"}, "/password"),
        ({"password": PASSWORD}, "/email"),
        ({"recovery_code": CODE, "email": "sam@example.org"}, ""),
        ({"recovery_code": CODE, "email": "sam@example.org", "password": PASSWORD}, ""),
    ],
)
async def test_a_sign_in_shows_one_proof_and_says_which_half_is_missing(
    service: httpx.AsyncClient, members: dict[str, Any], pointer: str
) -> None:
    [fault] = require_problem(await service.post("/v1/tokens", json=members), 422, "invalid")["errors"]
    assert (fault["pointer"], fault["code"]) == (pointer, "missing" if pointer else "value_error")
    assert fault["message"] == "Give either `recovery_code`, or `email` and `password`"


@pytest.mark.parametrize(
    ("path", "members", "told"),
    [
        ("/v1/accounts", {"email": "sam", "password": PASSWORD}, "Write an e-mail address, like sam@example.org"),
        ("/v1/accounts", {"language": "English"}, "Write the language as a tag, like en or pt-BR"),
        ("/v1/tokens", {"recovery_code": "7K3QD"}, "Write the code as it was given: five groups of five"),
    ],
)
async def test_what_has_a_wrong_form_is_told_in_words_and_not_in_a_pattern(
    service: httpx.AsyncClient, path: str, members: dict[str, str], told: str
) -> None:
    [fault] = require_problem(await service.post(path, json=members), 422, "invalid")["errors"]
    assert fault["message"].startswith(told)
    assert "^" not in fault["message"]


@pytest.mark.parametrize(
    "password", ["password1", "PASSWORD1", "unknot-2026", "!!Exercise99", "12345678", "qwertyuiop"]
)
async def test_what_everybody_tries_first_is_no_password(service: httpx.AsyncClient, password: str) -> None:
    answer = await service.post("/v1/accounts", json={"email": an_email(), "password": password})
    require_problem(answer, 409, "password-too-common")


async def test_the_address_itself_is_no_password(service: httpx.AsyncClient) -> None:
    email = an_email()
    for password in (email, email.upper(), email.partition("@")[0], "example.org"):
        assert is_guessable(password, email)
    answer = await service.post("/v1/accounts", json={"email": email, "password": email})
    require_problem(answer, 409, "password-too-common")


def test_more_than_the_3000_most_common_passwords_that_are_long_enough_are_known() -> None:
    assert len(common_passwords()) > 3000
    assert {"password", "12345678", "iloveyou"} <= common_passwords()


async def test_the_answer_and_the_work_are_the_same_whether_the_account_exists_or_not(
    service: httpx.AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, unknown = an_email(), an_email()
    await register(service, known)
    hasher, worked = app.state.passwords.hasher, Counter[str]()
    verify = hasher.verify_and_update

    def counted(password: str, kept: str) -> tuple[bool, str | None]:
        worked[kept.rpartition("$")[0].rpartition("$")[0]] += 1
        result: tuple[bool, str | None] = verify(password, kept)
        return result

    monkeypatch.setattr(hasher, "verify_and_update", counted)
    told = []
    for email in (known, unknown):
        answer = await service.post("/v1/tokens", json={"email": email, "password": "not that one"})
        problem = require_problem(answer, 401, "sign-in-refused")
        told.append({**problem, "request_id": ""})
    assert told[0] == told[1]
    assert list(worked.values()) == [2], "both at the same cost"


async def test_a_hash_made_at_another_cost_is_made_anew_at_the_next_sign_in(
    service: httpx.AsyncClient, app: FastAPI
) -> None:
    email, usual = an_email(), app.state.passwords
    app.state.passwords = Passwords(Cost(memory_kib=16, passes=1))
    await register(service, email)
    app.state.passwords = usual
    for renewed in (True, False):
        kept = await app.state.store.read(partial(find, email=email))
        assert kept
        assert usual.hasher.current_hasher.check_needs_rehash(kept.password_hash) is renewed
        await sign_in(service, email)


async def test_more_hashing_than_there_is_room_for_is_refused_for_the_moment(
    service: httpx.AsyncClient, app: FastAPI
) -> None:
    usual = app.state.passwords
    app.state.passwords = Passwords(Cost(memory_kib=8, passes=1), threads=1, waiting=-1)
    try:
        answer = await service.post("/v1/tokens", json={"email": an_email(), "password": PASSWORD})
    finally:
        app.state.passwords = usual
    require_problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"]


async def test_a_recovery_code_is_a_sign_in_of_its_own(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service)
    answer = await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code, "device": "New phone"})
    assert answer.status_code == 201
    devices = (await service.get("/v1/me/devices", headers=guest.headers)).json()["items"]
    assert [(device["device"], device["current"]) for device in devices] == [("New phone", False), (None, True)]
