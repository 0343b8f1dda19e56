"""What a phone keeps of the server, by the answers of `POST /v1/sync`: the description of each change, as code."""

from datetime import date
from typing import Any

Json = dict[str, Any]
NOTHING: Json = {
    "sessions": {},
    "deleted": [],
    "account": None,
    "screening": None,
    "levels": {},
    "freezes": {},
    "ratings": {},
    "notices": [],
}
BY_ID = {"session": "sessions", "freeze": "freezes", "rating": "ratings"}


def hear(kept: Json, answer: Json) -> None:
    """Changes what is kept as the answer says."""
    if answer["reset"]:
        kept |= {name: type(nothing)() if nothing is not None else None for name, nothing in NOTHING.items()}
    for change in answer["changes"]:
        hear_change(kept, change["kind"], change[change["kind"]])
    kept["cursor"] = answer["cursor"]


def hear_change(kept: Json, kind: str, told: Any) -> None:
    match kind:
        case "session" | "freeze" | "rating":
            kept[BY_ID[kind]][told["id"]] = told
        case "level":
            kept["levels"][told["exercise"]] = told
        case "account" | "screening" | "notices":
            kept[kind] = told
        case "deleted":
            kept[BY_ID[told["of"]]].pop(told["id"], None)
            kept["deleted"] = sorted({*kept["deleted"], told["id"]})


def shown(kept: Json, today: date) -> set[str]:
    """The ids of the notices to be shown that day: those that are not put away on this phone."""
    on = today.isoformat()
    holding = (each for each in kept["notices"] if each["first_day"] <= on <= each["last_day"])
    return {each["id"] for each in holding} - {*kept["put_away"]}
