"""The server of a story: the whole application, over HTTP but for the socket, and now and then started anew."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from api.accounts.passwords import Cost, Passwords
from api.main import create_app
from api.settings import Settings
from tests.content.loaded import CONTENT

UNLIMITED: dict[str, Any] = {"rate_limit_per_minute": 0, "sign_up_limit_per_hour": 0, "sweep_interval_minutes": 0}


class Server:
    """`client` asks the application that serves now; after a restart that is another one on the same database."""

    app: FastAPI
    client: httpx.AsyncClient

    def __init__(self, database_url: str) -> None:
        self._settings = Settings(database_url=database_url, **UNLIMITED)
        self._running = AsyncExitStack()

    async def start(self) -> None:
        self.app = create_app(self._settings, CONTENT, Passwords(Cost(memory_kib=8, passes=1)))
        await self._running.enter_async_context(self.app.router.lifespan_context(self.app))
        transport = httpx.ASGITransport(self.app)
        client = httpx.AsyncClient(transport=transport, base_url="http://unknot.test")
        self.client = await self._running.enter_async_context(client)

    async def stop(self) -> None:
        await self._running.aclose()

    async def restart(self) -> None:
        await self.stop()
        await self.start()


@asynccontextmanager
async def serving(database_url: str) -> AsyncIterator[Server]:
    server = Server(database_url)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
