"""A real SMTP server on the loopback, which keeps what it is given."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.servers import free_port

HERE = Path(__file__).parent


class Kept:
    """What came in, in order."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.busy, self.port = 0, 0
        self.logged_in: list[bool] = []

    async def handle_DATA(self, _: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        if self.busy:
            self.busy -= 1
            return "451 Try again"
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.logged_in.append(session.authenticated)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@contextmanager
def mail_server(**options: Any) -> Iterator[tuple[Kept, int]]:
    """The letters it keeps, and its port."""
    kept = Kept()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield kept, controller.port
    finally:
        controller.stop()


def certified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(HERE / "localhost.pem")
    return context


def trusting() -> ssl.SSLContext:
    """Of a client that trusts that one certificate."""
    return ssl.create_default_context(cafile=HERE / "localhost.pem")


def knows(_: Any, __: Any, ___: Any, ____: str, auth: LoginPassword) -> AuthResult:
    return AuthResult(success=(auth.login, auth.password) == (b"unknot", b"p@ss:word"), handled=False)
