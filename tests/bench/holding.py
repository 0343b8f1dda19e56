"""What memory each worker holds after a load, beside an application that only imports what ours is built on."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.beginning import MOST
from tests.bench.groups import ROOT, Place, running
from tests.bench.measuring import Bench
from tests.bench.subjects import Practice, Subject, bearer, reading
from tests.bench.table import verdict
from tests.servers import Program, Server, family

PEOPLE = 64
LOADED_S = 3.0
"""Of each kind of request; what a process holds grows little after that."""


def lines(place: Place) -> Iterator[str]:
    """One process on a file, and two that share what they have on PostgreSQL."""
    for workers, databases in ((1, place.sqlite), (2, place.postgresql)):
        url, people = databases(PEOPLE)
        server = Server(place.folder, url, settings={"UNKNOT_WORKERS": str(workers)})
        practice = Practice(server, people)
        read = reading("progress", server, "/v1/me/progress", bearer(people[0]))
        own = held(place.bench, server, [practice.start("start"), practice.complete("complete"), read])
        command = [sys.executable, "-m", "tests.bench.importing", "--workers", str(workers)]
        imports = Program(place.folder, command, {"PYTHONPATH": str(ROOT)})
        other = held(place.bench, imports, [reading("ready", imports, "/readyz", {})])
        judged = verdict(met=own / other <= MOST)
        each = "MB" if workers == 1 else f"MB for each of {workers} workers"
        told = f"memory after load, {each}: {own / workers:.0f}, imports {other / workers:.0f}"
        yield f"{told}: {own / other:.2f} <= {MOST} {judged}"


def held(bench: Bench, server: Program, load: list[Subject]) -> float:
    """MB of all its processes together; what some of them share counts once."""
    with running(bench, server, pinned=False):
        for subject in load:
            bench.measure(subject, LOADED_S)
        return sum(map(memory_mb, family(server.pid)))


def memory_mb(pid: int) -> float:
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 / 1e6 if found else 0.0
