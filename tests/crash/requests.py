"""What phones send, chosen at random, and what the session must show from then on because of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from uuid_utils.compat import uuid7

from tests.crash.log import Json
from tests.factories import ROUTINE

ZONES = ("UTC", "Europe/Berlin", "Pacific/Auckland")
PLACES = [{"region": region, "side": side} for region in ("neck", "upper_back") for side in ("left", "right")]
ENDED_AFTER = timedelta(minutes=14)


@dataclass(frozen=True, slots=True)
class Write:
    """`path` follows the session's own."""

    method: str
    path: str
    body: Json | None
    said: Json


def start(luck: Random) -> tuple[str, Write]:
    """A session of one of the last days: phones come back from being offline."""
    session_id = str(uuid7())
    began = datetime.now(UTC) - timedelta(days=luck.randint(1, 20), seconds=luck.randint(0, 80_000))
    own = {"started_at": began.isoformat(), "zone": luck.choice(ZONES), "pain_before": ratings(luck)}
    level = luck.randint(0, 4)
    body = {"id": session_id, "routine": ROUTINE, "level": level, "no_red_flags": True, **own}
    return session_id, Write("POST", "", body, {**own, "plan": {"asked_level": level}})


def record(luck: Random, session: Json, number: int) -> Write:
    body = record_body(luck, session, number)
    return Write("PUT", "/record", body, {"record": body})


def complete(luck: Random, session: Json) -> Write:
    outcome: Json = {"pain_after": ratings(luck), "effort": luck.randint(0, 10), "note": f"note {luck.random()}"}
    ended_at = (began(session) + ENDED_AFTER).isoformat()
    said: Json = {"status": "completed", "ended_at": ended_at, "outcome": outcome}
    late: Json = {"record": record_body(luck, session, 10)} if luck.random() < 0.5 else {}
    return Write("POST", "/complete", {**outcome, "completed_at": ended_at, **late}, {**said, **late})


def abandon(luck: Random, session: Json) -> Write:
    ended_at = (began(session) + ENDED_AFTER).isoformat()
    reason, status = luck.choice([("no_time", "abandoned"), ("pain", "stopped")])
    said = {"status": status, "ended_at": ended_at, "outcome": {"reason": reason}}
    return Write("POST", "/abandon", {"reason": reason, "abandoned_at": ended_at}, said)


def delete() -> Write:
    return Write("DELETE", "", None, {})


def record_body(luck: Random, session: Json, number: int) -> Json:
    """A later number is a later record."""
    steps = luck.sample(session["steps"], luck.randint(1, 12))
    return {
        "steps": [{"step": step, "result": "done", **dose(luck, kind)} for step, kind in steps],
        "pauses": [{"from_ms": 1000 * number, "to_ms": 1000 * number + luck.randint(0, 5000)}],
        "ratings": ratings(luck),
        "recorded_at": (began(session) + timedelta(minutes=number)).isoformat(),
    }


def dose(luck: Random, kind: str) -> Json:
    counted = {"hold": "held_s", "reps": "reps"}.get(kind)
    return {counted: luck.randint(1, 30)} if counted else {}


def ratings(luck: Random) -> list[dict[str, Any]]:
    return [{**place, "value": luck.randint(0, 10)} for place in luck.sample(PLACES, luck.randint(0, 3))]


def began(session: Json) -> datetime:
    return datetime.fromisoformat(session["started_at"])
