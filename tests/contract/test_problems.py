"""Every refusal is a problem of a kind of its own, explained by a page; a fault shows nothing of the inside."""

import logging
import re
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, insert

from api.domain.errors import Refusal
from api.main import create_app
from api.sessions.tables import Plan
from api.settings import Settings
from api.web.problems import all_refusals, status_of
from tests.content.loaded import CONTENT
from tests.contract.probing import operations, require_problem
from tests.factories import Guest

SECRET = "slipped disc, left"  # noqa: S105 - what a person might have written, not a credential
REFUSALS = [kind for kind in all_refusals() if kind.__module__.startswith("api.")]


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.code)
async def test_every_problem_type_opens_as_a_page_that_says_what_to_do(
    service: httpx.AsyncClient, kind: type[Refusal]
) -> None:
    page = await service.get(f"/problems/{kind.code}")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f"<code>{kind.code}</code>, status {status_of(kind)}" in page.text
    assert re.search(r"<h2>What to do</h2>\n<p>.{10,}</p>", page.text)


def test_every_kind_of_refusal_has_a_code_a_title_and_a_cure_of_its_own() -> None:
    for word in ("code", "title", "cure"):
        assert [kind for kind in REFUSALS if word not in kind.__dict__] == []
        told = [getattr(kind, word) for kind in REFUSALS]
        assert len(set(told)) == len(told), word
    assert [kind.code for kind in REFUSALS if not re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.code)] == []


def test_a_refusal_without_a_case_of_its_own_says_what_to_do() -> None:
    for kind in REFUSALS:
        assert kind().detail == kind.cure
        assert kind("It is Tuesday.").detail == "It is Tuesday."


async def test_what_is_asked_wrongly_is_answered_with_what_to_do(service: httpx.AsyncClient, guest: Guest) -> None:
    deleted = "01938a3e-7c00-7000-8000-00000000dead"
    for answer, cure in (
        (await service.get("/nowhere"), "Check the address"),
        (await service.post("/livez"), "`Allow`"),
        (await service.get("/v1/me"), "`Authorization: Bearer`"),
        (await service.get("/v1/me?x=1", headers=guest.headers), "`errors`"),
        (await service.get("/v1/sessions?cursor=x", headers=guest.headers), "without a cursor"),
        (await service.get(f"/v1/sessions/{deleted}", headers=guest.headers), "Check the id"),
    ):
        problem = require_problem(answer, answer.status_code)
        assert cure in problem["detail"]
        assert problem["detail"] != problem["title"]


def test_every_problem_that_the_document_names_exists(app: FastAPI) -> None:
    codes = {kind.code for kind in REFUSALS}
    for operation in operations(app):
        for status, response in operation.spec["responses"].items():
            named = set(re.findall(r"\]\(/problems/([a-z-]+)\)", response["description"]))
            assert named <= codes, (operation, status)
            assert bool(named) == (int(status) >= 400), (operation, status)


async def test_a_fault_is_a_problem_without_insides(
    service: httpx.AsyncClient, guest: Guest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("api.accounts.service.read_person", broken)
    with caplog.at_level(logging.ERROR, "unknot.web"):
        answer = await service.get("/v1/me", headers={**guest.headers, "x-request-id": "to-be-found"})
    problem = require_problem(answer, 500, "server-fault")
    assert problem["request_id"] == "to-be-found"
    for inside in (SECRET, "RuntimeError", "Traceback", ".py"):
        assert inside not in answer.text
    assert "RuntimeError" in caplog.text


async def test_an_answer_that_fails_its_schema_leaves_no_record_in_the_log(
    service: httpx.AsyncClient, guest: Guest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("api.accounts.service.read_person", lambda *_, **__: {"zone": SECRET})
    monkeypatch.setattr("api.sessions.routes.schemas.Sessions", lambda **_: {"next": SECRET, "items": [SECRET]})
    with caplog.at_level(logging.ERROR, "unknot.web"):
        for path in ("/v1/me", "/v1/sessions"):
            require_problem(await service.get(path, headers=guest.headers), 500, "server-fault")
    assert SECRET not in caplog.text
    assert caplog.text.count("unhandled error") == 2


async def test_a_broken_constraint_leaves_no_value_in_the_log(
    service: httpx.AsyncClient, guest: Guest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(db: Connection, **_: object) -> None:
        row = {"digest": SECRET, "document": b"", "created_at": datetime.now(UTC)}
        db.execute(insert(Plan), [row])
        db.execute(insert(Plan), [row])

    monkeypatch.setattr("api.accounts.service.change_person", broken)
    with caplog.at_level(logging.ERROR, "unknot.web"):
        answer = await service.patch("/v1/me", json={}, headers=guest.headers)
    require_problem(answer, 500, "server-fault")
    assert SECRET not in caplog.text
    assert "unhandled error" in caplog.text


async def test_a_unit_that_is_too_much_for_the_database_fails_alone(
    service: httpx.AsyncClient, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError(SECRET)

    with monkeypatch.context() as patched:
        patched.setattr("api.accounts.service.change_person", broken)
        answer = await service.patch("/v1/me", json={"weekly_target": 5}, headers=guest.headers)
        require_problem(answer, 500, "server-fault")
    answer = await service.patch("/v1/me", json={"weekly_target": 6}, headers=guest.headers)
    assert answer.json()["weekly_target"] == 6


async def test_without_its_store_the_server_lives_and_says_when_to_come_back(fresh_database_url: str) -> None:
    app = create_app(Settings(database_url=fresh_database_url), CONTENT)
    async with app.router.lifespan_context(app):
        pass
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://unknot.test") as client:
        assert (await client.get("/livez")).json() == {"status": "ok"}
        assert (await client.get("/v1/routines")).status_code == 200
        for answer in (await client.get("/readyz"), await client.post("/v1/accounts", json={})):
            require_problem(answer, 503, "unavailable")
            assert int(answer.headers["retry-after"]) > 0
