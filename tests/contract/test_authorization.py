"""Who may do what with whose things: every operation of the document against every credential and foreign id.

Nothing here names an operation, so that a new one is covered by itself. What leads to somebody's own things has to be
known to `Victim`, and a test says so.
"""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from api.domain.permission import Scope
from tests.contract.probing import Operation, operations, require_problem
from tests.databases import rows_of
from tests.factories import Guest, answer_screening, complete, open_guest, rating, start
from tests.privacy.archives import exported
from tests.privacy.marking import dated, now, put, strings

OWNED = re.compile(r"(/v1/.*/\{(\w+)\})")
OF_EVERYBODY = {"/v1/me/consents/{consent}", "/v1/me/progress/levels/{exercise}", "/v1/me/routines/{slug}"}
"""Paths to what is the same for all."""
TRACE = "the-victims-own"


def secured(app: FastAPI) -> list[Operation]:
    return [operation for operation in operations(app) if operation.secured]


def scope_of(operation: Operation) -> str:
    [[scope]] = [scopes for row in operation.spec["security"] for scopes in row.values()]
    return str(scope)


async def ask(
    service: httpx.AsyncClient, operation: Operation, headers: dict[str, str], ids: "Ids | None" = None
) -> httpx.Response:
    url, query, body = operation.url, operation.query, operation.sent
    if ids:
        url, query, body = ids.url(operation), {**query, **ids.query(operation)}, ids.body(operation)
    return await service.request(operation.method, url, params=query, json=body, headers=headers)


@dataclass(frozen=True, slots=True)
class Ids:
    """What a request says of whose things it is about; `paths` by the path that leads there."""

    paths: dict[str, str]
    cursors: dict[str, str]

    def url(self, operation: Operation) -> str:
        leads = OWNED.match(operation.path)
        if leads is None or leads[1] in OF_EVERYBODY:
            return operation.url
        assert leads[1] in self.paths, f"{operation}: let `victim` own something there, or add it to OF_EVERYBODY"
        return operation.path.replace(f"{{{leads[2]}}}", self.paths[leads[1]])

    def query(self, operation: Operation) -> dict[str, str]:
        asked = [each for each in operation.spec.get("parameters", ()) if each["in"] == "query"]
        ids = [each["name"] for each in asked if each["schema"].get("format") == "uuid"]
        assert not ids, f"{operation}: let `Ids` know whose {ids} are"
        return {"cursor": self.cursors[operation.path]} if "cursor" in {each["name"] for each in asked} else {}

    def body(self, operation: Operation) -> Any:
        if operation.body is None:
            return None
        document, body = operation.document, operation.example
        for path, schema in strings(document, operation.body):
            if schema.get("format") == "uuid":
                body = put(document, operation.body, body, path, self.paths["/v1/sessions/{id}"])
            elif path == ("cursor",):
                body = put(document, operation.body, body, path, self.cursors[operation.path])
        return dated(document, operation.body, body, now())


@dataclass(frozen=True, slots=True)
class Victim:
    """Somebody who owns something of every kind."""

    person: Guest
    ids: Ids

    def traces(self) -> set[str]:
        return {TRACE, str(self.person.id), self.person.id.hex}


