"""Runs the migrations on the connection it is given, or, for the `alembic` command, on the configured database."""

from alembic import context
from sqlalchemy import Connection, MetaData

from api.db import migrations
from api.db.engines import engine_for
from api.settings import Settings


def tables() -> MetaData:
    given: MetaData | None = context.config.attributes.get("metadata")
    if given is not None:
        return given
    from api.metadata import metadata  # noqa: PLC0415 - only when nobody brought tables of their own

    return metadata


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=tables(), **migrations.options())
    context.run_migrations()


def run_from_command() -> None:
    engine = engine_for(Settings().database_url)
    with migrations.migrating(engine) as connection:
        run(connection)


given = context.config.attributes.get("connection")
if given is None:
    run_from_command()
else:
    run(given)
