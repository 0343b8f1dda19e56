"""`python -m tests.sync.week [URL]`: a phone plays a week without a network, syncs, and a second phone reads it.

It speaks with a running server as any app would (without an address, with one that it starts for itself), and prints
what was played, the verdict on each session, and what the second phone has.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from uuid_utils.compat import uuid7

from tests.factories import Guest, open_guest, rating, session_request
from tests.servers import Server
from tests.sync.hearing import NOTHING
from tests.sync.phone import Json, Lost, Phone, Send

HOLD = "1.neck-side-bend-rotation.set1.left.hold"
HOURS = (timedelta(hours=8), timedelta(hours=20))
TOO_MUCH = (3, HOURS[1])
"""So many days ago, in the evening, it hurt more."""


def main() -> int:
    for line in tell(*sys.argv[1:2]):
        print(line)
    return 0


def tell(url: str | None = None) -> list[str]:
    if url:
        return asyncio.run(visit(url))
    with tempfile.TemporaryDirectory(prefix="unknot-week-") as name:
        server = Server(Path(name), f"sqlite:///{name}/week.db")
        server.start()
        try:
            return asyncio.run(visit(server.url))
        finally:
            server.stop()


async def visit(url: str) -> list[str]:
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as service:
        guest = await open_guest(service, zone="UTC", weekly_target=5)
        return [line async for line in week(service, guest)]


async def week(service: httpx.AsyncClient, guest: Guest) -> AsyncIterator[str]:
    """What happens, line by line."""
    synced: list[Json] = []
    online = network(service, guest.headers, synced)
    first, second = Phone(online), Phone(online)
    await first.sync()
    yield f"The first phone has read the account (revision {first.kept['account']['revision']}) and goes offline."
    first.send = nowhere
    for line in play(first):
        yield f"  {line}"
    try:
        await first.sync()
    except Lost:
        yield f"No network: {len(first.unsent)} sessions and {len(first.kept['calls'])} more things wait on the phone."
    first.send = online
    synced.clear()
    await first.sync()
    yield f"Back online, {len(synced)} request: a verdict on each session."
    for line in verdicts(first, synced[0]):
        yield f"  {line}"
    again = await service.post("/v1/sync", json={"sessions": everything(first)}, headers=guest.headers)
    yield f"The same sent once more: {counted(verdict['verdict'] for verdict in again.json()['verdicts'])}."
    await first.sync()
    await first.sync()
    yield f"What else waited was sent: {len(first.kept['calls'])} left."
    await second.sync()
    yield "The second phone, from nothing:"
    for line in kept(second):
        yield f"  {line}"
    same = all(first.kept[name] == second.kept[name] for name in NOTHING)
    yield "Both phones show the same." if same else "THE PHONES DIFFER."
    for line in await read_online(service, guest):
        yield line


def play(phone: Phone) -> Iterator[str]:
    """Two sessions a day for the seven days before today; one evening it was too much; and what goes with a week."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for days in range(7, 0, -1):
        for hour in HOURS:
            yield play_session(phone, today - timedelta(days=days) + hour, hurts=(days, hour) == TOO_MUCH)
    last, key = [*phone.kept["lived"]][-1], str(uuid7())
    felt = {**rating(2), "id": key, "moment": "next_morning", "session": last, "at": today.isoformat()}
    phone.call("POST", "/v1/me/ratings", felt, of=key, after=last)
    yield f"{day(today)}       rated 2 on the morning after the last one"
    key, frozen = str(uuid7()), (today + timedelta(days=3)).date().isoformat()
    phone.call("PUT", f"/v1/me/freezes/{key}", {"first_day": frozen, "last_day": frozen, "reason": "holiday"}, of=key)
    phone.call("PATCH", "/v1/me", {"weekly_target": 6}, of="settings")
    yield f"{day(today)}       froze {frozen}, and aims for 6 sessions a week"


