from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import FastAPI

from api.main import create_app
from api.settings import Settings
from tests.conftest import DATABASES, UNSWEPT, database, quick
from tests.content.loaded import CONTENT
from tests.mail.servers import Kept


@pytest.fixture(scope="package", params=DATABASES)
def own_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database in which sweeping meets nobody but the people of these tests."""
    with database(request.param, tmp_path_factory.mktemp("own")) as url:
        yield url


@pytest.fixture(scope="package")
async def alone(own_url: str, letters: Kept) -> AsyncIterator[FastAPI]:
    """An application on it, which tidies nothing by itself."""
    settings = Settings(database_url=own_url, mail_url=f"smtp://127.0.0.1:{letters.port}", **UNSWEPT)
    application = create_app(settings, CONTENT, quick())
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture(scope="package")
async def caller(alone: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of that application."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(alone), base_url="http://unknot.test") as client:
        yield client
