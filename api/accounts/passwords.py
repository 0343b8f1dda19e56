"""Passwords: which are too easy to guess, and hashing them (argon2id) beside the event loop, a few at a time."""

import asyncio
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from secrets import token_bytes
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.domain.errors import Unavailable

T = TypeVar("T")
SHORTEST, LONGEST = 8, 128
"""In characters: ASVS 5.0, 6.2.1 and 6.2.9. No rule asks for kinds of characters, and nothing is cut off."""
OUR_WORDS = ("unknot", "password", "routine", "exercise")
"""Words of this service: one of them with digits and signs around it is no password."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a hash takes; the defaults are OWASP's for argon2id, with the memory in KiB."""

    memory_kib: int = 19 * 1024
    passes: int = 2
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a password was right; `renewed` is its new hash where the kept one was made at another cost."""

    right: bool
    renewed: str | None = None


class Passwords:
    """Hashes and checks in `threads` threads; raises Unavailable when more than `waiting` others wait for them."""

    def __init__(self, cost: Cost | None = None, *, threads: int = 2, waiting: int = 64) -> None:
        cost = cost or Cost()
        self.hasher = PasswordHash([Argon2Hasher(cost.passes, cost.memory_kib, cost.lanes)])
        self._nobodys = nobodys_hash(cost)
        self._threads = ThreadPoolExecutor(threads, "unknot-passwords")
        self._at_most, self._under_way = threads + waiting, 0

    async def hash(self, password: str) -> str:
        return await self._run(self.hasher.hash, password)

    async def check(self, password: str, kept: str | None) -> Checked:
        """Takes as long when nothing is kept, so that nobody learns by the clock which accounts there are."""
        return await self._run(self._check, password, kept)

    def _check(self, password: str, kept: str | None) -> Checked:
        right, renewed = self.hasher.verify_and_update(password, kept or self._nobodys)
        return Checked(right and kept is not None, renewed)

    async def _run(self, work: Callable[..., T], *arguments: object) -> T:
        if self._under_way >= self._at_most:
            raise Unavailable("Too many passwords are being checked at once.")
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._under_way -= 1

    def close(self) -> None:
        self._threads.shutdown(wait=False)


def nobodys_hash(cost: Cost) -> str:
    """The hash of no password, which takes as long to check as anybody's."""
    salt, digest = (b64encode(token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={cost.memory_kib},t={cost.passes},p={cost.lanes}${salt}${digest}"


@cache
def common_passwords() -> frozenset[str]:
    """The most common ones that are long enough: more than 11,000, by how often they were found in breaches."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - 12 MB, which a server of guests never needs

    return frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= SHORTEST)


def is_guessable(password: str, email: str) -> bool:
    """Whether it is one of the common passwords, the address or a part of it, or one of our own words."""
    folded = password.casefold()
    bare = "".join(letter for letter in folded if letter.isalpha())
    mine = {email.casefold(), *email.casefold().split("@")}
    return folded in common_passwords() or folded in mine or bare in OUR_WORDS


def normalised(email: str) -> str:
    """What an address is known by: Unicode's NFC, letters folded to one case. Nothing else is changed or cut off."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", email).casefold())
