"""Which revision a database is at, and which one this code needs: what every start asks, without Alembic.

Importing Alembic takes a start more than all that it asks of the database.
"""

from pathlib import Path

from sqlalchemy import Engine, inspect, text

NEEDED = "0009"
"""The newest migration there is; a test holds it to that."""
TABLE = "alembic_version"


class MigrationError(Exception):
    """A migration did what it must not do, or the migrations are not there."""


def revision(engine: Engine) -> str | None:
    """The version that the database is at; None when it was never migrated. Makes no file that is not there."""
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
        return None
    with engine.connect() as connection:
        if not inspect(connection).has_table(TABLE):
            return None
        found: str | None = connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar_one_or_none()  # noqa: S608 - a constant
        return found


def is_needed(engine: Engine) -> bool:
    return revision(engine) == NEEDED
