"""The offline pack: whole, the same as the single answers, and the same wherever it is made."""

import gzip
import hashlib
from pathlib import Path
from typing import Any

import brotli
import httpx
import pytest

from api.catalogue.content import load_content
from api.domain.dose import LEVELS
from api.main import create_app
from api.pack.answers import pack_answer
from api.pack.schemas import Pack
from api.settings import Settings
from tests.catalogue.apps import client, served
from tests.content.languages import CODE, copied
from tests.content.loaded import CONTENT, FOLDER

ROOMS = ("exercises", "routines", "vocabulary", "sources", "red-flags", "screening", "planner")


@pytest.fixture(scope="module")
def languages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("spoken") / "content")


async def packed(api: httpx.AsyncClient, query: str = "") -> dict[str, Any]:
    answer = await api.get(f"/v1/pack{query}")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


async def same_as_single(api: httpx.AsyncClient, pack: dict[str, Any]) -> None:
    for document in pack["documents"]:
        single = await api.get(document["path"], headers={"accept-encoding": "identity"})
        body = document["body"].encode()
        assert single.content == body, document["path"]
        assert single.headers["content-type"] == document["media_type"]
        assert single.headers["etag"] in document["etags"]
        assert (len(body), hashlib.sha256(body).hexdigest()) == (document["bytes"], document["sha256"])


async def test_every_document_is_the_single_answer_byte_for_byte() -> None:
    async with client(served()) as api:
        pack = await packed(api, "?lang=en")
        await same_as_single(api, pack)
    assert Pack.model_validate(pack).model_dump(mode="json") == pack


async def test_nothing_is_missing_and_nothing_is_there_twice() -> None:
    async with client(served()) as api:
        paths = [document["path"] for document in (await packed(api))["documents"]]
    expected = [f"/v1/{name}?lang=en" for name in ROOMS]
    expected += [f"/v1/exercises/{slug}?lang=en" for slug in CONTENT.exercises]
    for slug in CONTENT.routines:
        expected.append(f"/v1/routines/{slug}?lang=en")
        expected += [f"/v1/routines/{slug}/timeline?level={level}&lang=en" for level in LEVELS]
    assert sorted(paths) == sorted(expected)


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
async def test_the_tags_of_a_document_revalidate_it_in_whatever_coding(coding: str) -> None:
    async with client(served()) as api:
        for document in (await packed(api))["documents"]:
            headers = {"accept-encoding": coding, "if-none-match": ", ".join(document["etags"])}
            assert (await api.get(document["path"], headers=headers)).status_code == 304, document["path"]


async def test_it_is_coded_and_conditional() -> None:
    async with client(served()) as api:
        for coding, decode in (("br", brotli.decompress), ("gzip", gzip.decompress)):
            async with api.stream("GET", "/v1/pack", headers={"accept-encoding": coding}) as answer:
                raw = b"".join([chunk async for chunk in answer.aiter_raw()])
            assert answer.headers["content-encoding"] == coding
            assert decode(raw) == pack_answer(CONTENT, "en").body
            tag = {"accept-encoding": coding, "if-none-match": answer.headers["etag"]}
            again = await api.get("/v1/pack", headers=tag)
            assert (again.status_code, again.content) == (304, b"")


def test_equal_content_gives_equal_bytes() -> None:
    assert pack_answer(load_content(FOLDER), "en").body == pack_answer(CONTENT, "en").body


async def test_a_server_prepares_it_and_then_only_sends_it(
    fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.catalogue.pictures.BETWEEN_S", 0)
    app = create_app(Settings(database_url=fresh_database_url), load_content(FOLDER))
    expected = pack_answer(CONTENT, None).body
    async with app.router.lifespan_context(app), client(app) as api:
        await app.state.prepared
        monkeypatch.setattr("api.pack.answers.packed", None)
        monkeypatch.setattr("api.catalogue.figures.made", None)
        assert (await api.get("/v1/pack")).content == expected
        assert (await api.get("/v1/pack/figures")).json()["documents"]


async def test_other_answers_are_sent_while_it_is_prepared(fresh_database_url: str) -> None:
    app = create_app(Settings(database_url=fresh_database_url), load_content(FOLDER))
    async with app.router.lifespan_context(app), client(app) as api:
        assert (await api.get("/v1/exercises")).status_code == 200
        assert not app.state.prepared.done()
    assert app.state.prepared.cancelled()


async def test_a_language_that_is_not_there_is_a_problem() -> None:
    async with client(served()) as api:
        answer = await api.get("/v1/pack?lang=xx")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/language-unknown")


async def test_a_translation_that_nobody_has_reviewed_comes_when_asked_for_by_name(languages: Path) -> None:
    async with client(create_app(content=load_content(languages))) as api:
        pack = await packed(api, f"?lang={CODE}")
        assert (pack["language"], pack["translation"]) == (CODE, "machine")
        await same_as_single(api, pack)
        usual = await api.get("/v1/pack", headers={"accept-language": CODE})
        assert usual.headers["content-language"] == "en"


async def test_the_drawings_are_a_still_of_every_side_in_both_themes_as_their_addresses_give_them() -> None:
    async with client(served()) as api:
        pack = (await api.get("/v1/pack/figures")).json()
        told = [(await api.get(f"/v1/exercises/{slug}")).json()["figures"]["items"] for slug in CONTENT.exercises]
        stills = [url for items in told for item in items for url in item["still"].values()]
        assert sorted(document["path"] for document in pack["documents"]) == sorted(stills)
        await same_as_single(api, pack | {"documents": pack["documents"][::20]})
