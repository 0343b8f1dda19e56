from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import postgresql_database, sqlite_database
from tests.store.shelf import make_tables


@pytest.fixture
def url(empty_database_url: str) -> str:
    """Either database, with the shelves."""
    make_tables(empty_database_url)
    return empty_database_url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> Iterator[str]:
    with sqlite_database(tmp_path, migrated=False) as url:
        make_tables(url)
        yield url


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    with postgresql_database(migrated=False) as url:
        make_tables(url)
        yield url
