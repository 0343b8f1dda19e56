"""One person with two phones, and what all who look have to agree on in the end."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.factories import Guest, open_guest, rating, screening_request, session_request
from tests.sync.hearing import NOTHING, shown
from tests.sync.network import Network
from tests.sync.phone import Json, Phone
from tests.sync.reading import compared, read_all, require_same
from tests.sync.server import Server

A_WEEK = timedelta(days=7)
ZONE = "Europe/Berlin"
ROUNDS = 8
"""More than any phone needs: one learns how far its clock is ahead, mends, sends, and sends what waits for that."""
HOLDS = ["1.neck-side-bend-rotation.set1.left.hold", "2.pull-up-bar-hang.set1.hang"]


class World:
    """The person, and their twin: as they would be with a phone that is always online.

    `rivals` are sessions that a third device ended online, `flagged` those that a red flag ended.
    """

    def __init__(self, server: Server, people: list[Guest], answers: Json, page: int, ahead: list[timedelta]) -> None:
        self.server, (self.guest, self.twin) = server, people
        self.answers = answers
        self.networks = [Network(server, self.guest.headers) for _ in range(2)]
        self.phones = [
            Phone(network.send, page=page, clock_ahead=error)
            for network, error in zip(self.networks, ahead, strict=True)
        ]
        self.began = datetime.now(UTC) - A_WEEK
        self.deleted: set[str] = set()
        self.rivals: set[str] = set()
        self.flagged: set[str] = set()
        self.ratings: dict[str, str | None] = {}
        self.freezes: set[str] = set()
        self.taken_back: set[str] = set()
        self.put_away: set[str] = set()
        self.zone_changed = False

    @classmethod
    async def open(cls, server: Server, page: int, ahead: list[timedelta]) -> "World":
        guests = [await open_guest(server.client, zone=ZONE, weekly_target=2) for _ in range(2)]
        answers = await screening_request(server.client)
        answered = {**answers, "answered_at": (datetime.now(UTC) - timedelta(days=22)).isoformat()}
        for guest in guests:
            answer = await server.client.put("/v1/me/screening", json=answered, headers=guest.headers)
            assert answer.is_success, answer.text
        return cls(server, guests, answers, page, ahead)

    def start(self, at: timedelta, level: int, pain: int | None, zone: str = ZONE) -> Json:
        rated = {} if pain is None else {"pain_before": [rating(pain)]}
        began = (self.began + at).isoformat()
        return session_request(level=level, started_at=began, zone=zone, **rated)

    @property
    def days_depend_on_the_hearing(self) -> bool:
        """Deleting what a red flag ended lifts no lock; the day of an answer or a target is by the zone set then."""
        return bool(self.flagged & self.deleted or self.zone_changed)

    @property
    def gone(self) -> set[str]:
        """Ratings that were taken back, or went with their session."""
        return self.taken_back | {one for one, session in self.ratings.items() if session in self.deleted}


async def settle(world: World) -> None:
    """The network is well again: everybody hears everything."""
    for network in world.networks:
        network.fates.clear()
        while network.late:
            await network.deliver_late(0)
    for _ in range(ROUNDS):
        nothing_waits = all(phone.is_done for phone in world.phones)
        for phone in world.phones:
            phone.dies_at = None
            await phone.sync()
        if nothing_waits and all(phone.is_done for phone in world.phones):
            break


async def check(world: World) -> None:
    """Both phones, one that begins anew, and whoever reads online agree, and nothing was lost."""
    anew = await a_new_phone(world, world.guest)
    for phone in world.phones:
        assert phone.is_done
        require_same({name: phone.kept[name] for name in NOTHING}, {name: anew.kept[name] for name in NOTHING})
        for refused in phone.kept["refused"]:
            session = world.ratings.get(refused, refused)
            assert {refused, session} & (world.deleted | world.rivals | world.taken_back), phone.kept["refused"]
    online = await read_all(world.server.client, world.guest)
    require_same({key: compared(one) for key, one in anew.kept["sessions"].items()}, online["sessions"])
    assert set(anew.kept["freezes"]) == online["freezes"].keys() == world.freezes - world.taken_back
    assert (
        set(anew.kept["ratings"]) == online["ratings"].keys() == world.ratings.keys() - refused_of(world) - world.gone
    )
    assert shown(anew.kept, today_of(anew)) == online["notices"].keys()
    assert not online["notices"].keys() & world.put_away
    await check_deleted(world, anew)


async def check_deleted(world: World, anew: Phone) -> None:
    for session_id in world.deleted & {*anew.kept["deleted"]}:
        answer = await world.server.client.get(f"/v1/sessions/{session_id}", headers=world.guest.headers)
        assert answer.status_code == 410


def refused_of(world: World) -> set[str]:
    return {one for phone in world.phones for one in phone.kept["refused"]}


async def a_new_phone(world: World, guest: Guest) -> Phone:
    phone = Phone(Network(world.server, guest.headers).send)
    await phone.sync()
    return phone


def today_of(phone: Phone) -> date:
    return datetime.now(ZoneInfo(phone.kept["account"]["zone"])).date()
