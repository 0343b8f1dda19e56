"""Letters about an account, written after the answer has left: what they cost tells nobody who has an account."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import Connection

from api.accounts import credentials, letters
from api.accounts.credentials import MOVE, RESET, VERIFY
from api.accounts.refusals import MailNotConfigured
from api.accounts.service import hold
from api.db.store import Store
from api.domain.errors import Unavailable
from api.mail.postbox import Postbox
from api.mail.smtp import Letter


@dataclass(frozen=True, slots=True)
class Mailing:
    """Posts letters about accounts."""

    store: Store
    postbox: Postbox

    def require(self) -> None:
        """Raises MailNotConfigured."""
        if self.postbox.smtp is None:
            raise MailNotConfigured

    def send_verification(self, user_id: UUID) -> None:
        """A code that proves the address. Raises Unavailable when too many letters wait."""
        self.postbox.post(partial(self._write, verification, user_id=user_id))

    def offer_verification(self, user_id: UUID) -> None:
        """The same, unasked for: what it goes with is done, so it is left out where it cannot be sent."""
        self._unasked(verification, user_id)

    def send_reset(self, email: str) -> None:
        """A code to set a new password with, if somebody has the address. Raises Unavailable."""
        self.postbox.post(partial(self._write, reset, email=email))

    def send_move(self, user_id: UUID, email: str) -> None:
        """To a new address, a code that proves it. Raises Unavailable."""
        self.postbox.post(partial(self._write, move, user_id=user_id, email=email))

    def tell_of_move(self, email: str) -> None:
        """To the address that an account had until now."""
        if self.postbox.smtp:
            with suppress(Unavailable):
                self.postbox.post(partial(_written, letters.moved(email)))

    def tell_of_new_password(self, user_id: UUID) -> None:
        """So that a person hears of a change that somebody else made."""
        self._unasked(new_password, user_id)

    def tell_of_new_recovery_code(self, user_id: UUID) -> None:
        self._unasked(new_recovery_code, user_id)

    def _unasked(self, unit: Callable[..., Letter | None], user_id: UUID) -> None:
        if self.postbox.smtp:
            with suppress(Unavailable):
                self.postbox.post(partial(self._write, unit, user_id=user_id))

    async def _write(self, unit: Callable[..., Letter | None], **arguments: object) -> Letter | None:
        return await self.store.write(partial(unit, now=datetime.now(UTC), **arguments))


async def _written(letter: Letter) -> Letter:
    return letter


def verification(db: Connection, *, user_id: UUID, now: datetime) -> Letter | None:
    owner = hold(db, user_id=user_id)
    kept = credentials.own(db, user_id=owner)
    if kept is None or kept.email_verified_at:
        return None
    return letters.verification(kept.email, credentials.make_code(db, user_id=owner, purpose=VERIFY, now=now))


def move(db: Connection, *, user_id: UUID, email: str, now: datetime) -> Letter | None:
    """The code is sent whether or not somebody has the address: whoever reads it there may know that."""
    owner = hold(db, user_id=user_id)
    return letters.moving(email, credentials.make_code(db, user_id=owner, purpose=MOVE, email=email, now=now))


def reset(db: Connection, *, email: str, now: datetime) -> Letter | None:
    """Only a proved address gets a code: behind one that was mistyped sits somebody else, who would get health data."""
    kept = credentials.find(db, email=email)
    if kept is None:
        return None
    if kept.email_verified_at is None:
        return letters.unproved(kept.email)
    owner = hold(db, user_id=kept.user_id)
    return letters.reset(kept.email, credentials.make_code(db, user_id=owner, purpose=RESET, now=now))


def new_password(db: Connection, *, user_id: UUID, now: datetime) -> Letter | None:
    del now
    kept = credentials.own(db, user_id=user_id)
    return letters.new_password(kept.email) if kept and kept.email_verified_at else None


def new_recovery_code(db: Connection, *, user_id: UUID, now: datetime) -> Letter | None:
    del now
    kept = credentials.own(db, user_id=user_id)
    return letters.new_recovery_code(kept.email) if kept and kept.email_verified_at else None


async def mailing(request: Request) -> Mailing:
    return Mailing(request.app.state.store, request.app.state.postbox)


Letters = Annotated[Mailing, Depends(mailing)]
