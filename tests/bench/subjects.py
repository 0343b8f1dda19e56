"""What is measured: one request, repeated or under ever new ids, against one server."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

from uuid_utils.compat import uuid7

from tests.bench.recorded import steps_done
from tests.bench.seeding import Seeded
from tests.factories import ROUTINE
from tests.servers import Program

CONNECTIONS = 16
FASTEST = 6000
"""Requests a second that no server of ours outruns, for minting ids enough."""
PAIN = [{"region": "upper_back", "side": "left", "value": 5}]
A_SYNC = 100
SYNCING = 2
"""Connections, each with a person: so much work at a time as fills a core, and no more waiting than for other work."""
FASTEST_SYNCS = 100
"""Syncs of so many sessions a second that no server of ours outruns."""
Requests = list[list[bytes]]
Begun = tuple[Seeded, str]
"""A session that waits to be completed: whose it is, and its id."""


@dataclass(frozen=True, slots=True)
class Subject:
    """`prepared` gives each connection its requests for so many seconds; `done` hears how many of them were sent."""

    name: str
    server: Program
    status: int
    repeat: bool
    prepared: Callable[[float], Requests]
    done: Callable[[Sequence[int]], None] = field(default=lambda _: None)


def reading(name: str, server: Program, path: str, headers: dict[str, str], *, status: int = 200) -> Subject:
    """One GET, the same on every connection."""
    requests = [[request("GET", path, headers)]] * CONNECTIONS
    return Subject(name, server, status, repeat=True, prepared=lambda _: requests)


class Practice:
    """Sessions of one server's people: started under ids of their own by one subject, completed by another.

    Each connection sends for a share of the people in turn, so that nobody practises a hundred times a second.
    """

    def __init__(self, server: Program, people: Sequence[Seeded], connections: int = CONNECTIONS) -> None:
        self._server, self._people = server, people
        self._shares = [people[place::connections] for place in range(connections)]
        self._minted: list[list[Begun]] = []
        self._waiting: list[list[Begun]] = [[] for _ in self._shares]
        self._synced = 0

    def start(self, name: str) -> Subject:
        return Subject(name, self._server, 201, repeat=False, prepared=self._starts, done=self._started)

    def complete(self, name: str) -> Subject:
        return Subject(name, self._server, 200, repeat=False, prepared=self._completions, done=self._completed)

    def sync(self, name: str) -> Subject:
        """A hundred sessions of somebody new at a time, each started and completed; as many changes come back."""
        return Subject(name, self._server, 200, repeat=False, prepared=self._syncs, done=self._have_synced)

    def _syncs(self, seconds: float) -> Requests:
        enough = round(FASTEST_SYNCS * seconds)
        new = self._people[self._synced : self._synced + enough]
        requests = [post("/v1/sync", person, {"sessions": lived(A_SYNC)}) for person in new]
        return [requests[place::SYNCING] for place in range(SYNCING)]

    def _have_synced(self, taken: Sequence[int]) -> None:
        self._synced += max(taken) * SYNCING

    def complete_anything(self, name: str) -> Subject:
        """For a server that asks for no session: one completion, the same on every connection."""
        requests = [[post(f"/v1/sessions/{uuid7()}/complete", share[0], end_body())] for share in self._shares]
        return Subject(name, self._server, 200, repeat=True, prepared=lambda _: requests)

    def sync_anything(self, name: str) -> Subject:
        """For a server that keeps the same whatever it is told."""
        requests = [[post("/v1/sync", person, {"sessions": lived(A_SYNC)})] for person in self._people]
        return Subject(name, self._server, 200, repeat=True, prepared=lambda _: requests)

    def _starts(self, seconds: float) -> Requests:
        enough = round(FASTEST * seconds / len(self._shares))
        self._minted = [[(person, str(uuid7())) for person in islice(cycle(share), enough)] for share in self._shares]
        return [
            [post("/v1/sessions", person, start_body(session_id)) for person, session_id in minted]
            for minted in self._minted
        ]

    def _started(self, taken: Sequence[int]) -> None:
        for waiting, ids, number in zip(self._waiting, self._minted, taken, strict=True):
            waiting.extend(ids[:number])

    def _completions(self, _: float) -> Requests:
        return [
            [post(f"/v1/sessions/{session_id}/complete", person, end_body()) for person, session_id in waiting]
            for waiting in self._waiting
        ]

    def _completed(self, taken: Sequence[int]) -> None:
        for waiting, number in zip(self._waiting, taken, strict=True):
            del waiting[:number]


def lived(number: int) -> list[dict[str, Any]]:
    """Sessions as `Practice` starts and completes them, with the times that tell when that was."""
    first = datetime.now(UTC) - timedelta(days=7)
    return [lived_at(first + n * timedelta(hours=1)) for n in range(number)]


def lived_at(at: datetime) -> dict[str, Any]:
    return {
        "start": start_body(str(uuid7())) | {"started_at": at.isoformat()},
        "complete": end_body() | {"completed_at": (at + timedelta(minutes=14)).isoformat()},
    }


def start_body(session_id: str) -> dict[str, Any]:
    return {"id": session_id, "routine": ROUTINE, "no_red_flags": True, "pain_before": PAIN}


def end_body() -> dict[str, Any]:
    """With the record: a phone sends it along."""
    return {"pain_after": PAIN, "effort": 3, "record": {"steps": steps_done()}}


def post(path: str, person: Seeded, body: dict[str, Any]) -> bytes:
    headers = {**bearer(person), "content-type": "application/json"}
    return request("POST", path, headers, json.dumps(body).encode())


def bearer(person: Seeded) -> dict[str, str]:
    return {"authorization": f"Bearer {person.token}"}


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    length = {"content-length": str(len(body))} if body else {}
    lines = [f"{name}: {value}" for name, value in {"host": "unknot.test", **headers, **length}.items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode() + body
