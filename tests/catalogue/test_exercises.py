from collections.abc import AsyncIterator, Callable
from itertools import cycle

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from api.catalogue import schemas
from api.catalogue.answers import catalogue_answers
from api.domain.exercise import Exercise
from api.pack.answers import pack_answers
from api.routines.answers import routine_answers
from api.web.middleware import Trace
from api.web.ready import ReadyTable
from tests.catalogue.apps import client, declared, served
from tests.content.loaded import CONTENT
from tests.domain.exercises import DOG, HANG, NECK, ROLLER, SEED, SHRUG

ALL = list(CONTENT.exercises)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api() -> AsyncIterator[httpx.AsyncClient]:
    async with client(served()) as opened:
        yield opened


async def test_the_table_and_the_declared_routes_send_the_same_for_every_key() -> None:
    answers = {**catalogue_answers(CONTENT), **routine_answers(CONTENT), **pack_answers(CONTENT)}
    table = Trace(ReadyTable(FastAPI(telemetry=None), answers))
    async with client(table) as one, client(declared()) as other:
        for (path, query), coding in zip(answers, cycle(("br", "gzip", "identity")), strict=False):
            url = f"{path}?{query.decode()}" if query else path
            headers = {"x-request-id": "same", "accept-encoding": coding}
            listed, routed = await one.get(url, headers=headers), await other.get(url, headers=headers)
            assert listed.status_code == routed.status_code == 200
            assert listed.content == routed.content
            assert listed.headers == routed.headers, url


async def test_the_list_is_whole_and_of_summaries(api: httpx.AsyncClient) -> None:
    body = (await api.get("/v1/exercises")).json()
    assert [item["id"] for item in body["items"]] == ALL
    assert body["content_version"] == CONTENT.version
    assert "steps" not in body["items"][0]


async def found(api: httpx.AsyncClient, query: str) -> list[str]:
    response = await api.get(f"/v1/exercises?{query}")
    assert response.status_code == 200
    return [item["id"] for item in response.json()["items"]]


def tools(exercise: Exercise) -> tuple[str, ...]:
    return (*exercise.setting.equipment.required, *exercise.setting.equipment.optional)


def tags(exercise: Exercise) -> set[str]:
    return {contraindication.tag for contraindication in exercise.contraindications}


@pytest.mark.parametrize(
    ("query", "of_the_five", "passes"),
    [
        ("muscle=rhomboids", {ROLLER}, lambda e: "rhomboids" in {use.muscle for use in e.uses()}),
        ("equipment=pull_up_bar", {HANG}, lambda e: "pull_up_bar" in tools(e)),
        ("equipment=chair", {NECK, SHRUG}, lambda e: "chair" in tools(e)),
        ("position=sit", {NECK, SHRUG}, lambda e: "sit" in e.setting.position),
        ("kind=release", {ROLLER}, lambda e: e.kind == "release"),
        ("no_floor=true", {NECK, HANG, SHRUG}, lambda e: not e.setting.space.floor or e.setting.space.bed),
        ("no_floor=false", {*SEED}, bool),
        ("quiet=true", {DOG, NECK, HANG, SHRUG}, lambda e: e.setting.space.noise == "silent"),
        ("avoid=glaucoma", {ROLLER, NECK, HANG, SHRUG}, lambda e: "glaucoma" not in tags(e)),
        ("avoid=shoulder_acute_injury", {ROLLER, NECK}, lambda e: "shoulder_acute_injury" not in tags(e)),
        ("position=sit&kind=dynamic", {SHRUG}, lambda e: "sit" in e.setting.position and e.kind == "dynamic"),
    ],
)
async def test_filters_hold_all_at_once(
    api: httpx.AsyncClient, query: str, of_the_five: set[str], passes: Callable[[Exercise], bool]
) -> None:
    listed = await found(api, query)
    assert {*listed} & {*SEED} == of_the_five
    assert listed == [exercise.id for exercise in CONTENT.exercises.values() if passes(exercise)]


@pytest.mark.parametrize(
    ("query", "of_the_five"),
    [
        ("foam", {ROLLER}),
        ("dead%20hang", {HANG}),
        ("scalenes", {NECK}),
        ("shoulder%20shrug", {SHRUG}),
        ("shruging", {SHRUG}),
        ("downwrad", {DOG}),
        ("DOWN+DOG", {DOG}),
    ],
)
async def test_words_find_names_aliases_and_muscles(api: httpx.AsyncClient, query: str, of_the_five: set[str]) -> None:
    assert {*await found(api, f"q={query}")} & {*SEED} == of_the_five


@pytest.mark.parametrize("query", ["zebra", "%3F"])
async def test_words_that_name_nothing_find_nothing(api: httpx.AsyncClient, query: str) -> None:
    assert await found(api, f"q={query}") == []


async def test_a_filtered_list_can_be_revalidated(api: httpx.AsyncClient) -> None:
    first = await api.get("/v1/exercises?kind=release")
    assert first.headers["cache-control"].startswith("public")
    again = await api.get("/v1/exercises?kind=release", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status", "problem"),
    [
        ("/v1/exercises?muscle=biceps", 404, "word-unknown"),
        ("/v1/exercises?avoid=knee", 404, "word-unknown"),
        ("/v1/exercises?lang=xx", 404, "language-unknown"),
        (f"/v1/exercises/{NECK}?lang=xx", 404, "language-unknown"),
        ("/v1/exercises/chin-tuck", 404, "not-found"),
        ("/v1/exercises?kind=yoga", 422, "invalid"),
        ("/v1/exercises?no_floor=yes", 422, "invalid"),
        ("/v1/exercises?no_floor=1", 422, "invalid"),
        ("/v1/exercises?q=", 422, "invalid"),
        ("/v1/exercises?muscel=rhomboids", 422, "invalid"),
        ("/v1/exercises?lang=en&lang=en", 422, "invalid"),
    ],
)
async def test_what_cannot_be_answered_is_a_problem(
    api: httpx.AsyncClient, path: str, status: int, problem: str
) -> None:
    response = await api.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == f"/problems/{problem}"


@pytest.mark.parametrize("slug", ALL)
async def test_an_exercise_is_told_in_full_and_as_documented(api: httpx.AsyncClient, slug: str) -> None:
    body = (await api.get(f"/v1/exercises/{slug}")).json()
    assert schemas.ExerciseDetail.model_validate(body).model_dump(mode="json", exclude_none=True) == body
    assert set(body) <= set(schemas.ExerciseDetail.model_fields)
    assert body["review"]["status"] == "unreviewed"
    assert len(body["steps"]) == len(CONTENT.exercises[slug].steps)


async def test_steps_name_the_side_and_what_changes_on_the_second_one(api: httpx.AsyncClient) -> None:
    steps = {step["id"]: step for step in (await api.get(f"/v1/exercises/{NECK}")).json()["steps"]}
    assert steps["pull"]["cue"] == "Tip to the left."
    assert steps["pull"]["second_side"]["cue"] == "Tip to the right."
    assert "second_side" not in steps["gaze"]


async def test_every_number_names_its_origin(api: httpx.AsyncClient) -> None:
    dosage = (await api.get(f"/v1/exercises/{ROLLER}")).json()["dosage"]
    assert dosage["hold_s"]["facts"] == ["F50", "F52"]
    assert dosage["spots"]["by"] == "ours"
    assert dosage["spots"]["why"]


async def test_head_answers_like_get_without_a_body(api: httpx.AsyncClient) -> None:
    for url in ("/v1/exercises", "/v1/exercises?kind=release"):
        got, head = await api.get(url), await api.head(url)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == got.headers["etag"]
