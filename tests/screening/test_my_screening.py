from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import time_machine

from tests.databases import rows_of
from tests.factories import Guest, answer_screening, open_guest, screening_request, start

PATH = "/v1/me/screening"
DAY = timedelta(days=1)


async def read(service: httpx.AsyncClient, guest: Guest) -> dict[str, Any]:
    answer = await service.get(PATH, headers=guest.headers)
    assert answer.status_code == 200, answer.text
    screening: dict[str, Any] = answer.json()
    return screening


async def confirm(service: httpx.AsyncClient, guest: Guest, *, anything_new: bool = False) -> httpx.Response:
    return await service.post(f"{PATH}/confirm", json={"anything_new": anything_new}, headers=guest.headers)


async def later(service: httpx.AsyncClient, guest: Guest) -> Guest:
    """The same person with tokens of the present."""
    tokens = (await service.post("/v1/tokens", json={"recovery_code": guest.recovery_code})).json()
    return Guest(guest.id, tokens["access_token"], "", guest.recovery_code)


async def test_answers_are_kept_with_what_they_permit_and_until_when(service: httpx.AsyncClient, guest: Guest) -> None:
    given = await answer_screening(service, guest, "pressure")
    assert (given["outcome"], given["valid"], given["held_because"], given["locked"]) == ("adapt", True, None, False)
    assert given["answers"]["pressure"] == "yes"
    until = datetime.fromisoformat(given["valid_until"]) - datetime.fromisoformat(given["answered_at"])
    assert until == 28 * DAY
    kept = await read(service, guest)
    assert kept | {"server_time": ""} == given | {"server_time": ""}


async def test_who_never_answered_hears_so(service: httpx.AsyncClient, guest: Guest) -> None:
    for answer in (await service.get(PATH, headers=guest.headers), await confirm(service, guest)):
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/screening-missing")


async def test_without_consent_no_answer_is_kept(service: httpx.AsyncClient, database_url: str) -> None:
    guest = await open_guest(service, consents=[])
    sent = await screening_request(service)
    for answer in (
        await service.put(PATH, json=sent, headers=guest.headers),
        await service.get(PATH, headers=guest.headers),
        await confirm(service, guest),
    ):
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/consent-required")
    rows = rows_of(database_url, "SELECT count(*) FROM screening_answers WHERE user_id = :user", user=guest.id)
    assert rows == [(0,)]


async def test_another_person_sees_and_shares_nothing(service: httpx.AsyncClient, guest: Guest) -> None:
    await answer_screening(service, guest, red_flags=["chest-or-breath"])
    other = await open_guest(service)
    assert (await service.get(PATH, headers=other.headers)).status_code == 404
    assert (await start(service, other))["status"] == "active"


async def test_the_latest_answers_count_in_whatever_order_they_arrive(service: httpx.AsyncClient, guest: Guest) -> None:
    now = datetime.now(UTC)
    await answer_screening(service, guest, "pressure", answered_at=now.isoformat())
    await answer_screening(service, guest, "surgery", answered_at=(now - DAY).isoformat())
    kept = await read(service, guest)
    assert (kept["answers"]["pressure"], kept["answers"]["surgery"]) == ("yes", "no")
    assert datetime.fromisoformat(kept["answered_at"]) == now


async def test_each_answered_questionnaire_is_logged_once_with_both_versions_and_instants(
    service: httpx.AsyncClient, database_url: str
) -> None:
    guest = await open_guest(service, app="test-app")
    yesterday = datetime.now(UTC) - DAY
    for _ in range(2):
        given = await answer_screening(service, guest, answered_at=yesterday.isoformat())
    await answer_screening(service, guest, "pregnancy")
    rows = rows_of(
        database_url,
        "SELECT questionnaire_version, content_version, app FROM screening_answers WHERE user_id = :user",
        user=guest.id,
    )
    assert rows == [("1.0.0", given["content_version"], "test-app")] * 2


