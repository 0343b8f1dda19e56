"""Who is calling. The dependency only reads the token; it is looked up in the transaction of the work itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Security
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase
from sqlalchemy import Connection

from api.accounts.refusals import AccountMoved
from api.accounts.service import Identity, identify
from api.accounts.tokens import Presented, presented
from api.accounts.uses import Uses
from api.db.store import Store
from api.domain.errors import Unauthenticated
from api.domain.permission import Scope
from api.web.limits import Recognised, fingerprint

T = TypeVar("T")
LONGEST_AUTHORIZATION = 128
"""A token has a fixed length; the rest is room for the scheme and some spaces."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Runs units of work as the person whose token was shown, at the instant the request came in."""

    store: Store
    recognised: Recognised
    uses: Uses
    credential: bytes
    token: Presented
    scope: Scope
    now: datetime

    async def write(self, unit: Callable[..., T], /, **arguments: Any) -> T:
        """Runs `unit(db, user_id=…, app=…, **arguments)`; raises Unauthenticated or ScopeMissing."""

        def work(db: Connection) -> T:
            identity = self.identify(db)
            return unit(db, user_id=identity.user_id, app=identity.app, **arguments)

        try:
            result = await self.store.write(work)
        except AccountMoved:
            # It became part of another while the unit waited for its row; the token is known there now.
            result = await self.store.write(work)
        return self.recognise(result)

    async def read(self, unit: Callable[..., T], /, **arguments: Any) -> T:
        """Runs `unit(db, user_id=…, **arguments)` where it cannot write; raises Unauthenticated or ScopeMissing."""
        return self.recognise(await self.store.read(self.reading(unit, arguments)))

    async def read_long(self, unit: Callable[..., T], /, *, wait_s: float | None = None, **arguments: Any) -> T:
        """Like `read`, for a unit that reads at length."""
        return self.recognise(await self.store.read_long(self.reading(unit, arguments), wait_s=wait_s))

    def reading(self, unit: Callable[..., T], arguments: Mapping[str, Any]) -> Callable[[Connection], T]:
        return lambda db: unit(db, user_id=self.identify(db).user_id, **arguments)

    def identify(self, db: Connection) -> Identity:
        known = identify(db, user_id=self.token.user_id, token=self.token.digest, scope=self.scope, now=self.now)
        if known.personal:
            self.uses.note(known.user_id, self.token.digest, self.now)
        return known

    def recognise(self, result: T) -> T:
        self.recognised.remember(self.credential, self.token.user_id.hex)
        return result


class AccessToken(SecurityBase):
    """`Authorization: Bearer` with an access token; the operation's scope stands in the document."""

    def __init__(self) -> None:
        self.scheme_name = "access_token"
        self.model = HTTPBearerModel(
            bearerFormat="uk_<user>_<secret>",
            description="An access token from `POST /v1/accounts`, `/v1/tokens` or `/v1/tokens/refresh`, "
            "or a personal token from `POST /v1/me/tokens`.",
        )

    async def __call__(self, request: Request, scopes: SecurityScopes) -> Caller:
        authorization = request.headers.get("authorization", "")
        token = bearer_token(authorization)
        if token is None:
            raise Unauthenticated
        state = request.app.state
        scope = Scope(scopes.scopes[0])
        credential = fingerprint(authorization.encode("latin-1"))
        return Caller(state.store, state.recognised, state.uses, credential, token, scope, datetime.now(UTC))


def bearer_token(authorization: str) -> Presented | None:
    if len(authorization) > LONGEST_AUTHORIZATION:
        return None
    kind, _, text = authorization.partition(" ")
    return presented(text.strip(" ")) if kind.lower() == "bearer" else None


access_token = AccessToken()

ReadsSessions = Annotated[Caller, Security(access_token, scopes=[Scope.SESSIONS_READ])]
WritesSessions = Annotated[Caller, Security(access_token, scopes=[Scope.SESSIONS_WRITE])]
ReadsProgress = Annotated[Caller, Security(access_token, scopes=[Scope.PROGRESS_READ])]
ReadsProfile = Annotated[Caller, Security(access_token, scopes=[Scope.PROFILE_READ])]
WritesProfile = Annotated[Caller, Security(access_token, scopes=[Scope.PROFILE_WRITE])]
Owner = WritesProfile
"""Who may see and change how the account is signed in to: nobody can grant that scope to another app."""


async def opened_store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


OpenedStore = Annotated[Store, Depends(opened_store)]
