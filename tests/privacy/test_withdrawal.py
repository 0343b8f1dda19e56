"""A consent taken back takes with it what was kept under it, and nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Connection, Engine

from api.accounts.service import Person
from api.db.engines import engine_for
from api.domain.permission import Consent
from api.privacy import withdrawing
from api.sessions import foreseeing
from api.sessions.foreseeing import Foreseen
from api.sessions.recount import agree
from tests.bench.seeding import open_people
from tests.bench.seeding import practise as seed
from tests.content.loaded import CONTENT
from tests.contract.probing import require_problem
from tests.factories import Guest, answer_screening, complete, practise, rating, read_progress, session_request, start
from tests.privacy.archives import exported

CONSENT = "/v1/me/consents/health-data@1"
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


async def withdraw(service: httpx.AsyncClient, guest: Guest) -> dict[str, Any]:
    answer = await service.delete(CONSENT, headers=guest.headers)
    assert answer.status_code == 200, answer.text
    account: dict[str, Any] = answer.json()
    return account


async def changes(service: httpx.AsyncClient, guest: Guest, cursor: str | None = None) -> dict[str, Any]:
    sent = {"cursor": cursor} if cursor else {}
    told: dict[str, Any] = (await service.post("/v1/sync", json=sent, headers=guest.headers)).json()
    return told


@pytest.fixture
def engine(database_url: str) -> Engine:
    return engine_for(database_url)


@pytest.mark.parametrize("foreseen", [False, True])
async def test_ratings_notes_and_answers_go_with_what_follows_from_them_and_the_sessions_stay(
    service: httpx.AsyncClient, guest: Guest, engine: Engine, monkeypatch: pytest.MonkeyPatch, *, foreseen: bool
) -> None:
    monkeypatch.setattr(foreseeing, "AT_ONCE", 0 if foreseen else 500)
    await answer_screening(service, guest, "wrist-or-grip")
    session = await start(service, guest, pain_before=[rating(6)])
    await complete(service, guest, session["id"], pain_after=[rating(3)], effort=4, note="a private matter")
    for day in (2, 1):
        await practise(service, guest, YESTERDAY - timedelta(days=day), before=5)
    before, whole = await read_progress(service, guest), (await exported(service, guest)).parts()
    assert whole["ratings"]
    assert [row for row in whole["sessions"] if row["outcome"]["pain_change"] == -3]
    await withdraw(service, guest)
    left = (await exported(service, guest)).parts()
    assert (left["ratings"], left["screening_answers"], left["progress_pain_days"]) == ([], [], [])
    assert {(row["note"], row["changes"], row["outcome"]["pain_change"]) for row in left["sessions"]} == {(None,) * 3}
    kept = ("id", "status", "started_at", "ended_at", "effort", "active_ms", "record", "plan")
    assert [pick(row, kept) for row in left["sessions"]] == [pick(row, kept) for row in whole["sessions"]]
    assert (await read_progress(service, guest)) == before
    assert agree(engine, user_id=guest.id, repair=False)


def pick(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}


def taken_back(db: Connection, user_id: UUID, now: datetime, foreseen: Foreseen | None) -> Person | None:
    consent = Consent.HEALTH_DATA_1
    return withdrawing.withdraw(
        db, user_id=user_id, app=None, consent=consent, content=CONTENT, now=now, foreseen=foreseen
    )


async def test_what_was_foreseen_counts_only_while_nothing_else_was_written(
    service: httpx.AsyncClient, guest: Guest, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreseeing, "AT_ONCE", 0)
    await practise(service, guest, YESTERDAY, before=5)
    now = datetime.now(UTC)
    with engine.connect() as db:
        foreseen = withdrawing.foresee(db, user_id=guest.id, now=now)
    assert foreseen
    await practise(service, guest, YESTERDAY, before=6)
    with engine.begin() as db:
        assert taken_back(db, guest.id, now, foreseen) is None
    pain = (await service.get("/v1/me/progress/pain", headers=guest.headers)).json()
    assert pain["trend"]["ratings"] == 2
    await withdraw(service, guest)
    assert (await exported(service, guest)).parts()["ratings"] == []
    assert agree(engine, user_id=guest.id, repair=False)


async def test_who_writes_all_the_time_is_asked_to_come_back(
    service: httpx.AsyncClient, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreseeing, "AT_ONCE", 0)
    monkeypatch.setattr(Foreseen, "fits", lambda *_: False)
    await practise(service, guest, YESTERDAY, before=5)
    require_problem(await service.delete(CONSENT, headers=guest.headers), 503, "unavailable")
    assert (await service.get("/v1/me", headers=guest.headers)).json()["consents"] == ["health-data@1"]


def test_a_history_of_many_sessions_is_counted_before_anybody_has_to_wait_for_it(fresh_database_url: str) -> None:
    engine = engine_for(fresh_database_url)
    few, many = open_people(engine, 2)
    now = datetime.now(UTC)
    for person, sessions in ((few, 5), (many, foreseeing.AT_ONCE + 1)):
        seed(engine, person, sessions)
        with engine.connect() as db:
            foreseen = withdrawing.foresee(db, user_id=person.id, now=now)
        assert bool(foreseen) == (person is many)
        with engine.begin() as db:
            assert taken_back(db, person.id, now, foreseen)
        assert agree(engine, user_id=person.id, repair=False)


async def test_other_devices_hear_of_it(service: httpx.AsyncClient, guest: Guest) -> None:
    await answer_screening(service, guest)
    rated = await start(service, guest, pain_before=[rating(6)])
    plain = await start(service, guest)
    cursor = (await changes(service, guest))["cursor"]
    await withdraw(service, guest)
    told = (await changes(service, guest, cursor))["changes"]
    sessions = {change["session"]["id"]: change["session"] for change in told if change["kind"] == "session"}
    assert sessions.keys() == {rated["id"]} != {plain["id"]}
    assert sessions[rated["id"]]["pain_before"] == []
    [screening] = [change["screening"] for change in told if change["kind"] == "screening"]
    assert screening["answers"] is None


async def test_sessions_go_on_without_health_data(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest, pain_before=[rating(6)])
    await withdraw(service, guest)
    path = f"/v1/sessions/{session['id']}/complete"
    refused = await service.post(path, json={"pain_after": [rating(2)]}, headers=guest.headers)
    require_problem(refused, 403, "consent-required")
    ended = await complete(service, guest, session["id"])
    assert (ended["status"], ended["outcome"]["pain_change"]) == ("completed", None)
    require_problem(await service.get("/v1/me/screening", headers=guest.headers), 403, "consent-required")


async def test_taking_back_what_is_not_given_changes_nothing(service: httpx.AsyncClient, guest: Guest) -> None:
    await practise(service, guest, YESTERDAY, before=5)
    await withdraw(service, guest)
    before = (await exported(service, guest)).parts()
    await withdraw(service, guest)
    after = (await exported(service, guest)).parts()
    assert {name for name in before if before[name] != after[name]} <= {"account", "screening"}


async def test_the_text_that_is_agreed_to_says_what_happens(service: httpx.AsyncClient, guest: Guest) -> None:
    [text] = (await service.get("/v1/consents")).json()["items"]
    assert "what was kept of it is deleted" in text["text"]
    sent = session_request(pain_before=[rating(4)])
    await withdraw(service, guest)
    require_problem(await service.post("/v1/sessions", json=sent, headers=guest.headers), 403, "consent-required")


async def test_ratings_that_came_on_their_own_go_too_and_other_devices_hear_of_it(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    given = await service.post("/v1/me/ratings", json=rating(3, at=YESTERDAY.isoformat()), headers=guest.headers)
    assert given.status_code == 201, given.text
    cursor = (await changes(service, guest))["cursor"]
    await withdraw(service, guest)
    assert (await service.get("/v1/me/ratings", headers=guest.headers)).json()["items"] == []
    told = (await changes(service, guest, cursor))["changes"]
    assert given.json()["id"] in [change["deleted"]["id"] for change in told if change["kind"] == "deleted"]
