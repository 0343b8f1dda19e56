from datetime import UTC, datetime, timedelta

import httpx
import pytest

from api.sessions import queries
from tests.factories import Guest, complete, practise, rating, read_progress, session_request, start

NOW = datetime.now(UTC)


async def ids(service: httpx.AsyncClient, guest: Guest, **query: str) -> list[str]:
    answer = await service.get("/v1/sessions", params=query, headers=guest.headers)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def test_history_comes_newest_first_page_by_page_and_whole(service: httpx.AsyncClient, guest: Guest) -> None:
    same = (NOW - timedelta(days=3)).isoformat()
    started = [NOW - timedelta(hours=hours) for hours in (5, 1, 30)]
    made = [await start(service, guest, started_at=at.isoformat()) for at in started]
    made += [await start(service, guest, started_at=same) for _ in range(4)]
    expected = [s["id"] for s in sorted(made, key=lambda s: (s["started_at"], s["id"]), reverse=True)]

    seen: list[str] = []
    page = (await service.get("/v1/sessions?limit=2", headers=guest.headers)).json()
    while True:
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        answer = await service.get("/v1/sessions", params={"limit": 2, "cursor": page["next"]}, headers=guest.headers)
        page = answer.json()
    assert seen == expected


async def test_a_session_added_meanwhile_neither_repeats_nor_hides_others(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    old = [await start(service, guest, started_at=(NOW - timedelta(hours=n)).isoformat()) for n in (1, 2, 3)]
    first = (await service.get("/v1/sessions?limit=1", headers=guest.headers)).json()
    await start(service, guest)
    assert await ids(service, guest, cursor=first["next"]) == [old[1]["id"], old[2]["id"]]


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "MjAyNnww", "é"])
async def test_a_cursor_that_is_not_ours_is_refused(service: httpx.AsyncClient, guest: Guest, cursor: str) -> None:
    answer = await service.get("/v1/sessions", params={"cursor": cursor}, headers=guest.headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/cursor-unknown")


async def test_history_can_be_asked_by_day_exercise_and_state(service: httpx.AsyncClient, guest: Guest) -> None:
    yesterday = NOW - timedelta(days=1)
    finished = await practise(service, guest, yesterday)
    running = await start(service, guest)
    assert await ids(service, guest, day=finished["local_date"]) == [finished["id"]]
    assert await ids(service, guest, status="completed") == [finished["id"]]
    assert await ids(service, guest, status="active") == [running["id"]]
    assert await ids(service, guest, exercise="pull-up-bar-hang") == [running["id"], finished["id"]]
    assert await ids(service, guest, exercise="no-such-exercise") == []


async def test_a_running_session_can_be_gone_on_with_on_another_device(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await start(service, guest)
    tokens = (await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code})).json()
    other_phone = Guest(guest.id, tokens["access_token"], "", "")
    [running] = await ids(service, other_phone, status="active")
    found = (await service.get(f"/v1/sessions/{running}", headers=other_phone.headers)).json()
    assert found["timeline"] == session["timeline"]
    assert (await complete(service, other_phone, running))["status"] == "completed"


async def test_a_deleted_session_is_gone_for_good_and_out_of_progress(service: httpx.AsyncClient, guest: Guest) -> None:
    keep = await practise(service, guest, NOW - timedelta(days=1))
    before = [await read_progress(service, guest, part) for part in ("", "/days", "/exercises")]
    session = await practise(service, guest, NOW)
    path = f"/v1/sessions/{session['id']}"
    assert [(await service.delete(path, headers=guest.headers)).status_code for _ in range(2)] == [204, 204]

    gone = [
        await service.get(path, headers=guest.headers),
        await service.put(f"{path}/record", json={}, headers=guest.headers),
        await service.post(f"{path}/complete", json={}, headers=guest.headers),
        await service.post("/v1/sessions", json=session_request(id=session["id"]), headers=guest.headers),
    ]
    assert {(answer.status_code, answer.json()["type"]) for answer in gone} == {(410, "/problems/session-deleted")}
    assert await ids(service, guest) == [keep["id"]]
    assert [await read_progress(service, guest, part) for part in ("", "/days", "/exercises")] == before


async def test_deleting_what_never_was_is_not_found(service: httpx.AsyncClient, guest: Guest) -> None:
    answer = await service.delete(f"/v1/sessions/{session_request()['id']}", headers=guest.headers)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/session-not-found")


@pytest.mark.parametrize("often", [queries.OFTEN, -1])
async def test_history_by_what_was_done_and_rated_is_the_same_however_much_there_is_of_it(
    service: httpx.AsyncClient, guest: Guest, monkeypatch: pytest.MonkeyPatch, often: int
) -> None:
    monkeypatch.setattr(queries, "OFTEN", often)
    unrated = await practise(service, guest, NOW - timedelta(days=1))
    both, before = [await start(service, guest, pain_before=[rating(5)]) for _ in range(2)]
    await complete(service, guest, both["id"], pain_after=[rating(4)])
    await complete(service, guest, before["id"])
    running = await start(service, guest, pain_before=[rating(5)])
    assert running["id"] not in await ids(service, guest, done="pull-up-bar-hang")
    assert await ids(service, guest, done="pull-up-bar-hang") == [before["id"], both["id"], unrated["id"]]
    assert await ids(service, guest, done="rhomboid-reach") == []
    assert await ids(service, guest, rated="before") == [before["id"], both["id"]]
    assert await ids(service, guest, rated="both") == [both["id"]]
