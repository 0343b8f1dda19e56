"""A network that loses requests and answers, and delivers some requests once more when nobody expects them."""

from collections import deque
from copy import deepcopy
from enum import StrEnum
from typing import Any

from tests.sync.phone import Json, Lost
from tests.sync.server import Server


class Fate(StrEnum):
    """What becomes of one request."""

    THROUGH = "through"
    LOST = "lost"
    ANSWER_LOST = "answer lost"
    LATE = "lost, and delivered later after all"
    TWICE = "through, and delivered again later"


class Network:
    """`fates` are those of the next requests; after them all get through. `late` wait to be delivered at some time."""

    def __init__(self, server: Server, headers: dict[str, str]) -> None:
        self.server, self.headers = server, headers
        self.fates: deque[Fate] = deque()
        self.late: list[tuple[str, str, Json | None]] = []

    async def send(self, method: str, path: str, body: Json | None) -> tuple[int, Json]:
        fate = self.fates.popleft() if self.fates else Fate.THROUGH
        if fate in {Fate.LATE, Fate.TWICE}:
            self.late.append((method, path, deepcopy(body)))
        if fate in {Fate.LOST, Fate.LATE}:
            raise Lost
        answer = await self.deliver(method, path, body)
        if fate is Fate.ANSWER_LOST:
            raise Lost
        return answer

    async def deliver_late(self, place: int) -> None:
        if self.late:
            await self.deliver(*self.late.pop(place % len(self.late)))

    async def deliver(self, method: str, path: str, body: Json | None) -> tuple[int, Any]:
        answer = await self.server.client.request(method, path, json=body, headers=self.headers)
        assert answer.status_code < 500, answer.text
        assert answer.is_success or answer.status_code in {404, 409, 410}, answer.text
        return answer.status_code, answer.json() if answer.content else {}
