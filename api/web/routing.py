"""Routes that take a request literally: JSON by RFC 8259, bounded, each query parameter known and given once."""

import json
from collections import Counter
from collections.abc import Callable, Coroutine
from email.message import Message
from typing import Any, NoReturn

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from api.domain.errors import Fault, Invalid
from api.web.problems import BodyTooLarge, UnsupportedMediaType
from api.web.ready import Ready

BODY_LIMIT = 64 * 1024
INTEGER_DIGITS = 19
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class NotJson(ValueError):
    """The text is no JSON value, or one that means different things to different readers."""


def parse_json(text: str) -> object:
    """Refuses what the standard library lets through: NaN, infinities, doubled names, endless digits and depths."""
    try:
        return json.loads(
            text,
            object_pairs_hook=unique_members,
            parse_constant=refuse_constant,
            parse_float=finite,
            parse_int=bounded_integer,
        )
    except RecursionError as error:
        raise NotJson("The body is nested too deeply") from error


def unique_members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotJson("A member of an object is given twice")
    return members


def refuse_constant(_: str) -> NoReturn:
    raise NotJson("NaN and Infinity are no JSON numbers")


def finite(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise NotJson("A number is too large")
    return number


def bounded_integer(text: str) -> int:
    """Past 64 bits no database column holds it; Python would take seconds for a million digits."""
    if len(text.lstrip("-")) > INTEGER_DIGITS:
        raise NotJson("An integer is too large")
    return int(text)


class StrictRequest(Request):
    """A request whose JSON body is read within a limit and parsed once."""

    async def load(self, limit: int) -> None:
        """Raises BodyTooLarge, UnsupportedMediaType or Invalid."""
        self._body = await self.bounded_body(limit)
        if not self._body and "content-type" not in self.headers:
            return
        self.require_json()
        if self._body:
            self._json = self.parsed()

    async def bounded_body(self, limit: int) -> bytes:
        announced = self.headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced[:INTEGER_DIGITS]) > limit:
            raise BodyTooLarge(f"At most {limit} bytes are taken here.")
        body = bytearray()
        async for chunk in self.stream():
            body += chunk
            if len(body) > limit:
                raise BodyTooLarge(f"At most {limit} bytes are taken here.")
        return bytes(body)

    def require_json(self) -> None:
        header = Message()
        header["content-type"] = self.headers.get("content-type", "text/plain")
        charset = str(header.get_param("charset", "utf-8")).lower()
        if header.get_content_type() != "application/json" or charset not in {"utf-8", "utf8"}:
            raise UnsupportedMediaType("This operation takes `application/json` in UTF-8.")

    def parsed(self) -> object:
        try:
            return parse_json(self._body.decode())
        except (NotJson, json.JSONDecodeError, UnicodeDecodeError) as error:
            reason = str(error) if isinstance(error, NotJson) else "The body is not JSON in UTF-8"
            fault = Fault(pointer="", code="json_invalid", message=reason)
            raise Invalid("The body cannot be read as JSON.", faults=(fault,)) from error


class StrictRoute(APIRoute):
    """What every operation of the API has in common before its own parameters are looked at."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        known = query_names(self.dependant)
        takes_body = self.body_field is not None
        limit = (self.openapi_extra or {}).get("x-body-limit", BODY_LIMIT)

        async def strict(request: Request) -> Response:
            if request.scope["query_string"]:
                check_query(request, known)
            if takes_body:
                request = StrictRequest(request.scope, request.receive)
                await request.load(limit)
            response = await handle(request)
            if not isinstance(response, Ready):
                response.headers.setdefault("cache-control", "private, no-store")
            return response

        return strict


def query_names(dependant: Dependant) -> frozenset[str]:
    own = frozenset(field.alias for field in dependant.query_params)
    return own.union(*(query_names(inner) for inner in dependant.dependencies))


def check_query(request: Request, known: frozenset[str]) -> None:
    counted = Counter(name for name, _ in request.query_params.multi_items())
    faults = [unknown_parameter(name) for name in counted if name not in known]
    faults += [repeated_parameter(name) for name, times in counted.items() if times > 1 and name in known]
    if faults:
        raise Invalid(faults=tuple(faults))


def unknown_parameter(name: str) -> Fault:
    shown = name[:60].encode(errors="replace").decode()
    return Fault(f"?{shown}", "unknown_parameter", "This operation has no such query parameter; leave it out")


def repeated_parameter(name: str) -> Fault:
    return Fault(f"?{name}", "repeated_parameter", "Give this query parameter once")


class Router(APIRouter):
    """An APIRouter of strict routes without redirects: a redirect would repeat a body to whatever Host was named."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=StrictRoute, redirect_slashes=False, **options)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tries no route of another noun: each would be a regular expression, and FastAPI looks twice."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return super().matches(scope) if path.startswith(self.prefix) else (Match.NONE, {})
