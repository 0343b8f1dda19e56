"""A text put into every member of every request that takes one: all of it is exported, and after the erasure no byte.

The places come from the OpenAPI document, so that a new operation is covered by itself.
"""

import logging
from datetime import UTC, datetime, timedelta
from re import findall
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from api.privacy import sweeping
from tests.contract.probing import Operation, with_bodies
from tests.factories import PASSWORD, Guest, an_email, open_guest, register, start
from tests.files import found
from tests.privacy.archives import exported
from tests.privacy.marking import Place, places_in
from tests.privacy.test_erasure import ERASE

IDLE = timedelta(days=730)
RECEIVING = "mail.log"
"""The log of the server that the letters go to, which is somebody else's."""
NAMES_NOTHING = {
    "answer-unknown",
    "code-refused",
    "password-wrong",
    "plan-unknown",
    "record-contradicts",
    "routine-unknown",
    "sign-in-refused",
    "token-refused",
}
"""The problems that refuse a text where only certain words are taken."""
SIGNING_IN = {"email", "password", "current_password"}
ONLY_HASHED = {"password", "new_password"}
NOT_KEPT = {
    "POST /v1/sessions language": "It picks among the languages that there are.",
    "POST /v1/sync sessions/0/start/language": "It picks among the languages that there are.",
    "POST /v1/sync sessions/0/rungs/0/exercise": "It counts where the plan has that exercise.",
    "POST /v1/sync cursor": "It says how far a device has read.",
    "POST /v1/me/email email": "A letter goes there; it is kept once the code from it is shown.",
    "POST /v1/password-resets email": "It is looked up, and nobody has it.",
    "POST /v1/tokens/revoke token": "It is looked up, and nobody has it.",
}
"""Texts that are taken, and read, and forgotten."""


class Marked:
    """People who put a marker wherever one is taken: a guest, and somebody new wherever it is about signing in."""

    def __init__(self, service: httpx.AsyncClient) -> None:
        self.service = service
        self.people: list[Guest] = []
        self.kept: set[str] = set()
        self.gone: set[str] = set()

    async def put(self, place: Place) -> None:
        email = an_email()
        person = await self.person_for(place, email)
        url = await self.url_of(place.operation, person)
        own = own_members(place, person, email)
        other = {"email", "password"} if "recovery_code" in own else set()
        body = with_new_ids({name: value for name, value in {**place.body, **own}.items() if name not in other})
        answer = await self.service.request(place.operation.method, url, json=body, headers=person.headers)
        refused = findall(r'"/problems/([a-z-]+)"', answer.text)
        assert set(refused) <= NAMES_NOTHING, f"{place}: {answer.text}"
        forgotten = refused or str(place) in NOT_KEPT or place.path[-1] in ONLY_HASHED
        (self.gone if forgotten else self.kept).add(place.marker)
        if place.operation.path == "/v1/accounts":
            self.people.append(guest_of(answer.json()))

    async def person_for(self, place: Place, email: str) -> Guest:
        if self.people and not SIGNING_IN & members_of(place):
            return self.people[0]
        known = "current_password" in members_of(place)
        self.people.append(await (register(self.service, email) if known else open_guest(self.service)))
        return self.people[-1]

    async def url_of(self, operation: Operation, person: Guest) -> str:
        if "/v1/sessions/{id}" not in operation.path:
            return operation.url
        return operation.path.replace("{id}", (await start(self.service, person))["id"])


def members_of(place: Place) -> set[str]:
    assert place.operation.body
    return set(place.operation.body["properties"])


def own_members(place: Place, person: Guest, email: str) -> dict[str, Any]:
    """The members by which a request is this person's own, or is taken at all."""
    own = {"recovery_code": person.recovery_code, "current_password": PASSWORD}
    match place.path[0]:
        case "email":
            own = {"password": PASSWORD}
        case "password":
            own = {"email": email}
    taken = members_of(place) - {place.path[0]}
    return {name: value for name, value in own.items() if name in taken}


def guest_of(opened: dict[str, Any]) -> Guest:
    tokens = opened["tokens"]
    return Guest(opened["account"]["id"], tokens["access_token"], tokens["refresh_token"], opened["recovery_code"])


def with_new_ids(value: Any) -> Any:
    """So that nothing meets what an example made before."""
    match value:
        case dict():
            return {name: str(uuid7()) if name == "id" else with_new_ids(inner) for name, inner in value.items()}
        case list():
            return [with_new_ids(inner) for inner in value]
        case _:
            return value


async def test_every_text_is_exported_then_erased_to_the_last_byte_and_stands_in_no_log(
    alone: FastAPI, caller: httpx.AsyncClient, own_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        marked = Marked(caller)
        for operation in with_bodies(alone):
            for place in places_in(operation) if operation.personal else ():
                await marked.put(place)
        archives = "".join([(await exported(caller, person)).everything() for person in marked.people])
        assert {marker for marker in marked.kept if marker not in archives} == set()
        assert {marker for marker in marked.gone if marker in archives} == set()
        assert found(own_url, marked.kept) == marked.kept
        for person in marked.people:
            assert (await caller.delete(ERASE, headers=person.headers)).status_code == 200
        await sweeping.sweep(alone.state.store, idle=IDLE, now=datetime.now(UTC))
        assert await sweeping.scrub(alone.state.store)
    everything = marked.kept | marked.gone | {trace for person in marked.people for trace in traces_of(person)}
    assert found(own_url, everything) == set()
    ours = "\n".join(caplog.handler.format(record) for record in caplog.records if record.name != RECEIVING)
    assert {trace for trace in everything if trace in ours} == set()


def traces_of(person: Guest) -> set[str]:
    secrets = {person.access_token, person.refresh_token, person.recovery_code}
    return secrets | {str(person.id), str(person.id).replace("-", "")}
