"""A phone that is offline most of the time, written from the contract's prose alone.

It keeps what its person did (`lived`, `calls`, `put_away`), what it knows of the server (see `hearing`), and how far it
has read (`cursor`). Everything is on its disk before it counts as done; killed, it goes on from there.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.sync.hearing import NOTHING, hear

Json = dict[str, Any]
Send = Callable[[str, str, Json | None], Awaitable[tuple[int, Json]]]
AT_ONCE = 100
EMPTY: Json = {
    "lived": {},
    "calls": [],
    "called": [],
    "put_away": [],
    "deletions": [],
    "unwanted": [],
    **NOTHING,
    "cursor": None,
    "ahead_s": None,
    "refused": {},
}
FINAL = {"applied", "updated", "duplicate"}
TIMES = {
    "start": ("started_at",),
    "record": ("recorded_at",),
    "complete": ("completed_at",),
    "abandon": ("abandoned_at",),
}
TIME_AHEAD = "/problems/time-ahead"


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

    def call(self, method: str, path: str, body: Json | None = None, *, of: str, after: str | None = None) -> None:
        """A call that waits for a network, in its turn, and for the session `after` which it makes sense."""
        self.kept["calls"].append({"method": method, "path": path, "body": body, "of": of, "after": after})
        self.save()

    def put_away(self, notice_id: str) -> None:
        self.kept["put_away"].append(notice_id)
        self.save()

    # What it shows

    @property
    def unsent(self) -> dict[str, Json]:
        return {key: one for key, one in self.kept["lived"].items() if one["version"] != one["acknowledged"]}

    @property
    def is_done(self) -> bool:
        return not (self.unsent or self.kept["deletions"] or self.kept["calls"] or self.kept["put_away"])

    # When there is a network

    async def sync(self) -> None:
        """One attempt; raises Lost and Killed, after which it may be tried again at any time."""
        for session_id in list(self.kept["deletions"]):
            await self.send("DELETE", f"/v1/sessions/{session_id}", None)
            self.point("after a deletion")
            self.kept["deletions"].remove(session_id)
            self.save()
        await self.send_calls()
        more = True
        sending = list(self.unsent.items())[:AT_ONCE]
        while more:
            more = await self.exchange(dict(sending))
            sending = []

    async def send_calls(self) -> None:
        """Those that can be sent by now, each until an answer came."""
        for call in [call for call in self.kept["calls"] if call["after"] not in self.unsent]:
            status, answer = await self.send(call["method"], call["path"], call["body"])
            self.point("after a call")
            if answer.get("type") == TIME_AHEAD and self.clock_ahead:
                self.mend_call(call)
                continue
            if status >= 400:
                self.kept["refused"][call["of"]] = answer["type"]
            else:
                self.kept["called"].append(call)
            self.kept["calls"].remove(call)
            self.save()

    def mend_call(self, call: Json) -> None:
        """The clock was ahead; how far, the next sync tells where none has told it yet."""
        if self.kept["ahead_s"] is not None:
            ahead = timedelta(seconds=self.kept["ahead_s"])
            for name in {"at", "answered_at"} & call["body"].keys():
                call["body"][name] = (datetime.fromisoformat(call["body"][name]) - ahead).isoformat()
            self.save()

    async def exchange(self, sending: dict[str, Json]) -> bool:
        """Whether there is more to read."""
        versions = {key: one["version"] for key, one in sending.items()}
        away = list(self.kept["put_away"])
        body: Json = {"sessions": [one["parts"] for one in sending.values()], "limit": self.page}
        body |= {"acknowledged_notices": away} if away else {}
        if self.kept["cursor"]:
            body["cursor"] = self.kept["cursor"]
        _, answer = await self.send("POST", "/v1/sync", body)
        self.point("before an answer is kept")
        ahead = datetime.now(UTC) + self.clock_ahead - datetime.fromisoformat(answer["server_time"])
        self.kept["ahead_s"] = ahead.total_seconds()
        self.hear_verdicts(answer, versions)
        hear(self.kept, answer)
        self.hear_of_sessions(answer)
        self.kept["put_away"] = [each for each in self.kept["put_away"] if each not in away]
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
            elif verdict["problem"]["type"] == TIME_AHEAD and self.clock_ahead:
                self.mend_times(one, verdict["pointer"].rpartition("/")[2])
            else:
                self.kept["refused"][verdict["id"]] = verdict["problem"]["type"]
                del self.kept["lived"][verdict["id"]]

    def mend_times(self, one: Json, part: str) -> None:
        """The clock was ahead: the part that was refused, and those after it, get the times of the right clock."""
        ahead = timedelta(seconds=self.kept["ahead_s"])
        names = [*TIMES]
        for name in names[names.index(part) :]:
            for member in TIMES[name]:
                if at := one["parts"].get(name, {}).get(member):
                    one["parts"][name][member] = (datetime.fromisoformat(at) - ahead).isoformat()
        one["version"] += 1

    def hear_of_sessions(self, answer: Json) -> None:
        """What was deleted here before the server had heard of it may come in late: then it is deleted there too."""
        for change in answer["changes"]:
            if change["kind"] == "session" and change["session"]["id"] in self.kept["unwanted"]:
                self.kept["deletions"].append(change["session"]["id"])
            if change["kind"] == "deleted":
                self.kept["lived"].pop(change["deleted"]["id"], None)
