"""The title of a problem is in the language asked for, whichever path refused; the rest is the same in each."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from api.catalogue.content import Content, load_content
from api.main import create_app
from api.settings import Settings
from api.web.problems import english_titles
from api.web.titles import Titles
from tests.content.languages import CODE, copied, turned
from tests.content.loaded import FOLDER

REFUSALS = english_titles()
UNKNOWN = "/v1/exercises/nothing"
HUGE = {"x-padding": "a" * 20_000}
PREFLIGHT = {"origin": "https://elsewhere.test", "access-control-request-method": "TRACE"}
SETTINGS = Settings(rate_limit_per_minute=600, allowed_origins=("https://app.test",))


@pytest.fixture(scope="module", params=["machine", "reviewed"])
def spoken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Content:
    folder = tmp_path_factory.mktemp("spoken") / "content"
    return load_content(copied(folder, reviewed=request.param == "reviewed"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(spoken: Content) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(SETTINGS, spoken), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://unknot.test") as client:
        yield client


@pytest.mark.check
def test_every_language_has_a_title_for_every_problem_and_for_no_other() -> None:
    content = load_content(FOLDER, REFUSALS)
    assert {code for code in content.languages if code != "en"} == set(content.problems)
    for titles in content.problems.values():
        assert set(titles) == set(REFUSALS)


@pytest.mark.parametrize(
    ("method", "url", "headers", "code"),
    [
        ("GET", f"{UNKNOWN}?lang={CODE}", {}, "not-found"),
        ("GET", f"/v1/exercises?lang={CODE}&muscle=nothing", {}, "word-unknown"),
        ("GET", f"/v1/exercises?lang={CODE}&kind=nothing&x=1", {}, "invalid"),
        ("GET", f"/v1/exercises?x=%ff&lang=%71aa&lang={CODE}", {}, "invalid"),
        ("POST", f"/v1/accounts?lang={CODE}", {}, "invalid"),
        ("GET", f"/v1/me?lang={CODE}", {}, "invalid"),
        ("GET", f"/nowhere?lang={CODE}", {"accept-language": "en"}, "not-found"),
        ("POST", f"/v1/exercises?lang={CODE}", {}, "method-not-allowed"),
        ("GET", f"/readyz?lang={CODE}", HUGE, "headers-too-large"),
        ("OPTIONS", f"/v1/me?lang={CODE}", PREFLIGHT, "preflight-refused"),
    ],
)
async def test_a_language_named_in_the_query_is_answered_in(
    api: httpx.AsyncClient, spoken: Content, method: str, url: str, headers: dict[str, str], code: str
) -> None:
    answer = await api.request(method, url, headers=headers)
    problem = answer.json()
    assert (problem["type"], problem["title"]) == (f"/problems/{code}", turned(REFUSALS[code]))
    assert problem["translation"] == spoken.languages[CODE].translation
    assert answer.headers["content-language"] == CODE
    assert answer.headers["cache-control"] == "no-store"
    assert "Accept-Language" not in answer.headers.get("vary", "")


async def test_a_fault_and_a_limit_speak_the_language_too(spoken: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.catalogue.routes.exercise_answer", None)
    app = create_app(Settings(rate_limit_per_minute=1), spoken)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://unknot.test") as client:
        answers = [await client.get(f"{UNKNOWN}?lang={CODE}") for _ in range(2)]
    assert [answer.json()["title"] for answer in answers] == [
        turned(REFUSALS["server-fault"]),
        turned(REFUSALS["too-many-requests"]),
    ]


@pytest.mark.parametrize("wanted", [f"{CODE}, en;q=0.5", f"fr, {CODE}-x-home;q=0.9"])
async def test_a_header_chooses_among_what_was_reviewed(api: httpx.AsyncClient, spoken: Content, wanted: str) -> None:
    for url in (UNKNOWN, f"{UNKNOWN}?lang=xx"):
        answer = await api.get(url, headers={"accept-language": wanted})
        problem, reviewed, english = answer.json(), spoken.languages[CODE].reviewed, REFUSALS["not-found"]
        assert problem["title"] == (turned(english) if reviewed else english)
        assert problem.get("translation") == ("reviewed" if reviewed else None)
        assert answer.headers.get("content-language") == (CODE if reviewed else None)


async def test_only_an_answer_that_a_header_can_change_varies_by_it(api: httpx.AsyncClient, spoken: Content) -> None:
    for url, by_header in ((UNKNOWN, spoken.languages[CODE].reviewed), (f"{UNKNOWN}?lang=en", False)):
        for headers in ({}, {"accept-language": CODE}, {"accept-language": "en"}):
            vary = (await api.get(url, headers=headers)).headers.get("vary", "")
            assert ("Accept-Language" in vary) == by_header
    refused = await api.options(UNKNOWN, headers=PREFLIGHT)
    assert refused.headers["vary"].startswith("Origin")


async def test_english_is_what_stands_in_for_a_title_that_is_missing(spoken: Content) -> None:
    app = create_app(SETTINGS, spoken)
    app.state.titles = Titles(told={CODE: {}}, states={CODE: "machine"}, reviewed=("en",))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://unknot.test") as client:
        answer = await client.get(f"/nowhere?lang={CODE}")
    assert answer.json()["title"] == REFUSALS["not-found"]
    assert "translation" not in answer.json()
    assert "content-language" not in answer.headers


async def test_an_app_finds_the_titles_of_all_problems_in_the_vocabulary(api: httpx.AsyncClient) -> None:
    for lang, said in (("en", str), (CODE, turned)):
        told = (await api.get("/v1/vocabulary", params={"lang": lang})).json()["problems"]
        assert {row["id"]: row["name"] for row in told} == {code: said(title) for code, title in REFUSALS.items()}
