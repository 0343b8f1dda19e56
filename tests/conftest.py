"""The databases that tests ask for by name. The store commits, so no test hides in a transaction of its own."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.databases import Run, postgresql_database, sqlite_database

DATABASES = ("sqlite", "postgresql")
run_key = pytest.StashKey[Run]()


def pytest_configure(config: pytest.Config) -> None:
    """The run belongs to its first process; the workers of xdist find its folder in the environment."""
    if not hasattr(config, "workerinput"):
        config.stash[run_key] = Run()


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(run_key, None)
    if run is not None:
        run.end()


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
