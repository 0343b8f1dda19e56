"""Two phones and a server under random misfortune, and what all of them have to agree on in the end."""

import asyncio
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, multiple, rule

from tests.factories import Guest, answer_screening, open_guest, rating, read_progress, session_request
from tests.sync.network import Fate, Network
from tests.sync.phone import Json, Killed, Lost, Phone

A_WEEK = timedelta(days=7)
DAYS = [timedelta(days=n) for n in range(8)]
AHEAD = [timedelta(0), timedelta(minutes=4), timedelta(days=9)]
HOLDS = ["1.neck-side-bend-rotation.set1.left.hold", "2.pull-up-bar-hang.set1.hang"]
POINTS = ["after a deletion", "before an answer is kept", "before an answer is on the disk"]
NOT_COMPARED = {"revision", "received_at", "server_time", "app", "timeline", "cautions"}
which = st.integers(0, 1)
Then = tuple[list[Fate], str | None] | None
then = st.none() | st.tuples(st.lists(st.sampled_from(Fate), max_size=3), st.none() | st.sampled_from(POINTS))


class World:
    """One person with two phones, and the same person as they would be with a phone that is always online."""

    def __init__(self, service: httpx.AsyncClient, people: list[Guest], page: int, ahead: list[timedelta]) -> None:
        self.service, (self.guest, self.twin) = service, people
        self.networks = [Network(service, self.guest.headers) for _ in range(2)]
        self.phones = [
            Phone(network.send, page=page, clock_ahead=error)
            for network, error in zip(self.networks, ahead, strict=True)
        ]
        self.records: dict[str, list[Json]] = {}
        self.began = datetime.now(UTC) - A_WEEK
        self.deleted: set[str] = set()
        self.rivals: set[str] = set()

    @classmethod
    async def open(cls, service: httpx.AsyncClient, page: int, ahead: list[timedelta]) -> "World":
        guests = [await open_guest(service, zone="Europe/Berlin") for _ in range(2)]
        for guest in guests:
            await answer_screening(service, guest, answered_at=(datetime.now(UTC) - timedelta(days=20)).isoformat())
        return cls(service, guests, page, ahead)

    def start(self, at: timedelta, level: int, pain: int | None) -> Json:
        rated = {} if pain is None else {"pain_before": [rating(pain)]}
        began = (self.began + at).isoformat()
        return session_request(level=level, started_at=began, **rated)


async def settle(world: World) -> None:
    """The network is well again: everybody hears everything."""
    for network in world.networks:
        network.fates.clear()
        while network.late:
            await network.deliver_late(0)
    for phone in [*world.phones, *world.phones, *world.phones]:
        phone.dies_at = None
        await phone.sync()


async def check(world: World) -> None:
    """Both phones, whoever reads online, and the twin who was always online agree."""
    here = await read_sessions(world.service, world.guest)
    for phone in world.phones:
        assert phone.is_done
        assert phone.kept["refused"].keys() <= world.deleted | world.rivals
        assert {key: compared(one) for key, one in phone.kept["sessions"].items()} == here
    assert world.phones[0].kept["deleted"] == world.phones[1].kept["deleted"]
    for session_id in world.phones[0].kept["deleted"]:
        answer = await world.service.get(f"/v1/sessions/{session_id}", headers=world.guest.headers)
        assert answer.status_code == 410
    assert world.phones[0].kept["account"] == world.phones[1].kept["account"]
    await check_twin(world, here)


async def check_twin(world: World, here: dict[str, Json]) -> None:
    await live_online(world)
    there = await read_sessions(world.service, world.twin)
    for own, other in ((here, there), (there, here)):
        for key in own.keys() - world.rivals:
            assert other.get(key) == own[key]
    if not world.rivals:
        for part in ("", "/days", "/exercises", "/pain"):
            assert await read_progress(world.service, world.guest, part) == await read_progress(
                world.service, world.twin, part
            )
    else:
        counted = [one for one in here.values() if one["status"] == "completed"]
        progress = await read_progress(world.service, world.guest)
        assert (progress["sessions"], progress["active_ms"]) == (
            len(counted),
            sum(one["active_ms"] for one in counted),
        )


async def live_online(world: World) -> None:
    """What was done, in its order, each call at once and none lost."""
    lived = {key: one["parts"] for phone in world.phones for key, one in phone.kept["lived"].items()}
    for key, parts in sorted(lived.items(), key=lambda one: str(one[1]["start"]["started_at"])):
        if key in world.deleted or key in world.rivals:
            continue
        calls = [("POST", "/v1/sessions", parts["start"])]
        calls += [("PUT", f"/v1/sessions/{key}/record", parts["record"])] if "record" in parts else []
        calls += [("POST", f"/v1/sessions/{key}/{end}", parts[end]) for end in ("complete", "abandon") if end in parts]
        for method, path, body in calls:
            answer = await world.service.request(method, path, json=body, headers=world.twin.headers)
            assert answer.is_success, answer.text


async def read_sessions(service: httpx.AsyncClient, guest: Guest) -> dict[str, Json]:
    listed = (await service.get("/v1/sessions?limit=100", headers=guest.headers)).json()
    assert listed["next"] is None
    ids = [item["id"] for item in listed["items"]]
    answers = [await service.get(f"/v1/sessions/{key}", headers=guest.headers) for key in ids]
    return {key: compared(answer.json()) for key, answer in zip(ids, answers, strict=True)}


