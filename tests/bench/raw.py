"""The statements of a unit of work, written down as the driver got them, and run again by the raw driver alone."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine
from uuid_utils.compat import uuid7

from api.db.sqlite_connections import WRITING
from tests.bench.asking import Asked
from tests.bench.seeding import Seeded

THREADS = 8
"""As many as the product's own pool has."""
Unit = Callable[[Connection, Seeded], tuple[list[Asked], Any]]
"""Gives what the driver was asked, and what the unit gave."""


@dataclass(frozen=True, slots=True)
class Statement:
    """`minted` are the places, in the row of that number, where an id stands that is new each time."""

    sql: str
    rows: list[Any]
    minted: list[tuple[int, Any, Any]]

    def filled(self, fresh: dict[Any, Any]) -> list[Any]:
        for row, place, old in self.minted:
            self.rows[row][place] = fresh[old]
        return self.rows


@dataclass(frozen=True, slots=True)
class Script:
    statements: list[Statement]
    minted: list[Any]

    def run(self, cursor: Any) -> None:
        fresh = {old: like(old) for old in self.minted}
        for one in self.statements:
            rows = one.filled(fresh)
            if len(rows) == 1:
                cursor.execute(one.sql, rows[0])
            else:
                cursor.executemany(one.sql, rows)
            if cursor.description:
                cursor.fetchall()


class Raw:
    """A store that runs the scripts of some people in turn, each in a transaction, and says what the unit gave once."""

    def __init__(self, database_url: str, told: Any, scripts: Sequence[Script]) -> None:
        self._url, self._told = database_url, told
        self._scripts: SimpleQueue[Script] = SimpleQueue()
        for script in scripts:
            self._scripts.put(script)
        self._mine = threading.local()
        threads = 1 if self._url.startswith("sqlite") else THREADS
        self._pool = ThreadPoolExecutor(threads, initializer=self._connect)

    async def write(self, _unit: object) -> Any:
        await asyncio.get_running_loop().run_in_executor(self._pool, self._run)
        return self._told

    async def ready(self) -> None:
        """Always."""

    def _connect(self) -> None:
        if self._url.startswith("sqlite"):
            connection = sqlite3.connect(self._url.removeprefix("sqlite:///"), isolation_level=None)
            for pragma in WRITING:
                connection.execute(pragma)
            self._mine.connection = connection
        else:
            self._mine.connection = psycopg.connect(self._url)
        self._mine.cursor = self._mine.connection.cursor()

    def _run(self) -> None:
        script, cursor = self._scripts.get(), self._mine.cursor
        if isinstance(self._mine.connection, sqlite3.Connection):
            cursor.execute("BEGIN IMMEDIATE")
        script.run(cursor)
        self._mine.connection.commit()
        self._scripts.put(script)


def scripts_of(engine: Engine, people: Sequence[Seeded], unit: Unit) -> tuple[list[Script], Any]:
    """A script for each of the people, and what the unit gave for the last."""
    scripts = []
    for person in people:
        with engine.begin() as db:
            first, _ = unit(db, person)
            second, told = unit(db, person)
            while texts(first) != texts(second):  # the first ones make rows that the next ones find
                first, (second, told) = second, unit(db, person)
        scripts.append(script_of(first, second))
    return scripts, told


def texts(asked: list[Asked]) -> list[tuple[str, int]]:
    return [(sql, len(rows)) for sql, rows in asked]


def script_of(first: list[Asked], second: list[Asked]) -> Script:
    """Of the same unit run twice: the ids in which the two differ are new each time."""
    statements = [
        Statement(sql, rows, [*differing(before, rows)]) for (_, before), (sql, rows) in zip(first, second, strict=True)
    ]
    return Script(statements, [*dict.fromkeys(old for one in statements for _, _, old in one.minted)])


def differing(before: list[Any], rows: list[Any]) -> Iterator[tuple[int, Any, Any]]:
    for number, (one, other) in enumerate(zip(before, rows, strict=True)):
        for place in other if isinstance(other, dict) else range(len(other)):
            if other[place] != one[place] and is_id(other[place]):
                yield number, place, other[place]


def is_id(value: Any) -> bool:
    return isinstance(value, UUID) or (isinstance(value, str) and len(value) == len(UUID(int=0).hex))


def like(old: Any) -> Any:
    return uuid7() if isinstance(old, UUID) else uuid7().hex
