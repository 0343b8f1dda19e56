"""Each attack at a size that the suite can bear; each also shows that it would see what it looks for."""

from pathlib import Path

from tests.attacks import away, clock, full, overload, slow, stops
from tests.attacks.flood import Answers
from tests.attacks.slow import Honest
from tests.attacks.table import Row, nothing_lost
from tests.crash.comparison import Finding


def broken(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not row.kept]
