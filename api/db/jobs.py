"""Units that wait for a thread: bounded, first in first out, each with a time when its caller stops waiting."""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from api import metrics
from api.db.store import StoreLimits, Unit
from api.domain.errors import Unavailable

T = TypeVar("T")
log = logging.getLogger(__name__)

# A thread that is still busy after the grace is left behind; it cannot hold up the end of the process.
LAST_MOMENT_S = 0.5
ALONE_S = 0.005
"""For so long at most the event loop waits for a thread that works alone."""


class Job:
    """One unit and the caller who waits for it. Its outcome is set by the thread and delivered on the event loop."""

    __slots__ = ("_cut", "_cutting", "error", "future", "mode", "unit", "value")

    def __init__(self, unit: Unit[Any], future: asyncio.Future[Any], mode: str) -> None:
        self.unit = unit
        self.future = future
        self.mode = mode
        self.value: Any = None
        self.error: BaseException | None = None
        self._cut: Callable[[], None] | None = None
        self._cutting = threading.Lock()

    @property
    def wanted(self) -> bool:
        """False once the caller went away or ran out of time."""
        return not self.future.done()

    @contextmanager
    def can_be_cut(self, cut: Callable[[], None]) -> Iterator[None]:
        """Meanwhile the thread may hang for ever; `cut` frees it, called from another thread when the time is up."""
        with self._cutting:
            self._cut = cut
        try:
            yield
        finally:
            with self._cutting:
                self._cut = None

    def give_up(self) -> None:
        """For a caller who still waits."""
        self.future.set_exception(Unavailable("The database did not answer in time."))
        with self._cutting:
            if self._cut is not None:
                self._cut()

    def fail(self, error: BaseException) -> None:
        # A future refuses StopIteration, which one careless next() raises; an exit would end the server.
        if isinstance(error, StopIteration) or not isinstance(error, Exception):
            self.error = RuntimeError(f"a unit raised {type(error).__name__}")
            self.error.__cause__ = error
        else:
            self.error = error


class Jobs:
    """The queue between the event loop and the threads which serve it.

    `serve` is called in each thread with this object; it takes jobs until there are none and delivers them. If it
    raises, the queue is dead: whoever waits gets Unavailable, and so does everyone who comes later.

    While a thread that works `alone` runs what it was handed, the loop waits for it, though not for long: the thread
    gives the interpreter away at each statement, and would have to win it back from a loop that has a flood of requests
    to refuse. Both lost a third of their time to that.
    """

    def __init__(
        self, name: str, limits: StoreLimits, *, threads: int, serve: Callable[["Jobs"], None], alone: bool = False
    ) -> None:
        self._limits = limits
        self._serve = serve
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._gathered: list[Job] = []
        self._pending: set[asyncio.Future[Any]] = set()
        self._closed: str | None = "The store is not open."
        self._name = name
        self._alone, self.idle, self._has_run = alone, False, threading.Event()
        self._waiting, self._units = metrics.WAITING.labels(name), metrics.UNITS.labels(name)
        self.busy = metrics.BUSY.labels(name)
        self.threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True) for number in range(threads)
        ]

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._closed = None
        metrics.THREADS.labels(self._name).set(len(self.threads))
        for thread in self.threads:
            thread.start()

    def check(self) -> None:
        """Raises Unavailable when nothing is served any more."""
        if self._closed is not None:
            raise Unavailable(self._closed)

    async def run(self, unit: Unit[T], mode: str = "", *, wait_s: float | None = None) -> T:
        """Waits its turn and returns what the unit returned."""
        self.check()
        if len(self._pending) >= self._limits.queue:
            metrics.REFUSED.labels(self._name, "full").inc()
            raise Unavailable("Too many requests wait for the database.")
        future: asyncio.Future[T] = self._loop.create_future()
        job = Job(unit, future, mode)
        timer = self._loop.call_later(self._limits.wait_s if wait_s is None else wait_s, self._time_is_up, job)
        self._pending.add(future)
        self._gather(job)
        with self._waiting.track_inprogress(), self._units.time():
            try:
                return await future
            finally:
                timer.cancel()
                self._pending.discard(future)

    def _time_is_up(self, job: Job) -> None:
        if job.wanted:
            metrics.REFUSED.labels(self._name, "late").inc()
            job.give_up()

    def _gather(self, job: Job) -> None:
        self._gathered.append(job)
        if len(self._gathered) == 1:
            self._loop.call_soon(self._hand_over, 1)

    def _hand_over(self, before: int) -> None:
        """Hands them to the threads once a turn of the loop brought no further one, or a group is full.

        A thread that begins while the loop is busy only fights it for the interpreter: at 16 connections that halved
        the rate. One that comes alone waits for a single idle turn.
        """
        if before < len(self._gathered) < self._limits.group:
            self._loop.call_soon(self._hand_over, len(self._gathered))
            return
        gathered, self._gathered = self._gathered, []
        lets_work, self.idle = self._alone and self.idle, False
        self._has_run.clear()
        for job in gathered:
            self._queue.put(job)
        if lets_work:  # and does not wait for the disk
            self._has_run.wait(ALONE_S)

    def take(self) -> Job | None:
        """The next job whose caller still waits, as soon as there is one; None when the thread shall end."""
        self.idle = True
        while (job := self._queue.get()) is not None:
            if job.wanted:
                return job
        return None

    def take_waiting(self) -> Job | None:
        """The next job if one waits already."""
        while True:
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return None
            if job is None:
                self._queue.put(None)
                return None
            if job.wanted:
                return job

    def has_run(self) -> None:
        """Says that the thread needs the interpreter no more for the jobs it has taken: now it waits for the disk."""
        self._has_run.set()

    def deliver(self, jobs: Iterable[Job]) -> None:
        """Hands the outcomes to their callers, all in one call to the event loop."""
        self._call(_settle, list(jobs))

    async def close(self) -> None:
        """Finishes what waits within the grace, fails the rest, and ends the threads that can be ended."""
        ends = time.monotonic() + self._limits.grace_s
        self._closed = self._closed or "The server is stopping."
        if self._pending:
            await asyncio.wait(self._pending, timeout=self._limits.grace_s)
        self._fail_all(self._closed)
        for _ in self.threads:
            self._queue.put(None)
        await asyncio.to_thread(self._join, max(ends, time.monotonic() + LAST_MOMENT_S))

    def _join(self, until: float) -> None:
        for thread in self.threads:
            if thread.ident is not None:
                thread.join(max(0, until - time.monotonic()))

    def _work(self) -> None:
        try:
            self._serve(self)
        except BaseException:
            log.critical("A store thread died; every unit is refused from now on.", exc_info=True)
            self._call(self._die, "The store has failed.")

    def _die(self, reason: str) -> None:
        self._closed = reason
        self._fail_all(reason)

    def _fail_all(self, reason: str) -> None:
        for future in self._pending:
            if not future.done():
                future.set_exception(Unavailable(reason))

    def _call(self, callback: Callable[[Any], None], argument: object) -> None:
        try:
            self._loop.call_soon_threadsafe(callback, argument)
        except RuntimeError:
            log.warning("The event loop ended before the store was closed.")


def _settle(jobs: list[Job]) -> None:
    for job in jobs:
        if job.future.done():
            continue
        if job.error is None:
            job.future.set_result(job.value)
        else:
            job.future.set_exception(job.error)
