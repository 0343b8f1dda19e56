"""The document's own examples, played unedited and in order as from the docs page."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.contract.documents import require_documented
from tests.contract.probing import Operation, operations, require_problem
from tests.factories import Guest

PLAYED = (
    "get_vocabulary",
    "get_sources",
    "get_red_flags",
    "get_pack",
    "get_figure_pack",
    "list_consents",
    "list_exercises",
    "get_exercise",
    "get_figure",
    "list_routines",
    "get_routine",
    "get_timeline",
    "get_planner",
    "plan_routine",
    "read_me",
    "update_me",
    "give_consent",
    "get_screening",
    "apply_screening",
    "put_screening",
    "read_screening",
    "confirm_screening",
    "list_my_exercises",
    "read_my_routine",
    "start_session",
    "start_session",
    "read_session",
    "put_record",
    "put_record",
    "complete_session",
    "complete_session",
    "read_session",
    "list_sessions",
    "sync",
    "read_progress",
    "list_progress_days",
    "list_progress_weeks",
    "list_progress_exercises",
    "read_progress_pain",
    "list_progress_levels",
    "list_progress_level_days",
    "give_rating",
    "give_rating",
    "list_ratings",
    "delete_rating",
    "read_today",
    "list_notices",
    "put_freeze",
    "list_freezes",
    "delete_freeze",
    "delete_session",
    "delete_session",
    "read_progress",
    "export_me",
    "withdraw_consent",
    "settle_screening",
    "list_devices",
    "create_personal_token",
    "list_personal_tokens",
    "renew_recovery_code",
    "add_credentials",
    "add_credentials",
    "change_email",
    "change_password",
    "verify_email",
    "reset_password",
    "revoke_tokens",
    "list_security_events",
    "erase_me",
    "live",
    "ready",
)
REFUSED = {
    "create_tokens": 401,
    "refresh_tokens": 401,
    "confirm_email": 403,
    "confirm_email_change": 403,
    "confirm_password_reset": 403,
    "revoke_device": 404,
    "revoke_personal_token": 404,
    "acknowledge_notice": 404,
    "abandon_session": 409,
}


@pytest.fixture
def by_name(app: FastAPI) -> dict[str, Operation]:
    return {operation.spec["operationId"]: operation for operation in operations(app)}


async def play(service: httpx.AsyncClient, operation: Operation, token: str) -> httpx.Response:
    answer = await service.request(
        operation.method,
        operation.url,
        params=operation.query,
        json=operation.sent,
        headers={"authorization": f"Bearer {token}"},
    )
    require_documented(operation, answer)
    return answer


def told_by(answer: httpx.Response) -> Any:
    return answer.json() if answer.headers.get("content-type") == "application/json" else None


async def test_the_examples_play_a_session_from_the_account_to_its_deletion(
    service: httpx.AsyncClient, by_name: dict[str, Operation]
) -> None:
    opened = (await play(service, by_name["create_account"], "")).json()
    token = opened["tokens"]["access_token"]
    told: dict[str, list[Any]] = {}
    for name in PLAYED:
        answer = await play(service, by_name[name], token)
        assert answer.is_success, (name, answer.text)
        told.setdefault(name, []).append((answer.status_code, told_by(answer)))
    assert [status for status, _ in told["start_session"]] == [201, 200]
    assert told["complete_session"][0][1]["outcome"] == told["complete_session"][1][1]["outcome"]
    assert [verdict["verdict"] for verdict in told["sync"][0][1]["verdicts"]] == ["duplicate"]
    assert [progress["sessions"] for _, progress in told["read_progress"]] == [1, 0]


async def test_every_operation_is_played(by_name: dict[str, Operation]) -> None:
    assert {*PLAYED, *REFUSED, "create_account"} == by_name.keys()


async def test_the_other_examples_are_refused_as_the_document_says(
    service: httpx.AsyncClient, by_name: dict[str, Operation], guest: Guest
) -> None:
    for name in ("start_session", "complete_session"):
        await play(service, by_name[name], guest.access_token)
    for name, status in REFUSED.items():
        require_problem(await play(service, by_name[name], guest.access_token), status)


async def test_an_end_before_time_is_as_the_document_says(
    service: httpx.AsyncClient, by_name: dict[str, Operation], guest: Guest
) -> None:
    for name in ("start_session", "abandon_session", "read_session", "list_sessions"):
        assert (await play(service, by_name[name], guest.access_token)).is_success


async def test_a_conflict_shows_the_session_as_it_is(
    service: httpx.AsyncClient, by_name: dict[str, Operation], guest: Guest
) -> None:
    start, finish = by_name["start_session"], by_name["complete_session"]
    await play(service, start, guest.access_token)
    other = await service.post("/v1/sessions", json={**start.example, "level": 1}, headers=guest.headers)
    await play(service, finish, guest.access_token)
    again = await service.post(finish.url, json={"effort": 9}, headers=guest.headers)
    for operation, answer, status in ((start, other, "active"), (finish, again, "completed")):
        require_documented(operation, answer)
        session = require_problem(answer, 409)["session"]
        assert (session["id"], session["status"]) == (start.example["id"], status)
