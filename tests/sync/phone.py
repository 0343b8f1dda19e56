"""A phone that is offline most of the time, written from the contract's prose alone.

It keeps what its person did (`lived`), what it knows of the server (`sessions`, `deleted`, `account`, `screening`), and
how far it has read (`cursor`). Everything is on its disk before it counts as done; killed, it goes on from there.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
Send = Callable[[str, str, Json | None], Awaitable[tuple[int, Json]]]
AT_ONCE = 100
EMPTY: Json = {
    "lived": {},
    "deletions": [],
    "unwanted": [],
    "sessions": {},
    "deleted": [],
    "account": None,
    "screening": None,
    "cursor": None,
    "refused": {},
}
FINAL = {"applied", "updated", "duplicate"}
TIMES = {
    "start": ("started_at",),
    "record": ("recorded_at",),
    "complete": ("completed_at",),
    "abandon": ("abandoned_at",),
}


class Lost(Exception):
    """No answer came. Whether the request arrived nobody knows."""


class Killed(Exception):
    """The app was killed at this point."""


class Phone:
    """`send` gives status and body of an answer or raises Lost; `dies_at` names a point at which the app is killed."""

    def __init__(self, send: Send, *, page: int = AT_ONCE, clock_ahead: timedelta = timedelta(0)) -> None:
        self.send, self.page, self.clock_ahead = send, page, clock_ahead
        self.disk = json.dumps(EMPTY)
        self.dies_at: str | None = None
        self.restart()

    def restart(self) -> None:
        """What was not on the disk is gone."""
        self.kept: Json = json.loads(self.disk)
        self.dies_at = None

    def save(self) -> None:
        self.disk = json.dumps(self.kept)

    def point(self, name: str) -> None:
        if self.dies_at == name:
            raise Killed

    # What the person does, with or without a network

    def begin(self, start: Json) -> None:
        self.kept["lived"][start["id"]] = {"parts": {"start": start}, "version": 1, "acknowledged": 0}
        self.save()

    def add(self, session_id: str, part: str, body: Json) -> None:
        one = self.kept["lived"][session_id]
        one["parts"][part] = body
        one["version"] += 1
        self.save()

    def delete(self, session_id: str) -> None:
        self.kept["lived"].pop(session_id, None)
        self.kept["deletions"].append(session_id)
        self.kept["unwanted"].append(session_id)
        self.save()

    # What it shows

    @property
    def unsent(self) -> dict[str, Json]:
        return {key: one for key, one in self.kept["lived"].items() if one["version"] != one["acknowledged"]}

    @property
    def is_done(self) -> bool:
        return not self.unsent and not self.kept["deletions"]

    # When there is a network

    async def sync(self) -> None:
        """One attempt; raises Lost and Killed, after which it may be tried again at any time."""
        for session_id in list(self.kept["deletions"]):
            await self.send("DELETE", f"/v1/sessions/{session_id}", None)
            self.point("after a deletion")
            self.kept["deletions"].remove(session_id)
            self.save()
        more = True
        sending = list(self.unsent.items())[:AT_ONCE]
        while more:
            more = await self.exchange(dict(sending))
            sending = []

    async def exchange(self, sending: dict[str, Json]) -> bool:
        """Whether there is more to read."""
        versions = {key: one["version"] for key, one in sending.items()}
        body: Json = {"sessions": [one["parts"] for one in sending.values()], "limit": self.page}
        if self.kept["cursor"]:
            body["cursor"] = self.kept["cursor"]
        _, answer = await self.send("POST", "/v1/sync", body)
        self.point("before an answer is kept")
        self.hear_verdicts(answer, versions)
        self.hear_changes(answer)
        self.point("before an answer is on the disk")
        self.save()
        return bool(answer["more"])

    def hear_verdicts(self, answer: Json, versions: dict[str, int]) -> None:
        for verdict in answer["verdicts"]:
            one = self.kept["lived"].get(verdict["id"])
            if one is None or verdict["verdict"] == "retry":
                continue
            if verdict["verdict"] in FINAL:
                one["acknowledged"] = versions[verdict["id"]]
            elif verdict["problem"]["type"] == "/problems/time-ahead" and self.clock_ahead:
                self.mend_times(one, verdict["pointer"].rpartition("/")[2], answer["server_time"])
            else:
                self.kept["refused"][verdict["id"]] = verdict["problem"]["type"]
                del self.kept["lived"][verdict["id"]]

    def mend_times(self, one: Json, part: str, server_time: str) -> None:
        """The clock was ahead: the part that was refused, and those after it, get the times of the right clock."""
        ahead = datetime.now(UTC) + self.clock_ahead - datetime.fromisoformat(server_time)
        names = [*TIMES]
        for name in names[names.index(part) :]:
            for member in TIMES[name]:
                if at := one["parts"].get(name, {}).get(member):
                    one["parts"][name][member] = (datetime.fromisoformat(at) - ahead).isoformat()
        one["version"] += 1

    def hear_changes(self, answer: Json) -> None:
        if answer["reset"]:
            self.kept |= {"sessions": {}, "deleted": [], "account": None, "screening": None}
        for change in answer["changes"]:
            match change["kind"]:
                case "session":
                    self.hear_session(change["session"])
                case "deleted":
                    self.kept["sessions"].pop(change["deleted"]["id"], None)
                    self.kept["lived"].pop(change["deleted"]["id"], None)
                    self.kept["deleted"] = sorted({*self.kept["deleted"], change["deleted"]["id"]})
                case "account" | "screening" as kind:
                    self.kept[kind] = change[kind]
        self.kept["cursor"] = answer["cursor"]

    def hear_session(self, session: Json) -> None:
        """What was deleted here before the server had heard of it may come in late: then it is deleted there too."""
        self.kept["sessions"][session["id"]] = session
        if session["id"] in self.kept["unwanted"]:
            self.kept["deletions"].append(session["id"])
