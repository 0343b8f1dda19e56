import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.databases import rows_of
from tests.factories import Guest, open_guest, rating, session_request


async def test_only_the_members_that_are_sent_change(service: httpx.AsyncClient, guest: Guest) -> None:
    before = (await service.get("/v1/me", headers=guest.headers)).json()
    changed = await service.patch("/v1/me", json={"weekly_target": 5}, headers=guest.headers)
    expected = {**before, "weekly_target": 5, "revision": before["revision"] + 1}
    assert changed.json() == expected
    assert (await service.get("/v1/me", headers=guest.headers)).json() == expected


@pytest.mark.parametrize(
    "change",
    [
        {"zone": "Mars/Olympus"},
        {"zone": "europe/berlin"},
        {"zone": "../etc/passwd"},
        {"zone": None},
        {"language": "English"},
        {"weekly_target": 0},
        {"weekly_target": 22},
        {"weekly_target": "3"},
        {"weekly_target": 3.0},
        {"day_cutoff_min": -1},
        {"day_cutoff_min": 721},
        {"day_cutoff_min": True},
        {"id": "01938a3e-7c00-7000-8000-00000000cafe"},
        {"revision": 7},
        {"consents": ["health-data@1"]},
    ],
)
async def test_what_cannot_be_set_is_refused_by_name_and_nothing_changes(
    service: httpx.AsyncClient, guest: Guest, change: dict[str, Any]
) -> None:
    before = (await service.get("/v1/me", headers=guest.headers)).json()
    answer = await service.patch("/v1/me", json={"weekly_target": 9, **change}, headers=guest.headers)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [f"/{name}" for name in change]
    assert (await service.get("/v1/me", headers=guest.headers)).json() == before


async def test_a_consent_counts_from_the_first_time_with_its_version_and_instant(
    service: httpx.AsyncClient, database_url: str
) -> None:
    guest = await open_guest(service, consents=[], app="test-app")
    for _ in range(2):
        answer = await service.put("/v1/me/consents/health-data@1", headers=guest.headers)
        assert answer.json()["consents"] == ["health-data@1"]
    rows = rows_of(database_url, "SELECT consent, given_at, app FROM consent WHERE user_id = :user", user=guest.id)
    [(consent, given_at, app)] = rows
    assert (consent, app) == ("health-data@1", "test-app")
    assert str(given_at).startswith(str(datetime.now(UTC).year))


async def test_without_consent_pain_and_notes_are_refused_and_nothing_is_stored(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service, consents=[])
    painful = session_request(pain_before=[rating(4)])
    refused = await service.post("/v1/sessions", json=painful, headers=guest.headers)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/consent-required")
    assert (await service.get("/v1/sessions", headers=guest.headers)).json()["items"] == []

    del painful["pain_before"]
    assert (await service.post("/v1/sessions", json=painful, headers=guest.headers)).status_code == 201
    path = f"/v1/sessions/{painful['id']}"
    worst = {"ratings": [rating(4)]}
    for method, step, body in (
        ("PUT", "record", worst),
        ("POST", "complete", {"note": "sore"}),
        ("POST", "complete", {"pain_after": [rating(2)]}),
        ("POST", "complete", {"record": worst}),
    ):
        answer = await service.request(method, f"{path}/{step}", json=body, headers=guest.headers)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/consent-required")
    state = (await service.get(path, headers=guest.headers)).json()
    assert (state["status"], state["record"]) == ("active", None)


async def test_a_consent_can_be_taken_back_as_easily_and_given_again(
    service: httpx.AsyncClient, guest: Guest, database_url: str
) -> None:
    path = "/v1/me/consents/health-data@1"
    for _ in range(2):
        withdrawn = await service.delete(path, headers=guest.headers)
        assert (withdrawn.status_code, withdrawn.json()["consents"]) == (200, [])
    painful = session_request(pain_before=[rating(4)])
    assert (await service.post("/v1/sessions", json=painful, headers=guest.headers)).status_code == 403
    await service.put(path, headers=guest.headers)
    assert (await service.post("/v1/sessions", json=painful, headers=guest.headers)).status_code == 201
    statement = "SELECT withdrawn_at IS NULL FROM consent WHERE user_id = :user ORDER BY given_at"
    assert [bool(still) for (still,) in rows_of(database_url, statement, user=guest.id)] == [False, True]


async def test_an_empty_change_changes_nothing(service: httpx.AsyncClient, guest: Guest) -> None:
    before = (await service.get("/v1/me", headers=guest.headers)).json()
    assert (await service.patch("/v1/me", json={}, headers=guest.headers)).json() == before


async def test_every_text_that_can_be_agreed_to_is_served(service: httpx.AsyncClient) -> None:
    [text_] = (await service.get("/v1/consents")).json()["items"]
    assert (text_["id"], text_["purpose"], text_["version"]) == ("health-data@1", "health-data", 1)
    assert "pain ratings" in text_["text"]


async def test_twenty_rivals_on_one_person_lose_no_revision(service: httpx.AsyncClient, guest: Guest) -> None:
    before = (await service.get("/v1/me", headers=guest.headers)).json()["revision"]
    changes = (service.patch("/v1/me", json={"weekly_target": n}, headers=guest.headers) for n in range(1, 21))
    answers = await asyncio.gather(*changes)
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["revision"] for answer in answers) == list(range(before + 1, before + 21))
    last = max(answers, key=lambda answer: int(answer.json()["revision"])).json()
    assert (await service.get("/v1/me", headers=guest.headers)).json() == last
