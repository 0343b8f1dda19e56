"""What a phone did offline comes in by one request, session by session."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.sessions import keeping, living, starting
from tests.contract.probing import require_problem
from tests.factories import (
    Guest,
    answer_screening,
    complete,
    open_guest,
    rating,
    read_progress,
    session_request,
    start,
)

Json = dict[str, Any]
NOW = datetime.now(UTC)
LEFT = "1.neck-side-bend-rotation.set1.left.hold"


def lived(at: datetime = NOW - timedelta(days=2), **members: Any) -> Json:
    """A session that began then and was completed five minutes later."""
    began = session_request(started_at=at.isoformat(), pain_before=[rating(5)])
    ended = {"completed_at": (at + timedelta(minutes=5)).isoformat(), "pain_after": [rating(3)]}
    return {"start": began, "complete": ended, **members}


async def sync(service: httpx.AsyncClient, guest: Guest, *sessions: Json, **members: Any) -> Json:
    answer = await service.post("/v1/sync", json={"sessions": sessions, **members}, headers=guest.headers)
    assert answer.status_code == 200, answer.text
    synced: Json = answer.json()
    return synced


def verdicts(synced: Json) -> list[str]:
    return [verdict["verdict"] for verdict in synced["verdicts"]]


async def read(service: httpx.AsyncClient, guest: Guest, session_id: str) -> Json:
    session: Json = (await service.get(f"/v1/sessions/{session_id}", headers=guest.headers)).json()
    return session


def stopped_by_a_red_flag(at: datetime) -> Json:
    return {
        "start": session_request(started_at=at.isoformat()),
        "abandon": {"reason": "red_flag", "abandoned_at": at.isoformat()},
    }


def exercises_of(session: Json) -> list[str]:
    return [*dict.fromkeys(segment["exercise"] for segment in session["timeline"]["segments"])]


async def test_what_was_done_offline_is_kept_and_counted(service: httpx.AsyncClient, guest: Guest) -> None:
    days = [NOW - timedelta(days=n) for n in (1, 3, 2)]
    sent = [lived(at, record={"steps": [{"step": LEFT, "held_s": 12, "result": "done"}]}) for at in days]
    synced = await sync(service, guest, *sent)
    assert verdicts(synced) == ["applied"] * 3
    assert [verdict["id"] for verdict in synced["verdicts"]] == [one["start"]["id"] for one in sent]
    kept = await read(service, guest, sent[0]["start"]["id"])
    assert (kept["status"], kept["active_ms"], kept["record"]["steps"][0]["held_s"]) == ("completed", 300_000, 12)
    assert (kept["outcome"]["pain_change"], kept["outcome"]["progress"]["sessions"]) == (-2, 3)
    progress = await read_progress(service, guest)
    assert (progress["sessions"], progress["days_in_a_row"]) == (3, 3)


async def test_the_same_sync_again_finds_everything_done(service: httpx.AsyncClient, guest: Guest) -> None:
    sent = [lived(), lived(), lived()]
    assert verdicts(await sync(service, guest, *sent, sent[1])) == ["applied", "applied", "applied", "duplicate"]
    assert verdicts(await sync(service, guest, *reversed(sent))) == ["duplicate"] * 3
    assert (await read_progress(service, guest))["sessions"] == 3


async def test_copies_of_a_sync_that_come_at_once_keep_each_session_once(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    sent = [lived(), lived()]
    answers = await asyncio.gather(*(sync(service, guest, *sent) for _ in range(6)))
    assert sorted(verdicts(answer) for answer in answers) == [["applied"] * 2, *[["duplicate"] * 2] * 5]
    assert (await read_progress(service, guest))["sessions"] == 2


async def test_it_does_not_matter_which_calls_got_through_online(service: httpx.AsyncClient, guest: Guest) -> None:
    begun, done = lived(), lived()
    for one in (begun, done):
        await start(service, guest, **one["start"])
    await complete(service, guest, done["start"]["id"], **done["complete"])
    assert verdicts(await sync(service, guest, begun, done)) == ["updated", "duplicate"]
    again = await complete(service, guest, begun["start"]["id"], **begun["complete"])
    assert (await read_progress(service, guest))["sessions"] == again["outcome"]["progress"]["sessions"] == 2


async def test_a_session_may_be_told_of_before_it_ends_and_after(service: httpx.AsyncClient, guest: Guest) -> None:
    whole = lived(record={"steps": [{"step": LEFT, "held_s": 5, "result": "partial"}]})
    begun = {"start": whole["start"]}
    later = whole | {"record": {"steps": [{"step": LEFT, "held_s": 9, "result": "done"}]}}
    for sent, verdict in ((begun, "applied"), (whole, "updated"), (begun, "duplicate"), (later, "updated")):
        assert verdicts(await sync(service, guest, sent)) == [verdict]
    assert (await read(service, guest, whole["start"]["id"]))["record"]["steps"][0]["held_s"] == 9
    [held] = (await read_progress(service, guest, "/exercises"))["items"]
    assert (held["held_s"], held["sessions"]) == (9, 1)


async def test_one_that_is_refused_says_why_and_takes_no_other_with_it(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    gone = await start(service, guest)
    await service.delete(f"/v1/sessions/{gone['id']}", headers=guest.headers)
    ended = lived()
    await sync(service, guest, ended)
    timeless = lived()
    del timeless["complete"]["completed_at"]
    wrong: dict[str, Json] = {
        "/start time-ahead": lived(NOW + timedelta(minutes=20)),
        "/start time-too-old": lived(NOW - timedelta(days=31)),
        "/start session-deleted": {"start": session_request(id=gone["id"], started_at=NOW.isoformat())},
        "/start routine-unknown": {"start": session_request(routine="no-such", started_at=NOW.isoformat())},
        "/start time-missing": {"start": session_request()},
        "/start session-differs": {"start": {**ended["start"], "level": 4}},
        "/complete time-missing": timeless,
        "/complete session-ended": {"start": ended["start"], "complete": {**ended["complete"], "effort": 9}},
        "/abandon session-ended": {"start": ended["start"], "abandon": {"reason": "pain"}},
        "/record record-contradicts": lived(record={"steps": [{"step": "9.none", "result": "done"}]}),
        "/complete record-contradicts": lived(
            complete={"completed_at": NOW.isoformat(), "record": {"steps": [{"step": "9.none", "result": "done"}]}}
        ),
    }
    synced = await sync(service, guest, lived(), *wrong.values(), lived())
    assert verdicts(synced) == ["applied", *["rejected"] * len(wrong), "applied"]
    for place, (why, verdict) in enumerate(zip(wrong, synced["verdicts"][1:-1], strict=True), start=1):
        part, code = why.split()
        assert (verdict["pointer"], verdict["problem"]["type"]) == (f"/sessions/{place}{part}", f"/problems/{code}")
    online = await service.post("/v1/sessions", json=session_request(routine="no-such"), headers=guest.headers)
    assert synced["verdicts"][4]["problem"].keys() == online.json().keys()
    [fault] = synced["verdicts"][-2]["problem"]["errors"]
    assert fault["pointer"] == f"/sessions/{len(wrong)}/complete/record/steps/0/step"
    shown = synced["verdicts"][8]["problem"]["session"]
    assert (shown["id"], shown["status"]) == (ended["start"]["id"], "completed")
    assert (await read_progress(service, guest))["sessions"] == 3


async def test_nothing_done_is_refused_for_a_screening_or_a_lock_nor_held_to_its_level(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    stopped = stopped_by_a_red_flag(NOW - timedelta(hours=2))
    after = lived(NOW - timedelta(hours=1))
    after["start"]["level"] = 4
    assert verdicts(await sync(service, guest, stopped, after)) == ["applied"] * 2
    plan = (await read(service, guest, after["start"]["id"]))["plan"]
    assert (plan["level"], plan["held_because"], plan["changes"]) == (4, None, [])
    refused = await service.post("/v1/sessions", json=session_request(), headers=guest.headers)
    require_problem(refused, 403, "screening-stop")


async def test_a_lock_told_of_late_yields_to_answers_given_since(service: httpx.AsyncClient, guest: Guest) -> None:
    await answer_screening(service, guest)
    assert verdicts(await sync(service, guest, stopped_by_a_red_flag(NOW - timedelta(days=2)))) == ["applied"]
    assert (await start(service, guest))["status"] == "active"


async def test_the_plan_is_the_one_that_the_phone_followed(service: httpx.AsyncClient, guest: Guest) -> None:
    swapped = ["neck-side-bend-rotation", "shoulder-shrug-seated"]
    step = "2.shoulder-shrug-seated.set1.reps"
    sent = lived(items=swapped, record={"steps": [{"step": step, "reps": 8, "result": "done"}]})
    assert verdicts(await sync(service, guest, sent)) == ["applied"]
    kept = await read(service, guest, sent["start"]["id"])
    assert exercises_of(kept) == swapped
    assert kept["outcome"]["exercises"] == [{"exercise": "shoulder-shrug-seated", "held_s": 0, "reps": 8}]
    assert verdicts(await sync(service, guest, lived(items=["no-such-exercise"]))) == ["rejected"]


async def test_a_start_whose_answer_was_lost_takes_the_plan_that_was_followed_instead(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    step = "2.shoulder-shrug-seated.set1.reps"
    sent = lived(
        items=["neck-side-bend-rotation", "shoulder-shrug-seated"],
        record={"steps": [{"step": step, "reps": 8, "result": "done"}]},
    )
    await start(service, guest, **sent["start"])
    assert verdicts(await sync(service, guest, sent)) == ["updated"]
    kept = await read(service, guest, sent["start"]["id"])
    assert exercises_of(kept) == sent["items"]
    assert verdicts(await sync(service, guest, sent)) == ["duplicate"]


async def test_without_consent_what_needs_it_is_refused_and_the_rest_taken(service: httpx.AsyncClient) -> None:
    guest = await open_guest(service, consents=[])
    plain = {"start": session_request(started_at=NOW.isoformat())}
    synced = await sync(service, guest, lived(), plain)
    assert verdicts(synced) == ["rejected", "applied"]
    assert synced["verdicts"][0]["problem"]["type"] == "/problems/consent-required"


async def test_more_than_a_hundred_or_a_mebibyte_stores_nothing(service: httpx.AsyncClient, guest: Guest) -> None:
    many = {"sessions": [{"start": session_request(started_at=NOW.isoformat())} for _ in range(101)]}
    answer = await service.post("/v1/sync", json=many, headers=guest.headers)
    assert require_problem(answer, 422, "invalid")["errors"][0]["pointer"] == "/sessions"
    long = b" " * (1024 * 1024)
    headers = {**guest.headers, "content-type": "application/json"}
    for body, status in ((long[:-2] + b"{}", 200), (long[:-1] + b"{}", 413)):
        answer = await service.post("/v1/sync", content=body, headers=headers)
        assert answer.status_code == status
    spoilt = {"sessions": [lived(), lived(complete={"effort": 11})]}
    answer = await service.post("/v1/sync", json=spoilt, headers=guest.headers)
    assert require_problem(answer, 422, "invalid")["errors"][0]["pointer"] == "/sessions/1/complete/effort"
    assert (await service.get("/v1/sessions", headers=guest.headers)).json()["items"] == []


async def test_a_mistake_of_the_server_with_one_session_asks_for_that_one_again(
    service: httpx.AsyncClient, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, worse, good = lived(), lived(), lived()
    begin = starting.begun

    def mistaken(wanted: Any, session_id: Any, *rest: Any) -> Any:
        if str(session_id) == worse["start"]["id"]:
            raise KeyError("a bug")
        view = begin(wanted, session_id, *rest)
        row = {**view.row._asdict(), **({"level": 9} if str(session_id) == bad["start"]["id"] else {})}
        return keeping.new_view(row, view.ratings, view.plan)

    with monkeypatch.context() as patch:
        patch.setattr(living, "begun", mistaken)
        synced = await sync(service, guest, bad, worse, good)
    assert verdicts(synced) == ["retry", "retry", "applied"]
    assert [change["session"]["id"] for change in synced["changes"] if change["kind"] == "session"] == [
        good["start"]["id"]
    ]
    assert verdicts(await sync(service, guest, bad, worse, good)) == ["applied", "applied", "duplicate"]
    assert (await read_progress(service, guest))["sessions"] == 3


async def test_only_the_persons_own_app_syncs(service: httpx.AsyncClient) -> None:
    require_problem(await service.post("/v1/sync", json={}), 401, "unauthenticated")
