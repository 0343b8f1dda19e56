"""A translation that nobody has reviewed: told when asked for by name, marked, English beside what is grave."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from api.catalogue.content import Content, load_content
from api.main import create_app
from tests.catalogue.apps import client
from tests.content.languages import CODE, copied, turned

ROLLER, ROUTINE = "/v1/exercises/foam-roller-upper-back", "/v1/routines/seed-full"
TIMELINE = f"{ROUTINE}/timeline"
EVERYTHING = (
    "/v1/exercises",
    ROLLER,
    "/v1/routines",
    ROUTINE,
    TIMELINE,
    "/v1/vocabulary",
    "/v1/sources",
    "/v1/red-flags",
    "/v1/screening",
)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return load_content(copied(tmp_path_factory.mktemp("spoken") / "content"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(spoken: Content) -> AsyncIterator[httpx.AsyncClient]:
    async with client(create_app(content=spoken)) as opened:
        yield opened


async def read(api: httpx.AsyncClient, path: str, lang: str = CODE) -> Any:
    return (await api.get(path, params={"lang": lang})).json()


@pytest.mark.parametrize("path", EVERYTHING)
async def test_everything_is_marked(api: httpx.AsyncClient, path: str) -> None:
    answer = await api.get(path, params={"lang": CODE})
    assert answer.headers["content-language"] == CODE
    assert (answer.json()["language"], answer.json()["translation"]) == (CODE, "machine")
    english = await read(api, path, "en")
    assert (english["language"], english["translation"]) == ("en", "source")


@pytest.mark.parametrize("path", [*EVERYTHING, "/v1/pack"])
async def test_no_header_chooses_it(api: httpx.AsyncClient, path: str) -> None:
    answer = await api.get(path, headers={"accept-language": f"{CODE}, en;q=0.1"})
    assert answer.headers["content-language"] == answer.json()["language"] == "en"


async def test_a_reviewed_one_is_negotiated_and_needs_no_english_beside_it(tmp_path: Path) -> None:
    content = load_content(copied(tmp_path / "content", reviewed=True))
    async with client(create_app(content=content)) as api:
        answer = await api.get(ROUTINE, headers={"accept-language": CODE})
        assert (answer.json()["language"], answer.json()["translation"]) == (CODE, "reviewed")
        assert "english" not in answer.text
        assert "english" not in (await api.get(TIMELINE, headers={"accept-language": CODE})).text


async def test_english_stands_beside_every_stop_and_no_other_caution(api: httpx.AsyncClient) -> None:
    told, english = await read(api, ROLLER), await read(api, ROLLER, "en")
    for caution, source in zip(told["cautions"], english["cautions"], strict=True):
        assert caution["text"] == turned(source["text"])
        assert caution.get("english") == (source["text"] if caution["severity"] == "stop" else None)
        assert "english" not in source


async def test_english_stands_beside_every_red_flag_and_what_to_do_then(api: httpx.AsyncClient) -> None:
    for card, source in (
        (await read(api, "/v1/red-flags"), await read(api, "/v1/red-flags", "en")),
        ((await read(api, ROUTINE))["red_flags"], (await read(api, ROUTINE, "en"))["red_flags"]),
    ):
        assert [flag["english"] for flag in card["items"]] == [flag["text"] for flag in source["items"]]
        assert card["english"] == {"introduction": source["introduction"], "care": source["care"]}
        assert "english" not in source


async def test_english_stands_beside_the_stops_of_a_timeline(api: httpx.AsyncClient) -> None:
    told, english = await read(api, TIMELINE), await read(api, TIMELINE, "en")
    stops = [caution for caution in shown(told) if caution["severity"] == "stop"]
    assert stops
    assert [c["english"] for c in stops] == [c["text"] for c in shown(english) if c["severity"] == "stop"]
    others = [caution for caution in shown(told) if caution["severity"] != "stop"]
    assert {caution["code"] for caution in others if "english" in caution} == {"ask-first"}
    assert not [c for c in shown(english) if "english" in c]


def shown(timeline: Any) -> Iterator[dict[str, Any]]:
    for segment in timeline["segments"]:
        for step in segment["steps"]:
            yield from step.get("cautions", ())


async def test_search_knows_every_language_whatever_the_answer_is_told_in(api: httpx.AsyncClient) -> None:
    for lang in ("en", CODE):
        found = (await api.get("/v1/exercises", params={"q": turned("foam roller"), "lang": lang})).json()["items"]
        assert "foam-roller-upper-back" in [item["id"] for item in found]


async def test_all_languages_are_listed_with_how_they_came_about(api: httpx.AsyncClient) -> None:
    told = await read(api, "/v1/vocabulary")
    assert {row["id"]: row["translation"] for row in told["languages"]} == {"en": "source", CODE: "machine"}
    assert {word["id"] for word in told["codes"]["translation"]} == {"source", "machine", "reviewed"}


async def test_what_the_answers_permit_is_marked_and_its_care_has_the_english_beside_it(api: httpx.AsyncClient) -> None:
    sent = {"version": "1.0.0", "answers": {}, "red_flags": ["fever-stiff-neck"]}
    told = (await api.post("/v1/screening/result", params={"lang": CODE}, json=sent)).json()
    english = (await api.post("/v1/screening/result", params={"lang": "en"}, json=sent)).json()
    assert (told["language"], told["translation"], english["translation"]) == (CODE, "machine", "source")
    assert told["care"]["text"] == turned(english["care"]["text"])
    assert (told["care"]["english"], english["care"]["english"]) == (english["care"]["text"], None)
