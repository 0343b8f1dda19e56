"""The rows that are judged, and how they are printed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tests.bench.measuring import Figures

HEAD = f"{'path':46} {'rate/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'CPU us':>8} {'ratio':>7}  target"


@dataclass(frozen=True, slots=True)
class Row:
    """A subject beside its reference, which may be several, `times` over.

    Targets, where they are set: `most` for the ratio of processor time, `above` for the microseconds more than the
    reference, `least` for the ratio of rates, `tail` for the subject's own p99 over its p50.
    """

    subject: str
    reference: str | tuple[str, ...] = ()
    most: float | None = None
    above: float | None = None
    least: float | None = None
    tail: float | None = None
    times: int = 1

    @property
    def references(self) -> tuple[str, ...]:
        return (self.reference,) if isinstance(self.reference, str) else self.reference


def lines(rows: Iterable[Row], figures: Mapping[str, Figures]) -> Iterator[str]:
    yield HEAD
    for row in rows:
        if row.subject in figures:
            yield line(row, figures)


def line(row: Row, figures: Mapping[str, Figures]) -> str:
    own = figures[row.subject]
    shown = f"{row.subject:46} {own.rate:8,.0f} {own.p50_ms:8.2f} {own.p99_ms:8.2f} {own.cpu_us:8.0f}"
    if not row.references:
        return shown
    beside = [figures[name] for name in row.references]
    ratio = own.cpu_us / (row.times * sum(one.cpu_us for one in beside))
    judged = [shown, f" {ratio:7.2f}"]
    if row.most is not None:
        judged.append(f"  <= {row.most:g} {verdict(met=ratio <= row.most)}")
    if row.above is not None:
        more = own.cpu_us - beside[0].cpu_us
        judged.append(f"  {more:.0f} us more <= {row.above:g} {verdict(met=more <= row.above)}")
    if row.least is not None:
        faster = own.rate / beside[0].rate
        judged.append(f"  rate {faster:.2f} >= {row.least:g} {verdict(met=faster >= row.least)}")
    if row.tail is not None:
        tail = own.p99_ms / own.p50_ms
        judged.append(f"  p99/p50 {tail:.1f} <= {row.tail:g} {verdict(met=tail <= row.tail)}")
    told = " + ".join(row.references)
    return "".join([*judged, f"  [{row.times} x ({told})]" if row.times > 1 else f"  [{told}]"])


def verdict(*, met: bool) -> str:
    return "met" if met else "NOT MET"
