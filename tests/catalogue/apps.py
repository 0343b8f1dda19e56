"""The content operations in two forms: the whole application, and the declared routes without the table in front."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.types import ASGIApp

import api.catalogue.routes
import api.pack.routes
import api.routines.routes
from api.main import create_app
from api.web import problems
from api.web.middleware import Trace
from tests.content.loaded import CONTENT


def declared() -> FastAPI:
    app = FastAPI(middleware=[Middleware(Trace)], telemetry=None)
    app.include_router(api.catalogue.routes.router)
    app.include_router(api.routines.routes.router)
    app.include_router(api.pack.routes.router)
    problems.install(app)
    app.state.content = CONTENT
    return app


def served() -> FastAPI:
    return create_app(content=CONTENT)


@asynccontextmanager
async def client(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://unknot.test") as opened:
        yield opened
