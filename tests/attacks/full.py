"""`python -m tests.attacks.full`: the disk under an SQLite file fills up under load, and has room again."""

import asyncio
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from shutil import which
from typing import Protocol

import httpx

from tests.attacks.away import until_well
from tests.attacks.places import options, place
from tests.attacks.table import Row, nothing_lost, told
from tests.crash.drill import acknowledged, client, under
from tests.crash.log import Log
from tests.factories import open_guest
from tests.servers import Server

WRITES = 30
DISK_MB = 24
WITHOUT_ROOM = {503, 507}
PATIENCE_S = 20
"""So long the disk may take to be full."""
SHARED_MEMORY = 65_536
"""The index of the log is no larger, and must not be what rations it."""


class Disk(Protocol):
    def fill(self, server: Server) -> None: ...
    def clear(self, server: Server) -> None: ...


class Ration:
    """No file may be written beyond what the smallest has: what can be had without a disk of one's own.

    The log within that size has room again after each checkpoint, so the disk is not full at once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fill(self, server: Server) -> None:
        smallest = min(size for path in self._folder.glob("*.db*") if (size := path.stat().st_size) > SHARED_MEMORY)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (smallest, resource.RLIM_INFINITY))

    def clear(self, server: Server) -> None:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class Ballast:
    """A file that takes all the room which a small disk has left."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "ballast"

    def fill(self, server: Server) -> None:  # noqa: ARG002 - it is the disk that is full
        with self._path.open("wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"x" * 4096)
            except OSError:
                pass

    def clear(self, server: Server) -> None:  # noqa: ARG002 - as above
        self._path.unlink()


async def filled(
    folder: Path, url: str, disk: Disk, *, times: int, seconds: float, phones: int, seed: int, writes: int = WRITES
) -> list[Row]:
    server, rows, refusals = Server(folder, url), list[Row](), set[int]()

    async def ordeal(log: Log, luck: Random, served: asyncio.Event) -> None:  # noqa: ARG001 - there always is one
        async with client(server) as service:
            guest = await open_guest(service)
            log.unanswered_sign_ups = WRITES * 1000  # ours, which no phone knows
            for number in range(1, times + 1):
                await acknowledged(log, writes)
                disk.fill(server)
                wrote, reads, live = await looked(service, guest.headers, seconds)
                disk.clear(server)
                back = await until_well(service)
                refusals.update(wrote & WITHOUT_ROOM)
                only = wrote <= WITHOUT_ROOM | {201}  # a log that was used before has room within
                rows.append(Row(f"{number}: writes are kept or refused", str(wrote), only))
                rows.append(Row(f"{number}: reads and live go on", f"{reads | live}", reads | live == {200}))
                rows.append(Row(f"{number}: works when there is room", f"after {back:.2f} s", back <= 5))
            await acknowledged(log, writes)

    _, findings = await under(ordeal, server, url, number=phones, seed=seed)
    return [*rows, Row("the disk was really full", f"{refusals}", bool(refusals)), nothing_lost(findings)]


async def looked(
    service: httpx.AsyncClient, headers: dict[str, str], seconds: float
) -> tuple[set[int], set[int], set[int]]:
    """The answers of that many seconds, from the first write on that found no room."""
    writes, reads, live = set[int](), set[int](), set[int]()
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        wrote = (await service.post("/v1/accounts", json={})).status_code
        if wrote in WITHOUT_ROOM and not writes & WITHOUT_ROOM:
            ends = time.monotonic() + seconds
        writes.add(wrote)
        reads.add((await service.get("/v1/me/progress", headers=headers)).status_code)
        live.add((await service.get("/livez")).status_code)
        await asyncio.sleep(0.02)
    return writes, reads, live


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """In memory; only root may mount it."""
    point = folder / "disk"
    point.mkdir()
    subprocess.run([str(which("mount")), "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(point)], check=True)
    try:
        yield point
    finally:
        subprocess.run([str(which("umount")), str(point)], check=True)


def main() -> int:
    parser = options("full", __doc__, databases=("sqlite",))
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0, help="that there is no room")
    parser.add_argument("--mount", action="store_true", help="a disk that is really full, which takes root")
    chosen = parser.parse_args()
    size = {"times": chosen.times, "seconds": chosen.seconds, "phones": chosen.phones, "seed": chosen.seed}
    with place("sqlite") as (folder, url):
        if not chosen.mount:
            return told(asyncio.run(filled(folder, url, Ration(folder), **size)))
        with small_disk(folder) as disk:
            return told(asyncio.run(filled(folder, f"sqlite:///{disk}/unknot.db", Ballast(disk), **size)))


if __name__ == "__main__":
    sys.exit(main())
