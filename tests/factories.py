"""People and sessions with sensible defaults, made over HTTP as an app would."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from uuid_utils.compat import uuid7

PASSWORD = "seven quiet herons"  # noqa: S105 - of people who do not exist
ROUTINE = "seed-full"
METRICS_TOKEN = "for-prometheus-only"  # noqa: S105 - opens what tests count
NECK_PAIN = {"region": "neck", "side": "left"}


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest account with its tokens; `headers` sign a request."""

    id: UUID
    access_token: str
    refresh_token: str
    recovery_code: str

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.access_token}"}


async def open_guest(service: httpx.AsyncClient, **members: Any) -> Guest:
    answer = await service.post("/v1/accounts", json={"consents": ["health-data@1"], **members})
    assert answer.status_code == 201, answer.text
    opened = answer.json()
    return Guest(
        UUID(opened["account"]["id"]),
        opened["tokens"]["access_token"],
        opened["tokens"]["refresh_token"],
        opened["recovery_code"],
    )


def session_request(**members: Any) -> dict[str, Any]:
    """A valid start under an id of its own."""
    return {"id": str(uuid7()), "routine": ROUTINE, "no_red_flags": True, **members}


def rating(value: int, **members: Any) -> dict[str, Any]:
    return {**NECK_PAIN, "value": value, **members}


async def start(service: httpx.AsyncClient, guest: Guest, **members: Any) -> dict[str, Any]:
    answer = await service.post("/v1/sessions", json=session_request(**members), headers=guest.headers)
    assert answer.status_code == 201, answer.text
    started: dict[str, Any] = answer.json()
    return started


async def complete(service: httpx.AsyncClient, guest: Guest, session_id: str, **members: Any) -> dict[str, Any]:
    answer = await service.post(f"/v1/sessions/{session_id}/complete", json=members, headers=guest.headers)
    assert answer.status_code == 200, answer.text
    completed: dict[str, Any] = answer.json()
    return completed


async def practise(
    service: httpx.AsyncClient, guest: Guest, at: datetime, before: int | None = None, **members: Any
) -> dict[str, Any]:
    """A whole session that began at that instant and ended with it; `before` is the pain in the neck as it began."""
    rated = {} if before is None else {"pain_before": [rating(before)]}
    session = await start(service, guest, started_at=at.isoformat(), **rated)
    return await complete(service, guest, session["id"], completed_at=at.isoformat(), **members)


async def read_progress(service: httpx.AsyncClient, guest: Guest, part: str = "") -> dict[str, Any]:
    answer = await service.get(f"/v1/me/progress{part}", headers=guest.headers)
    assert answer.status_code == 200, answer.text
    progress: dict[str, Any] = answer.json()
    return progress


async def screening_request(service: httpx.AsyncClient, *yes: str, **members: Any) -> dict[str, Any]:
    """All questions answered, those named with yes."""
    questionnaire = (await service.get("/v1/screening")).json()
    answers = {question["id"]: "yes" if question["id"] in yes else "no" for question in questionnaire["questions"]}
    return {"version": questionnaire["version"], "answers": answers, **members}


async def answer_screening(service: httpx.AsyncClient, guest: Guest, *yes: str, **members: Any) -> dict[str, Any]:
    sent = await screening_request(service, *yes, **members)
    answer = await service.put("/v1/me/screening", json=sent, headers=guest.headers)
    assert answer.status_code == 200, answer.text
    screening: dict[str, Any] = answer.json()
    return screening


async def register(service: httpx.AsyncClient, email: str, password: str = PASSWORD, **members: Any) -> Guest:
    """An account with e-mail and password."""
    return await open_guest(service, email=email, password=password, **members)


def an_email() -> str:
    """An address that nobody else has."""
    return f"sam.{uuid7().hex}@example.org"


async def sign_in(service: httpx.AsyncClient, email: str, password: str = PASSWORD, **members: Any) -> dict[str, str]:
    """Headers of a device that has just signed in."""
    answer = await service.post("/v1/tokens", json={"email": email, "password": password, **members})
    assert answer.status_code == 201, answer.text
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


async def letters_sent(service: httpx.AsyncClient) -> None:
    """Returns when no letter waits any more."""
    await service._transport.app.state.postbox.empty()  # type: ignore[attr-defined]  # noqa: SLF001