async def test_answers_from_the_future_are_refused(service: httpx.AsyncClient, guest: Guest) -> None:
    ahead = (datetime.now(UTC) + timedelta(minutes=6)).isoformat()
    sent = await screening_request(service, answered_at=ahead)
    answer = await service.put(PATH, json=sent, headers=guest.headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/time-ahead")


async def test_nothing_new_renews_the_answers(service: httpx.AsyncClient, guest: Guest) -> None:
    answered = datetime.now(UTC) - 20 * DAY
    before = await answer_screening(service, guest, answered_at=answered.isoformat())
    renewed = (await confirm(service, guest)).json()
    assert renewed["valid"] is True
    assert renewed["confirmed_at"] == renewed["server_time"]
    assert datetime.fromisoformat(renewed["valid_until"]) >= datetime.fromisoformat(before["valid_until"]) + 20 * DAY


async def test_something_new_asks_for_all_answers_again_and_is_not_forgotten(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await answer_screening(service, guest)
    for anything_new in (True, False):
        answer = await confirm(service, guest, anything_new=anything_new)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/screening-to-repeat")
    kept = await read(service, guest)
    assert (kept["valid"], kept["held_because"]) == (False, "anything-new")
    assert (await start(service, guest, level=3))["plan"]["held_because"] == "anything-new"
    assert (await answer_screening(service, guest))["valid"] is True
    assert (await confirm(service, guest)).status_code == 200


async def test_answers_expire_after_28_idle_days_and_cannot_be_confirmed_then(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service)
    await answer_screening(service, guest, "pressure")
    with time_machine.travel(datetime.now(UTC) + 28 * DAY):
        guest = await later(service, guest)
        kept = await read(service, guest)
        assert (kept["valid"], kept["held_because"]) == (False, "screening-expired")
        assert (await confirm(service, guest)).json()["type"] == "/problems/screening-to-repeat"
        session = await start(service, guest, level=4)
        assert (session["plan"]["level"], session["plan"]["held_because"]) == (0, "screening-expired")
        dog = [item for item in session["plan"]["changes"] if item["planned"] == "downward-facing-dog"]
        assert [item["effect"] for item in dog] == ["exclude"], "what was excluded stays so"
        assert (await read(service, guest))["valid"] is False, "a session does not bring expired answers back"


async def test_practising_keeps_answers_from_expiring(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service)
    await answer_screening(service, guest)
    with time_machine.travel(datetime.now(UTC) + 27 * DAY):
        guest = await later(service, guest)
        await start(service, guest)
        with time_machine.travel(datetime.now(UTC) + 27 * DAY):
            guest = await later(service, guest)
            assert (await read(service, guest))["valid"] is True
            assert (await start(service, guest, level=4))["plan"]["level"] == 4


@pytest.mark.parametrize("open_question", ["pressure", "under-18"])
async def test_an_open_question_holds_the_level_and_asks_first(
    service: httpx.AsyncClient, guest: Guest, open_question: str
) -> None:
    sent = await screening_request(service)
    del sent["answers"][open_question]
    given = (await service.put(PATH, json=sent, headers=guest.headers)).json()
    assert (given["valid"], given["held_because"]) == (False, "screening-incomplete")
    assert given["unanswered"] == [open_question]
    session = await start(service, guest, level=4)
    assert (session["plan"]["level"], session["plan"]["held_because"]) == (0, "screening-incomplete")


async def test_every_exercise_is_listed_with_what_it_is_for_me(service: httpx.AsyncClient, guest: Guest) -> None:
    everything = [item["id"] for item in (await service.get("/v1/exercises")).json()["items"]]
    before = (await service.get("/v1/me/exercises", headers=guest.headers)).json()
    assert [item["id"] for item in before["items"]] == everything
    assert before["held_because"] == "no-screening"
    asked = {item["id"] for item in before["items"] if item["effect"] == "ask"}
    assert {"pull-up-bar-hang", "downward-facing-dog"} <= asked
    assert "shoulder-shrug-seated" not in asked

    await answer_screening(service, guest, "pressure")
    after = (await service.get("/v1/me/exercises", headers=guest.headers)).json()
    effects = {item["id"]: item["effect"] for item in after["items"]}
    assert (effects["downward-facing-dog"], effects["shoulder-shrug-seated"]) == ("exclude", "allow")
    assert (after["outcome"], after["held_because"], after["care"]) == ("adapt", None, None)


async def test_a_routine_for_me_shows_every_item_with_its_swap_and_reason(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await answer_screening(service, guest, "wrist-or-grip")
    routine = (await service.get("/v1/me/routines/seed-full", headers=guest.headers)).json()
    assert routine["possible"] is True
    assert [item["place"] for item in routine["items"]] == [1, 2, 3, 4, 5]
    dog = routine["items"][4]
    assert (dog["planned"], dog["effect"]) == ("downward-facing-dog", "exclude")
    assert dog["exercise"] != dog["planned"]
    assert dog["alternative"] in {dog["exercise"], dog["covered_by"]}
    assert dog["reasons"][0]["question"] == "wrist-or-grip"
    session = await start(service, guest)
    assert routine["total_ms"]["low"] == session["timeline"]["total_ms"]["low"]
    left = [item["exercise"] for item in routine["items"] if item["exercise"]]
    assert list(dict.fromkeys(segment["exercise"] for segment in session["timeline"]["segments"])) == left


async def test_an_easier_form_that_is_to_be_asked_about_says_so_and_why(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    sent = await screening_request(service, "floor-or-falls")
    del sent["answers"]["under-18"]
    await service.put(PATH, json=sent, headers=guest.headers)
    routine = (await service.get("/v1/me/routines/bed", headers=guest.headers)).json()
    [tuck] = [item for item in routine["items"] if item["planned"] == "chin-tuck-supine"]
    assert (tuck["effect"], tuck["exercise"], tuck["ask_first"]) == ("regress", "chin-tuck-seated", True)
    assert {"under-18": "ask"}.items() <= {r["question"]: r["effect"] for r in tuck["stand_in_reasons"]}.items()
    session = await start(service, guest, routine="bed")
    asked = [c["exercise"] for c in session["cautions"] if c["code"] == "ask-first"]
    assert "chin-tuck-seated" in asked
    assert tuck in session["plan"]["changes"]


async def test_there_is_no_such_routine_for_me_either(service: httpx.AsyncClient, guest: Guest) -> None:
    answer = await service.get("/v1/me/routines/neck-circles", headers=guest.headers)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
