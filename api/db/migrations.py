"""Migrations as functions: the server, the commands, the checks and the tests all go through these.

An upgrade is one transaction: either every step of it happened or none did.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData, text

from api.db.revision import MigrationError

# Any number will do as long as nobody else locks it: "unknot" as bytes.
ADVISORY_LOCK = int.from_bytes(b"unknot", "big")
TURN_TIMEOUT = "60s"
LOCK_TIMEOUT = "5s"
FILE_TEMPLATE = "%%(year)d-%%(month).2d-%%(day).2d-%%(hour).2d%%(minute).2d_%%(slug)s"


def migrations_directory() -> Path:
    """Where env.py and the versions are: in an installed package, else at the root of the checkout."""
    package = Path(__file__).resolve().parent.parent
    for directory in (package / "bundled" / "alembic", package.parent / "alembic"):
        if (directory / "env.py").exists():
            return directory
    raise MigrationError("The migrations are missing from this installation.")


def upgrade(engine: Engine, *, directory: Path | None = None) -> None:
    """Brings the database up to the newest version; does nothing when it is there already.

    Raises MigrationError for a version that is not known here: a newer Unknot has been at work.
    """
    try:
        with migrating(engine) as connection:
            command.upgrade(configured(directory, connection), "head")
    except CommandError as error:
        raise MigrationError(f"{error}. Use the version of Unknot that wrote it, or a newer one.") from error


def head(*, directory: Path | None = None) -> str | None:
    """The newest version there is."""
    return ScriptDirectory.from_config(configured(directory)).get_current_head()


def differences(engine: Engine, metadata: MetaData) -> list[Any]:
    """What a new migration would have to change so that the database has these tables; empty when it does."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts=options()), metadata))


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction in which migrations may run."""
    around = _migrating_sqlite if engine.dialect.name == "sqlite" else _migrating_postgresql
    with engine.connect() as connection, around(connection):
        yield connection


def options() -> dict[str, Any]:
    """How env.py and the checks compare and write; the same everywhere."""
    return {"render_as_batch": True, "compare_type": True, "render_item": _render_with_import}


def configured(directory: Path | None = None, connection: Connection | None = None) -> Config:
    """What alembic's own commands need, as `pyproject.toml` says it for the command line."""
    config = Config()
    config.set_main_option("script_location", str(directory or migrations_directory()).replace("%", "%%"))
    config.set_main_option("file_template", FILE_TEMPLATE)
    config.set_main_option("timezone", "UTC")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _migrating_sqlite(connection: Connection) -> Iterator[None]:
    # SQLite changes a table by copying and dropping it, and dropping a parent would cascade to its children.
    # The pragma does nothing within a transaction.
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    with connection.begin():
        yield
        orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
        if orphans:
            raise MigrationError(f"The migration left {len(orphans)} rows without the row that they belong to.")


@contextmanager
def _migrating_postgresql(connection: Connection) -> Iterator[None]:
    # Servers that start together take turns; and a table that somebody holds must not make everybody queue behind us.
    with connection.begin():
        connection.execute(text(f"SET LOCAL lock_timeout = '{TURN_TIMEOUT}'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        yield


def _render_with_import(kind: str, value: Any, context: AutogenContext) -> str | bool:
    """Types that are not SQLAlchemy's own are written with the import that they need."""
    module = type(value).__module__
    if kind != "type" or module.startswith("sqlalchemy."):
        return False
    context.imports.add(f"import {module}")
    return f"{module}.{value!r}"
