"""`python -m tests.attacks.copies`: two copies on one PostgreSQL behind nginx, stopped and killed in turn under load.

The nginx block is the one of `api/OPERATIONS.md`, with ports of its own.
"""

import asyncio
import re
import sys
from pathlib import Path
from random import Random
from shutil import which

from tests.attacks.places import options, place
from tests.attacks.table import Row, nothing_lost, told
from tests.crash.drill import acknowledged, under
from tests.crash.log import Log
from tests.servers import Program, Server

OPERATIONS = Path(__file__).resolve().parents[2] / "api" / "OPERATIONS.md"
WRITES = 40
AROUND = "pid {folder}/nginx.pid;\nerror_log stderr;\ndaemon off;\nevents {{}}\nhttp {{\naccess_log off;\n{block}}}\n"


class Proxied(Program):
    """nginx as the document has it, and the copies behind it."""

    def __init__(self, folder: Path, copies: list[Server]) -> None:
        super().__init__(folder, [str(which("nginx")), "-c", str(folder / "nginx.conf"), "-e", "stderr"], {})
        self._command = self._command[:-2]  # nginx takes its port from the file
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder, block=self._block(copies)))
        self._copies = copies

    def _block(self, copies: list[Server]) -> str:
        block = re.findall(r"```nginx\n(.*?)```", OPERATIONS.read_text(), re.DOTALL)[0]
        for documented, copy in zip(("8001", "8002"), copies, strict=True):
            block = block.replace(f"127.0.0.1:{documented}", f"127.0.0.1:{copy.port}")
        return str(block.replace("443 ssl", f"127.0.0.1:{self.port}"))

    def start(self) -> float:
        for copy in self._copies:
            copy.start()
        return super().start()

    def stop(self, *_: object) -> int:
        ended = super().stop()
        for copy in self._copies:
            copy.stop()
        return ended


async def in_turn(folder: Path, url: str, *, turns: int, phones: int, seed: int) -> list[Row]:
    copies = [Server(folder, url, settings={"UNKNOT_TRUSTED_PROXIES": "127.0.0.1"}) for _ in range(2)]
    proxy, told_by_log = Proxied(folder, copies), list[tuple[str, int, int]]()

    async def ordeal(log: Log, luck: Random, served: asyncio.Event) -> None:  # noqa: ARG001 - one of them always serves
        log.sent_again_by_others = True
        for number in range(turns):
            for act in ("stop", "kill"):
                await acknowledged(log, WRITES)
                unanswered, refused = log.unanswered, log.refused
                await asyncio.to_thread(getattr(copies[number % 2], act))
                await acknowledged(log, WRITES)
                told_by_log.append((act, log.unanswered - unanswered, log.refused - refused))
                await asyncio.to_thread(copies[number % 2].start)

    log, findings = await under(ordeal, proxy, url, number=phones, seed=seed)
    stops = [(unanswered, refused) for act, unanswered, refused in told_by_log if act == "stop"]
    figure = f"{sum(map(sum, stops))} requests of {log.acknowledged} noticed {len(stops)} stops"
    return [Row("a stop of one copy is noticed by nobody", figure, not any(map(any, stops))), nothing_lost(findings)]


def main() -> int:
    parser = options("copies", __doc__, databases=("postgresql",))
    parser.add_argument("--turns", type=int, default=6)
    chosen = parser.parse_args()
    if which("nginx") is None:
        print("This needs nginx; on Debian: apt-get install nginx-light")
        return 2
    with place("postgresql") as (folder, url):
        return told(asyncio.run(in_turn(folder, url, turns=chosen.turns, phones=chosen.phones, seed=chosen.seed)))


if __name__ == "__main__":
    sys.exit(main())
