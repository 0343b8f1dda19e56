"""The same person with a phone that is always online: each call at once, none lost, in the order of their times."""

from collections.abc import Iterator
from datetime import datetime

from api.sessions.service import rebuild_progress
from tests.sync.phone import Json
from tests.sync.reading import read_all, require_same, without
from tests.sync.world import World, a_new_phone, refused_of

SETTINGS = ("zone", "language", "weekly_target")


async def check_twin(world: World) -> None:
    """The twin has the same, as far as nothing was decided by who came first."""
    await live_online(world)
    client = world.server.client
    here, there = await read_all(client, world.guest), await read_all(client, world.twin)
    keys = here["sessions"].keys() | there["sessions"].keys()
    for key in keys - world.rivals:
        require_same(here["sessions"].get(key), there["sessions"].get(key))
    if not world.rivals and not world.days_depend_on_the_hearing:
        for part in ("progress", "ratings", "freezes"):
            require_same(here[part], there[part])
        require_same(await levels_heard(world, twin=False), await levels_heard(world, twin=True))
    if not world.rivals | world.deleted and not world.days_depend_on_the_hearing:
        require_same(here["today"], there["today"])
        require_same(here["notices"], there["notices"])
    await check_counted(world)


async def check_counted(world: World) -> None:
    """What is kept of progress is what the record gives, whoever ended a session."""
    for guest in (world.guest, world.twin):
        assert await world.server.app.state.store.write(lambda db, of=guest.id: rebuild_progress(db, user_id=of))


async def levels_heard(world: World, *, twin: bool) -> Json:
    phone = await a_new_phone(world, world.twin if twin else world.guest)
    practised = {name: level for name, level in phone.kept["levels"].items() if level["practised_on"]}
    told: Json = without(practised, {"revision"})
    return told


async def live_online(world: World) -> None:
    account = world.phones[0].kept["account"]
    await call(world, "PATCH", "/v1/me", {name: account[name] for name in SETTINGS})
    for _, parts in sorted([*sessions_of(world), *answers_of(world)], key=lambda one: one[0]):
        await (live_session(world, parts) if "start" in parts else call(world, "PUT", "/v1/me/screening", parts))
    for one in (one for phone in world.phones for one in phone.kept["called"]):
        of_rival = world.ratings.get(one["of"]) in world.rivals
        if one["of"] not in world.gone | refused_of(world) | {"settings", "screening"} and not of_rival:
            await call(world, one["method"], one["path"], one["body"])
    for notice_id in sorted(world.put_away):
        await call(world, "POST", "/v1/sync", {"acknowledged_notices": [notice_id]})


def sessions_of(world: World) -> Iterator[tuple[datetime, Json]]:
    """Each at the instant of its end, as far as it has one."""
    lived = {key: one["parts"] for phone in world.phones for key, one in phone.kept["lived"].items()}
    for key, parts in lived.items():
        if key not in world.deleted | world.rivals:
            ended = [
                parts[end][at]
                for end, at in (("complete", "completed_at"), ("abandon", "abandoned_at"))
                if end in parts
            ]
            yield datetime.fromisoformat([parts["start"]["started_at"], *ended][-1]), parts


def answers_of(world: World) -> Iterator[tuple[datetime, Json]]:
    for one in (one for phone in world.phones for one in phone.kept["called"] if one["of"] == "screening"):
        yield datetime.fromisoformat(one["body"]["answered_at"]), one["body"]


async def live_session(world: World, parts: Json) -> None:
    """What could not have begun online for a red flag was done offline all the same, and is told of by itself."""
    key = parts["start"]["id"]
    start = await world.server.client.post("/v1/sessions", json=parts["start"], headers=world.twin.headers)
    if start.status_code == 403:
        await call(world, "POST", "/v1/sync", {"sessions": [parts]})
        return
    assert start.is_success, start.text
    if "record" in parts:
        await call(world, "PUT", f"/v1/sessions/{key}/record", parts["record"])
    for end in parts.keys() & {"complete", "abandon"}:
        await call(world, "POST", f"/v1/sessions/{key}/{end}", parts[end])


async def call(world: World, method: str, path: str, body: Json) -> None:
    answer = await world.server.client.request(method, path, json=body, headers=world.twin.headers)
    assert answer.is_success, answer.text
