from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from api.domain.dose import LEVELS
from api.domain.errors import NotFound
from api.domain.segment import StepKind
from api.domain.timeline import Timeline
from api.routines import schemas
from api.routines.service import digest_of, plan_for
from tests.catalogue.apps import client, served
from tests.content.loaded import CONTENT


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api() -> AsyncIterator[httpx.AsyncClient]:
    async with client(served()) as opened:
        yield opened


async def test_routines_come_whole_as_summaries_with_what_they_need(api: httpx.AsyncClient) -> None:
    items = {item["id"]: item for item in (await api.get("/v1/routines")).json()["items"]}
    assert list(items) == list(CONTENT.routines)
    routine = items["seed-full"]
    assert routine["reference"] is True
    assert [tool["id"] for tool in routine["equipment"]] == ["pull_up_bar", "chair", "foam_roller"]
    assert [position["id"] for position in routine["positions"]] == ["sit", "hang", "lie_back", "hands_and_feet"]
    assert routine["space"] == {"floor": True, "bed": False, "wall": False, "noise": "low", "privacy": "private"}
    assert all(item["total_ms"]["low"] < item["total_ms"]["high"] for item in items.values())


async def test_one_routine_is_the_article_and_another_is_where_to_begin(api: httpx.AsyncClient) -> None:
    items = (await api.get("/v1/routines")).json()["items"]
    assert [item["id"] for item in items if item["reference"]] == ["seed-full"]
    assert [item["id"] for item in items if item["recommended_first"]] == ["beginner"]


@pytest.mark.parametrize("slug", CONTENT.routines)
async def test_each_routine_is_told_in_full_and_as_documented(api: httpx.AsyncClient, slug: str) -> None:
    body = (await api.get(f"/v1/routines/{slug}")).json()
    assert schemas.RoutineDetail.model_validate(body).model_dump(mode="json", exclude_none=True) == body
    assert body["review"]["status"] == "unreviewed"


async def test_what_is_done_in_bed_needs_no_floor_and_makes_no_noise(api: httpx.AsyncClient) -> None:
    body = (await api.get("/v1/routines/bed")).json()
    assert body["space"] == {"floor": False, "bed": True, "wall": False, "noise": "silent", "privacy": "private"}


async def test_the_articles_order_says_which_rule_it_breaks_and_why(api: httpx.AsyncClient) -> None:
    (excuse,) = (await api.get("/v1/routines/seed-full")).json()["order"]["breaks"]
    assert excuse["rule"] == "warm-up-first"
    assert "its order is kept" in excuse["why"]


async def test_a_routine_tells_its_order_its_frequency_and_the_red_flags(api: httpx.AsyncClient) -> None:
    body = (await api.get("/v1/routines/seed-full")).json()
    assert schemas.RoutineDetail.model_validate(body).model_dump(mode="json", exclude_none=True) == body
    assert [item["place"] for item in body["items"]] == [1, 2, 3, 4, 5]
    assert "article's own order" in body["order"]["text"]
    assert body["frequency"]["amount"]["per_week"]["by"] == "harvard-stretching"
    assert {flag["code"] for flag in body["red_flags"]["items"]} >= {"cervical-vascular", "fever-stiff-neck"}
    assert set(body["red_flags"]["care"]) == {"emergency", "same_day", "routine"}


async def test_totals_are_those_of_the_timelines(api: httpx.AsyncClient) -> None:
    body = (await api.get("/v1/routines/seed-full")).json()
    for total in body["totals"]:
        plan = plan_for(CONTENT, "seed-full", level=total["level"], language="en", ask_first=True)
        assert (total["low_ms"], total["high_ms"]) == (plan.outline.total_ms.low, plan.outline.total_ms.high)
    assert body["total_ms"] == {"low": body["totals"][0]["low_ms"], "high": body["totals"][-1]["high_ms"]}


@pytest.mark.parametrize("level", LEVELS)
async def test_a_timeline_is_served_as_documented_for_every_level(api: httpx.AsyncClient, level: int) -> None:
    body = (await api.get(f"/v1/routines/seed-full/timeline?level={level}")).json()
    assert body["level"] == level
    documented = schemas.Timeline.model_validate(body).model_dump(mode="json", exclude_none=True)
    assert documented == body


