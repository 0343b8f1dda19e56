"""The rules by which misfortune comes to two phones and a server. They wait in the event loop of the server."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, multiple, rule
from uuid_utils.compat import uuid7

from tests.factories import rating
from tests.sync.hearing import shown
from tests.sync.network import Fate
from tests.sync.phone import Json, Killed, Lost
from tests.sync.server import Server
from tests.sync.twin import check_twin
from tests.sync.world import HOLDS, World, check, settle, today_of

TODAYS = [
    datetime(2026, 11, 25, 12, 0, tzinfo=UTC),
    datetime(2026, 11, 22, 22, 30, tzinfo=UTC),  # a Sunday that ends in half an hour
    datetime(2026, 10, 26, 6, 0, tzinfo=UTC),  # a Monday after a day of 25 hours
    datetime(2026, 3, 31, 20, 0, tzinfo=UTC),  # two days after one of 23 hours
]
DAYS = [timedelta(days=n) for n in range(8)]
AHEAD = [timedelta(0), timedelta(minutes=4), timedelta(days=9), timedelta(days=-2)]
POINTS = ["after a deletion", "after a call", "before an answer is kept", "before an answer is on the disk"]
ZONES = ["Europe/Berlin", "Europe/Athens", "Pacific/Auckland"]
which = st.integers(0, 1)
rated_after = st.integers(0, 10).map(lambda value: [rating(value)])
Then = tuple[list[Fate], str | None] | None
reached = st.tuples(st.lists(st.sampled_from(Fate), max_size=3), st.none() | st.sampled_from(POINTS))
then = st.none() | reached
End = tuple[str, Json]
ends = st.one_of(
    st.tuples(st.just("complete"), st.fixed_dictionaries({"effort": st.just(3)}, optional={"pain_after": rated_after})),
    st.tuples(st.just("abandon"), st.fixed_dictionaries({"reason": st.sampled_from(["pain", "no_time", "red_flag"])})),
)
settings_of = st.fixed_dictionaries(
    {},
    optional={
        "weekly_target": st.integers(1, 4),
        "language": st.sampled_from(["en", "de"]),
        "zone": st.sampled_from(ZONES),
    },
)


class Phones(RuleBasedStateMachine):
    """`runner` and `server` are those of the search."""

    runner: ClassVar[asyncio.Runner]
    server: ClassVar[Server]
    open_sessions: Bundle[tuple[int, str]] = Bundle("open_sessions")
    ended: Bundle[tuple[int, str]] = Bundle("ended")

    @initialize(
        now=st.sampled_from(TODAYS),
        page=st.sampled_from([1, 2, 100]),
        ahead=st.lists(st.sampled_from(AHEAD), min_size=2, max_size=2),
    )
    def two_phones(self, now: datetime, page: int, ahead: list[timedelta]) -> None:
        self.travel = time_machine.travel(now)
        self.travel.start()
        self.world: World = self.runner.run(World.open(self.server, page, ahead))

    # What the person does

    @rule(
        target=open_sessions,
        phone=which,
        day=st.sampled_from(DAYS),
        hour=st.integers(0, 20),
        level=st.integers(0, 4),
        pain=st.none() | st.integers(0, 5),  # from 6 on both follow the gentle routine, the phone by the same rule
        zone=st.sampled_from(ZONES),
    )
    def begin(self, phone: int, day: timedelta, hour: int, level: int, pain: int | None, zone: str) -> tuple[int, str]:
        return self.begin_one(phone, day, hour, level, pain, zone)

    @rule(session=open_sessions, step=st.sampled_from(HOLDS), held=st.integers(0, 60), then=then)
    def note(self, session: tuple[int, str], step: str, held: int, then: Then) -> None:
        self.record(session, step, held, minutes=3)
        self.try_to_sync(session[0], then)

    @rule(session=ended, step=st.sampled_from(HOLDS), held=st.integers(0, 60), then=then)
    def mend(self, session: tuple[int, str], step: str, held: int, then: Then) -> None:
        self.record(session, step, held, minutes=30)
        self.try_to_sync(session[0], then)

    @rule(target=ended, session=consumes(open_sessions), end=ends)
    def finish(self, session: tuple[int, str], end: End) -> Any:
        return self.end(session, *end)

    @rule(target=ended, phone=which, day=st.sampled_from(DAYS), hour=st.integers(0, 20), end=ends, then=then)
    def live(self, phone: int, day: timedelta, hour: int, end: End, then: Then) -> Any:
        session = self.end(self.begin_one(phone, day, hour, 0, 2, ZONES[0]), *end)
        self.try_to_sync(phone, then)
        return session

    @rule(
        target=ended,
        phone=which,
        days=st.lists(st.sampled_from(DAYS), min_size=3, max_size=6, unique=True),
        pain=st.sampled_from([1, 2, 2, 3]),
    )
    def live_for_days(self, phone: int, days: list[timedelta], pain: int) -> Any:
        """Clean sessions, of which levels rise and weeks are met, in whichever order."""
        begun = [self.begin_one(phone, day, 6, 0, 2, ZONES[0]) for day in days]
        return multiple(*[self.end(session, "complete", {"pain_after": [rating(pain)]}) for session in begun])

    @rule(session=st.one_of(open_sessions, ended), by=which)
    def delete(self, session: tuple[int, str], by: int) -> None:
        owner, key = session
        if by == owner or key in self.world.phones[by].kept["sessions"]:
            self.world.deleted.add(key)
            self.world.phones[by].delete(key)

    @rule(session=ended, value=st.integers(0, 10), moment=st.sampled_from(["after", "next_morning"]))
    def rate_a_session(self, session: tuple[int, str], value: int, moment: str) -> None:
        phone, key = session
        lived = self.world.phones[phone].kept["lived"].get(key)
        if lived:
            begun = lived["parts"]["start"]["started_at"]
            at = moved(begun, timedelta(hours=2, seconds=len(self.world.ratings)))
            self.rate(phone, {**rating(value), "moment": moment, "session": key, "at": at}, session=key)

    @rule(phone=which, value=st.integers(0, 10), hours=st.integers(0, 100))
    def rate_now(self, phone: int, value: int, hours: int) -> None:
        error = self.world.phones[phone].clock_ahead
        at = (datetime.now(UTC) - timedelta(hours=hours) + error).isoformat()
        self.rate(phone, {**rating(value), "at": at}, session=None)

    @rule(phone=which, first=st.integers(-15, 3), length=st.integers(1, 9))
    def freeze(self, phone: int, first: int, length: int) -> None:
        day, key = datetime.now(UTC).date() + timedelta(days=first), str(uuid7())
        days = {"first_day": day.isoformat(), "last_day": (day + timedelta(days=length - 1)).isoformat()}
        self.world.freezes.add(key)
        self.world.phones[phone].call("PUT", f"/v1/me/freezes/{key}", days, of=key)

    @rule(phone=which, kind=st.sampled_from(["ratings", "freezes"]), place=st.integers(0, 5))
    def take_something_back(self, phone: int, kind: str, place: int) -> None:
        """What this phone knows to be on the server."""
        if there := sorted(self.world.phones[phone].kept[kind]):
            key = there[place % len(there)]
            self.world.taken_back.add(key)
            self.world.phones[phone].call("DELETE", f"/v1/me/{kind}/{key}", of=key)

    @rule(phone=which, changes=settings_of)
    def change_settings(self, phone: int, changes: Json) -> None:
        self.world.zone_changed |= "zone" in changes
        self.world.phones[phone].call("PATCH", "/v1/me", changes, of="settings")

    @rule(phone=which)
    def answer_the_questions(self, phone: int) -> None:
        at = datetime.now(UTC) + self.world.phones[phone].clock_ahead
        answered = {**self.world.answers, "answered_at": at.isoformat()}
        self.world.phones[phone].call("PUT", "/v1/me/screening", answered, of="screening")

    @rule(phone=which, place=st.integers(0, 5))
    def put_a_notice_away(self, phone: int, place: int) -> None:
        device = self.world.phones[phone]
        if not device.kept["notices"]:
            self.try_to_sync(phone, ([], None))
        if device.kept["account"] and (there := sorted(shown(device.kept, today_of(device)))):
            away = there[place % len(there)]
            self.world.put_away.add(away)
            device.put_away(away)

    # What befalls them

    @rule(session=open_sessions, effort=st.integers(0, 10))
    def end_online_on_another_device(self, session: tuple[int, str], effort: int) -> None:
        """A rival: whoever comes first is believed, and the other takes what there is."""
        _, key = session
        self.world.rivals.add(key)
        path, headers = f"/v1/sessions/{key}/complete", self.world.guest.headers
        self.runner.run(self.server.client.post(path, json={"effort": effort}, headers=headers))

    @rule(phone=which, then=reached)
    def sync(self, phone: int, then: Then) -> None:
        self.try_to_sync(phone, then)

    @rule(phone=which, what=st.sampled_from(["late", "late", "killed", "restart"]), place=st.integers(0, 5))
    def something_happens(self, phone: int, what: str, place: int) -> None:
        """Something late arrives, the phone is killed, or the server starts anew."""
        if what == "late":
            self.runner.run(self.world.networks[phone].deliver_late(place))
        elif what == "killed":
            self.world.phones[phone].restart()
        else:
            self.runner.run(self.server.restart())

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.runner.run(settle(self.world))
            self.runner.run(check(self.world))
            self.runner.run(check_twin(self.world))
        finally:
            self.travel.stop()

    # How

    def begin_one(
        self, phone: int, day: timedelta, hour: int, level: int, pain: int | None, zone: str
    ) -> tuple[int, str]:
        start = self.world.start(day - timedelta(days=1) + timedelta(hours=hour), level, pain, zone)
        start["started_at"] = moved(start["started_at"], self.world.phones[phone].clock_ahead)
        self.world.phones[phone].begin(start)
        return phone, str(start["id"])

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
        self.world.flagged |= {key} if body.get("reason") == "red_flag" else set()
        at = moved(lived["parts"]["start"]["started_at"], timedelta(minutes=14))
        when = {"complete": "completed_at", "abandon": "abandoned_at"}[how]
        self.world.phones[phone].add(key, how, {**body, when: at})
        return session

    def rate(self, phone: int, body: Json, *, session: str | None) -> None:
        key = str(uuid7())
        self.world.ratings[key] = session
        self.world.phones[phone].call("POST", "/v1/me/ratings", {"id": key, **body}, of=key, after=session)


def moved(at: str, by: timedelta) -> str:
    return (datetime.fromisoformat(at) + by).isoformat()
