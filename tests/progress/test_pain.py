"""Pain over time as an app reads it. A trend is one of weeks, and no single rating makes a verdict."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import httpx
import pytest

from api.domain.trend import RELIEF_FROM
from tests.factories import Guest, complete, open_guest, practise, rating, read_progress, start
from tests.sessions.test_record import done, work_steps

NOW = datetime.now(UTC)
FIRST_WEEK, LATEST_WEEK = (29, 27, 25, 24), (3, 2, 1, 0)
SIDE_BEND = "neck-side-bend-rotation"


@pytest.fixture
async def guest(service: httpx.AsyncClient) -> Guest:
    """A person whose days are those of the tests."""
    return await open_guest(service, zone="UTC")


def day(days_ago: int) -> str:
    return (NOW - timedelta(days=days_ago)).date().isoformat()


def weeks(first: Iterable[int], latest: Iterable[int]) -> list[tuple[int, int]]:
    """Days ago, each with its rating."""
    return [*zip(FIRST_WEEK, first, strict=True), *zip(LATEST_WEEK, latest, strict=True)]


async def rate(service: httpx.AsyncClient, guest: Guest, rated: Iterable[tuple[int, int]]) -> None:
    for days_ago, value in rated:
        await practise(service, guest, NOW - timedelta(days=days_ago), before=value)


async def read_pain(service: httpx.AsyncClient, guest: Guest, query: str = "") -> dict[str, Any]:
    return await read_progress(service, guest, f"/pain{query}")


async def test_who_has_rated_nothing_is_told_so(service: httpx.AsyncClient, guest: Guest) -> None:
    await practise(service, guest, NOW)
    pain = await read_pain(service, guest)
    assert pain["trend"] == {"tendency": "too-few-ratings", "ratings": 0, "first_week": None, "latest_week": None}
    assert (pain["advice"], pain["relief"], pain["items"]) == ([], [], [])
    assert (pain["first_day"], pain["last_day"], pain["today"]) == (day(27), day(0), day(0))


def rated_at(first: int, last: int) -> dict[str, str]:
    """Where the sessions of these days are listed that were rated before they began."""
    return {"sessions_at": f"/v1/sessions?rated=before&first_day={day(first)}&last_day={day(last)}"}


async def test_six_ratings_make_no_trend_however_they_fall(service: httpx.AsyncClient, guest: Guest) -> None:
    await rate(service, guest, weeks([9, 9, 9, 9], [0, 0, 0, 0])[1:-1])
    trend = (await read_pain(service, guest))["trend"]
    assert trend == {"tendency": "too-few-ratings", "ratings": 6, "first_week": None, "latest_week": None}


async def test_a_clear_fall_over_weeks_is_told_with_both_weeks(service: httpx.AsyncClient, guest: Guest) -> None:
    await rate(service, guest, weeks([7, 7, 7, 8], [3, 3, 4, 3]))
    pain = await read_pain(service, guest)
    assert pain["trend"] == {
        "tendency": "clearly-lower",
        "ratings": 8,
        "first_week": {"first_day": day(29), "last_day": day(23), "ratings": 4, "mean": 7.3, **rated_at(29, 23)},
        "latest_week": {"first_day": day(6), "last_day": day(0), "ratings": 4, "mean": 3.3, **rated_at(6, 0)},
    }
    assert pain["advice"] == []


async def test_a_clear_rise_is_told_and_after_four_weeks_comes_with_advice(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await rate(service, guest, weeks([3, 3, 3, 3], [6, 6, 6, 6]))
    pain = await read_pain(service, guest)
    assert (pain["trend"]["tendency"], pain["advice"]) == ("clearly-higher", ["four-weeks-without-relief"])


@pytest.mark.parametrize(("first", "latest"), [([7] * 4, [6, 6, 6, 0]), ([3] * 4, [3, 3, 3, 10])])
async def test_one_rating_never_makes_a_verdict(
    service: httpx.AsyncClient, guest: Guest, first: list[int], latest: list[int]
) -> None:
    await rate(service, guest, weeks(first, latest))
    assert (await read_pain(service, guest))["trend"]["tendency"] == "no-clear-change"


async def test_the_days_of_a_span_have_their_mean_and_number_and_both_ends_belong_to_it(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await rate(service, guest, [(5, 9), (4, 2), (4, 3), (4, 3), (2, 0), (1, 9)])
    pain = await read_pain(service, guest, f"?first_day={day(4)}&last_day={day(2)}")
    assert pain["items"] == [
        {"day": day(4), "ratings": 3, "mean": 2.7, **rated_at(4, 4)},
        {"day": day(2), "ratings": 1, "mean": 0.0, **rated_at(2, 2)},
    ]
    for item in pain["items"]:
        listed = (await service.get(item["sessions_at"], headers=guest.headers)).json()["items"]
        assert len(listed) == item["ratings"]
    assert (pain["first_day"], pain["last_day"], pain["trend"]["ratings"]) == (day(4), day(2), 6)


@pytest.mark.parametrize(
    "query", ["first_day=2026-01-02&last_day=2026-01-01", "first_day=2024-01-01&last_day=2026-01-01"]
)
async def test_a_span_that_cannot_be_shown_whole_is_refused(
    service: httpx.AsyncClient, guest: Guest, query: str
) -> None:
    answer = await service.get(f"/v1/me/progress/pain?{query}", headers=guest.headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/days-out-of-range")


async def test_a_session_counts_by_the_worst_place_before_it_began(service: httpx.AsyncClient, guest: Guest) -> None:
    before = [rating(5), rating(2, region="shoulder")]
    session = await start(service, guest, pain_before=before)
    await complete(service, guest, session["id"], record={"ratings": [rating(9)]}, pain_after=[rating(8)])
    assert [(item["ratings"], item["mean"]) for item in (await read_pain(service, guest))["items"]] == [(1, 5.0)]


async def test_what_was_not_completed_does_not_count(service: httpx.AsyncClient, guest: Guest) -> None:
    for reason in ("pain", "no_time", None):
        session = await start(service, guest, pain_before=[rating(5)])
        if reason:
            path = f"/v1/sessions/{session['id']}/abandon"
            assert (await service.post(path, json={"reason": reason}, headers=guest.headers)).is_success
    pain = await read_pain(service, guest)
    assert (pain["trend"]["ratings"], pain["items"]) == (0, [])


async def relieve(service: httpx.AsyncClient, guest: Guest, after: Iterable[int]) -> list[str]:
    """Sessions that began at 5; their ids."""
    states = [await practise(service, guest, NOW, before=5, pain_after=[rating(value)]) for value in after]
    return [state["id"] for state in states]


async def test_relief_is_told_from_five_rated_sessions_on_and_not_before(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await relieve(service, guest, [3, 4, 5, 4])
    await practise(service, guest, NOW, before=5)
    await practise(service, guest, NOW, pain_after=[rating(0)])
    assert (await read_pain(service, guest))["relief"] == []
    await relieve(service, guest, [6])
    told = (await read_pain(service, guest))["relief"]
    assert {(item["lower"], item["rated"]) for item in told} == {(3, RELIEF_FROM)}
    assert len(told) == 5


async def test_a_mended_record_takes_relief_from_what_was_not_done(service: httpx.AsyncClient, guest: Guest) -> None:
    *_, last = await relieve(service, guest, [3] * RELIEF_FROM)
    session = (await service.get(f"/v1/sessions/{last}", headers=guest.headers)).json()
    record = {"steps": [done(work_steps(session)[0])], "ratings": [rating(7)]}
    answer = await service.put(f"/v1/sessions/{last}/record", json=record, headers=guest.headers)
    assert answer.is_success
    pain = await read_pain(service, guest)
    sessions = {"sessions_at": f"/v1/sessions?done={SIDE_BEND}&rated=both"}
    assert pain["relief"] == [{"exercise": SIDE_BEND, "lower": RELIEF_FROM, "rated": RELIEF_FROM, **sessions}]
    assert pain["items"] == [{"day": day(0), "ratings": RELIEF_FROM, "mean": 5.0, **rated_at(0, 0)}]


async def test_deleting_a_session_takes_its_ratings_out(service: httpx.AsyncClient, guest: Guest) -> None:
    await rate(service, guest, [(2, 8)])
    before = await read_pain(service, guest)
    ids = await relieve(service, guest, [3] * RELIEF_FROM)
    for session_id in ids:
        assert (await service.delete(f"/v1/sessions/{session_id}", headers=guest.headers)).is_success
        assert (await read_pain(service, guest))["relief"] == []
    assert await read_pain(service, guest) == before


@pytest.mark.parametrize("seed", range(2))
async def test_late_and_out_of_order_gives_the_same(service: httpx.AsyncClient, seed: int) -> None:
    rated = weeks([7, 6, 8, 7], [3, 2, 4, 3])
    straight, shuffled = [await open_guest(service, zone="UTC") for _ in range(2)]
    await rate(service, straight, rated)
    Random(seed).shuffle(rated)  # noqa: S311 - a seeded order for a test
    await rate(service, shuffled, rated)
    assert await read_pain(service, shuffled) == await read_pain(service, straight)


async def test_without_consent_nothing_is_rated_and_nothing_told(service: httpx.AsyncClient) -> None:
    unasked = await open_guest(service, consents=[])
    await practise(service, unasked, NOW)
    assert (await read_pain(service, unasked))["trend"]["ratings"] == 0