def play_session(phone: Phone, at: datetime, *, hurts: bool) -> str:
    start = session_request(started_at=at.isoformat(), zone="UTC", pain_before=[rating(2)])
    ended = (at + timedelta(minutes=6)).isoformat()
    phone.begin(start)
    if hurts:
        steps = [{"step": HOLD, "held_s": 4, "result": "stopped", "reason": "pain"}]
        phone.add(start["id"], "record", {"steps": steps, "ratings": [{**rating(5), "step": HOLD}]})
        phone.add(start["id"], "abandon", {"reason": "pain", "abandoned_at": ended})
        return f"{day(at)} {at:%H:%M} {start['routine']}: stopped, pain from 2 to 5"
    phone.add(start["id"], "complete", {"completed_at": ended, "pain_after": [rating(1)], "effort": 3})
    return f"{day(at)} {at:%H:%M} {start['routine']}: completed, pain from 2 to 1"


# What is told


def verdicts(phone: Phone, synced: Json) -> Iterator[str]:
    for verdict in synced["verdicts"]:
        start = phone.kept["lived"][verdict["id"]]["parts"]["start"]
        at = datetime.fromisoformat(start["started_at"])
        yield f"{day(at)} {at:%H:%M} {verdict['verdict']}{of_problem(verdict)}"


def of_problem(verdict: Json) -> str:
    return f", {verdict['problem']['title']} at {verdict['pointer']}" if "problem" in verdict else ""


def kept(phone: Phone) -> Iterator[str]:
    told = phone.kept
    sessions = sorted(told["sessions"].values(), key=lambda one: str(one["started_at"]))
    yield f"account: {told['account']['weekly_target']} sessions a week, zone {told['account']['zone']}"
    yield f"{len(sessions)} sessions ({counted(one['status'] for one in sessions)})"
    for one in sessions:
        change = one["outcome"]["pain_change"]
        pain = "" if change is None else f", pain {change:+d}"
        at = datetime.fromisoformat(one["started_at"])
        yield f"  {day(at)} {at:%H:%M} {one['routine']}: {one['status']}, {one['active_ms'] / 60_000:g} min{pain}"
    for level in told["levels"].values():
        yield f"level of {level['exercise']}: rung {level['rung']}, {level['clean']} clean, {level['decision']['rule']}"
    for one in told["ratings"].values():
        yield f"rating: {one['value']}, {one['moment']}"
    for one in told["freezes"].values():
        yield f"frozen: {one['first_day']} to {one['last_day']}, {one['reason']}"
    for one in told["notices"]:
        about = f" of {one['exercise']} to rung {one['rung']}" if one["exercise"] else ""
        yield f"notice from {one['first_day']} to {one['last_day']}: {one['kind']}{about}"


async def read_online(service: httpx.AsyncClient, guest: Guest) -> list[str]:
    progress = (await service.get("/v1/me/progress", headers=guest.headers)).json()
    today = (await service.get("/v1/me/today", headers=guest.headers)).json()
    row, weeks = progress["days_in_a_row"], progress["weeks_on_target"]["weeks"]
    return [
        f"Progress: {progress['sessions']} sessions, {row} days in a row, {weeks} weeks on target.",
        f"Today: {today['due']['text']} ({today['why']['text']}).",
    ]


def everything(phone: Phone) -> list[Json]:
    return [one["parts"] for one in phone.kept["lived"].values()]


def counted(words: Iterator[str]) -> str:
    return ", ".join(f"{number} {word}" for word, number in sorted(Counter(words).items()))


def day(at: datetime) -> str:
    return f"{at:%a %d %b}"


# With a network, and without one


def network(service: httpx.AsyncClient, headers: dict[str, str], synced: list[Json]) -> Send:
    async def send(method: str, path: str, body: Json | None) -> tuple[int, Json]:
        answer = await service.request(method, path, json=body, headers=headers)
        answer.raise_for_status()
        told: Json = answer.json() if answer.content else {}
        if path == "/v1/sync":
            synced.append(told)
        return answer.status_code, told

    return send


async def nowhere(_method: str, _path: str, _body: Json | None) -> tuple[int, Json]:
    raise Lost


if __name__ == "__main__":
    sys.exit(main())
