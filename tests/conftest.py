"""The databases that tests ask for by name. The store commits, so no test hides in a transaction of its own."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import settings as searches

from api.accounts.passwords import Cost, Passwords
from api.catalogue.content import load_content
from api.main import create_app
from api.settings import Settings
from tests.content.languages import copied
from tests.content.loaded import CONTENT
from tests.databases import Run, postgresql_database, sqlite_database
from tests.factories import METRICS_TOKEN, Guest, open_guest
from tests.mail.servers import Kept, mail_server

UNLIMITED: dict[str, Any] = dict.fromkeys(
    ("rate_limit_per_minute", "sign_up_limit_per_hour", "sign_in_limit_per_minute", "sign_in_attempts"), 0
)
UNSWEPT: dict[str, Any] = {**UNLIMITED, "sweep_interval_minutes": 0}
"""Nothing is tidied meanwhile: some tests travel in time, and others look at every statement."""
DATABASES = ("sqlite", "postgresql")
run_key = pytest.StashKey[Run]()
searches.register_profile("thorough", max_examples=500)


def pytest_configure(config: pytest.Config) -> None:
    """The run belongs to its first process; the workers of xdist find its folder in the environment."""
    if not hasattr(config, "workerinput"):
        config.stash[run_key] = Run()


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(run_key, None)
    if run is not None:
        run.end()


def quick() -> Passwords:
    """Hashes as the server does, at the lowest cost that argon2 knows."""
    return Passwords(Cost(memory_kib=8, passes=1))


def database(kind: str, folder: Path, *, migrated: bool = True) -> AbstractContextManager[str]:
    if kind == "sqlite":
        return sqlite_database(folder, migrated=migrated)
    return postgresql_database(migrated=migrated)


@pytest.fixture(scope="session", params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database which many tests share; each of them brings users of its own."""
    with database(request.param, tmp_path_factory.mktemp("shared")) as url:
        yield url


@pytest.fixture(params=DATABASES)
def fresh_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database for this test alone."""
    with database(request.param, tmp_path) as url:
        yield url


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database for this test alone, without any table."""
    with database(request.param, tmp_path, migrated=False) as url:
        yield url


@pytest.fixture(scope="session")
def letters() -> Iterator[Kept]:
    """What the shared application has sent, on a real mail server."""
    with mail_server() as (kept, port):
        kept.port = port
        yield kept


@pytest.fixture(scope="session")
async def app(database_url: str, letters: Kept) -> AsyncIterator[FastAPI]:
    """The whole application on a shared database, open, without rate limits."""
    settings = Settings(
        database_url=database_url,
        mail_url=f"smtp://127.0.0.1:{letters.port}",
        metrics_token=METRICS_TOKEN,
        requests_in_work=256,  # crowds of fifty are for the store to settle, not for admission
        **UNSWEPT,
    )
    application = create_app(settings, CONTENT, quick())
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture(scope="session")
async def service(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of that application, over HTTP but for the socket."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://unknot.test") as client:
        yield client


@pytest.fixture
async def guest(service: httpx.AsyncClient) -> Guest:
    """A person of this test's own, who agreed that health data is kept."""
    return await open_guest(service)


@pytest.fixture
async def speaking(fresh_database_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application whose content is there in a second language, which nobody has reviewed."""
    settings = Settings(database_url=fresh_database_url, **UNLIMITED)
    application = create_app(settings, load_content(copied(tmp_path / "content")))
    async with (
        application.router.lifespan_context(application),
        httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://unknot.test") as client,
    ):
        yield client
