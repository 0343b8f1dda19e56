"""The types that cross the wire: what is taken in is closed and never coerced, what is sent out has one form.

FastAPI hands pydantic Python values, so wholly strict models would refuse every id and time; each type here is
therefore strict by itself.
"""

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.domain import value as values
from api.web.faults import NO_NUL, told_as

CANONICAL_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
RFC_3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):(\d\d)(?:\.(\d{1,6})\d*)?(?:([Zz])|([+-])([01]\d|2[0-3]):([0-5]\d))",
    re.ASCII,
)
LEAP_SECOND = "60"
ZONE_FORMAT = "iana-time-zone"
"""Marks a zone in a schema; the document lists the names once, as a schema of their own."""
NO_ZONES = frozenset({"Factory", "localtime", "posixrules"})
"""Listed beside the zones, yet nobody's clock: what a machine shows before it is told where it stands."""


IN_ORDER = json.JSONEncoder(sort_keys=True)


class Input(BaseModel):
    """Unknown members are refused, so a misspelt one is never silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Output(BaseModel):
    """Members may be added within a version, and values to enums: clients ignore what they do not know."""

    # An answer that fails its own schema must not carry a person's record into the log.
    model_config = ConfigDict(from_attributes=True, frozen=True, hide_input_in_errors=True)


def canonical_id(value: object) -> UUID:
    """Only the form with four dashes; upper case is taken and answered in lower case."""
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or not CANONICAL_ID.fullmatch(value):
        raise PydanticCustomError("id", "Write the id as a UUID in its canonical form, with dashes")
    return UUID(value)


def instant(value: object) -> datetime:
    """An RFC 3339 time with its offset, as UTC; a leap second counts as the one before it.

    An offset that leads out of the calendar ends at its first or last instant, which no rule on times accepts.
    """
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC)
    match = RFC_3339.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError("time", "Write the time as RFC 3339 with an offset, like 2026-11-23T08:00:00Z")
    day, minute, second, fraction, _, sign, hours, minutes = match.groups()
    second = "59" if second == LEAP_SECOND else second
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    try:
        local = datetime.fromisoformat(f"{day}T{minute}:{second}.{(fraction or '0').ljust(6, '0')}")
    except ValueError as error:
        raise PydanticCustomError("time", "There is no such date or time of day") from error
    return to_utc(local, offset)


def to_utc(local: datetime, offset: timedelta) -> datetime:
    try:
        return local.replace(tzinfo=timezone(offset)).astimezone(UTC)
    except OverflowError:
        edge = datetime.min if offset > timedelta(0) else datetime.max  # noqa: DTZ901 - the zone is set here
        return edge.replace(tzinfo=UTC)


def counted(value: object) -> object:
    """A query's digits as a number: `+1`, `01`, `1_0` and `1.0` are none."""
    if isinstance(value, str):
        if not re.fullmatch(r"0|[1-9][0-9]{0,17}", value):
            raise PydanticCustomError("number", "Write a whole number in plain digits")
        return int(value)
    return value


def calendar_day(value: object) -> date:
    if type(value) is date:
        return value
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("date", "Write the day as a date, like 2026-11-23")


@cache
def time_zones() -> frozenset[str]:
    """The IANA names; from the package, so that every machine knows the same ones."""
    return frozenset((files("tzdata") / "zones").read_text().split()) - NO_ZONES


def known_zone(value: str) -> str:
    if value not in time_zones():
        raise PydanticCustomError("zone", "Name the time zone as IANA does, like Europe/Berlin")
    return value


def may_be_absent(description: str | None = None) -> Any:
    """A member that may be left out, and is never null; dump with `exclude_unset` to tell."""
    told: dict[str, Any] = {"description": description} if description else {}  # None would hide the type's own
    return Field(default=None, json_schema_extra=without_default, **told)


def without_default(schema: dict[str, Any]) -> None:
    del schema["default"]


def digest_of(said: dict[str, Any]) -> bytes:
    """What the client sent, in 32 bytes: equal for equal members, however they were ordered or spaced."""
    return sha256(IN_ORDER.encode(said).encode()).digest()


def example_of(model: type[BaseModel]) -> Any:
    """The first example that a schema gives of itself."""
    extra: Any = model.model_config["json_schema_extra"]
    return extra["examples"][0]


def affirmed(value: object) -> object:
    """Only JSON's true says yes: 1 equals it in Python, and would pass for it."""
    if value is not True:
        raise PydanticCustomError("affirmed", "This has to be stated as true")
    return value


def literally(value: object) -> object:
    """For a choice of numbers and words: True and 1.0 equal 1 in Python, and would pass for it."""
    if type(value) not in {int, str}:
        raise PydanticCustomError("choice", "Choose one of the values that are listed")
    return value


def instant_schema(**more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "format": "date-time", **more})


Id = Annotated[
    UUID,
    BeforeValidator(canonical_id),
    WithJsonSchema({"type": "string", "format": "uuid", "pattern": f"^{CANONICAL_ID.pattern}$"}),
]
Instant = Annotated[datetime, BeforeValidator(instant), instant_schema()]
Day = Annotated[date, BeforeValidator(calendar_day), WithJsonSchema({"type": "string", "format": "date"})]
Whole = Annotated[int, Strict()]
"""A JSON number without a fraction; "3", 3.0 and true are none."""
Affirmed = Annotated[Literal[True], BeforeValidator(affirmed)]
Text = Annotated[str, Strict(), Field(pattern=NO_NUL)]
"""PostgreSQL keeps no NUL; a lone surrogate is no text for either database, nor for pydantic where a pattern is set."""
Zone = Annotated[str, Strict(), AfterValidator(known_zone), WithJsonSchema({"type": "string", "format": ZONE_FORMAT})]
TAG = told_as(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", "Write the language as a tag, like en or pt-BR")
LanguageTag = Annotated[str, Strict(), Field(pattern=TAG, max_length=35)]
told_as(values.SLUG, "Write the name as it is listed: small letters and digits, with single dashes between")
Slug = Annotated[values.Slug, Strict()]
