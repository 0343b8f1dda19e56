"""A phone: it lives through sessions, repeats whatever got no answer, and logs whatever did."""

import asyncio
import hashlib
import json
from random import Random
from uuid import UUID

import httpx

from tests.crash import requests
from tests.crash.log import Json, KnownPerson, KnownSession, Log
from tests.crash.requests import Write

FOUND, MADE, NO_CONTENT, UNAVAILABLE = 200, 201, 204, 503
PROBLEM = "application/problem+json"
WAIT_S = 0.05
GIVEN_UP = {502, 504}
"""What a proxy says that has nobody to ask."""
OF_THE_ANSWER = {"server_time", "timeline", "stops", "may_go_on"}


class Surprise(Exception):
    """An answer that no client may get."""


class Phone:
    """`served` is set while there is a server to speak to."""

    def __init__(self, service: httpx.AsyncClient, log: Log, luck: Random, served: asyncio.Event) -> None:
        self._service, self._log, self._luck, self._served = service, log, luck, served
        self.tired = False

    async def live(self) -> None:
        """Changes hands now and then; two sessions of a person at once are what two devices do."""
        while not self.tired:
            person = await self._sign_up()
            for _ in range(self._luck.randint(5, 20)):
                if not self.tired:
                    await asyncio.gather(self._practise(person), self._practise(person))

    async def _sign_up(self) -> KnownPerson:
        response, unanswered = await self._send("POST", "/v1/accounts", {"consents": ["health-data@1"]}, {})
        self._log.unanswered_sign_ups += unanswered
        opened = response.json()
        headers = {"authorization": f"Bearer {opened['tokens']['access_token']}"}
        person = KnownPerson(UUID(opened["account"]["id"]), headers)
        self._log.people.append(person)
        self._log.acknowledged += 1
        return person

    async def _practise(self, person: KnownPerson) -> None:
        luck = self._luck
        try:
            session_id = await self._start(person)
            session = person.sessions[session_id]
            for number in range(luck.randint(0, 2)):
                await self._write(person, session_id, requests.record(luck, session.answer, number))
            await self._end(person, session_id)
            if luck.random() < 0.1:
                await self._write(person, session_id, requests.delete())
        except Surprise as surprise:
            self._log.surprises.append(str(surprise))

    async def _end(self, person: KnownPerson, session_id: str) -> None:
        luck, session = self._luck, person.sessions[session_id]
        chance = luck.random()
        if chance < 0.1:
            return
        if chance < 0.25:
            await self._write(person, session_id, requests.abandon(luck, session.answer))
            return
        completion = requests.complete(luck, session.answer)
        await self._write(person, session_id, completion)
        if luck.random() < 0.2:
            await self._repeat(person, session_id, completion)
        if luck.random() < 0.2:
            await self._write(person, session_id, requests.record(luck, session.answer, 20))

    async def _start(self, person: KnownPerson) -> str:
        session_id, write = requests.start(self._luck)
        response, unanswered = await self._send(write.method, "/v1/sessions", write.body, person.headers)
        may_be_found = unanswered or self._log.sent_again_by_others
        if response.status_code not in ({FOUND, MADE} if may_be_found else {MADE}):
            raise Surprise(described(response))
        self._log.found_done += response.status_code == FOUND
        self._log.acknowledged += 1
        person.sessions[session_id] = KnownSession(write.said, condensed(response.json()))
        return session_id

    async def _write(self, person: KnownPerson, session_id: str, write: Write) -> None:
        path = f"/v1/sessions/{session_id}{write.path}"
        response, _ = await self._send(write.method, path, write.body, person.headers)
        if response.status_code not in {FOUND, NO_CONTENT}:
            raise Surprise(described(response))
        session = person.sessions[session_id]
        self._log.acknowledged += 1
        if response.status_code == NO_CONTENT:
            session.deleted = True
        else:
            session.said = {**session.said, **write.said}
            session.answer = {**session.answer, **condensed(response.json())}

    async def _repeat(self, person: KnownPerson, session_id: str, write: Write) -> None:
        """An impatient phone: the same request after its answer gets the same answer."""
        before = person.sessions[session_id].answer
        await self._write(person, session_id, write)
        if person.sessions[session_id].answer != before:
            raise Surprise(f"{write.path} of {session_id} answered differently when it was repeated")

    async def _send(
        self, method: str, path: str, body: Json | None, headers: dict[str, str]
    ) -> tuple[httpx.Response, int]:
        """The answer, and how often there was none before."""
        unanswered = 0
        while True:
            await self._served.wait()
            try:
                response = await self._service.request(method, path, json=body, headers=headers)
            except httpx.TransportError as error:
                unanswered += 1
                self._log.unanswered += 1
                self._log.unconnected += isinstance(error, httpx.ConnectError)
            else:
                if response.status_code not in {UNAVAILABLE, *GIVEN_UP}:
                    return response, unanswered
                # A time-out may come after all; then the unit was kept.
                unanswered += 1
                self._refused(response)
            await asyncio.sleep(WAIT_S)

    def _refused(self, response: httpx.Response) -> None:
        if response.status_code in GIVEN_UP:
            self._log.unanswered += 1
            return
        self._log.refused += 1
        if "retry-after" not in response.headers or response.headers["content-type"] != PROBLEM:
            self._log.surprises.append(described(response))


def condensed(session: Json) -> Json:
    """A session without what belongs to the answer alone, and with the plan's steps and digest in place of its text."""
    rest = {name: value for name, value in session.items() if name not in OF_THE_ANSWER}
    if "timeline" in session:
        text = json.dumps(session["timeline"], sort_keys=True).encode()
        parts = (step for segment in session["timeline"]["segments"] for step in segment["steps"])
        steps = [[step["id"], step["kind"]] for step in parts]
        rest |= {"timeline": hashlib.sha256(text).hexdigest(), "steps": steps}
    return rest


def described(response: httpx.Response) -> str:
    return f"{response.request.method} {response.request.url.path}: {response.status_code} {response.text[:200]}"
