from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations
from typing import Any

import httpx
import pytest
import time_machine

from tests.factories import Guest, complete, rating, read_progress, start

Session = dict[str, Any]
HANG, SHRUG = "2.pull-up-bar-hang.set1.hang", "3.shoulder-shrug-seated.set1.reps"
LEFT = "1.neck-side-bend-rotation.set1.left.hold"


def work_steps(session: Session) -> list[Session]:
    steps = (step for segment in session["timeline"]["segments"] for step in segment["steps"])
    return [step for step in steps if step["kind"] in {"hold", "reps"}]


def done(step: Session, **members: Any) -> Session:
    """The step as its plan asked for it."""
    dose = {"reps": step["dose"]["reps"]} if step["kind"] == "reps" else {"held_s": step["dose"]["hold_s"]}
    return {"step": step["id"], "result": "done", **dose, **members}


async def put(service: httpx.AsyncClient, guest: Guest, session: Session, **record: Any) -> httpx.Response:
    return await service.put(f"/v1/sessions/{session['id']}/record", json=record, headers=guest.headers)


async def test_the_record_comes_back_as_it_was_sent(service: httpx.AsyncClient, guest: Guest) -> None:
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    session = await start(service, guest, started_at=began.isoformat())
    at, written = (began + timedelta(minutes=3)), (began + timedelta(minutes=9)).strftime("%Y-%m-%dT%H:%M:%SZ")
    hold = work_steps(session)[0]
    step = done(hold, side="left", result="partial", reason="pain")
    record: Session = {
        "steps": [step],
        "pauses": [{"from_ms": 1000, "to_ms": 2000}],
        "ratings": [rating(6, step=hold["id"], at=at.astimezone(timezone(timedelta(hours=1))).isoformat())],
        "recorded_at": written,
    }
    answer = (await put(service, guest, session, **record)).json()
    assert answer["record"]["steps"] == [{"reps": None, **step}]
    assert answer["record"]["pauses"] == record["pauses"]
    in_utc = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert answer["record"]["ratings"] == [rating(6, moment="worst", step=hold["id"], at=in_utc)]
    assert answer["record"]["recorded_at"] == written
    assert (await service.get(f"/v1/sessions/{session['id']}", headers=guest.headers)).json()["record"] == answer[
        "record"
    ]


async def test_the_latest_record_wins_in_whatever_order_they_arrive(service: httpx.AsyncClient, guest: Guest) -> None:
    hour = datetime.now(UTC) - timedelta(hours=3)
    for order in permutations(range(3)):
        session = await start(service, guest)
        steps = work_steps(session)
        for n in order:
            recorded_at = (hour + timedelta(minutes=n)).isoformat()
            answer = await put(service, guest, session, steps=[done(steps[n])], recorded_at=recorded_at)
            assert answer.status_code == 200
        assert [step["step"] for step in answer.json()["record"]["steps"]] == [steps[2]["id"]]


