"""Where safety rests on a line that nobody has reviewed, the English stands beside it, and nowhere else."""

from collections.abc import Iterator
from typing import Any

import httpx

from tests.content.languages import CODE
from tests.factories import Guest, open_guest, screening_request, session_request

CARD = {"red_flags", "red_flags.items"}
CAUTIONS = {"timeline.segments.steps.cautions"}
SESSION = {"cautions", *CAUTIONS, "plan.changes.reasons"}
LEFT_OUT = {"left_out.for_safety.reason", "left_out.for_safety.because_of"}


async def told(api: httpx.AsyncClient, method: str, path: str, **sent: Any) -> tuple[Any, Any]:
    """The same in the language and in English."""
    answers = [await api.request(method, path, params={"lang": lang}, **sent) for lang in (CODE, "en")]
    assert {answer.status_code for answer in answers} <= {200, 201, 403}, answers[0].text
    return answers[0].json(), answers[1].json()


def beside(one: Any, english: Any, place: str = "") -> Iterator[str]:
    """The places where English stands beside, which must be what the answer in English says there."""
    if isinstance(one, list):
        for here, there in zip(one, english, strict=True):
            yield from beside(here, there, place)
    elif isinstance(one, dict):
        if words := one.get("english"):
            assert not english.get("english")
            assert words == said(words, english)
            yield place
        for name in one.keys() & english.keys() - {"english", "state"}:
            yield from beside(one[name], english[name], f"{place}.{name}".lstrip("."))


def said(words: str | dict[str, Any], english: dict[str, Any]) -> Any:
    """What English says there: the text, or the name, or several lines by their members."""
    if isinstance(words, str):
        return english.get("text", english.get("name"))
    return {name: english[name] for name in words}


async def places(api: httpx.AsyncClient, method: str, path: str, **sent: Any) -> set[str]:
    return set(beside(*await told(api, method, path, **sent)))


async def test_in_what_is_the_same_for_everybody(speaking: httpx.AsyncClient) -> None:
    assert await places(speaking, "GET", "/v1/screening") == {"", "questions", *CARD}
    assert await places(speaking, "GET", "/v1/red-flags") == {"", "items"}
    assert await places(speaking, "GET", "/v1/planner") == {"held", "unsafe", "refused"}
    assert await places(speaking, "GET", "/v1/exercises/foam-roller-upper-back") == {"cautions", "contraindications"}
    assert await places(speaking, "GET", "/v1/routines/seed-full") == CARD
    assert await places(speaking, "GET", "/v1/routines/seed-full/timeline") == {"segments.steps.cautions"}


async def test_in_every_question_and_every_reason_of_the_planner(speaking: httpx.AsyncClient) -> None:
    screening, english = await told(speaking, "GET", "/v1/screening")
    assert [q["english"] for q in screening["questions"]] == [q["text"] for q in english["questions"]]
    assert screening["english"] == {name: english[name] for name in ("introduction", "anything_new")}
    rules, _ = await told(speaking, "GET", "/v1/planner")
    assert all(row["english"] for kind in ("held", "unsafe", "refused") for row in rules[kind])
    assert not any(row.get("english") for kind in ("picked", "unfit") for row in rules[kind])


async def test_in_what_answers_permit_though_nothing_of_it_is_kept(speaking: httpx.AsyncClient) -> None:
    adapted = await screening_request(speaking, "wrist-or-grip")
    stopped = await screening_request(speaking, red_flags=["fever-stiff-neck"])
    result = "/v1/screening/result"
    assert await places(speaking, "POST", result, json=adapted) == {"exercises.reasons"}
    assert await places(speaking, "POST", result, json=stopped) == {"care"}


async def test_in_a_plan_and_in_a_refusal(speaking: httpx.AsyncClient) -> None:
    path, wish = "/v1/routines/plan", {"max_minutes": 10, "equipment": ["chair"]}
    careful = await screening_request(speaking, "arm-symptoms")
    del careful["answers"]["pregnancy"]
    found = await places(speaking, "POST", path, json={**wish, "screening": careful})
    assert found == {*CARD, *CAUTIONS, *LEFT_OUT, "plan.held_because", "plan.items.cautions"}
    asking = await screening_request(speaking, "under-18")
    refused = await places(speaking, "POST", path, json={**wish, "screening": asking})
    assert refused == {*CARD, *LEFT_OUT, "refusal", "refusal.care", "care"}
    stopped = await screening_request(speaking, red_flags=["chest-or-breath"])
    assert await places(speaking, "POST", path, json={**wish, "screening": stopped}) >= {
        "refusal",
        "refusal.care",
        "care",
    }


async def answered(api: httpx.AsyncClient, guest: Guest, *yes: str, **members: Any) -> None:
    sent = await screening_request(api, *yes, **members)
    assert (await api.put("/v1/me/screening", json=sent, headers=guest.headers)).is_success


async def test_in_what_is_made_for_one_person(speaking: httpx.AsyncClient) -> None:
    guest = await open_guest(speaking)
    await answered(speaking, guest, "floor-or-falls", "under-18")
    signed = {"headers": guest.headers}
    assert await places(speaking, "GET", "/v1/me/screening", **signed) == {"care", "exercises.reasons"}
    assert await places(speaking, "GET", "/v1/me/exercises", **signed) == {"care", "items.reasons"}
    routine = await places(speaking, "GET", "/v1/me/routines/bed", **signed)
    assert routine == {"care", "items.reasons", "items.stand_in_reasons"}
    nothing_new = {"json": {"anything_new": False}, **signed}
    assert "care" in await places(speaking, "POST", "/v1/me/screening/confirm", **nothing_new)


async def test_in_a_session_and_in_the_refusal_of_one(speaking: httpx.AsyncClient) -> None:
    guest = await open_guest(speaking)
    await answered(speaking, guest, "floor-or-falls")
    sessions = []
    for language in (CODE, "en"):
        sent = session_request(language=language)
        answer = await speaking.post("/v1/sessions", json=sent, headers=guest.headers)
        sessions.append(answer.json())
    assert set(beside(*sessions)) == SESSION
    await answered(speaking, guest, red_flags=["chest-or-breath"])
    problems = []
    for language in (CODE, "en"):
        sent = session_request(language=language)
        problems.append((await speaking.post("/v1/sessions", json=sent, headers=guest.headers)).json())
    assert problems[0]["type"] == "/problems/screening-stop"
    assert set(beside(*problems)) == {"care"}


async def test_of_what_is_to_be_asked_first(speaking: httpx.AsyncClient) -> None:
    timeline, english = await told(speaking, "GET", "/v1/routines/seed-full/timeline")
    asked = [
        [c for segment in one["segments"] for step in segment["steps"] for c in step.get("cautions", ())]
        for one in (timeline, english)
    ]
    first, second = ([c for c in cautions if c["code"] == "ask-first"] for cautions in asked)
    assert first
    assert [c["english"] for c in first] == [c["text"] for c in second]
