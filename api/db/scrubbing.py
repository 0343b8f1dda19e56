"""Takes what was deleted out of the files too: beside the units of work, on a connection outside of any transaction."""

import time
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine, text

from api.db.failures import translated
from api.db.jobs import Jobs

AT_MOST_S = 3600.0
"""For the tidying of large tables; nobody waits for it."""
SMALL_BYTES = 16 * 1024 * 1024
"""What is no larger is rewritten within half a second."""

STATISTICS = "pg_catalog.pg_statistic"
READERS_S, LOOK_S = 2.0, 0.02
"""So long whoever reads what was there before is waited for, and so often looked at."""
NOW = text("SELECT CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text)")
IS_READ = text("""
SELECT pg_snapshot_xmin(pg_current_snapshot()) < CAST(CAST(:now AS text) AS xid8) OR EXISTS (
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND age(backend_xmin) > age(CAST(CAST(CAST(:now AS text) AS xid8) AS xid))
)
""")
"""A transaction that writes, to whichever database of the server, keeps what was there before for whoever reads from
then on, our own rewriting too. Analysing tables in the background is reading; of other roles only a superuser sees it.
"""


def scrubbing(engine: Engine) -> Callable[[Jobs], None]:
    """What a thread of its own does, which holds up nobody when the process ends."""

    def serve(jobs: Jobs) -> None:
        while (job := jobs.take()) is not None:
            try:
                with engine.connect() as db:
                    job.value = job.unit(db)
            except BaseException as error:  # noqa: BLE001 - it belongs to the caller, whatever it is
                job.fail(translated(error, writing=True))
            jobs.deliver([job])

    return serve


def scrub_sqlite(db: Connection, *, rewrite: bool) -> bool:
    """What is deleted is zeroed as it goes; this brings the zeros into the file, and empties the log of the rest.

    False while a reader is at work on what was there before.
    """
    pages, size = (db.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "page_size"))
    # Where SQLite moves rows from page to page to keep its trees even, it zeroes nothing; only a rewrite does.
    if rewrite or pages * size <= SMALL_BYTES:
        db.exec_driver_sql("VACUUM")
    busy, *_ = db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not busy


def scrub_postgresql(db: Connection, tables: Sequence[str], *, rewrite: bool) -> bool:
    """Frees the room of dead rows, which later rows then take; only a rewrite leaves no byte, and it locks the table.

    Statistics are drawn anew, since they quote values; where they stand is the last to be tidied. False while somebody
    still reads what was there before.
    """
    is_over = past_is_over(db)
    for name in map(db.dialect.identifier_preparer.quote, tables):
        vacuum(db, name, rewrite=rewrite)
    is_over &= past_is_over(db)
    vacuum(db, STATISTICS, rewrite=rewrite)
    return is_over


def past_is_over(db: Connection) -> bool:
    """Waits for everybody whose reading or writing began before; whether it ended in time."""
    now, until = db.execute(NOW).scalar_one(), time.monotonic() + READERS_S
    while is_read := bool(db.execute(IS_READ, {"now": now}).scalar_one()):
        if time.monotonic() > until:
            break
        time.sleep(LOOK_S)
    return not is_read


def vacuum(db: Connection, name: str, *, rewrite: bool) -> None:
    size = db.execute(text("SELECT pg_total_relation_size(:name)"), {"name": name}).scalar_one()
    full = "FULL, " if rewrite or size <= SMALL_BYTES else ""
    db.exec_driver_sql(f"VACUUM ({full}ANALYZE) {name}")
