"""Days under a red flag are closed the same, in whichever order the server hears of flags, answers and sessions."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import httpx
import pytest

from tests.factories import Guest, answer_screening, open_guest, practise, read_progress, session_request
from tests.progress.test_weeks import NOON, NOW, WEEK

DAY = timedelta(days=1)
Event = tuple[str, datetime]
ORDERS = 12
FLAG, ANSWERS, DONE = "flag", "answers", "done"
OVER_AND_SETTLED = [(DONE, NOON - 3 * WEEK), (FLAG, NOON - 2 * WEEK), (ANSWERS, NOON - 2 * WEEK + 3 * DAY)]
STORIES: dict[str, list[Event]] = {
    "settled in its week": [*OVER_AND_SETTLED, (DONE, NOON - WEEK)],
    "settled, and there again": [*OVER_AND_SETTLED, (FLAG, NOON - WEEK), (DONE, NOON - WEEK - 2 * DAY)],
    "told twice before it is settled": [(DONE, NOON - 3 * WEEK), (FLAG, NOON - 2 * WEEK), (FLAG, NOON - WEEK)],
    "lasting over weeks, then settled": [
        (DONE, NOON - 3 * WEEK),
        (FLAG, NOON - 3 * WEEK + DAY),
        (ANSWERS, NOON - WEEK + DAY),
        (DONE, NOON - WEEK + 2 * DAY),
    ],
}


def ended(at: datetime, **end: Any) -> dict[str, Any]:
    return {"start": session_request(started_at=at.isoformat(), zone="UTC"), **end}


def lived(what: str, at: datetime) -> dict[str, Any]:
    if what == FLAG:
        return ended(at, abandon={"reason": "red_flag", "abandoned_at": at.isoformat()})
    return ended(at, complete={"completed_at": at.isoformat()})


async def tell(service: httpx.AsyncClient, guest: Guest, session: dict[str, Any]) -> None:
    """By sync alone, which no lock refuses."""
    answer = await service.post("/v1/sync", json={"sessions": [session]}, headers=guest.headers)
    assert answer.json()["verdicts"][0]["verdict"] in {"applied", "updated"}, answer.text


async def numbers(service: httpx.AsyncClient, events: tuple[Event, ...]) -> dict[str, Any]:
    guest = await open_guest(service, zone="UTC", weekly_target=1)
    for what, at in events:
        if what == ANSWERS:
            await answer_screening(service, guest, answered_at=at.isoformat())
        else:
            await tell(service, guest, lived(what, at))
    progress = await read_progress(service, guest)
    weeks = (await read_progress(service, guest, "/weeks"))["items"]
    return {
        "weeks": [(week["first_day"], week["state"], week["sessions"]) for week in weeks],
        **{name: progress[name] for name in ("weeks_on_target", "adherence")},
    }


@pytest.mark.parametrize("story", STORIES)
async def test_any_order_closes_the_same_days(service: httpx.AsyncClient, story: str) -> None:
    events = sorted(STORIES[story], key=lambda event: event[1])
    in_order = await numbers(service, tuple(events))
    assert "skipped" in {state for _, state, _ in in_order["weeks"]}
    orders = [*permutations(events)]
    for order in orders[:: -(-len(orders) // ORDERS)]:
        assert await numbers(service, order) == in_order, [what for what, _ in order]


async def test_a_record_that_is_mended_after_the_flag_was_settled_closes_no_more_days(
    service: httpx.AsyncClient,
) -> None:
    guest = await open_guest(service, zone="UTC", weekly_target=1)
    at = NOW - 9 * DAY
    await practise(service, guest, NOW - 16 * DAY)
    flag, told = lived(FLAG, at), []
    for sent in (flag, {**flag, "record": {"steps": [], "recorded_at": (at + DAY).isoformat()}}):
        await tell(service, guest, sent)
        await answer_screening(service, guest, answered_at=(at + 2 * DAY).isoformat())
        told.append((await read_progress(service, guest))["adherence"])
    assert told[0] == told[1]
    assert (await service.post("/v1/sessions", json=session_request(), headers=guest.headers)).status_code == 201