def compared(session: Json) -> Json:
    """What of a session does not depend on when the server heard of it."""
    kept = {name: value for name, value in deepcopy(session).items() if name not in NOT_COMPARED}
    for name in ("progress", "next"):
        if kept["outcome"]:
            del kept["outcome"][name]
    return kept


class Phones(RuleBasedStateMachine):
    """The rules by which misfortune comes. They wait in the event loop of the service."""

    runner: ClassVar[asyncio.Runner]
    service: ClassVar[httpx.AsyncClient]
    open_sessions: Bundle[tuple[int, str]] = Bundle("open_sessions")
    ended: Bundle[tuple[int, str]] = Bundle("ended")

    @initialize(page=st.sampled_from([1, 2, 100]), ahead=st.lists(st.sampled_from(AHEAD), min_size=2, max_size=2))
    def two_phones(self, page: int, ahead: list[timedelta]) -> None:
        self.world: World = self.runner.run(World.open(self.service, page, ahead))

    @rule(
        target=open_sessions,
        phone=which,
        day=st.sampled_from(DAYS),
        hour=st.integers(0, 20),
        level=st.integers(0, 4),
        pain=st.none() | st.integers(0, 5),  # from 6 on both follow the gentle routine, the phone by the same rule
    )
    def begin(self, phone: int, day: timedelta, hour: int, level: int, pain: int | None) -> tuple[int, str]:
        start = self.world.start(day - timedelta(days=1) + timedelta(hours=hour), level, pain)
        start["started_at"] = moved(start["started_at"], self.world.phones[phone].clock_ahead)
        self.world.phones[phone].begin(start)
        return phone, str(start["id"])

    @rule(session=open_sessions, step=st.sampled_from(HOLDS), held=st.integers(0, 60), then=then)
    def note(self, session: tuple[int, str], step: str, held: int, then: Then) -> None:
        self.record(session, step, held, minutes=3)
        self.try_to_sync(session[0], then)

    @rule(session=ended, step=st.sampled_from(HOLDS), held=st.integers(0, 60), then=then)
    def mend(self, session: tuple[int, str], step: str, held: int, then: Then) -> None:
        self.record(session, step, held, minutes=30)
        self.try_to_sync(session[0], then)

    @rule(target=ended, session=consumes(open_sessions), pain=st.none() | st.integers(0, 10))
    def complete(self, session: tuple[int, str], pain: int | None) -> Any:
        rated = {} if pain is None else {"pain_after": [rating(pain)]}
        return self.end(session, "complete", {**rated, "effort": 3})

    @rule(target=ended, session=consumes(open_sessions), reason=st.sampled_from(["pain", "no_time"]))
    def abandon(self, session: tuple[int, str], reason: str) -> Any:
        return self.end(session, "abandon", {"reason": reason})

    @rule(session=st.one_of(open_sessions, ended), by=which)
    def delete(self, session: tuple[int, str], by: int) -> None:
        owner, key = session
        if by == owner or key in self.world.phones[by].kept["sessions"]:
            self.world.deleted.add(key)
            self.world.phones[by].delete(key)

    @rule(session=open_sessions, effort=st.integers(0, 10))
    def end_online_on_another_device(self, session: tuple[int, str], effort: int) -> None:
        """A rival: whoever comes first is believed, and the other takes what there is."""
        _, key = session
        self.world.rivals.add(key)
        path, headers = f"/v1/sessions/{key}/complete", self.world.guest.headers
        self.runner.run(self.service.post(path, json={"effort": effort}, headers=headers))

    @rule(phone=which, then=then)
    def sync(self, phone: int, then: Then) -> None:
        self.try_to_sync(phone, then)

    @rule(phone=which, place=st.integers(0, 5))
    def something_late_arrives(self, phone: int, place: int) -> None:
        self.runner.run(self.world.networks[phone].deliver_late(place))

    @rule(phone=which)
    def kill(self, phone: int) -> None:
        self.world.phones[phone].restart()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.runner.run(settle(self.world))
            self.runner.run(check(self.world))

    def try_to_sync(self, phone: int, then: Then) -> None:
        """With these fates of its requests, and killed at that point; not at all where the phone is offline."""
        if then is None:
            return
        device, network = self.world.phones[phone], self.world.networks[phone]
        fates, device.dies_at = then
        network.fates.extend(fates)
        try:
            self.runner.run(device.sync())
        except Lost:
            pass
        except Killed:
            device.restart()
        device.dies_at = None
        network.fates.clear()

    def record(self, session: tuple[int, str], step: str, held: int, *, minutes: int) -> None:
        phone, key = session
        lived = self.world.phones[phone].kept["lived"].get(key)
        if lived is None:
            return
        before = lived["parts"].get("record", {}).get("recorded_at", lived["parts"]["start"]["started_at"])
        at = moved(before, timedelta(minutes=minutes))
        body = {"steps": [{"step": step, "held_s": held, "result": "done"}], "recorded_at": at}
        self.world.phones[phone].add(key, "record", body)

    def end(self, session: tuple[int, str], how: str, body: Json) -> Any:
        phone, key = session
        lived = self.world.phones[phone].kept["lived"].get(key)
        if lived is None:
            return multiple()
        at = moved(lived["parts"]["start"]["started_at"], timedelta(minutes=14))
        when = {"complete": "completed_at", "abandon": "abandoned_at"}[how]
        self.world.phones[phone].add(key, how, {**body, when: at})
        return session


def moved(at: str, by: timedelta) -> str:
    return (datetime.fromisoformat(at) + by).isoformat()
