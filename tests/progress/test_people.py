"""A few of the people of `python -m tests.progress.people`."""

import pytest
from sqlalchemy import Engine

from api.catalogue.content import load_content
from api.db.engines import engine_for
from api.settings import Settings
from tests.progress.people import wrong


@pytest.fixture
def engine(fresh_database_url: str) -> Engine:
    return engine_for(fresh_database_url)


def test_what_is_kept_of_random_people_is_what_the_record_gives_and_damage_is_found_and_repaired(
    engine: Engine,
) -> None:
    assert list(wrong(engine, load_content(Settings().content_dir), range(10, 20))) == []
    engine.dispose()
