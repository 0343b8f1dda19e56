"""The rows that are judged, and how they are printed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tests.bench.measuring import Figures

HEAD = f"{'path':42} {'rate/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'CPU us':>8} {'ratio':>7} {'target':>8}"


@dataclass(frozen=True, slots=True)
class Row:
    """A subject beside its reference. `most` is the target for the ratio of processor time; None sets no target."""

    subject: str
    reference: str | None = None
    most: float | None = None


ONLINE = "100 times start and complete, {}"
"""What a sync of as many sessions is set beside."""
ROWS = (
    Row("bare ASGI, catalogue"),
    Row("GET /v1/exercises", "bare ASGI, catalogue", 1.3),
    Row("bare ASGI, catalogue, br"),
    Row("GET /v1/exercises, br", "bare ASGI, catalogue, br", 1.3),
    Row("bare ASGI, catalogue, gzip"),
    Row("GET /v1/exercises, gzip", "bare ASGI, catalogue, gzip", 1.3),
    Row("bare ASGI, 304"),
    Row("GET /v1/exercises, 304", "bare ASGI, 304", 1.3),
    Row("POST /v1/sessions, no database"),
    Row("POST /v1/sessions, SQLite", "POST /v1/sessions, no database", 2.0),
    Row("POST …/complete, SQLite", "POST /v1/sessions, SQLite"),
    Row("POST /v1/sync of 100, SQLite", ONLINE.format("SQLite"), 0.1),
    Row("GET /v1/me/progress, 10 sessions", "POST /v1/sessions, no database"),
    Row("GET /v1/me/progress, 10,000 sessions", "GET /v1/me/progress, 10 sessions", 1.1),
    Row("POST /v1/sessions, PostgreSQL", "POST /v1/sessions, no database"),
    Row("POST …/complete, PostgreSQL", "POST /v1/sessions, PostgreSQL"),
    Row("POST /v1/sync of 100, PostgreSQL", ONLINE.format("PostgreSQL"), 0.1),
    Row("GET /v1/me/progress, PostgreSQL", "POST /v1/sessions, no database"),
)


def lines(figures: Mapping[str, Figures]) -> Iterator[str]:
    figures = {**figures, **dict(one_by_one(figures))}
    yield HEAD
    for row in ROWS:
        if row.subject in figures:
            yield line(row, figures)


def one_by_one(figures: Mapping[str, Figures]) -> Iterator[tuple[str, Figures]]:
    """What a hundred sessions cost when each is started and completed by itself."""
    for kind in ("SQLite", "PostgreSQL"):
        pair = [figures[name] for name in (f"POST /v1/sessions, {kind}", f"POST …/complete, {kind}") if name in figures]
        if pair:
            yield ONLINE.format(kind), replace(pair[0], cpu_us=100 * sum(one.cpu_us for one in pair))


def line(row: Row, figures: Mapping[str, Figures]) -> str:
    own = figures[row.subject]
    shown = f"{row.subject:42} {own.rate:8,.0f} {own.p50_ms:8.2f} {own.p99_ms:8.2f} {own.cpu_us:8.0f}"
    if row.reference is None:
        return shown
    ratio = own.cpu_us / figures[row.reference].cpu_us
    if row.most is None:
        return f"{shown} {ratio:7.2f}"
    return f"{shown} {ratio:7.2f} {'<= ' + str(row.most):>8} {'met' if ratio <= row.most else 'NOT MET'}"
