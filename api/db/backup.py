"""A whole database into one file, while it is served, and back into an empty place.

SQLite copies itself: one read transaction, which holds no writer up, and nothing of what was deleted comes along.
PostgreSQL's own programs do it for PostgreSQL; those of the server's version, or newer, must be installed.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, inspect

from api.db.engines import engine_for, held, is_sqlite, parsed
from api.db.sqlite_connections import file_of
from api.db.sqlite_file import make_for_owner
from api.domain.errors import Unavailable

BESIDE = ("-wal", "-shm")


def backup(url: str, target: Path) -> None:
    """Makes `target`, readable by its owner alone, whole or not at all. Raises Unavailable, also when it is there."""
    address = parsed(url)
    if target.exists():
        raise Unavailable(f"{target} is there already; a backup never replaces another.")
    with whole_or_not(target) as partial:
        if is_sqlite(address):
            copy_sqlite(file_of(address), partial)
        else:
            run("pg_dump", address, "--format=custom", f"--file={partial}")


def restore(url: str, source: Path) -> None:
    """Fills an empty place. Raises Unavailable when it is not empty, is served, or the backup is not whole."""
    address = parsed(url)
    if not source.is_file():
        raise Unavailable(f"There is no file {source}.")
    if is_sqlite(address):
        with held(url):
            restore_sqlite(source, Path(file_of(address)))
    elif has_tables(url):
        raise Unavailable("The database has tables already. Restore into an empty one: `createdb`.")
    else:
        run("pg_restore", address, "--exit-on-error", "--single-transaction", "--no-owner", str(source))


@contextmanager
def whole_or_not(file: Path) -> Iterator[Path]:
    """A file for its owner alone, which gets its name when all of it is on the disk. Raises Unavailable."""
    partial = file.with_name(file.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        make_for_owner(str(partial))
        yield partial
        keep(partial)
        partial.rename(file)
        keep(file.parent)
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(f"{file}: {error}.") from error
    finally:
        partial.unlink(missing_ok=True)


def copy_sqlite(database: str, target: Path) -> None:
    uri = f"{Path(database).absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as source:
        source.execute("VACUUM INTO ?", (str(target),))
    check_whole(target)


def restore_sqlite(source: Path, database: Path) -> None:
    for path in (database, *(database.with_name(database.name + suffix) for suffix in BESIDE)):
        if path.exists():
            raise Unavailable(f"{path} is there already; move it aside first, with what lies beside it.")
    with whole_or_not(database) as partial:
        shutil.copyfile(source, partial)
        check_whole(partial)


def check_whole(file: Path) -> None:
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        copy.execute("SELECT version_num FROM alembic_version").fetchone()
        checks = (copy.execute(f"PRAGMA {check}") for check in ("integrity_check", "foreign_key_check"))
        said = [str(row[0]) for rows in checks for row in rows]
    if said != ["ok"]:
        raise Unavailable(f"{file} is not whole: {said[:3]}.")


def keep(file: Path) -> None:
    """On the disk itself, so that no loss of power takes it."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def has_tables(url: str) -> bool:
    engine = engine_for(url)
    try:
        return bool(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def run(program: str, address: URL, *arguments: str) -> None:
    """The password goes by the environment, since anyone may read a command line."""
    found = shutil.which(program)
    if found is None:
        raise Unavailable(f"This needs `{program}` of PostgreSQL; on Debian: apt-get install postgresql-client")
    plain = address.set(drivername="postgresql", password=None).render_as_string()
    environment = {**os.environ, **({"PGPASSWORD": address.password} if address.password else {})}
    command = [found, f"--dbname={plain}", *arguments]
    outcome = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - PostgreSQL's own program
    if outcome.returncode:
        raise Unavailable(f"{program}: {outcome.stderr.strip().splitlines()[0] if outcome.stderr else 'failed'}")
