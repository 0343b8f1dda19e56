"""What to do now, each answer with the calls that bring it about."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.factories import Guest, answer_screening, complete, open_guest, practise, rating, start

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def guest(service: httpx.AsyncClient) -> Guest:
    """A person whose days are those of the tests, with one session a week as the target."""
    return await open_guest(service, zone="UTC", weekly_target=7)


async def today(service: httpx.AsyncClient, guest: Guest, query: str = "") -> dict[str, Any]:
    answer = await service.get(f"/v1/me/today{query}", headers=guest.headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def codes(told: dict[str, Any]) -> tuple[str, str, str | None]:
    return told["due"]["code"], told["why"]["code"], told["follow"] and told["follow"]["routine"]


async def stop(service: httpx.AsyncClient, guest: Guest, reason: str) -> None:
    session = await start(service, guest)
    path = f"/v1/sessions/{session['id']}/abandon"
    assert (await service.post(path, json={"reason": reason}, headers=guest.headers)).is_success


async def test_who_never_practised_begins_with_the_routine_for_beginners(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    told = await today(service, guest)
    assert codes(told) == ("routine", "first-session", "beginner")
    assert told["held_because"]["code"] == "no-screening"
    assert (told["due_on"], told["care"], told["way_out"], told["advice"]) == (told["today"], None, None, [])


async def test_the_usual_routine_is_due_on_its_day_and_after_it_all_is_done(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await practise(service, guest, NOW - DAY)
    assert codes(await today(service, guest)) == ("routine", "its-day", "seed-full")
    done = await practise(service, guest, NOW)
    told = await today(service, guest)
    assert told["due"]["code"] == "caught-up"
    assert told["due_on"] == (NOW + DAY).date().isoformat() == done["outcome"]["next"]["due_on"]


@pytest.mark.parametrize(("days", "why"), [(8, "after-a-pause"), (29, "after-a-long-pause")])
async def test_a_pause_is_named(service: httpx.AsyncClient, guest: Guest, days: int, why: str) -> None:
    await practise(service, guest, NOW - days * DAY)
    assert codes(await today(service, guest)) == ("routine", why, "seed-full")


async def test_pain_of_six_leads_to_the_gentle_routine_until_it_is_lower(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await rate(service, guest, rating(6))
    assert codes(await today(service, guest)) == ("gentle", "pain", "flare-up")
    await rate(service, guest, rating(5))
    assert (await today(service, guest))["due"]["code"] == "routine"


async def rate(service: httpx.AsyncClient, guest: Guest, sent: dict[str, Any]) -> dict[str, Any]:
    answer = await service.post("/v1/me/ratings", json=sent, headers=guest.headers)
    assert answer.status_code == 201, answer.text
    given: dict[str, Any] = answer.json()
    return given


async def test_pain_after_a_session_tells_at_once_that_the_gentle_one_comes_next(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await start(service, guest, pain_before=[rating(5)])
    done = await complete(service, guest, session["id"], pain_after=[rating(6)])
    following = done["outcome"]["next"]
    assert (following["routine"], following["gentle"], following["why"]) == ("flare-up", True, "pain")


async def test_a_flare_up_on_the_next_morning_leads_to_the_gentle_routine(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await practise(service, guest, NOW - DAY, before=2, pain_after=[rating(2)])
    given = await rate(service, guest, rating(4, moment="next_morning", session=session["id"]))
    assert codes(await today(service, guest)) == ("gentle", "flare-up", "flare-up")
    path = f"/v1/me/ratings/{given['id']}"
    assert (await service.delete(path, headers=guest.headers)).status_code == 204
    assert codes(await today(service, guest)) == ("routine", "its-day", "seed-full")


async def test_a_session_stopped_for_pain_leaves_the_gentle_one_and_two_call_for_a_professional(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await stop(service, guest, "pain")
    told = await today(service, guest)
    assert (codes(told), told["advice"]) == (("gentle", "stopped-today", "flare-up"), [])
    await stop(service, guest, "pain")
    assert [advice["code"] for advice in (await today(service, guest))["advice"]] == ["stopped-twice"]


async def test_frozen_days_ask_for_nothing_and_say_when_it_goes_on(service: httpx.AsyncClient, guest: Guest) -> None:
    await practise(service, guest, NOW - 3 * DAY)
    freeze = {"first_day": (NOW - DAY).date().isoformat(), "last_day": (NOW + 2 * DAY).date().isoformat()}
    path = "/v1/me/freezes/01938a3e-7c00-7000-8000-00000000f0e1"
    assert (await service.put(path, json=freeze, headers=guest.headers)).status_code == 200
    told = await today(service, guest)
    assert codes(told) == ("caught-up", "frozen", "seed-full")
    assert told["due_on"] == (NOW + 3 * DAY).date().isoformat()
    assert (await service.delete(path, headers=guest.headers)).status_code == 204
    assert (await today(service, guest))["due"]["code"] == "routine"


async def test_a_red_flag_leaves_nothing_to_do_but_care_and_then_the_screening(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await stop(service, guest, "red_flag")
    told = await today(service, guest)
    assert codes(told) == ("locked", "red-flag-in-session", None)
    assert (told["way_out"]["code"], told["due_on"]) == ("care-then-screening", None)
    assert told["care"]["urgency"] in {"emergency", "same_day", "routine"}
    await answer_screening(service, guest)
    assert (await today(service, guest))["due"]["code"] != "locked"


async def test_the_answer_is_told_in_the_language_asked_for(service: httpx.AsyncClient, guest: Guest) -> None:
    told = await today(service, guest, "?lang=de")
    assert (told["language"], told["why"]["text"]) == ("de", "Deine erste Einheit")


async def test_a_sign_among_the_answers_locks_as_well(service: httpx.AsyncClient, guest: Guest) -> None:
    await answer_screening(service, guest, red_flags=["fever-stiff-neck"])
    told = await today(service, guest)
    assert (codes(told), told["care"]["signs"]) == (("locked", "red-flag-answered", None), ["fever-stiff-neck"])


async def test_two_stopped_sessions_running_pause_the_plan_until_one_was_completed(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    for days in (4, 3):
        at = (NOW - days * DAY).isoformat()
        session = await start(service, guest, started_at=at)
        end = {"reason": "pain", "abandoned_at": at}
        path = f"/v1/sessions/{session['id']}/abandon"
        assert (await service.post(path, json=end, headers=guest.headers)).is_success
    assert codes(await today(service, guest)) == ("gentle", "stopped-twice", "flare-up")
    await practise(service, guest, NOW - 2 * DAY)
    assert codes(await today(service, guest)) == ("routine", "its-day", "seed-full")


async def test_once_the_target_is_reached_the_week_is_met(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service, zone="UTC", weekly_target=1)
    await practise(service, guest, NOW)
    told = await today(service, guest)
    assert codes(told) == ("caught-up", "week-met", "seed-full")
    assert datetime.fromisoformat(told["due_on"]).weekday() == 0 or told["due_on"] > told["today"]


async def test_four_weeks_without_relief_call_for_advice(service: httpx.AsyncClient, guest: Guest) -> None:
    for days in (29, 27, 25, 24, 3, 2, 1, 0):
        await practise(service, guest, NOW - days * DAY, before=5)
    assert [advice["code"] for advice in (await today(service, guest))["advice"]] == ["four-weeks-without-relief"]
