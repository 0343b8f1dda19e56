"""`/metrics`: what is counted while the server runs, for whoever has the token that the settings name."""

from collections.abc import Callable
from secrets import compare_digest

from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from api.domain.errors import Unauthenticated
from api.metrics import exposition

PATH = "/metrics"


def install(app: FastAPI, token: str) -> None:
    """Without a token there is no such page: what a server does is not told to everybody who can reach it."""
    if token:
        app.add_route(PATH, telling(f"Bearer {token}".encode()), methods=["GET"], include_in_schema=False)


def telling(authorization: bytes) -> Callable[[Request], Response]:
    # No coroutine: writing it all takes milliseconds, which a thread may spend beside the requests.
    def endpoint(request: Request) -> Response:
        shown = request.headers.get("authorization", "").encode("latin-1")
        if not compare_digest(shown, authorization):
            raise Unauthenticated("Send the token that the server's `UNKNOT_METRICS_TOKEN` names.")
        return Response(exposition(), headers={"cache-control": "no-store", "content-type": CONTENT_TYPE_LATEST})

    return endpoint
