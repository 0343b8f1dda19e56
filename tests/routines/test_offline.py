"""A phone without a network plans as the service does, and says the same words."""

import random
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio

from api.routines.planner_schemas import PlannerRules
from tests.catalogue.apps import client, served
from tests.content.loaded import CONTENT
from tests.domain.planning import ALL_NO, FLAGS, TOOLS
from tests.routines.offline import Phone

LIMITS = ("no_floor", "seated", "cannot_hang", "quiet", "in_public", "no_wall")
WISHES = 120


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api() -> AsyncIterator[httpx.AsyncClient]:
    async with client(served()) as opened:
        yield opened


def wish(dice: random.Random) -> dict[str, Any]:
    """Like what people ask: mostly all questions answered, mostly with no."""
    yes = dice.sample(sorted(ALL_NO), dice.choice([0, 0, 1, 1, 2, 3]))
    left_open = dice.sample(sorted(ALL_NO), dice.choice([0, 0, 0, 1, 3, 18]))
    answers = {q: "yes" if q in yes else "no" for q in ALL_NO if q not in left_open}
    flags = [dice.choice(FLAGS)] if dice.random() < 0.05 else []
    asked = {
        "max_minutes": dice.choice([1, 2, 3, 5, 8, 10, 15, 20, 40]),
        "equipment": dice.sample(TOOLS, dice.randrange(len(TOOLS) + 1)),
        "limits": dice.sample(LIMITS, dice.choice([0, 0, 1, 2])),
        "region": dice.choice(["neck", "upper_back", "shoulder_blade"]),
        "side": dice.choice(["left", "right", "both"]),
        "focus": dice.choice(["loosen", "loosen", "strengthen", "calm"]),
        "screening": {"version": CONTENT.screening.version, "answers": answers, "red_flags": flags},
    }
    return asked | ({"pain_now": dice.randrange(11)} if dice.random() < 0.7 else {})


def decision(answer: dict[str, Any]) -> dict[str, Any]:
    """What the service decided, in the form in which the phone does."""
    refusal, plan, out = answer.get("refusal"), answer.get("plan"), answer["left_out"]
    if refusal and refusal["code"] == "red-flag":
        return {"refused": "red-flag"}
    told = {
        "unsafe": {each["exercise"]: each["reason"]["code"] for each in out["for_safety"]},
        "unfit": {each["exercise"]: each["reason"]["code"] for each in out["for_limits"]},
    }
    if plan is None:
        return {**told, "refused": answer["refusal"]["code"]}
    items = [(item["exercise"], [reason["code"] for reason in item["reasons"]]) for item in plan["items"]]
    held = [reason["code"] for reason in plan["held_because"]]
    return {**told, "items": items, "level": plan["level"], "held": held, "ms": plan["total_ms"]["high"]}


async def test_a_phone_that_plans_by_the_pack_comes_to_the_same(api: httpx.AsyncClient) -> None:
    phone = Phone((await api.get("/v1/pack", params={"lang": "en"})).json())
    dice = random.Random(5)  # noqa: S311 - for repeatable tests
    seen: set[str] = set()
    for _ in range(WISHES):
        asked = wish(dice)
        answer = await api.post("/v1/routines/plan", json=asked)
        assert answer.status_code == 200, answer.text
        expected = decision(answer.json())
        assert phone.plan(asked) == expected, asked
        seen |= {expected.get("refused", "planned"), *expected.get("unsafe", {}).values(), *expected.get("held", ())}
    assert seen >= {"planned", "red-flag", "no-safe-routine", "excluded", "not-gentle", "open-question", "pain"}


async def test_the_words_of_every_reason_are_those_of_a_plan(api: httpx.AsyncClient) -> None:
    rules = (await api.get("/v1/planner")).json()
    words = {kind: {row["code"]: row["text"] for row in rules[kind]} for kind in ("picked", "held", "unsafe", "unfit")}
    asked = {"max_minutes": 10, "limits": ["seated"], "pain_now": 5}
    answer = (await api.post("/v1/routines/plan", json=asked)).json()
    assert answer["plan"]["held_because"]
    told = {
        "picked": [reason for item in answer["plan"]["items"] for reason in item["reasons"]],
        "held": answer["plan"]["held_because"],
        "unsafe": [each["reason"] for each in answer["left_out"]["for_safety"]],
        "unfit": [each["reason"] for each in answer["left_out"]["for_limits"]],
    }
    for kind, reasons in told.items():
        assert reasons
        assert {(reason["code"], reason["text"]) for reason in reasons} <= words[kind].items()


async def test_the_planner_is_public_and_as_documented(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/planner")
    body = answer.json()
    assert answer.headers["cache-control"].startswith("public")
    assert PlannerRules.model_validate(body).model_dump(mode="json", exclude_none=True) == body
    assert (body["review"]["status"], body["gentle_from"]["by"]) == ("unreviewed", "provide-traffic-light")
    again = await api.get("/v1/planner?lang=en", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
