"""What is counted while the server runs, for Prometheus; `api/OPERATIONS.md` says what each of these means.

Every room counts where it knows something; `/metrics` tells it all. Nothing here names a person. Several server
processes share the folder of `api.counting`, and each of them tells the sum of all.
"""

import os
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from api.counting import SHARED

REGISTRY = CollectorRegistry()
QUICK_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

disable_created_metrics()  # type: ignore[no-untyped-call]
for collector in (ProcessCollector, PlatformCollector, GCCollector):
    collector(registry=REGISTRY)

REQUESTS = Histogram(
    "unknot_http_request_seconds",
    "Requests, and the time from their headers to the end of their answers",
    ["method", "route", "status"],
    registry=REGISTRY,
    buckets=QUICK_S,
)
IN_WORK = Gauge(
    "unknot_requests_in_work",
    "Requests that were admitted and are not finished, but for those that wait for their client",
    ["kind"],
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
NOT_ADMITTED = Counter(
    "unknot_requests_not_admitted_total", "Requests refused with 503 since too much was in work", registry=REGISTRY
)
RATE_LIMITED = Counter(
    "unknot_rate_limited_total", "Requests refused since their caller sent too many", ["policy"], registry=REGISTRY
)
WAITING = Gauge(
    "unknot_store_waiting",
    "Units of work that wait for a thread of the store or are under way",
    ["queue"],
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
BUSY = Gauge(
    "unknot_store_threads_busy",
    "Threads of the store at work; on PostgreSQL each has a connection",
    ["queue"],
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
THREADS = Gauge(
    "unknot_store_threads", "Threads of the store", ["queue"], registry=REGISTRY, multiprocess_mode="livesum"
)
UNITS = Histogram(
    "unknot_store_unit_seconds",
    "Units of work, and the time until their outcome was there, the wait for a thread included",
    ["queue"],
    registry=REGISTRY,
    buckets=QUICK_S,
)
REFUSED = Counter(
    "unknot_store_refused_total",
    "Units of work that were answered with 503",
    ["queue", "reason"],
    registry=REGISTRY,
)
GROUP_SIZE = Histogram(
    "unknot_store_group_size",
    "Units of work that were committed together, on SQLite",
    registry=REGISTRY,
    buckets=(1, 2, 4, 8, 16, 32, 64),
)
COMMITS = Histogram("unknot_store_commit_seconds", "Commits", registry=REGISTRY, buckets=QUICK_S)
REPEATED = Counter(
    "unknot_store_repeated_total",
    "Units of work run again, since a rival won or a connection was lost",
    registry=REGISTRY,
)
LOST_GROUPS = Counter(
    "unknot_store_lost_groups_total",
    "Groups of which nothing was kept, on SQLite: every member was answered with 503",
    registry=REGISTRY,
)


def exposition() -> bytes:
    """All of it in the text format of Prometheus."""
    if SHARED not in os.environ:
        return generate_latest(REGISTRY)
    forget_the_dead(Path(os.environ[SHARED]))
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return generate_latest(shared)


def forget_the_dead(folder: Path) -> None:
    """What a process that was killed had under way is under way no more."""
    for path in folder.glob("gauge_live*_*.db"):
        pid = int(path.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]