async def test_without_a_level_the_low_end_is_meant(api: httpx.AsyncClient) -> None:
    path = "/v1/routines/seed-full/timeline"
    one, other = await api.get(path), await api.get(f"{path}?level=0")
    assert one.content == other.content
    assert one.headers["etag"] == other.headers["etag"]


async def test_parameters_in_another_order_get_the_same_answer(api: httpx.AsyncClient) -> None:
    path = "/v1/routines/seed-full/timeline"
    one, other = await api.get(f"{path}?level=3&lang=en"), await api.get(f"{path}?lang=en&level=3")
    assert (one.status_code, one.headers["etag"]) == (200, other.headers["etag"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/routines/desk-50", 404),
        ("/v1/routines/desk-50/timeline", 404),
        ("/v1/routines?lang=xx", 404),
        ("/v1/routines/seed-full/timeline?lang=xx", 404),
        ("/v1/routines/seed-full/timeline?level=5", 422),
        ("/v1/routines/seed-full/timeline?level=-1", 422),
        ("/v1/routines/seed-full/timeline?level=01", 422),
        ("/v1/routines/seed-full/timeline?level=1.0", 422),
        ("/v1/routines/seed-full/timeline?level=", 422),
    ],
)
async def test_what_cannot_be_answered_is_a_problem(api: httpx.AsyncClient, path: str, status: int) -> None:
    response = await api.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


async def test_the_public_timeline_says_to_ask_first(api: httpx.AsyncClient) -> None:
    body = (await api.get("/v1/routines/seed-full/timeline")).json()
    assert body["ask_first"] is True
    plan = plan_for(CONTENT, "seed-full", level=0, language="en", ask_first=True)
    assert (await api.get("/v1/routines/seed-full/timeline")).content == plan.document


def test_a_plan_is_made_once_and_its_digest_is_of_what_is_served_and_of_what_it_asks() -> None:
    plan = plan_for(CONTENT, "seed-full", level=2, language="en", ask_first=False)
    assert plan is plan_for(CONTENT, "seed-full", level=2, language="en", ask_first=False)
    assert plan.digest == digest_of(plan.document, plan.ladder)
    assert len({plan.digest, digest_of(plan.document, {}), digest_of(plan.document + b" ", plan.ladder)}) == 3
    assert plan.exercises == tuple(item.exercise for item in CONTENT.routines["seed-full"].items)
    assert plan.digest != plan_for(CONTENT, "seed-full", level=2, language="en", ask_first=True).digest


def test_there_is_no_plan_for_an_unknown_routine() -> None:
    with pytest.raises(NotFound):
        plan_for(CONTENT, "desk-50", level=0, language="en", ask_first=True)


@pytest.mark.parametrize("slug", list(CONTENT.routines))
def test_nobody_has_to_tap_while_they_hold_hang_or_roll(slug: str) -> None:
    plan = plan_for(CONTENT, slug, level=0, language="en", ask_first=True)
    steps = Timeline.model_validate_json(plan.document).steps()
    tapped = {step.kind for step in steps if any(c.must_acknowledge for c in step.cautions)}
    assert tapped <= {StepKind.GET_READY}


async def test_the_totals_told_are_those_of_the_timelines_served(api: httpx.AsyncClient) -> None:
    for total in (await api.get("/v1/routines/seed-full")).json()["totals"]:
        timeline = (await api.get(f"/v1/routines/seed-full/timeline?level={total['level']}")).json()
        assert timeline["total_ms"] == {"low": total["low_ms"], "high": total["high_ms"]}


async def test_the_desk_break_says_how_long_it_takes(api: httpx.AsyncClient) -> None:
    desk = (await api.get("/v1/routines/desk-5")).json()
    assert "five exercises" in desk["name"]
    assert len(desk["items"]) == 5
    assert "in seven minutes or more" in desk["summary"]
    shortest = min(total["low_ms"] for total in desk["totals"])
    assert shortest // 60_000 == 7


async def test_strength_at_its_most_is_about_the_hour_a_week_of_its_source(api: httpx.AsyncClient) -> None:
    strength = (await api.get("/v1/routines/strength-3x")).json()
    assert any("One hour a week" in entry["locator"] for entry in strength["evidence"])
    a_week = strength["frequency"]["amount"]["per_week"]["high"] * strength["totals"][-1]["high_ms"]
    assert 55 <= a_week / 60_000 <= 70