async def test_of_two_records_of_one_instant_the_same_one_wins_in_either_order(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    instant, kept = (datetime.now(UTC) - timedelta(hours=1)).isoformat(), []
    for order in permutations(range(2)):
        session = await start(service, guest)
        steps = work_steps(session)
        for n in order:
            answer = await put(service, guest, session, steps=[done(steps[n])], recorded_at=instant)
        kept.append(answer.json()["record"]["steps"])
    assert kept[0] == kept[1]


async def test_a_repeated_record_changes_nothing(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest)
    record = {"steps": [done(work_steps(session)[0])], "ratings": [rating(2)]}
    first, again = [(await put(service, guest, session, **record)).json() for _ in range(2)]
    assert first | {"server_time": ""} == again | {"server_time": ""}


async def test_ratings_of_a_later_record_replace_those_before_and_leave_the_others(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await start(service, guest, pain_before=[rating(4)])
    await put(service, guest, session, ratings=[rating(7)])
    answer = (await put(service, guest, session, ratings=[rating(5)])).json()
    assert [r["value"] for r in answer["record"]["ratings"]] == [5]
    assert [r["value"] for r in answer["pain_before"]] == [4]


@pytest.mark.parametrize(
    ("record", "pointer", "code"),
    [
        ({"steps": [{"step": "nonsense", "result": "done"}]}, "/steps/0/step", "unknown_step"),
        ({"pauses": [{"from_ms": 5, "to_ms": 4}]}, "/pauses/0/to_ms", "pause_backwards"),
        ({"ratings": [rating(3, step="nonsense")]}, "/ratings/0/step", "unknown_step"),
        ({"ratings": [rating(3, at="2020-01-01T00:00:00Z")]}, "/ratings/0/at", "before_start"),
        ({"steps": [{"step": HANG, "result": "done", "reps": 3}]}, "/steps/0/reps", "wrong_dose"),
        ({"steps": [{"step": SHRUG, "result": "done", "held_s": 3}]}, "/steps/0/held_s", "wrong_dose"),
        ({"steps": [{"step": LEFT, "result": "done", "side": "right"}]}, "/steps/0/side", "wrong_side"),
    ],
)
async def test_what_does_not_fit_the_plan_is_named_and_nothing_is_kept(
    service: httpx.AsyncClient, guest: Guest, record: dict[str, Any], pointer: str, code: str
) -> None:
    session = await start(service, guest)
    for prefix, answer in (
        ("", await put(service, guest, session, **record)),
        (
            "/record",
            await service.post(
                f"/v1/sessions/{session['id']}/complete", json={"record": record}, headers=guest.headers
            ),
        ),
    ):
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/record-contradicts")
        [fault] = answer.json()["errors"]
        assert (fault["pointer"], fault["code"]) == (prefix + pointer, code)
    state = (await service.get(f"/v1/sessions/{session['id']}", headers=guest.headers)).json()
    assert (state["status"], state["record"]) == ("active", None)


async def test_undated_records_go_by_their_arrival_whatever_the_devices_clock_says(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await start(service, guest)
    first, second = work_steps(session)[:2]
    await put(service, guest, session, steps=[done(first)])
    slow_clock = (datetime.now(UTC) - timedelta(minutes=3)).isoformat()
    final = {"steps": [done(second)], "recorded_at": slow_clock}
    state = await complete(service, guest, session["id"], record=final)
    assert [step["step"] for step in state["record"]["steps"]] == [second["id"]]


async def test_an_older_record_is_checked_like_any_other(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest)
    await put(service, guest, session, recorded_at=datetime.now(UTC).isoformat())
    hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    older = await put(service, guest, session, steps=[{"step": "nonsense", "result": "done"}], recorded_at=hour_ago)
    assert older.status_code == 409


async def test_answers_at_the_check_ins_are_kept_beside_the_worst(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest)
    steps = [step for segment in session["timeline"]["segments"] for step in segment["steps"]]
    asked = [step["id"] for step in steps if step["kind"] == "check_in"]
    ratings = [rating(n, moment="check_in", step=step) for n, step in enumerate(asked)] + [rating(6)]
    kept = (await put(service, guest, session, ratings=ratings)).json()["record"]["ratings"]
    assert [(r["moment"], r["value"], r["step"]) for r in kept] == [
        *(("check_in", n, step) for n, step in enumerate(asked)),
        ("worst", 6, None),
    ]


async def test_one_place_is_rated_once_at_one_moment(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest)
    answer = await put(service, guest, session, ratings=[rating(3), rating(4)])
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/rating-repeated")
    assert (await put(service, guest, session, ratings=[rating(3), rating(4, region="arm")])).status_code == 200


async def test_a_step_named_twice_is_refused(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest)
    step = done(work_steps(session)[0])
    answer = await put(service, guest, session, steps=[step, step])
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "repeated_step")


async def test_a_step_is_held_or_counted_and_not_both(service: httpx.AsyncClient, guest: Guest) -> None:
    session = await start(service, guest)
    step = {"step": work_steps(session)[0]["id"], "result": "done", "held_s": 20, "reps": 3}
    answer = await put(service, guest, session, steps=[step])
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/steps/0")


async def test_times_ahead_are_refused_wherever_they_stand_in_a_record(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await start(service, guest)
    ahead = (datetime.now(UTC) + timedelta(minutes=6)).isoformat()
    for record in ({"recorded_at": ahead}, {"ratings": [rating(3, at=ahead)]}):
        answer = await put(service, guest, session, **record)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/time-ahead")


async def test_a_record_after_the_completion_is_taken_for_30_days_and_progress_follows(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await start(service, guest)
    await complete(service, guest, session["id"])
    hang = next(step for step in work_steps(session) if step["exercise"] == "pull-up-bar-hang")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=29)):
        renewed = await service.post("/v1/tokens/refresh", json={"refresh_token": guest.refresh_token})
        late = Guest(guest.id, renewed.json()["access_token"], renewed.json()["refresh_token"], guest.recovery_code)
        answer = await put(service, late, session, steps=[done(hang, held_s=17)])
        assert answer.json()["outcome"]["exercises"] == [{"exercise": "pull-up-bar-hang", "held_s": 17, "reps": 0}]
        [kept] = (await read_progress(service, late, "/exercises"))["items"]
        assert (kept["exercise"], kept["sessions"], kept["held_s"]) == ("pull-up-bar-hang", 1, 17)
        assert (await read_progress(service, late))["sessions"] == 1
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31)):
        renewed = await service.post("/v1/tokens/refresh", json={"refresh_token": late.refresh_token})
        later = Guest(guest.id, renewed.json()["access_token"], "", "")
        answer = await put(service, later, session, steps=[done(hang, held_s=18)])
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/time-too-old")
