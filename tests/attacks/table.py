"""How an attack tells what it found: a promise, its figure, and whether it was kept."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from tests.crash.comparison import Finding


@dataclass(frozen=True, slots=True)
class Row:
    promise: str
    figure: str
    kept: bool


def told(rows: Sequence[Row]) -> int:
    """Prints them; the exit status of a program whose promises these are."""
    width = max(len(row.promise) for row in rows)
    for row in rows:
        print(f"{'kept  ' if row.kept else 'BROKEN'}  {row.promise:{width}}  {row.figure}")
    sys.stdout.flush()
    return 0 if all(row.kept for row in rows) else 1


def nothing_lost(findings: Sequence[Finding]) -> Row:
    shown = "; ".join(f"{finding.kind}: {finding.what}" for finding in findings[:5])
    return Row("nothing lost, doubled or changed", f"{len(findings)} findings {shown}".strip(), not findings)
