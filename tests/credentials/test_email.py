"""Changing the e-mail of an account: the password is asked for, the new address proved, the old one told."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from api.main import create_app
from api.settings import Settings
from tests.conftest import quick
from tests.content.loaded import CONTENT
from tests.contract.probing import require_problem
from tests.credentials.test_passwords import ask_for_reset, code_to, confirm, kinds, letters_to, proved
from tests.factories import PASSWORD, Guest, an_email, letters_sent, open_guest, register, sign_in
from tests.mail.servers import Kept

PATH = "/v1/me/email"


async def ask(service: httpx.AsyncClient, account: Guest, email: str, password: str = PASSWORD) -> httpx.Response:
    sent = {"email": email, "current_password": password}
    return await service.post(PATH, json=sent, headers=account.headers)


async def show(service: httpx.AsyncClient, account: Guest, email: str, code: str) -> httpx.Response:
    return await service.post(f"{PATH}/confirm", json={"email": email, "code": code}, headers=account.headers)


async def asked(service: httpx.AsyncClient, letters: Kept, account: Guest, email: str) -> str:
    """The code that went to the new address."""
    answer = await ask(service, account, email)
    assert (answer.status_code, answer.json()) == (202, {"expires_in_s": 1800})
    return await code_to(service, letters, email)


async def refused_sign_in(service: httpx.AsyncClient, email: str) -> None:
    answer = await service.post("/v1/tokens", json={"email": email, "password": PASSWORD})
    require_problem(answer, 401, "sign-in-refused")


async def test_the_new_address_counts_once_its_code_is_shown_and_the_old_one_is_told(
    service: httpx.AsyncClient, letters: Kept
) -> None:
    old, new = an_email(), an_email()
    account = await proved(service, letters, old)
    code = await asked(service, letters, account, new)
    await refused_sign_in(service, new)
    await sign_in(service, old)
    changed = await show(service, account, new.upper(), code.lower())
    assert changed.status_code == 200, changed.text
    told = changed.json()
    assert (told["id"], told["email"], bool(told["email_verified_at"])) == (str(account.id), new.upper(), True)
    await refused_sign_in(service, old)
    await sign_in(service, new)
    assert "email_changed" in await kinds(service, account.headers)
    await letters_sent(service)
    assert "was changed" in letters_to(letters, old)[-1]
    assert new not in letters_to(letters, old)[-1]
    require_problem(await show(service, account, new, code), 403, "code-refused")
    await register(service, old)


async def test_without_the_password_or_an_address_of_ones_own_nothing_is_sent(
    service: httpx.AsyncClient, letters: Kept, guest: Guest
) -> None:
    email, new = an_email(), an_email()
    account = await proved(service, letters, email)
    require_problem(await ask(service, account, new, "another one"), 403, "password-wrong")
    require_problem(await ask(service, guest, new), 409, "credentials-missing")
    require_problem(await show(service, guest, new, "00000-00000-00000-00000-00000"), 403, "code-refused")
    await letters_sent(service)
    assert letters_to(letters, new) == []


async def test_a_code_proves_the_address_that_it_was_sent_to_for_whoever_asked_and_for_half_an_hour(
    service: httpx.AsyncClient, letters: Kept
) -> None:
    email, new, another = an_email(), an_email(), an_email()
    account, other = await proved(service, letters, email), await register(service, an_email())
    code = await asked(service, letters, account, new)
    require_problem(await show(service, account, another, code), 403, "code-refused")
    require_problem(await show(service, other, new, code), 403, "code-refused")
    proving = await service.post("/v1/me/email/verification/confirm", json={"code": code}, headers=account.headers)
    require_problem(proving, 403, "code-refused")
    require_problem(await confirm(service, email, code), 403, "code-refused")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31)):
        require_problem(await show(service, account, new, code), 403, "code-refused")
    assert (await show(service, account, new, code)).status_code == 200


async def test_an_address_that_somebody_has_is_told_to_whoever_reads_its_letters_alone(
    service: httpx.AsyncClient, letters: Kept
) -> None:
    email, taken = an_email(), an_email()
    account = await proved(service, letters, email)
    await register(service, taken)
    code = await asked(service, letters, account, taken)
    require_problem(await show(service, account, taken, code), 409, "email-taken")
    me = (await service.get("/v1/me", headers=account.headers)).json()
    assert me["email"] == email
    await sign_in(service, taken)


async def test_codes_that_went_to_the_old_address_are_void(service: httpx.AsyncClient, letters: Kept) -> None:
    old, new = an_email(), an_email()
    account = await proved(service, letters, old)
    code = await asked(service, letters, account, new)
    reset = await ask_for_reset(service, letters, old)
    assert (await show(service, account, new, code)).status_code == 200
    for email in (old, new):
        require_problem(await confirm(service, email, reset), 403, "code-refused")
    again = await ask_for_reset(service, letters, new)
    assert (await confirm(service, new, again)).status_code == 200


async def test_an_address_that_was_never_proved_is_not_told(service: httpx.AsyncClient, letters: Kept) -> None:
    mistyped, new = an_email(), an_email()
    account = await register(service, mistyped)
    code = await asked(service, letters, account, new)
    assert (await show(service, account, new, code)).status_code == 200
    await letters_sent(service)
    assert len(letters_to(letters, mistyped)) == 1, "the one that asked to prove it"


async def test_the_same_address_in_another_spelling_is_ones_own(service: httpx.AsyncClient, letters: Kept) -> None:
    email = an_email()
    account = await proved(service, letters, email)
    code = await asked(service, letters, account, email.title())
    assert (await show(service, account, email.title(), code)).json()["email"] == email.title()
    await sign_in(service, email)


async def test_without_mail_an_address_cannot_be_changed(database_url: str) -> None:
    app = create_app(Settings(database_url=database_url, rate_limit_per_minute=0), CONTENT, quick())
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://unknot.test") as client:
            account = await register(client, an_email())
            require_problem(await ask(client, account, an_email()), 501, "mail-not-configured")


# How long a sign-in lasts


@pytest.mark.parametrize("known", ["proved", "registered", "guest"])
async def test_a_sign_in_ends_for_good_where_the_person_can_come_back_by_mail(
    service: httpx.AsyncClient, letters: Kept, known: str
) -> None:
    account = await account_that_is(known, service, letters)
    begun, token = datetime.now(UTC), account.refresh_token
    for days in (170, 340, 364):
        with time_machine.travel(begun + timedelta(days=days)):
            answer = await service.post("/v1/tokens/refresh", json={"refresh_token": token})
            assert answer.status_code == 201, answer.text
            token = answer.json()["refresh_token"]
    expires_at = datetime.fromisoformat(answer.json()["refresh_expires_at"])
    assert (expires_at < begun + timedelta(days=365, minutes=5)) == (known == "proved")
    assert datetime.fromisoformat(answer.json()["access_expires_at"]) <= expires_at
    with time_machine.travel(begun + timedelta(days=366)):
        late = await service.post("/v1/tokens/refresh", json={"refresh_token": token})
        assert late.status_code == (401 if known == "proved" else 201)


async def account_that_is(known: str, service: httpx.AsyncClient, letters: Kept) -> Guest:
    if known == "guest":
        return await open_guest(service)
    return await (proved(service, letters, an_email()) if known == "proved" else register(service, an_email()))
