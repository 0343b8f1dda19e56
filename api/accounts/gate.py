"""What stands before a password: the count of tries at an account, and the check beside the event loop."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Annotated

from fastapi import Depends, Request

from api.accounts import credentials
from api.accounts.credentials import Credential
from api.accounts.passwords import Checked, Passwords, is_guessable, normalised
from api.accounts.refusals import PasswordTooCommon, TooManyAttempts
from api.accounts.service import Lifetimes as TokenLifetimes
from api.db.store import Store
from api.web.limits import Attempts


@dataclass(frozen=True, slots=True)
class Gate:
    """Checks passwords for the caller at one address."""

    store: Store
    passwords: Passwords
    attempts: Attempts
    letters: Attempts
    address: str

    def take(self, email: str) -> None:
        """Counts a try at the account of this address, whether there is one or not. Raises TooManyAttempts."""
        if wait_s := self.attempts.take(normalised(email), self.address):
            raise TooManyAttempts(retry_after_s=wait_s)

    def take_letter(self, email: str) -> None:
        """Counts a letter to this address, whether it belongs to an account or not. Raises TooManyAttempts."""
        if wait_s := self.letters.take(normalised(email), self.address):
            raise TooManyAttempts(retry_after_s=wait_s)

    def forget(self, email: str) -> None:
        """After a new password: whoever was kept out by others' tries may try."""
        self.attempts.forget(normalised(email))

    async def check(self, email: str, password: str, kept: Credential | None) -> Checked:
        """Whether the password is that of the kept credential. Raises TooManyAttempts."""
        self.take(email)
        checked = await self.passwords.check(password, kept.password_hash if kept else None)
        if checked.right:
            self.attempts.succeeded(normalised(email), self.address)
        return checked

    async def new_hash(self, password: str, email: str) -> str:
        """Raises PasswordTooCommon."""
        if is_guessable(password, email):
            raise PasswordTooCommon
        return await self.passwords.hash(password)

    async def find(self, email: str) -> Credential | None:
        return await self.store.read(partial(credentials.find, email=email))


async def gate(request: Request) -> Gate:
    state = request.app.state
    address = request.client.host if request.client else "unknown"
    return Gate(state.store, state.passwords, state.attempts, state.letters, address)


async def token_lifetimes(request: Request) -> TokenLifetimes:
    settings = request.app.state.settings
    access, sign_in = timedelta(minutes=settings.access_token_minutes), timedelta(days=settings.sign_in_days)
    return TokenLifetimes(access, min(timedelta(days=settings.refresh_token_days), sign_in), sign_in)


Lifetimes = Annotated[TokenLifetimes, Depends(token_lifetimes)]
PasswordGate = Annotated[Gate, Depends(gate)]
