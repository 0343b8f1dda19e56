"""Somebody who makes calls, each of which is noted as the documents name it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from uuid_utils.compat import uuid7

from tests.factories import Guest, answer_screening, complete, open_guest, practise, rating, start

DAY = timedelta(days=1)
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


class Person:
    """Whose days are those of UTC, and who aims for so many sessions a week."""

    def __init__(self, service: httpx.AsyncClient) -> None:
        self.calls: list[str] = []
        self.service = httpx.AsyncClient(
            transport=service._transport,  # noqa: SLF001 - the same application
            base_url="http://unknot.test",
            event_hooks={"request": [self.note]},
        )

    async def note(self, request: httpx.Request) -> None:
        if request.method != "GET":
            self.calls.append(f"{request.method} {ID.sub('{id}', request.url.path)}")

    @property
    def made(self) -> list[str]:
        """Each call once, in the order of the first of its kind."""
        return [*dict.fromkeys(self.calls)]

    async def read(self, path: str) -> Any:
        answer = await self.service.get(path, headers=self.guest.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = await self.service.request(method, path, json=body, headers=self.guest.headers)
        assert answer.is_success, answer.text
        told: dict[str, Any] = answer.json() if answer.content else {}
        return told

    async def open(self, weekly_target: int = 7) -> None:
        self.guest: Guest = await open_guest(self.service, zone="UTC", weekly_target=weekly_target)

    async def practise(self, days_ago: int, **members: Any) -> dict[str, Any]:
        return await practise(self.service, self.guest, ago(days_ago), **members)

    async def complete_now(self, **members: Any) -> dict[str, Any]:
        session = await start(self.service, self.guest, **members)
        return await complete(self.service, self.guest, session["id"])

    async def stop(self, reason: str = "pain", days_ago: int = 0) -> None:
        at = ago(days_ago).isoformat()
        session = await start(self.service, self.guest, started_at=at)
        await self.call("POST", f"/v1/sessions/{session['id']}/abandon", {"reason": reason, "abandoned_at": at})

    async def rate(self, value: int, **members: Any) -> None:
        await self.call("POST", "/v1/me/ratings", rating(value, **members))

    async def answer_screening(self, days_ago: int = 0, **members: Any) -> None:
        await answer_screening(self.service, self.guest, answered_at=ago(days_ago).isoformat(), **members)

    async def freeze(self, first: int, last: int) -> None:
        days = {"first_day": day(first), "last_day": day(last)}
        await self.call("PUT", f"/v1/me/freezes/{uuid7()}", days)


def ago(days: int) -> datetime:
    return datetime.now(UTC) - days * DAY


def day(days_from_now: int) -> str:
    return ago(-days_from_now).date().isoformat()
