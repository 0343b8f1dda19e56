"""Around each request as pure ASGI: header sections that are too large are refused, and `Vary` says nothing twice."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from api.web.problems import HeadersTooLarge, problem_response

HEADERS_LIMIT = 16 * 1024


class HeaderLimit:
    """Refuses what no client needs to send, before anything looks into it or remembers it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or size_of(scope["headers"]) <= HEADERS_LIMIT:
            await self.app(scope, receive, send)
            return
        refusal = HeadersTooLarge(f"All headers together may have {HEADERS_LIMIT} bytes; send fewer or shorter ones.")
        refused = problem_response(refusal, scope)
        await refused(scope, receive, send)


def size_of(headers: list[tuple[bytes, bytes]]) -> int:
    size = 0
    for name, value in headers:
        size += len(name) + len(value)
    return size


class Compress(CompressMiddleware):
    """Codes what is not coded yet. A ready answer has named Accept-Encoding already; the library adds it again."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [header_once(*header) for header in message["headers"]]}
            await send(message)

        await super().__call__(scope, receive, sending)


def header_once(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    if name != b"vary":
        return name, value
    return name, b", ".join(dict.fromkeys(member.strip() for member in value.split(b",")))
