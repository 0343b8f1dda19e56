"""`python -m tests.crash --kills 20 --database sqlite`: kill -9 under load, and what is left afterwards."""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.crash.comparison import Finding
from tests.crash.drill import Kill, Size, drill
from tests.crash.log import Log
from tests.databases import Run, postgresql_database

SHOWN = 20
KINDS = ("lost", "doubled", "changed", "progress")


def main() -> int:
    options = parser().parse_args()
    size = Size(options.kills, options.writes, options.phones, workers=options.workers)
    print(f"{options.database}, seed {options.seed}, {size.phones} phones with two devices each")
    print("kill  acknowledged  unanswered  found done  ready again")
    with tempfile.TemporaryDirectory(prefix="unknot-crash-") as name, database(options.database, Path(name)) as url:
        log, findings = asyncio.run(drill(Path(name), url, size=size, seed=options.seed, told=tell))
    summarise(log, findings)
    return 1 if findings else 0


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--kills", type=int, default=Size().kills)
    options.add_argument("--writes", type=int, default=Size().writes, help="acknowledged before each kill, at least")
    options.add_argument("--phones", type=int, default=Size().phones)
    options.add_argument("--workers", type=int, default=1, help="server processes; more than one needs PostgreSQL")
    options.add_argument("--seed", type=int, default=1)
    return options


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """PostgreSQL itself lives on when the server is killed, as it would on a machine of its own."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'unknot.db'}"
        return
    run = Run()
    try:
        with postgresql_database(migrated=False) as url:
            yield url
    finally:
        run.end()


def tell(kill: Kill) -> None:
    row = f"{kill.number:4}  {kill.acknowledged:12}  {kill.unanswered:10}  {kill.found_done:10}  {kill.ready_s:9.2f} s"
    print(row, flush=True)


def summarise(log: Log, findings: list[Finding]) -> None:
    sessions = [session for _, session in log.sessions()]
    completed = sum(session.completed for session in sessions)
    print(f"{log.acknowledged} writes acknowledged, {log.unanswered} requests left without an answer and repeated")
    print(f"{len(log.people)} people, {len(sessions)} sessions, {completed} of them completed and counted")
    counted = Counter(finding.kind for finding in findings)
    print(", ".join(f"{kind}: {counted[kind]}" for kind in KINDS))
    for finding in findings[:SHOWN]:
        print(f"  {finding.kind}: {finding.what}")


if __name__ == "__main__":
    sys.exit(main())
