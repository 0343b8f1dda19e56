"""Everything of a person as it is read online, without what depends on when the server heard of it."""

from copy import deepcopy
from typing import Any

import httpx

from tests.factories import Guest
from tests.sync.phone import Json

OF_THE_HEARING = {"revision", "received_at", "changed_at", "server_time", "app", "timeline", "cautions"}
LISTS = {"ratings": "ratings?limit=100", "freezes": "freezes", "notices": "notices"}
PROGRESS = ("", "/days", "/weeks", "/exercises", "/levels", "/pain")


async def read_all(service: httpx.AsyncClient, guest: Guest) -> Json:
    lists = {name: await read(service, guest, f"/v1/me/{path}") for name, path in LISTS.items()}
    return {
        "sessions": await read_sessions(service, guest),
        **{name: {item["id"]: item for item in told["items"]} for name, told in lists.items()},
        "progress": {part: await read(service, guest, f"/v1/me/progress{part}") for part in PROGRESS},
        "today": await read(service, guest, "/v1/me/today"),
    }


async def read_sessions(service: httpx.AsyncClient, guest: Guest) -> dict[str, Json]:
    listed = await read(service, guest, "/v1/sessions?limit=100")
    assert listed["next"] is None
    ids = [item["id"] for item in listed["items"]]
    return {key: compared(await read(service, guest, f"/v1/sessions/{key}")) for key in ids}


async def read(service: httpx.AsyncClient, guest: Guest, path: str) -> Any:
    answer = await service.get(path, headers=guest.headers)
    assert answer.is_success, answer.text
    return without(answer.json(), OF_THE_HEARING)


def compared(session: Json) -> Json:
    """What of a session does not depend on when the server heard of it."""
    kept: Json = without(deepcopy(session), OF_THE_HEARING)
    for name in ("progress", "next"):
        if kept["outcome"]:
            del kept["outcome"][name]
    return kept


def without(told: Any, names: set[str]) -> Any:
    """Without the members of these names, at any depth."""
    if isinstance(told, dict):
        return {name: without(value, names) for name, value in told.items() if name not in names}
    return [without(each, names) for each in told] if isinstance(told, list) else told


def require_same(one: Any, other: Any) -> None:
    if found := differences(one, other):
        raise AssertionError("\n".join(found))


def differences(one: Any, other: Any, at: str = "") -> list[str]:
    """Where two answers differ, by path: what a story that fails has to say."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            found
            for name in sorted({*one, *other}, key=str)
            for found in differences(one.get(name), other.get(name), f"{at}/{name}")
        ]
    return [] if one == other else [f"{at}: {one!r} is not {other!r}"]
