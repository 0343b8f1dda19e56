"""The one writer of an SQLite file: a group of units per commit, since the commit's wait for the disk is the price."""

import logging
import sqlite3
import time

from sqlalchemy import URL, event
from sqlalchemy.exc import DBAPIError

from api import metrics
from api.db.failures import described, sqlite_code, translated
from api.db.jobs import Job, Jobs
from api.db.sqlite_connections import WRITING, KeptConnection, sqlite_engine
from api.db.sqlite_file import WatchedFile
from api.db.store import StoreLimits
from api.domain.errors import Unavailable

log = logging.getLogger(__name__)

# How long SQLite itself waits for a foreign lock before we look whether anyone still waits for us.
PATIENCE_S = 0.25


class TransactionLostError(Exception):
    """SQLite rolled the whole group back (a full disk does that), or a unit ended the transaction itself."""


class Writer:
    """Each unit runs within a savepoint, so that one that raises is undone alone.

    Its error waits for the commit too, since it may rest on what the members before it wrote.
    """

    def __init__(self, url: URL, limits: StoreLimits, file: WatchedFile) -> None:
        engine = sqlite_engine(url, WRITING, patience_s=PATIENCE_S)
        event.listen(engine, "connect", lambda *_: file.forget_log())
        self._kept, self._file = KeptConnection(engine), file
        self._group = limits.group
        self._group_s = limits.group_ms / 1000

    def serve(self, jobs: Jobs) -> None:
        try:
            while (job := jobs.take()) is not None:
                with jobs.busy.track_inprogress():
                    done = self._commit_group(job, jobs) if self._begin(job) else [job]
                jobs.deliver(done)
        finally:
            self._kept.close()

    def _begin(self, job: Job) -> bool:
        """False when the caller gave up waiting for a foreign lock, or the job was failed."""
        while job.wanted:
            try:
                self._begin_on_file()
            except Unavailable as refusal:
                self._kept.undo()
                job.fail(refusal)
                return False
            except (sqlite3.Error, DBAPIError) as error:
                if sqlite_code(error) != sqlite3.SQLITE_BUSY:
                    self._kept.close()
                    job.fail(translated(error, writing=True))
                    return False
            else:
                return True
        return False

    def _begin_on_file(self) -> None:
        self._file.check()
        self._kept.driver.execute("BEGIN IMMEDIATE")
        self._file.check_log()

    def _commit_group(self, first: Job, jobs: Jobs) -> list[Job]:
        members: list[Job] = []
        try:
            self._run_members(first, jobs, members)
            jobs.has_run()
            with metrics.COMMITS.time():
                self._kept.driver.execute("COMMIT")
            metrics.GROUP_SIZE.observe(len(members))
            # What was committed to a file that has gone meanwhile is not kept.
            self._file.check()
            self._file.check_log()
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing of the group was kept
            self._kept.undo()
            metrics.LOST_GROUPS.inc()
            log.error("A group of %d units was rolled back: %s", len(members), described(error))  # noqa: TRY400
            for member in members:
                member.fail(Unavailable("The database cannot do this right now."))
        return members

    def _run_members(self, first: Job, jobs: Jobs, members: list[Job]) -> None:
        ends = time.monotonic() + self._group_s
        job: Job | None = first
        while job is not None:
            members.append(job)
            self._run(job)
            if len(members) >= self._group or time.monotonic() >= ends:
                return
            job = jobs.take_waiting()

    def _run(self, job: Job) -> None:
        driver = self._kept.driver
        driver.execute("SAVEPOINT unit")
        try:
            job.value = job.unit(self._kept.connection)
        except BaseException as error:  # noqa: BLE001 - it belongs to the caller, whatever it is
            job.fail(translated(error, writing=True))
            if driver.in_transaction:
                driver.execute("ROLLBACK TO unit")
        if not driver.in_transaction:
            raise TransactionLostError("the transaction ended before its commit")
        driver.execute("RELEASE unit")
