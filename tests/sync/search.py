"""The search for a misfortune after which phones and server disagree."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from api.main import create_app
from api.settings import Settings
from tests.sync.world import Phones

PHASES = (Phase.generate, Phase.shrink)


def search(database_url: str, *, examples: int, steps: int) -> None:
    """Raises AssertionError, after printing the shortest story that hypothesis could find."""
    limits = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=PHASES,
        suppress_health_check=list(HealthCheck),
    )
    with asyncio.Runner() as runner:
        opened = served(database_url)
        service = runner.run(opened.__aenter__())
        try:
            phones = type("Phones", (Phones,), {"runner": runner, "service": service})
            run_state_machine_as_test(phones, settings=limits)
        finally:
            runner.run(opened.__aexit__(None, None, None))


@asynccontextmanager
async def served(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(database_url=database_url, rate_limit_per_minute=0, sign_up_limit_per_hour=0))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://unknot.test") as client,
    ):
        yield client
