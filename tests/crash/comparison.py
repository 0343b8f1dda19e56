"""The clients' log against what the server says and what the database holds."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import httpx

from tests.crash.log import Json, KnownPerson, KnownSession, Log
from tests.crash.phone import condensed

GONE = 410
PAGE = 100
NOTHING = {"sessions": 0, "held_s": 0, "reps": 0, "sessions_at": None}
"""Of an exercise, before the first session. Where its sessions are told is no count."""


class Finding(NamedTuple):
    kind: str
    """`lost`, `doubled`, `changed`, or `progress` when it does not follow from the sessions."""
    what: str


async def compare(log: Log, service: httpx.AsyncClient) -> list[Finding]:
    """Everything in which the server's answers differ from the log."""
    findings = [Finding("changed", surprise) for surprise in log.surprises]
    for person in log.people:
        findings += await compare_list(person, service)
        for session_id, session in person.sessions.items():
            findings += await compare_session(person, session_id, session, service)
        findings += await compare_progress(person, service)
    return findings


async def compare_list(person: KnownPerson, service: httpx.AsyncClient) -> list[Finding]:
    listed = Counter([item["id"] async for item in pages(person, service)])
    alive = Counter(name for name, session in person.sessions.items() if not session.deleted)
    return [
        *(Finding("lost", f"session {name} is not listed") for name in alive - listed),
        *(Finding("doubled", f"session {name} is listed, and should not be") for name in listed - alive),
    ]


async def pages(person: KnownPerson, service: httpx.AsyncClient) -> Any:
    query: dict[str, Any] = {"limit": PAGE}
    while True:
        response = await service.get("/v1/sessions", params=query, headers=person.headers)
        page = response.raise_for_status().json()
        for item in page["items"]:
            yield item
        if page["next"] is None:
            return
        query["cursor"] = page["next"]


async def compare_session(
    person: KnownPerson, session_id: str, session: KnownSession, service: httpx.AsyncClient
) -> list[Finding]:
    response = await service.get(f"/v1/sessions/{session_id}", headers=person.headers)
    if session.deleted:
        gone = response.status_code == GONE
        return [] if gone else [Finding("lost", f"the deletion of {session_id}: {response.status_code}")]
    if not response.is_success:
        return [Finding("lost", f"session {session_id}: {response.status_code}")]
    state = condensed(response.json())
    differing = [name for name in session.answer if state.get(name) != session.answer[name]]
    differing += [name for name in session.said if not shows(state.get(name), session.said[name])]
    return [Finding("changed", f"session {session_id}: {name}") for name in dict.fromkeys(differing)]


def shows(given: Any, said: Any) -> bool:
    """Whether all that was said is in what is given; that may have more members."""
    if isinstance(said, dict):
        return isinstance(given, dict) and all(shows(given.get(name), value) for name, value in said.items())
    if isinstance(said, list):
        pairs = zip(given, said, strict=False) if isinstance(given, list) else ()
        return isinstance(given, list) and len(given) == len(said) and all(shows(*pair) for pair in pairs)
    return bool(given == said) or same_instant(given, said)


def same_instant(given: Any, said: Any) -> bool:
    try:
        return datetime.fromisoformat(given) == datetime.fromisoformat(said)
    except (TypeError, ValueError):
        return False


async def compare_progress(person: KnownPerson, service: httpx.AsyncClient) -> list[Finding]:
    """Counted from the answers that completed a session."""
    answers = [session.answer for session in person.completed()]
    totals = await read(person, service, "")
    last_day = max((answer["local_date"] for answer in answers), default=None)
    wanted = {"sessions": len(answers), "active_ms": sum(a["active_ms"] for a in answers), "last_day": last_day}
    findings = [name for name, value in wanted.items() if totals[name] != value]
    if Counter(answer["local_date"] for answer in answers) != await days(person, service):
        findings.append("days")
    rows = (await read(person, service, "/exercises"))["items"]
    if held(answers) != {row["exercise"]: {**row, "sessions_at": None} for row in rows}:
        findings.append("exercises")
    return [Finding("progress", f"{name} of {person.id}") for name in findings]


async def days(person: KnownPerson, service: httpx.AsyncClient) -> Counter[str]:
    return Counter({row["day"]: row["sessions"] for row in (await read(person, service, "/days"))["items"]})


async def read(person: KnownPerson, service: httpx.AsyncClient, part: str) -> Json:
    response = await service.get(f"/v1/me/progress{part}", headers=person.headers)
    progress: Json = response.raise_for_status().json()
    return progress


def held(answers: list[Json]) -> dict[str, Json]:
    """By exercise, as `/exercises` gives it."""
    rows: dict[str, Json] = {}
    for day, done in exercises(answers):
        row = rows.setdefault(done["exercise"], {"exercise": done["exercise"], **NOTHING})
        row["sessions"] += 1
        row["held_s"] += done["held_s"]
        row["reps"] += done["reps"]
        row["last_day"] = max(day, row.get("last_day", day))
    return rows


def exercises(answers: list[Json]) -> Iterator[tuple[str, Json]]:
    return ((answer["local_date"], done) for answer in answers for done in answer["outcome"]["exercises"])
