"""What surrounds every request, as pure ASGI: its id, its log line, HEAD, and no way out for a raw error."""

import logging
import re
from collections.abc import Iterable, Mapping
from time import perf_counter
from types import MappingProxyType

from fastapi.exceptions import ResponseValidationError
from opentelemetry import trace
from prometheus_client import Histogram
from sqlalchemy.exc import DBAPIError
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from api import metrics
from api.db.failures import described
from api.web.access import access_log
from api.web.answering import ANSWERING, Answering, answering
from api.web.logs import request_id
from api.web.problems import ServerFault, problem_response
from api.web.ready import ROUTE_LABEL

log = logging.getLogger("unknot.web")
CLIENT_CLOSED = 499
"""What the log says of a request that its client gave up before it had come in whole; nobody receives it."""
WHAT_WAS_ASKED = ("route", ROUTE_LABEL)
NO_SNIFFING = (b"x-content-type-options", b"nosniff")
ACCEPTABLE_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class Trace:
    """Outermost: gives each request an id, answers with it, logs one line and counts it.

    `patterns` tells of which pattern a ready answer's path is a case: of those there may be thousands.
    """

    def __init__(self, app: ASGIApp, patterns: Mapping[str, str] = MappingProxyType({})) -> None:
        self.app, self.patterns = app, patterns
        self.counted: dict[tuple[str, str, int], Histogram] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, known_as = perf_counter(), chosen_id(scope["headers"])
        scope.setdefault("state", {})["request_id"] = known_as
        answer = scope[ANSWERING] = Answering(send, [(b"x-request-id", known_as.encode()), NO_SNIFFING])
        token = request_id.set(known_as)
        try:
            await self.app(scope, receive, answer)
        finally:
            self.tell(scope, answer.status, perf_counter() - began, known_as)
            request_id.reset(token)
            del scope[ANSWERING]  # it leads back to the scope: only the collector would find the two

    def tell(self, scope: Scope, status: int, seconds: float, known_as: str) -> None:
        method, route = scope["method"], route_of(scope)
        kind = (method, route, status)
        counted = self.counted.get(kind)
        if counted is None:
            pattern = self.patterns.get(route, route)
            counted = self.counted[kind] = metrics.REQUESTS.labels(method, pattern, status)
        counted.observe(seconds)
        access_log.tell(method, route, status, seconds, known_as)


class Spans:
    """Has a span name its request's route and id: no session of a person leaves in it, nor what they searched for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                known_as = scope["state"]["request_id"]
                told = {"url.path": route_of(scope), "url.query": "", "unknot.request_id": known_as}
                trace.get_current_span().set_attributes(told)
            await send(message)

        await self.app(scope, receive, sending)


class Faults:
    """An escaped error ends here as a problem, inside what adds headers: a browser reads it across origins too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except ClientDisconnect:
            if not answering(scope).status:
                await Response(status_code=CLIENT_CLOSED)(scope, receive, send)
        except Exception as error:
            if scope["type"] != "http" or answering(scope).status:
                raise
            log.exception("unhandled error", exc_info=without_input(error))
            fault = problem_response(ServerFault(), scope)
            await fault(scope, receive, send)


def without_input(error: Exception) -> Exception:
    """What would put a person's record into the log is told by its kind and place alone."""
    if isinstance(error, DBAPIError):
        return RuntimeError(described(error)).with_traceback(error.__traceback__)
    if not isinstance(error, ResponseValidationError):
        return error
    failed = [f"{row['type']} at {row['loc']}" for row in error.errors()]
    return TypeError(f"The answer does not fit its schema: {failed}").with_traceback(error.__traceback__)


def chosen_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    for name, value in headers:
        if name == b"x-request-id" and ACCEPTABLE_ID.fullmatch(value):
            return str(value, "ascii")
    return str(uuid7())


def route_of(scope: Scope) -> str:
    """The route's pattern rather than the path: a session's id is nobody's business in a log."""
    return str(scope.get(ROUTE_LABEL) or getattr(scope.get("route"), "path", "-"))


class Head:
    """HEAD wherever GET is: the same answer without its body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        as_get = {**scope, "method": "GET"}
        try:
            await self.app(as_get, receive, without_body)
        finally:
            scope.update({key: as_get[key] for key in WHAT_WAS_ASKED if key in as_get})
