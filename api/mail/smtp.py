"""Letters, and the SMTP server that takes them."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, localtime, make_msgid
from urllib.parse import unquote, urlsplit

TIMEOUT_S = 10.0
"""For the connection and for each answer of the server."""
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Letter:
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Smtp:
    """A server to hand letters to. Over `smtp` nothing is hidden from the network between: for a relay beside us.

    With `smtp+starttls` and `smtps` the server has to show a certificate for its name, else nothing is sent.
    """

    scheme: str
    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    trusted: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    def send(self, letter: Letter) -> None:
        """Returns when the server took it; raises OSError, of which smtplib's own errors are."""
        with self._connect() as server:
            if self.scheme == "smtp+starttls":
                server.starttls(context=self.trusted)
            if self.user is not None:
                server.login(self.user, self.password or "")
            server.send_message(self._written(letter), self.sender, [letter.to])

    def _connect(self) -> smtplib.SMTP:
        if self.scheme == "smtps":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_S, context=self.trusted)
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)

    def _written(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, letter.to, letter.subject
        message["Date"] = format_datetime(localtime())
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message


def smtp_of(url: str, sender: str) -> Smtp | None:
    """The server that a `UNKNOT_MAIL_URL` names, if it names one; user and password are percent-encoded in it."""
    if not url:
        return None
    parts = urlsplit(url)
    user, password = (None if part is None else unquote(part) for part in (parts.username, parts.password))
    return Smtp(parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme], sender, user, password)
