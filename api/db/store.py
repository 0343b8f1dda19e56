"""The store: runs units of work, each in one transaction, and answers only after the commit.

A unit is a plain function of a database connection. It never commits, never catches a database error, does nothing but
speak to the database (it may run twice), and is right under READ COMMITTED. Nobody above this room knows which database
is behind it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")
Unit = Callable[[Connection], T]


@dataclass(frozen=True, slots=True)
class StoreLimits:
    """How much a store takes on, and how long it lets anyone wait. Times are seconds unless the name says otherwise."""

    queue: int = 1024
    wait_s: float = 4.0
    grace_s: float = 10.0
    group: int = 64
    group_ms: float = 25.0
    pool: int = 8
    long_reads: int = 2
    long_s: float = 60.0
    connect_s: int = 3
    statement_s: float = 4.0
    lock_s: float = 3.0
    pooler: Literal["none", "transaction"] = "none"


class Store(Protocol):
    async def open(self) -> None:
        """Connects and starts the workers; raises Unavailable when the database cannot be reached."""

    async def close(self) -> None:
        """Takes no new unit, finishes those that wait within the grace, fails the rest with Unavailable."""

    async def write(self, unit: Unit[T]) -> T:
        """Runs the unit in a read-write transaction; returns after the commit.

        Whatever the unit raises comes back after its writes are undone. Unavailable when the queue is full, the
        database fails, or the time is up; then nothing of the unit was kept, or (time up while it ran, connection lost
        during its commit) it may have been.
        """

    async def read(self, unit: Unit[T]) -> T:
        """Runs a unit of a few point reads, which cannot write, on one snapshot."""

    async def read_long(self, unit: Unit[T], *, wait_s: float | None = None) -> T:
        """Runs a long reading unit on one snapshot, beside the short ones; for longer than `long_s` if asked to."""

    async def scrub(self, tables: Sequence[str], *, rewrite: bool = False) -> bool:
        """Takes what was deleted from these tables out of the files too; False when that has to be asked again.

        What is small is rewritten, what is large only with `rewrite`: writers wait for it.
        """

    async def ready(self) -> None:
        """Returns when reads and writes can be served now; raises Unavailable otherwise."""
