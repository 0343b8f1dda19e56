"""`python -m tests.sync --examples 1000`: two phones, a server and random misfortune, on both databases."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.databases import Run, postgresql_database, sqlite_database
from tests.sync.search import search


def main() -> int:
    options, run = parser().parse_args(), Run()
    try:
        with tempfile.TemporaryDirectory(prefix="unknot-sync-") as name:
            for kind in options.databases:
                database = sqlite_database(Path(name)) if kind == "sqlite" else postgresql_database()
                began = time.monotonic()
                with database as url:
                    search(url, examples=options.examples, steps=options.steps, shrink=not options.first)
                seconds = time.monotonic() - began
                print(f"{kind}: {options.examples} stories of up to {options.steps} events agree, {seconds:.0f} s")
    finally:
        run.end()
    return 0


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tests.sync", description=__doc__)
    options.add_argument("--examples", type=int, default=1000, help="stories on each database")
    options.add_argument("--steps", type=int, default=40, help="events of a story, at most")
    options.add_argument("--first", action="store_true", help="show the first story that fails, not the shortest")
    options.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    return options


if __name__ == "__main__":
    sys.exit(main())
