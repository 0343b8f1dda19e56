"""`python -m tests.bench`: Unknot beside its references in one interleaved run, as medians, each with its target.

All groups take about four minutes; `--only content middleware` takes one. `--seconds` and `--rounds` set the size.
"""

import argparse
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.bench import beginning, holding
from tests.bench.groups import GROUPS, ON_POSTGRESQL, Judged, Place, chosen
from tests.bench.measuring import Bench, interleaved, sized
from tests.bench.subjects import Subject
from tests.bench.table import Row, lines
from tests.databases import Run

BEGINNING, MEMORY = "beginning", "memory"
EVERYTHING = [*GROUPS, BEGINNING, MEMORY]
BUSY = 0.9


def main() -> int:
    # Whoever ends the bench ends its servers: without this, only Ctrl+C would.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = parser().parse_args()
    with ExitStack() as stack:
        bench = Bench()
        stack.callback(bench.close)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="unknot-bench-")))
        place = Place(stack, bench, folder)
        if {*ON_POSTGRESQL, MEMORY} & {*options.only}:
            stack.callback(Run().end)
        rows, subjects = split(chosen(place, [one for one in options.only if one in GROUPS]))
        figures = interleaved(bench, subjects, seconds=options.seconds, rounds=options.rounds)
        print(*lines(rows, figures), sep="\n")
        busiest = max((one.load for one in figures.values()), default=0.0)
        print(f"the load was busy for at most {busiest:.0%} of its core" + ": IT IS THE LIMIT" * (busiest > BUSY))
        if BEGINNING in options.only:
            print(*beginning.lines(folder, rounds=options.rounds), sep="\n")
        if MEMORY in options.only:
            print(*holding.lines(place), sep="\n")
    return 0


def split(judged: Judged) -> tuple[list[Row], list[Subject]]:
    both = [*judged]
    return [row for row, _ in both], [subject for _, subject in both if subject]


def parser() -> argparse.ArgumentParser:
    options = sized(argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__))
    options.add_argument("--only", nargs="+", choices=EVERYTHING, default=EVERYTHING)
    return options


if __name__ == "__main__":
    sys.exit(main())
