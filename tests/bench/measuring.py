"""Measuring one subject: the answers its server gave in a time, and the processor time they cost it."""

import argparse
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from tests.bench import load
from tests.bench.subjects import Subject

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Figures:
    """`load` is the share of its core that the load itself was busy."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    load: float


class Bench:
    """Servers on the first core, the load on the last: with one core both share it, and the rates say little."""

    def __init__(self) -> None:
        cores = sorted(os.sched_getaffinity(0))
        self.servers, self._load = {cores[0]}, {cores[-1]}
        self._pool = ProcessPoolExecutor(
            max_workers=1, mp_context=get_context("spawn"), initializer=os.sched_setaffinity, initargs=(0, self._load)
        )

    def pin(self, pid: int) -> None:
        """Every thread by itself, since those that already run do not follow the first."""
        for task in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), self.servers)

    def measure(self, subject: Subject, seconds: float) -> Figures:
        job = load.Job(subject.server.port, seconds, subject.prepared(seconds), subject.repeat)
        before = cpu_seconds(subject.server.pid)
        outcome = self._pool.submit(load.run, job).result()
        used = cpu_seconds(subject.server.pid) - before
        subject.done(outcome.taken)
        if set(outcome.statuses) != {subject.status}:
            raise RuntimeError(f"{subject.name} answered {dict(outcome.statuses)}")
        rate, cpu_us = outcome.answers / outcome.seconds, used / outcome.answers * 1e6
        return Figures(rate, outcome.p50_ms, outcome.p99_ms, cpu_us, outcome.busy)

    def close(self) -> None:
        self._pool.shutdown()


def cpu_seconds(pid: int) -> float:
    """Of all threads, in the kernel and outside."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / TICKS_A_SECOND


def medians(rounds: list[Figures]) -> Figures:
    return Figures(
        rate=median(one.rate for one in rounds),
        p50_ms=median(one.p50_ms for one in rounds),
        p99_ms=median(one.p99_ms for one in rounds),
        cpu_us=median(one.cpu_us for one in rounds),
        load=max(one.load for one in rounds),
    )


def interleaved(bench: Bench, subjects: Sequence[Subject], *, seconds: float, rounds: int) -> dict[str, Figures]:
    """A B C, then C B A: what else the machine does meanwhile meets them all alike. One unmeasured round warms up."""
    taken: dict[str, list[Figures]] = {subject.name: [] for subject in subjects}
    for subject in subjects:
        bench.measure(subject, seconds / 2)
    for number in range(rounds):
        for subject in subjects if number % 2 == 0 else reversed(subjects):
            taken[subject.name].append(bench.measure(subject, seconds))
    return {name: medians(one) for name, one in taken.items()}


def sized(options: argparse.ArgumentParser) -> argparse.ArgumentParser:
    options.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    options.add_argument("--rounds", type=int, default=3)
    return options
