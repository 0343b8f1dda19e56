"""The store: runs units of work, each in one transaction, and answers only after the commit.

A unit is a plain function of a database connection. It never commits, never catches a database error, and is right
under READ COMMITTED. Nobody above this room knows which database is behind it.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")
Unit = Callable[[Connection], T]


class Store(Protocol):
    async def open(self) -> None:
        """Connects and starts the workers; raises Unavailable when the database cannot be reached."""

    async def close(self) -> None:
        """Takes no new unit, finishes those that wait within the grace, fails the rest with Unavailable."""

    async def write(self, unit: Unit[T]) -> T:
        """Runs the unit in a read-write transaction; returns after the commit.

        Whatever the unit raises comes back after its writes are undone. Unavailable when the queue is full, the
        database fails, or the time is up; then nothing of the unit was kept, or (time up while it ran) it may have been.
        """

    async def read(self, unit: Unit[T]) -> T:
        """Runs a unit of a few point reads, which cannot write, on one snapshot."""

    async def read_long(self, unit: Unit[T]) -> T:
        """Runs a long reading unit on one snapshot, beside the short ones."""

    async def ready(self) -> None:
        """Returns when reads and writes can be served now; raises Unavailable otherwise."""
