"""Letters reach a real SMTP server, in the open only where that was chosen, and never hold up a request."""

import asyncio
import smtplib
import ssl
from dataclasses import replace
from typing import Any

import pytest

from api.domain.errors import Unavailable
from api.mail import postbox
from api.mail.postbox import Postbox
from api.mail.smtp import Letter, Smtp, smtp_of
from api.settings import Settings
from tests.mail.servers import certified, knows, mail_server, trusting

LETTER = Letter("ann@example.org", "Grüße", "Zwölf Schritte, fertig.\n")


def smtp(url: str, **members: Any) -> Smtp:
    found = smtp_of(url, "unknot@example.org")
    assert found
    return replace(found, **members)


def test_a_letter_arrives_as_it_was_written() -> None:
    with mail_server() as (kept, port):
        smtp(f"smtp://127.0.0.1:{port}").send(LETTER)
    [letter] = kept.letters
    assert (letter["To"], letter["From"], letter["Subject"]) == (LETTER.to, "unknot@example.org", LETTER.subject)
    assert letter.get_content().splitlines() == LETTER.text.splitlines()
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@example.org>")
    assert kept.recipients == [LETTER.to]


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_over_tls_it_arrives_after_a_log_in(scheme: str) -> None:
    options = {"ssl_context": certified()} if scheme == "smtps" else {"tls_context": certified()}
    with mail_server(**options, authenticator=knows, auth_require_tls=scheme != "smtps") as (kept, port):
        smtp(f"{scheme}://unknot:p%40ss%3Aword@localhost:{port}", trusted=trusting()).send(LETTER)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp(f"{scheme}://unknot:wrong@localhost:{port}", trusted=trusting()).send(LETTER)
    assert (kept.recipients, kept.logged_in) == ([LETTER.to], [True])


def test_nothing_is_sent_to_a_server_that_nobody_vouches_for() -> None:
    with mail_server(tls_context=certified()) as (kept, port), pytest.raises(ssl.SSLCertVerificationError):
        smtp(f"smtp+starttls://localhost:{port}").send(LETTER)
    assert kept.letters == []


def test_nothing_is_sent_in_the_open_where_tls_was_chosen() -> None:
    with mail_server() as (kept, port), pytest.raises(smtplib.SMTPNotSupportedError):
        smtp(f"smtp+starttls://127.0.0.1:{port}", trusted=trusting()).send(LETTER)
    assert kept.letters == []


@pytest.mark.parametrize("to", ["ann@example.org\nBcc: all@example.org", "ann@example.org\r\n\r\nBuy"])
def test_no_address_adds_a_header(to: str) -> None:
    with mail_server() as (kept, port), pytest.raises(ValueError, match="linefeed"):
        smtp(f"smtp://127.0.0.1:{port}").send(replace(LETTER, to=to))
    assert kept.letters == []


async def test_a_busy_server_is_asked_again_and_a_broken_letter_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postbox, "AGAIN_AFTER_S", (0.01, 0.01))
    with mail_server() as (kept, port):
        box, kept.busy = Postbox(smtp(f"smtp://127.0.0.1:{port}")), 2
        serving = asyncio.create_task(box.serve())
        box.post(written)
        box.post(broken)
        box.post(nothing)
        box.post(written)
        await box.empty()
        serving.cancel()
    assert kept.recipients == [LETTER.to] * 2


async def test_a_full_box_takes_no_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postbox, "AT_MOST", 1)
    box = Postbox(None)
    box.post(nothing)
    with pytest.raises(Unavailable):
        box.post(nothing)


async def written() -> Letter:
    return LETTER


async def nothing() -> None:
    return None


async def broken() -> Letter:
    raise RuntimeError("no such person")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp://localhost", ("smtp", "localhost", 25, None, None)),
        ("smtp://[::1]:2525", ("smtp", "::1", 2525, None, None)),
        ("smtp+starttls://u:p@mail.example.org", ("smtp+starttls", "mail.example.org", 587, "u", "p")),
        ("smtps://u%40x:p%3A%2F@mail.example.org", ("smtps", "mail.example.org", 465, "u@x", "p:/")),
    ],
)
def test_a_mail_url_names_server_port_user_and_password(url: str, told: tuple[object, ...]) -> None:
    found = smtp_of(Settings(mail_url=url).mail_url, "a@b.org")
    assert found
    assert (found.scheme, found.host, found.port, found.user, found.password) == told
    assert "p:/" not in repr(found)
