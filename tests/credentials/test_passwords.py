"""Changing a password, resetting one by mail, and proving an address."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import time_machine
from fastapi import FastAPI

from api.main import create_app
from api.settings import Settings
from tests.conftest import quick
from tests.content.loaded import CONTENT
from tests.contract.probing import require_problem
from tests.databases import rows_of
from tests.factories import PASSWORD, Guest, an_email, letters_sent, open_guest, register, sign_in
from tests.mail.servers import Kept

OTHER = "nine loud geese"
RESETS = "/v1/password-resets"
VERIFICATION = "/v1/me/email/verification"
CODE = re.compile(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}")


def letters_to(letters: Kept, email: str) -> list[str]:
    """What they say, in the order in which they came."""
    return [letter.get_content() for letter in letters.letters if letter["To"] == email]


async def code_to(service: httpx.AsyncClient, letters: Kept, email: str) -> str:
    """The code in the latest letter."""
    await letters_sent(service)
    found = CODE.search(letters_to(letters, email)[-1])
    assert found
    return found[0]


async def proved(service: httpx.AsyncClient, letters: Kept, email: str) -> Guest:
    """An account whose address is confirmed."""
    account = await register(service, email)
    code = await code_to(service, letters, email)
    answer = await service.post(f"{VERIFICATION}/confirm", json={"code": code}, headers=account.headers)
    assert answer.json()["email_verified_at"]
    return account


async def ask_for_reset(service: httpx.AsyncClient, letters: Kept, email: str) -> str:
    answer = await service.post(RESETS, json={"email": email})
    assert (answer.status_code, answer.json()) == (202, {"expires_in_s": 1800})
    return await code_to(service, letters, email)


async def confirm(service: httpx.AsyncClient, email: str, code: str, password: str = OTHER) -> httpx.Response:
    return await service.post(f"{RESETS}/confirm", json={"email": email, "code": code, "new_password": password})


async def kinds(service: httpx.AsyncClient, headers: dict[str, str]) -> list[str]:
    items = (await service.get("/v1/me/security-events", headers=headers)).json()["items"]
    return [event["kind"] for event in items]


# Changing


async def test_a_changed_password_signs_out_everything_but_the_device_that_asked(service: httpx.AsyncClient) -> None:
    email = an_email()
    account = await register(service, email)
    other = await sign_in(service, email)
    wanted = {"name": "Diary", "scopes": ["profile:read"]}
    token = (await service.post("/v1/me/tokens", json=wanted, headers=account.headers)).json()["token"]
    change = {"current_password": PASSWORD, "new_password": OTHER}
    assert (await service.put("/v1/me/password", json=change, headers=account.headers)).status_code == 204
    assert (await service.get("/v1/me", headers=account.headers)).status_code == 200
    for headers in (other, {"authorization": f"Bearer {token}"}):
        require_problem(await service.get("/v1/me", headers=headers), 401)
    refused = await service.post("/v1/tokens", json={"email": email, "password": PASSWORD})
    require_problem(refused, 401, "sign-in-refused")
    await sign_in(service, email, OTHER)
    assert "password_changed" in await kinds(service, account.headers)
    refreshed = await service.post("/v1/tokens/refresh", json={"refresh_token": account.refresh_token})
    assert refreshed.status_code == 201


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"current_password": OTHER, "new_password": "eight calm storks"}, 403, "password-wrong"),
        ({"current_password": PASSWORD, "new_password": "password1"}, 409, "password-too-common"),
        ({"current_password": PASSWORD, "new_password": "short"}, 422, "invalid"),
        ({"new_password": OTHER}, 422, "invalid"),
    ],
)
async def test_a_change_that_is_refused_changes_nothing(
    service: httpx.AsyncClient, change: dict[str, str], status: int, code: str
) -> None:
    email = an_email()
    account = await register(service, email)
    require_problem(await service.put("/v1/me/password", json=change, headers=account.headers), status, code)
    await sign_in(service, email)


async def test_a_guest_has_no_password_to_change_and_no_address_to_prove(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    change = {"current_password": PASSWORD, "new_password": OTHER}
    answer = await service.put("/v1/me/password", json=change, headers=guest.headers)
    require_problem(answer, 409, "credentials-missing")
    require_problem(await service.post(VERIFICATION, headers=guest.headers), 409, "credentials-missing")


# Proving an address


async def test_an_address_is_proved_by_the_code_that_was_sent_to_it(service: httpx.AsyncClient, letters: Kept) -> None:
    email = an_email()
    account = await register(service, email)
    first = await code_to(service, letters, email)
    assert (await service.post(VERIFICATION, headers=account.headers)).status_code == 202
    second = await code_to(service, letters, email)
    for code, status in ((first, 403), (second.lower(), 200), (second, 403)):
        answer = await service.post(f"{VERIFICATION}/confirm", json={"code": code}, headers=account.headers)
        assert answer.status_code == status
    me = (await service.get("/v1/me", headers=account.headers)).json()
    assert me["email_verified_at"]
    assert "email_verified" in await kinds(service, account.headers)
    sent = len(letters_to(letters, email))
    assert (await service.post(VERIFICATION, headers=account.headers)).status_code == 202
    await letters_sent(service)
    assert len(letters_to(letters, email)) == sent, "what is proved needs no further letter"


async def test_a_code_proves_nobody_elses_address_and_resets_no_password(
    service: httpx.AsyncClient, letters: Kept
) -> None:
    email = an_email()
    await register(service, email)
    code = await code_to(service, letters, email)
    other = await register(service, an_email())
    answer = await service.post(f"{VERIFICATION}/confirm", json={"code": code}, headers=other.headers)
    require_problem(answer, 403, "code-refused")
    require_problem(await confirm(service, email, code), 403, "code-refused")


# Resetting


async def test_a_reset_by_mail_sets_the_password_and_voids_everything_else(
    service: httpx.AsyncClient, letters: Kept
) -> None:
    email = an_email()
    account = await proved(service, letters, email)
    code = await ask_for_reset(service, letters, email)
    done = await confirm(service, email, code)
    assert done.status_code == 200, done.text
    for answer in (
        await service.get("/v1/me", headers=account.headers),
        await service.post("/v1/tokens/refresh", json={"refresh_token": account.refresh_token}),
        await service.post("/v1/tokens", json={"recovery_code": account.recovery_code}),
        await service.post("/v1/tokens", json={"email": email, "password": PASSWORD}),
    ):
        assert answer.status_code == 401
    headers = await sign_in(service, email, OTHER)
    assert "password_reset" in await kinds(service, headers)
    renewed = await service.post("/v1/tokens", json={"recovery_code": done.json()["recovery_code"]})
    assert renewed.status_code == 201
    require_problem(await confirm(service, email, code, "eight calm storks"), 403, "code-refused")
    await letters_sent(service)
    assert "was changed" in letters_to(letters, email)[-1]


async def test_the_answer_is_the_same_for_an_address_that_nobody_has(service: httpx.AsyncClient, letters: Kept) -> None:
    known, unknown = an_email(), an_email()
    await proved(service, letters, known)
    answers = [await service.post(RESETS, json={"email": email}) for email in (known.upper(), unknown)]
    assert answers[0].json() == answers[1].json()
    assert [answer.status_code for answer in answers] == [202, 202]
    await letters_sent(service)
    assert (letters_to(letters, unknown), len(letters_to(letters, known))) == ([], 2)
    for email in (known, unknown):
        require_problem(await confirm(service, email, "00000-00000-00000-00000-00000"), 403, "code-refused")


async def test_an_address_that_was_never_proved_gets_a_letter_without_a_code(
    service: httpx.AsyncClient, letters: Kept
) -> None:
    email = an_email()
    await register(service, email)
    assert (await service.post(RESETS, json={"email": email})).status_code == 202
    await letters_sent(service)
    last = letters_to(letters, email)[-1]
    assert "never confirmed" in last
    assert not CODE.search(last)


async def test_only_the_latest_code_works_and_only_for_half_an_hour(service: httpx.AsyncClient, letters: Kept) -> None:
    email = an_email()
    await proved(service, letters, email)
    first = await ask_for_reset(service, letters, email)
    second = await ask_for_reset(service, letters, email)
    require_problem(await confirm(service, email, first), 403, "code-refused")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31)):
        require_problem(await confirm(service, email, second), 403, "code-refused")
    assert (await confirm(service, email, second)).status_code == 200


async def test_a_code_is_void_once_the_password_has_changed(service: httpx.AsyncClient, letters: Kept) -> None:
    email = an_email()
    account = await proved(service, letters, email)
    code = await ask_for_reset(service, letters, email)
    change = {"current_password": PASSWORD, "new_password": "eight calm storks"}
    assert (await service.put("/v1/me/password", json=change, headers=account.headers)).status_code == 204
    require_problem(await confirm(service, email, code), 403, "code-refused")


async def test_no_code_and_no_password_is_stored_as_it_is(
    service: httpx.AsyncClient, letters: Kept, database_url: str
) -> None:
    email = an_email()
    account = await proved(service, letters, email)
    code = await ask_for_reset(service, letters, email)
    tables = ("credential", "mailed_code", "email_address", "security_event")
    stored = "".join(
        str(rows_of(database_url, f"SELECT * FROM {table} WHERE user_id = :user", user=account.id))  # noqa: S608 - our own
        for table in tables
    )
    assert email in stored
    assert not [secret for secret in (code, PASSWORD) if secret in stored]
    assert "$argon2id$" in stored


async def test_a_server_without_mail_says_so(database_url: str) -> None:
    app = create_app(Settings(database_url=database_url, rate_limit_per_minute=0), CONTENT, quick())
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://unknot.test") as client:
            account = await register(client, an_email())
            refused = [
                await client.post(RESETS, json={"email": an_email()}),
                await client.post(VERIFICATION, headers=account.headers),
            ]
    for answer in refused:
        require_problem(answer, 501, "mail-not-configured")


async def test_a_full_letter_box_keeps_nobody_from_signing_up(
    service: httpx.AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.state.postbox._waiting, "_maxsize", -1)  # noqa: SLF001
    monkeypatch.setattr(app.state.postbox._waiting, "full", lambda: True)  # noqa: SLF001
    await register(service, an_email())
    require_problem(await service.post(RESETS, json={"email": an_email()}), 503, "unavailable")


# What happened


async def test_what_happened_is_told_page_by_page_newest_first(service: httpx.AsyncClient) -> None:
    email = an_email()
    account = await register(service, email)
    for device in ("Tablet", "Phone", "Phone"):
        await sign_in(service, email, app="Unknot", device=device)
    told: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        page = (
            await service.get("/v1/me/security-events", params={"limit": 2, **cursor}, headers=account.headers)
        ).json()
        told += page["items"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert [(event["kind"], event["about"]) for event in told] == [
        ("signed_in", "Phone"),
        ("new_device", "Phone"),
        ("new_device", "Tablet"),
    ]
    assert [event["at"] for event in told] == sorted((event["at"] for event in told), reverse=True)
    answer = await service.get("/v1/me/security-events?cursor=x", headers=account.headers)
    require_problem(answer, 409, "cursor-unknown")
    stranger = await open_guest(service)
    assert (await service.get("/v1/me/security-events", headers=stranger.headers)).json()["items"] == []
