"""Words, sources and warning signs: what answers refer to can be looked up."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import fields
from typing import Any

import httpx
import pytest
import pytest_asyncio

from api.catalogue import schemas
from api.catalogue.reference import files
from api.catalogue.walking import walk
from api.domain.exercise import Kind, Phase
from tests.catalogue.apps import client, served
from tests.content.loaded import CONTENT


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api() -> AsyncIterator[httpx.AsyncClient]:
    async with client(served()) as opened:
        yield opened


async def read(api: httpx.AsyncClient, path: str) -> dict[str, Any]:
    answer = await api.get(path)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    assert (told["language"], told["translation"], told["content_version"]) == ("en", "source", CONTENT.version)
    return told


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/v1/vocabulary", schemas.Vocabulary),
        ("/v1/sources", schemas.Sources),
        ("/v1/red-flags", schemas.RedFlags),
    ],
)
async def test_they_are_told_as_documented_and_can_be_revalidated(
    api: httpx.AsyncClient, path: str, schema: type[schemas.Vocabulary]
) -> None:
    body = await read(api, path)
    assert schema.model_validate(body).model_dump(mode="json", exclude_none=True) == body
    tag = (await api.get(path)).headers["etag"]
    again = await api.get(f"{path}?lang=en", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    refused = await api.get(f"{path}?lang=xx")
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/language-unknown")


async def test_every_word_that_a_filter_takes_has_a_name(api: httpx.AsyncClient) -> None:
    told = await read(api, "/v1/vocabulary")
    for name in ("regions", "muscles", "equipment", "positions", "contraindications"):
        assert [word["id"] for word in told[name]] == list(getattr(CONTENT.vocabulary, name))
        assert all(word["name"] for word in told[name])
    assert {word["id"] for word in told["codes"]["kind"]} == {kind.value for kind in Kind}
    assert {word["id"] for word in told["codes"]["phase"]} == {phase.value for phase in Phase}
    assert {"id": "en", "name": "English", "translation": "source"} in told["languages"]
    assert [language["id"] for language in told["languages"]] == list(CONTENT.languages)


async def test_every_closed_word_of_an_answer_has_a_name(api: httpx.AsyncClient) -> None:
    codes = {name: {w["id"] for w in words} for name, words in (await read(api, "/v1/vocabulary"))["codes"].items()}
    for slug in CONTENT.exercises:
        told = (await api.get(f"/v1/exercises/{slug}")).json()
        for name in ("kind", "status", "origin"):
            assert told[name] in codes[name]
        assert told["space"]["noise"] in codes["noise"]
        assert told["laterality"]["mode"] in codes["laterality"]
        assert {caution["severity"] for caution in told["cautions"]} <= codes["severity"]
        assert {entry["effect"] for entry in told["contraindications"]} <= codes["effect"]


async def test_a_source_tells_what_rests_on_it(api: httpx.AsyncClient) -> None:
    told = await read(api, "/v1/sources")
    items = {item["id"]: item for item in told["items"]}
    assert list(items) == list(CONTENT.sources)
    used = {(use["what"], use["id"]): use for use in items["delphi-rolling-2021"]["used_by"]}
    roller = used["exercise", "foam-roller-upper-back"]
    assert "contraindications.recent_fracture" in roller["fields"]
    assert roller["locators"] == ["Table of agreed contraindications and cautions"]
    flags = next(use for use in items["ifompt-2022"]["used_by"] if use["what"] == "red_flags")
    assert flags["fields"] == ["items.sudden-severe-headache"]
    asked = next(use for use in items["ifompt-2022"]["used_by"] if use["what"] == "screening")
    assert "questions.artery-or-stroke" in asked["fields"]
    planned = next(use for use in items["provide-traffic-light"]["used_by"] if use["what"] == "planner")
    assert planned["fields"] == ["lowest_from", "gentle_from"]
    assert [locator.partition(",")[0] for locator in planned["locators"]] == ["The orange zone", "The red zone"]
    assert "dosage.hold_s" in next(u for u in items["seed"]["used_by"] if u["id"] == "pull-up-bar-hang")["fields"]


def test_no_part_of_the_content_that_rests_on_a_source_is_left_out() -> None:
    listed = [value for _, value in files(CONTENT)]
    for part in fields(CONTENT):
        told = getattr(CONTENT, part.name)
        for value in told.values() if isinstance(told, Mapping) else [told]:
            assert value in listed or not any(hasattr(inner, "by") for _, inner in walk(value)), part.name


async def test_every_origin_leads_to_a_source_that_names_what_rests_on_it(api: httpx.AsyncClient) -> None:
    items = {item["id"]: item for item in (await read(api, "/v1/sources"))["items"]}
    for slug in CONTENT.exercises:
        told = (await api.get(f"/v1/exercises/{slug}")).json()
        named = {origin for origin in origins(told) if origin != "ours"} | {e["source"]["id"] for e in told["evidence"]}
        assert named
        for origin in named:
            assert slug in [use["id"] for use in items[origin]["used_by"]], origin


def origins(told: Any) -> Iterator[str]:
    children = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    for child in children:
        yield from origins(child)
    if isinstance(told, dict) and isinstance(told.get("by"), str):
        yield told["by"]


async def test_the_facts_that_answers_name_can_be_read(api: httpx.AsyncClient) -> None:
    told = await read(api, "/v1/sources")
    assert [fact["id"] for fact in told["facts"]] == [f"F{number}" for number in range(1, 70)]
    assert told["facts"][18] == {"id": "F19", "text": "Hold 20 to 30 seconds.", "carried_by": "neck-side-bend-rotation"}


async def test_the_terms_stand_with_the_plain_word_that_no_clinician_has_read_it(api: httpx.AsyncClient) -> None:
    told = await read(api, "/v1/sources")
    assert told["licence"]["id"] == "CC-BY-4.0"
    assert "Unknot (CC BY 4.0)" in told["licence"]["attribution"]
    assert told["review"]["status"] == "unreviewed"
    assert "Nobody with a clinical licence has reviewed" in told["review"]["note"]


async def test_the_card_is_the_one_that_every_routine_carries(api: httpx.AsyncClient) -> None:
    card = await read(api, "/v1/red-flags")
    for slug in CONTENT.routines:
        carried = (await api.get(f"/v1/routines/{slug}")).json()["red_flags"]
        assert carried.items() <= card.items()
