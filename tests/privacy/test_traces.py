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
from tests.factories import Guest, open_guest, start
from tests.files import found
from tests.privacy.archives import exported
from tests.privacy.marking import Place, places_in
from tests.privacy.test_erasure import ERASE

IDLE = timedelta(days=730)
NAMES_NOTHING = {
    "answer-unknown",
    "plan-unknown",
    "record-contradicts",
    "routine-unknown",
    "token-refused",
}
"""The problems that refuse a text where only certain words are taken."""
NOT_KEPT = {
    "POST /v1/sessions language": "It picks among the languages that there are.",
    "POST /v1/sync sessions/0/start/language": "It picks among the languages that there are.",
    "POST /v1/sync cursor": "It says how far a device has read.",
}
"""Texts that are taken, and read, and forgotten."""


class Marked:
    """People who put a marker wherever one is taken; the first of them wherever somebody has to be known."""

    def __init__(self, service: httpx.AsyncClient, person: Guest) -> None:
        self.service, self.people = service, [person]
        self.kept: set[str] = set()
        self.gone: set[str] = set()

    async def put(self, place: Place) -> None:
        url, body = await self.url_of(place.operation), with_new_ids({**place.body, **self.own(place)})
        answer = await self.service.request(place.operation.method, url, json=body, headers=self.people[0].headers)
        refused = findall(r'"/problems/([a-z-]+)"', answer.text)
        assert set(refused) <= NAMES_NOTHING, f"{place}: {answer.text}"
        (self.gone if refused or str(place) in NOT_KEPT else self.kept).add(place.marker)
        if place.operation.path == "/v1/accounts":
            self.people.append(guest_of(answer.json()))

    def own(self, place: Place) -> dict[str, Any]:
        """The members by which a request is this person's own."""
        assert place.operation.body
        own = {"recovery_code": self.people[0].recovery_code}
        taken = place.operation.body["properties"].keys() - {place.path[0]}
        return {name: value for name, value in own.items() if name in taken}

    async def url_of(self, operation: Operation) -> str:
        if "/v1/sessions/{id}" not in operation.path:
            return operation.url
        return operation.path.replace("{id}", (await start(self.service, self.people[0]))["id"])


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
        marked = Marked(caller, await open_guest(caller))
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
    assert {trace for trace in everything if trace in caplog.text} == set()


def traces_of(person: Guest) -> set[str]:
    secrets = {person.access_token, person.refresh_token, person.recovery_code}
    return secrets | {str(person.id), str(person.id).replace("-", "")}
