"""Ratings that come on their own: any number of times, once."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from uuid_utils.compat import uuid7

from tests.factories import Guest, open_guest, practise, rating, read_progress, start

NOW = datetime.now(UTC)
PATH = "/v1/me/ratings"


async def test_the_same_again_gives_the_same_and_something_else_under_its_id_is_refused(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    sent = rating(4, id=str(uuid7()))
    first, again = [await service.post(PATH, json=sent, headers=guest.headers) for _ in range(2)]
    assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())
    other = await service.post(PATH, json={**sent, "value": 5}, headers=guest.headers)
    assert (other.status_code, other.json()["type"]) == (409, "/problems/rating-differs")


async def test_a_deleted_rating_is_gone_and_its_id_used_up(service: httpx.AsyncClient, guest: Guest) -> None:
    sent = rating(4, id=str(uuid7()))
    await service.post(PATH, json=sent, headers=guest.headers)
    for _ in range(2):
        assert (await service.delete(f"{PATH}/{sent['id']}", headers=guest.headers)).status_code == 204
    again = await service.post(PATH, json=sent, headers=guest.headers)
    assert (again.status_code, again.json()["type"]) == (410, "/problems/rating-deleted")
    assert (await service.get(PATH, headers=guest.headers)).json() == {"items": [], "next": None}


async def test_the_list_has_those_that_came_on_their_own_newest_first(service: httpx.AsyncClient, guest: Guest) -> None:
    await practise(service, guest, NOW, before=3)
    for hours in (5, 1, 3):
        at = (NOW - timedelta(hours=hours)).isoformat()
        await service.post(PATH, json=rating(hours, at=at), headers=guest.headers)
    page = (await service.get(f"{PATH}?limit=2", headers=guest.headers)).json()
    rest = (await service.get(f"{PATH}?cursor={page['next']}", headers=guest.headers)).json()
    assert [item["value"] for item in page["items"] + rest["items"]] == [1, 3, 5]


async def test_nobody_deletes_or_sees_anothers(service: httpx.AsyncClient, guest: Guest) -> None:
    sent = rating(4, id=str(uuid7()))
    await service.post(PATH, json=sent, headers=guest.headers)
    other = await open_guest(service)
    assert (await service.delete(f"{PATH}/{sent['id']}", headers=other.headers)).status_code == 404
    assert (await service.post(PATH, json={**sent, "value": 9}, headers=other.headers)).status_code == 201
    assert (await service.get(PATH, headers=guest.headers)).json()["items"][0]["value"] == 4


async def test_without_consent_nothing_is_kept(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service, consents=[])
    answer = await service.post(PATH, json=rating(4), headers=guest.headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/consent-required")


@pytest.mark.parametrize("sent", [{"moment": "after"}, {"session": str(uuid7())}, {"moment": "before"}])
async def test_what_is_of_a_session_names_it_and_nothing_else_does(
    service: httpx.AsyncClient, guest: Guest, sent: dict[str, str]
) -> None:
    assert (await service.post(PATH, json=rating(4, **sent), headers=guest.headers)).status_code == 422


async def test_a_session_that_goes_on_takes_its_ratings_by_its_record(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest)
    sent = rating(4, moment="after", session=session["id"])
    answer = await service.post(PATH, json=sent, headers=guest.headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/session-goes-on")


async def test_a_worse_next_morning_leads_down_and_deleting_it_leads_back(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    for days in (6, 5, 4):
        session = await practise(service, guest, NOW - timedelta(days=days), before=2, pain_after=[rating(2)])
    before = (await read_progress(service, guest, "/levels"))["items"][0]
    assert before["decision"]["rule"] == "raised"
    sent = rating(4, moment="next_morning", session=session["id"])
    given = (await service.post(PATH, json=sent, headers=guest.headers)).json()
    worse = (await read_progress(service, guest, "/levels"))["items"][0]
    assert (worse["rung"], worse["decision"]) == (0, {"rule": "flare-up", "sessions": [session["id"]]})
    assert (await service.delete(f"{PATH}/{given['id']}", headers=guest.headers)).status_code == 204
    after = (await read_progress(service, guest, "/levels"))["items"][0]
    assert after == before | {"revision": after["revision"]}


async def test_a_later_rating_after_the_session_counts_as_relief(service: httpx.AsyncClient, guest: Guest) -> None:
    sessions = [await practise(service, guest, NOW, before=5) for _ in range(5)]
    assert (await read_progress(service, guest, "/pain"))["relief"] == []
    for session in sessions:
        sent = rating(3, moment="after", session=session["id"])
        assert (await service.post(PATH, json=sent, headers=guest.headers)).status_code == 201
    relief = (await read_progress(service, guest, "/pain"))["relief"]
    assert {(item["lower"], item["rated"]) for item in relief} == {(5, 5)}
    listed = (await service.get(relief[0]["sessions_at"], headers=guest.headers)).json()["items"]
    assert {item["id"] for item in listed} == {session["id"] for session in sessions}


async def test_ratings_of_a_session_go_with_it_and_a_device_that_knows_them_hears_of_it(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await practise(service, guest, NOW - timedelta(hours=1))
    of_it, alone = rating(5, id=str(uuid7()), session=session["id"], moment="after"), rating(3, id=str(uuid7()))
    for sent in (of_it, alone):
        assert (await service.post(PATH, json=sent, headers=guest.headers)).status_code == 201
    cursor = (await service.post("/v1/sync", json={}, headers=guest.headers)).json()["cursor"]
    await service.delete(f"/v1/sessions/{session['id']}", headers=guest.headers)
    told = (await service.post("/v1/sync", json={"cursor": cursor}, headers=guest.headers)).json()["changes"]
    gone = {(one["deleted"]["of"], one["deleted"]["id"]) for one in told if one["kind"] == "deleted"}
    assert gone == {("session", session["id"]), ("rating", of_it["id"])}
    again = await service.post(PATH, json=of_it, headers=guest.headers)
    assert (again.status_code, again.json()["type"]) == (410, "/problems/rating-deleted")
    left = (await service.get(PATH, headers=guest.headers)).json()["items"]
    assert [row["id"] for row in left] == [alone["id"]]


async def test_pain_after_a_session_is_told_in_the_order_of_time_whatever_came_first(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    minted_before = str(uuid7())
    session = await practise(service, guest, NOW - timedelta(hours=2), pain_after=[rating(8)])
    later = rating(
        9, id=minted_before, session=session["id"], moment="after", at=(NOW - timedelta(hours=1)).isoformat()
    )
    assert (await service.post(PATH, json=later, headers=guest.headers)).status_code == 201
    path = f"/v1/sessions/{session['id']}"
    for minutes in (3, 5):
        record = {"steps": [], "recorded_at": (NOW - timedelta(minutes=90 - minutes)).isoformat()}
        await service.put(f"{path}/record", json=record, headers=guest.headers)
        kept = (await service.get(path, headers=guest.headers)).json()
        assert [one["value"] for one in kept["outcome"]["pain_after"]] == [8, 9]
