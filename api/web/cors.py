"""Cross-origin calls from browsers; a refused preflight is a problem document like any other refusal."""

from functools import cached_property

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.domain.errors import Forbidden
from api.web.answering import answering
from api.web.problems import problem_response

ALLOWED = 200
NOT_LOOKED_AT = Headers()


class PreflightRefused(Forbidden):
    code = "preflight-refused"
    title = "A page of this origin may not send such a request"
    cure = "Have the origin added to `UNKNOT_ALLOWED_ORIGINS`, and use the documented methods and headers."


class Cors(CORSMiddleware):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes requests on with the headers that browsers ask for, and answers preflights."""
        try:
            if self.allow_all_origins and scope["type"] == "http" and scope["method"] != "OPTIONS":
                await self.simple_response(scope, receive, send, request_headers=NOT_LOOKED_AT)
            else:
                await super().__call__(scope, receive, send)
        except PreflightRefused as refusal:
            refused = problem_response(refusal, scope, {"vary": "Origin"})
            await refused(scope, receive, send)

    async def simple_response(self, scope: Scope, receive: Receive, send: Send, request_headers: Headers) -> None:
        """Where every origin may read, all get the same headers: shared caches need not tell origins apart."""
        if self.allow_all_origins:
            answering(scope).added += self.for_all
            await self.app(scope, receive, send)
        else:
            await super().simple_response(scope, receive, send, request_headers)

    @cached_property
    def for_all(self) -> list[tuple[bytes, bytes]]:
        return [(name.lower().encode(), value.encode()) for name, value in self.simple_headers.items()]

    def preflight_response(self, request_headers: Headers) -> Response:
        response = super().preflight_response(request_headers)
        if response.status_code != ALLOWED:
            raise PreflightRefused
        return response
