"""Drawings over HTTP: found through the exercise, good for ever, made when asked for and not before."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from api.catalogue import figures
from api.catalogue.pictures import DrawingBusy, Easel, picture_answer
from api.web.ready import FOR_EVER, ready
from tests.catalogue.apps import client, declared, served
from tests.content.loaded import CONTENT

NECK, NEEDLE, TUCK = "neck-side-bend-rotation", "thread-the-needle", "chin-tuck-seated"
PNG = b"\x89PNG\r\n\x1a\n"


def addresses(told: Any) -> Iterator[str]:
    """Everything that is an address in it."""
    if isinstance(told, str) and told.startswith("/v1/"):
        yield told
    for inner in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from addresses(inner)


async def figures_of(api: httpx.AsyncClient, slug: str, query: str = "") -> dict[str, Any]:
    told: dict[str, Any] = (await api.get(f"/v1/exercises/{slug}{query}")).json()["figures"]
    return told


async def test_every_address_of_an_exercise_gives_its_drawing_for_ever() -> None:
    async with client(served()) as api:
        told = await figures_of(api, NECK)
        assert [(item["side"], "left" in item["alt"]) for item in told["items"]] == [("left", True), ("right", True)]
        assert (told["licence"], told["size"]) == ("CC-BY-4.0", 720)
        small = [url for url in addresses(told) if not url.endswith(("2x.png", "3x.png"))]
        assert len(small) == len(set(small)) == 18
        for url in small:
            answer = await api.get(url)
            assert answer.status_code == 200, url
            assert answer.headers["cache-control"] == FOR_EVER
            assert answer.headers["content-type"] == figures.MEDIA[url.rpartition(".")[2]]
            assert "content-language" not in answer.headers
            again = await api.get(url, headers={"if-none-match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")


async def test_every_exercise_names_drawings_that_there_are_and_its_still_stands_in_the_list() -> None:
    async with client(served()) as api:
        listed = {item["id"]: item.get("figure") for item in (await api.get("/v1/exercises")).json()["items"]}
        for slug in CONTENT.exercises:
            told = await figures_of(api, slug)
            for url in addresses(told):
                *_, digest, name = url.split("/")
                assert (digest, name in figures.by_name(CONTENT, slug)) == (figures.digest(CONTENT, slug), True)
            stills = [item["still"]["light"] for item in told["items"]]
            assert listed[slug] == (stills[0] if stills else None)


async def test_what_cannot_be_shown_says_why_and_has_its_muscles_all_the_same() -> None:
    async with client(served()) as api:
        told = await figures_of(api, NEEDLE)
        assert told["items"] == []
        assert told["missing"]["view"] == "three_quarter"
        assert (await api.get(told["muscles"]["still"]["light"])).status_code == 200
        gone = await api.get(f"/v1/exercises/{NEEDLE}/figures/latest/amber-still-light.svg")
        assert gone.status_code == 404


@pytest.mark.parametrize("scale", [1, 2, 3])
async def test_a_png_is_as_large_as_it_says(scale: int) -> None:
    async with client(served()) as api:
        told = (await figures_of(api, TUCK))["items"][0]["png"][scale - 1]
        body = (await api.get(told["dark"])).content
    assert body.startswith(PNG)
    assert [int.from_bytes(body[at : at + 4], "big") for at in (16, 20)] == [told["size"]] * 2 == [320 * scale] * 2


@pytest.mark.parametrize(
    "path",
    [
        f"{NECK}/figures/0123456789abcdef/amber-still-left-light.svg",
        f"{NECK}/figures/latest/amber-still-light.svg",
        f"{NECK}/figures/latest/nobody-still-left-light.svg",
        f"{NECK}/figures/latest/amber-still-left-light-4x.png",
        "no-such-exercise/figures/latest/amber-still-light.svg",
    ],
)
async def test_a_drawing_that_there_is_not_is_not_found(path: str) -> None:
    async with client(served()) as api:
        answer = await api.get(f"/v1/exercises/{path}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


async def test_the_latest_drawing_is_the_same_and_kept_for_minutes_only() -> None:
    async with client(declared()) as api:
        named = await api.get((await figures_of(api, TUCK))["items"][0]["still"]["dark"])
        latest = await api.get(f"/v1/exercises/{TUCK}/figures/latest/amber-still-dark.svg")
    assert latest.content == named.content
    assert "immutable" not in latest.headers["cache-control"]


async def test_another_person_is_drawn_under_another_name() -> None:
    async with client(served()) as api:
        told = await figures_of(api, TUCK)
        url = told["items"][0]["still"]["light"]
        bodies = {(await api.get(url.replace("amber", person))).content for person in told["people"]}
    assert len(bodies) == len(told["people"]) == 4


async def test_nothing_is_drawn_before_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "made", None)
    async with client(served()) as api:
        assert (await api.get("/v1/exercises")).status_code == 200
        assert (await figures_of(api, NECK))["items"]


async def test_the_hash_follows_the_pose_the_tempo_and_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    before = figures.digest(CONTENT, TUCK)
    assert len({figures.digest(CONTENT, slug) for slug in CONTENT.exercises}) == len(CONTENT.exercises)
    other = replace(CONTENT, poses={TUCK: CONTENT.poses[NECK]})
    slower = replace(CONTENT, exercises={TUCK: CONTENT.exercises[NECK]})
    monkeypatch.setattr(figures, "made_by", lambda: b"another hand")
    anew = figures.digest.__wrapped__(CONTENT, TUCK)
    assert len({before, anew, figures.digest(other, TUCK), figures.digest(slower, TUCK)}) == 4


async def test_who_waits_too_long_for_a_drawing_is_told_to_come_back() -> None:
    answer = ready(lambda: b"drawn", language=None)
    with pytest.raises(DrawingBusy):
        await Easel(0).finished(answer)
    assert not answer.finished
    assert (await Easel(1).finished(answer)).body == b"drawn"
    assert (await Easel(0).finished(answer)) is answer


def test_as_many_drawings_are_kept_as_are_said() -> None:
    assert picture_answer.cache_info().maxsize == 128
