"""`python -m tests.attacks.migrations`: up, down and up again with people's data in place, and kills in the middle."""

import hashlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from random import Random

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, NullPool, create_engine, inspect, text
from sqlalchemy.exc import ProgrammingError

from api.db import migrations
from api.db.engines import engine_for, parsed
from api.db.revision import revision
from api.metadata import metadata
from tests.attacks.places import options, place
from tests.attacks.table import Row, told
from tests.bench.copying import copy_history
from tests.bench.seeding import open_people, practise
from tests.servers import UNKNOT, run_unknot, without_settings

LONGEST_WAIT_S = 1.0
LOOK_S = 0.02
PEOPLE = 50
Columns = dict[str, list[str]]


def attacked(folder: Path, url: str, *, sessions: int, kills: int, seed: int, people: int = PEOPLE) -> list[Row]:
    engine = engine_for(url)
    try:
        migrations.upgrade(engine)
        one, *others = open_people(engine, people)
        practise(engine, one, sessions // people)
        copy_history(engine, one, others)
        rows = [*there_and_back(engine, url), *killed(engine, folder, url, kills, Random(seed))]  # noqa: S311 - repeatable
    finally:
        engine.dispose()
    checked = run_unknot("progress", "check", folder=folder, database_url=url)
    return [*rows, Row("progress is what the sessions give", checked.stdout.strip(), checked.returncode == 0)]


def there_and_back(engine: Engine, url: str) -> list[Row]:
    """From the newest revision to the oldest and up again, step by step, each on data."""
    steps, newest = revisions(), columns(engine)
    for earlier in reversed(steps[:-1]):
        down_to(engine, earlier)
    oldest = {
        table: [name for name in names if name in newest[table]]
        for table, names in columns(engine).items()
        if table in newest
    }
    kept, rows = content(engine, oldest), list[Row]()
    for later in steps[1:]:
        began = time.monotonic()
        with ExitStack() as stack:
            waiting = stack.enter_context(Waiting(url)) if engine.dialect.name == "postgresql" else None
            up_to(engine, later)
        if waiting:
            figure = f"{waiting.longest_s:.2f} s for {waiting.table}, in {time.monotonic() - began:.2f} s"
            rows.append(Row(f"{later}: nobody waits {LONGEST_WAIT_S:g} s", figure, waiting.longest_s <= LONGEST_WAIT_S))
    same, ours = content(engine, oldest) == kept, migrations.differences(engine, metadata)
    return [
        *rows,
        Row("what the oldest revision had is unchanged", f"{len(oldest)} tables, {len(steps)} revisions", same),
        Row("the schema is the code's", f"{len(ours)} differences", not ours),
    ]


def killed(engine: Engine, folder: Path, url: str, kills: int, luck: Random) -> Iterator[Row]:
    """`unknot db upgrade` over all revisions, killed at random instants; afterwards it runs to its end."""
    oldest, *_, newest = revisions()
    down_to(engine, oldest)
    refused = run_unknot("serve", "--port", "0", folder=folder, database_url=url, settings={"UNKNOT_MIGRATE": "false"})
    told = "run `unknot db upgrade`" in refused.stderr
    yield Row("another revision is not served", refused.stderr.strip()[-60:], refused.returncode == 1 and told)
    chosen = columns(engine)
    kept, whole_s = content(engine, chosen), upgrade_s(folder, url)
    same, seen = True, set[str | None]()
    for _ in range(kills):
        down_to(engine, oldest)
        kill_upgrade(folder, url, luck.uniform(0.2, 1) * whole_s)
        seen.add(revision(engine))
        if revision(engine) == oldest:
            same = same and content(engine, chosen) == kept
    yield Row(
        "killed in the middle, all or nothing is done", f"{kills} kills: {seen}", same and seen <= {oldest, newest}
    )
    again = [run_unknot("db", "upgrade", folder=folder, database_url=url).stdout.strip() for _ in range(2)]
    yield Row("then it runs to its end, and again", again[-1], set(again) == {f"database: at revision {newest}"})


def upgrade_s(folder: Path, url: str) -> float:
    began = time.monotonic()
    run_unknot("db", "upgrade", folder=folder, database_url=url)
    return time.monotonic() - began


def kill_upgrade(folder: Path, url: str, after_s: float) -> None:
    environment = {**without_settings(), "UNKNOT_DATABASE_URL": url}
    running = subprocess.Popen([str(UNKNOT), "db", "upgrade"], cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    time.sleep(after_s)
    running.kill()
    running.wait()


def revisions() -> list[str]:
    """From the oldest to the newest."""
    script = ScriptDirectory.from_config(migrations.configured())
    return [one.revision for one in reversed(list(script.walk_revisions()))]


def down_to(engine: Engine, revision: str) -> None:
    with migrations.migrating(engine) as connection:
        command.downgrade(migrations.configured(connection=connection), revision)


def up_to(engine: Engine, revision: str) -> None:
    with migrations.migrating(engine) as connection:
        command.upgrade(migrations.configured(connection=connection), revision)


def columns(engine: Engine) -> Columns:
    inspector = inspect(engine)
    tables = set(inspector.get_table_names()) - {"alembic_version"}
    return {table: sorted(column["name"] for column in inspector.get_columns(table)) for table in tables}


def content(engine: Engine, chosen: Columns) -> dict[str, str]:
    """By table, a digest of these columns of all its rows."""
    with engine.connect() as db:
        return {
            table: digest(str(tuple(row)) for row in db.execute(text(f'SELECT {", ".join(names)} FROM "{table}"')))  # noqa: S608 - names of our own tables
            for table, names in chosen.items()
        }


def digest(rows: Iterator[str]) -> str:
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


class Waiting:
    """Reads from every table again and again, as servers do, and notes how long it had to wait for which."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(parsed(url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._tables = inspect(self._engine).get_table_names()
        self._over, self._thread = threading.Event(), threading.Thread(target=self._look)
        self.longest_s, self.table = 0.0, "none"

    def __enter__(self) -> "Waiting":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._engine.dispose()

    def _look(self) -> None:
        with self._engine.connect() as db:
            while not self._over.wait(LOOK_S):
                for table in self._tables:
                    began = time.monotonic()
                    with suppress(ProgrammingError):  # the step has dropped it
                        db.execute(text(f'SELECT 1 FROM "{table}" LIMIT 1')).all()  # noqa: S608 - as above
                    if (waited := time.monotonic() - began) > self.longest_s:
                        self.longest_s, self.table = waited, table


def main() -> int:
    parser = options("migrations", __doc__)
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=10)
    chosen = parser.parse_args()
    with place(chosen.database) as (folder, url):
        return told(attacked(folder, url, sessions=chosen.sessions, kills=chosen.kills, seed=chosen.seed))


if __name__ == "__main__":
    sys.exit(main())
