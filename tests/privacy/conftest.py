from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import FastAPI

from api.main import create_app
from api.settings import Settings
from tests.conftest import DATABASES, database


@pytest.fixture(scope="package", params=DATABASES)
def own_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database in which sweeping meets nobody but the people of these tests."""
    with database(request.param, tmp_path_factory.mktemp("own")) as url:
        yield url


@pytest.fixture(scope="package")
async def alone(own_url: str) -> AsyncIterator[FastAPI]:
    """An application on it, which tidies nothing by itself."""
    settings = Settings(
        database_url=own_url, rate_limit_per_minute=0, sign_up_limit_per_hour=0, sweep_interval_minutes=0
    )
    application = create_app(settings)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture(scope="package")
async def caller(alone: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of that application."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(alone), base_url="http://unknot.test") as client:
        yield client