@pytest.fixture
async def victim(service: httpx.AsyncClient) -> Victim:
    person = await open_guest(service, app=TRACE, device=TRACE, weekly_target=1)
    await answer_screening(service, person)
    for _ in range(2):
        session = await start(service, person, pain_before=[rating(7)])
        await complete(service, person, session["id"], note=TRACE)
    token = {"name": TRACE, "scopes": ["sessions:read"]}
    made = [await service.post("/v1/me/tokens", json=token, headers=person.headers) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    devices = (await service.get("/v1/me/devices", headers=person.headers)).json()["items"]
    paths = {
        "/v1/sessions/{id}": session["id"],
        "/v1/me/devices/{id}": devices[0]["id"],
        "/v1/me/tokens/{id}": made[0].json()["id"],
        **await progress_of(service, person),
    }
    return Victim(person, Ids(paths, await cursors_of(service, person)))


async def progress_of(service: httpx.AsyncClient, person: Guest) -> dict[str, str]:
    """Ratings by themselves, a freeze and a notice; the ids by their paths."""
    given = [await service.post("/v1/me/ratings", json=rating(3), headers=person.headers) for _ in range(2)]
    frozen = f"/v1/me/freezes/{uuid4()}"
    days = {"first_day": "2026-01-01", "last_day": "2026-01-02"}
    assert (await service.put(frozen, json=days, headers=person.headers)).is_success
    notices = (await service.get("/v1/me/notices", headers=person.headers)).json()["items"]
    return {
        "/v1/me/ratings/{id}": given[0].json()["id"],
        "/v1/me/freezes/{id}": frozen.rpartition("/")[2],
        "/v1/me/notices/{id}": notices[0]["id"],
    }


async def cursors_of(service: httpx.AsyncClient, person: Guest) -> dict[str, str]:
    """By the path that gave them; each leads on to something of the person's."""
    cursors = {}
    for path in ("/v1/sessions", "/v1/me/ratings", "/v1/me/security-events"):
        page = (await service.get(path, params={"limit": 1}, headers=person.headers)).json()
        cursors[path] = page["next"]
    synced = await service.post("/v1/sync", json={"limit": 1}, headers=person.headers)
    cursors["/v1/sync"] = synced.json()["cursor"]
    assert all(cursors.values())
    return cursors


def missing(victim: Victim) -> Ids:
    """Ids that nobody has. A cursor is a place in an order, and its own owner's does as well as any."""
    return Ids(dict.fromkeys(victim.ids.paths, str(uuid4())), victim.ids.cursors)


async def bad_credentials(service: httpx.AsyncClient, url: str, victim: Victim) -> dict[str, str | None]:
    expired, revoked, other = [await open_guest(service) for _ in range(3)]
    rows_of(url, "UPDATE token SET expires_at = created_at WHERE user_id = :id", id=expired.id)
    rows_of(url, "UPDATE token SET revoked_at = created_at WHERE user_id = :id", id=revoked.id)
    secret = other.access_token.rpartition(f"{other.id.hex}_")[2]
    return {
        "none": None,
        "malformed": f"Bearer {victim.person.access_token[:-1]}",
        "expired": f"Bearer {expired.access_token}",
        "revoked": f"Bearer {revoked.access_token}",
        "a refresh token": f"Bearer {victim.person.refresh_token}",
        "somebody else's secret": f"Bearer uk_{victim.person.id.hex}_{secret}",
        "nobody's": f"Bearer uk_{uuid4().hex}_{secret}",
    }


async def test_every_bad_credential_gets_the_same_answer_from_every_operation(
    service: httpx.AsyncClient, app: FastAPI, database_url: str, victim: Victim
) -> None:
    bad = await bad_credentials(service, database_url, victim)
    for operation in secured(app):
        told = set()
        for kind, authorization in bad.items():
            headers = {"authorization": authorization} if authorization else {}
            answer = await ask(service, operation, headers, victim.ids)
            problem = require_problem(answer, 401, "unauthenticated")
            assert not [trace for trace in victim.traces() if trace in answer.text], (operation, kind)
            told.add((problem["title"], problem["detail"], *sorted(problem)))
        assert len(told) == 1, (operation, told)


async def test_a_token_that_is_too_narrow_is_told_by_every_operation_which_scope_it_lacks(
    service: httpx.AsyncClient, app: FastAPI, database_url: str
) -> None:
    narrow = {scope: await open_guest(service) for scope in Scope}
    for lacked, guest in narrow.items():
        others = " ".join(other for other in Scope if other != lacked)
        rows_of(database_url, "UPDATE token SET scopes = :others WHERE user_id = :id", others=others, id=guest.id)
    for operation in secured(app):
        scope = scope_of(operation)
        problem = require_problem(await ask(service, operation, narrow[Scope(scope)].headers), 403, "scope-missing")
        assert f"`{scope}`" in problem["detail"], operation


async def test_somebody_elses_things_look_like_missing_ones_and_nothing_of_them_changes(
    service: httpx.AsyncClient, app: FastAPI, victim: Victim
) -> None:
    before = (await exported(service, victim.person)).parts()
    nobodys = missing(victim)
    for operation in secured(app):
        answers = [
            await ask(service, operation, (await open_guest(service)).headers, ids) for ids in (victim.ids, nobodys)
        ]
        theirs, none = answers
        assert theirs.status_code == none.status_code, (str(operation), theirs.text, none.text)
        if theirs.is_error:
            assert comparable(theirs) == comparable(none), operation
        assert not [trace for trace in victim.traces() if trace.encode() in theirs.content], operation
    assert (await exported(service, victim.person)).parts() == before


def comparable(answer: httpx.Response) -> dict[str, Any]:
    problem = answer.json()
    return {name: problem[name] for name in problem if name not in {"instance", "request_id"}}


async def test_each_foreign_id_is_one_that_its_owner_reaches(
    service: httpx.AsyncClient, app: FastAPI, victim: Victim
) -> None:
    """Otherwise the answers would be the same for another reason."""
    gets = {each.path for each in secured(app) if each.method == "GET"}
    for path, owned in victim.ids.paths.items():
        listed = path.rpartition("/")[0]
        answer = await service.get(listed if listed in gets else path, headers=victim.person.headers)
        assert owned in answer.text, path
        assert UUID(owned)
