"""`python -m tests.sync.week URL`: a phone plays a week without a network, syncs, and a second phone reads it.

It speaks with a running server as any app would, and prints what both phones saw.
"""

import asyncio
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.factories import open_guest, rating, session_request
from tests.sync.phone import Json, Lost, Phone, Send

HOLD = "1.neck-side-bend-rotation.set1.left.hold"
MORNING, EVENING = timedelta(hours=8), timedelta(hours=20)


def main() -> int:
    [url] = sys.argv[1:]
    for line in asyncio.run(visit(url)):
        print(line)
    return 0


async def visit(url: str) -> list[str]:
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as service:
        return [line async for line in week(service)]


async def week(service: httpx.AsyncClient) -> Any:
    """What happens, line by line."""
    guest = await open_guest(service, zone="UTC", weekly_target=5)
    first, second = (Phone(network(service, guest.headers)) for _ in range(2))
    await first.sync()
    yield f"The first phone has read the account (revision {first.kept['account']['revision']}) and goes offline."
    first.send = nowhere
    for start, end in sessions():
        first.begin(start)
        first.add(start["id"], "record", {"steps": [{"step": HOLD, "held_s": 20, "result": "done"}]})
        first.add(start["id"], *end)
        yield f"  offline, {start['started_at'][:16]}: {start['routine']}, {end[0]}"
    try:
        await first.sync()
    except Lost:
        yield f"No network: {len(first.unsent)} sessions wait on the phone."
    first.send = network(service, guest.headers)
    await first.sync()
    yield f"Back online: {len(first.unsent)} wait, {len(first.kept['sessions'])} are known to the server."
    await second.sync()
    yield f"The second phone reads {len(second.kept['sessions'])} sessions."
    for session in sorted(second.kept["sessions"].values(), key=lambda one: str(one["started_at"])):
        minutes = session["active_ms"] / 60_000
        yield f"  {session['local_date']}: {session['routine']}, {session['status']}, {minutes:g} min"
    same = first.kept["sessions"] == second.kept["sessions"]
    yield "Both phones show the same." if same else "THE PHONES DIFFER."
    progress = (await service.get("/v1/me/progress", headers=guest.headers)).json()
    yield f"Progress: {progress['sessions']} sessions, {progress['days_in_a_row']} days in a row."


def sessions() -> Iterator[tuple[Json, tuple[str, Json]]]:
    """Two a day for the seven days before today; one evening it was too much."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(7, 0, -1):
        for hour in (MORNING, EVENING):
            at = today - timedelta(days=day) + hour
            start = session_request(started_at=at.isoformat(), pain_before=[rating(5)])
            ended = (at + timedelta(minutes=6)).isoformat()
            if (day, hour) == (3, EVENING):
                yield start, ("abandon", {"reason": "pain", "abandoned_at": ended})
            else:
                yield start, ("complete", {"completed_at": ended, "pain_after": [rating(4)], "effort": 3})


def network(service: httpx.AsyncClient, headers: dict[str, str]) -> Send:
    async def send(method: str, path: str, body: Json | None) -> tuple[int, Json]:
        answer = await service.request(method, path, json=body, headers=headers)
        answer.raise_for_status()
        return answer.status_code, answer.json()

    return send


async def nowhere(_method: str, _path: str, _body: Json | None) -> tuple[int, Json]:
    raise Lost


if __name__ == "__main__":
    sys.exit(main())
