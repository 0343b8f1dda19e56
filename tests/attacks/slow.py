"""`python -m tests.attacks.slow`: hundreds of clients that stall, while honest ones go on."""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import httpx

from tests.attacks.places import place
from tests.attacks.table import Row, told
from tests.servers import Server

HEAD = b"POST /v1/accounts HTTP/1.1\r\nhost: unknot.test\r\ncontent-type: application/json\r\n"
KINDS = {
    "slow head": (HEAD + b"x-slow: ", b"x"),
    "slow body": (HEAD + b"content-length: 60000\r\n\r\n", b" "),
    "silent": (b"", b""),
    "idle": (b"GET /livez HTTP/1.1\r\nhost: unknot.test\r\n\r\n", b""),
}
ENDED_S, HONEST, LATE_S = 45.0, 0.999, 1.0
TRICKLE_S, BETWEEN_S = 2.0, 0.01


@dataclass
class Honest:
    """`waits` are the seconds that each answer took; `failed` got none, or one that was no success."""

    waits: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def served(self) -> float:
        return len(self.waits) / max(1, len(self.waits) + len(self.failed))


async def attacked(url: str, port: int, *, number: int, seconds: float) -> tuple[dict[str, list[float]], Honest]:
    """For each kind, after how many seconds each connection was ended; those that were not are left out."""
    honest, over = Honest(), asyncio.Event()
    ended: dict[str, list[float]] = {}
    async with asyncio.TaskGroup() as tasks:
        for _ in range(4):
            tasks.create_task(live(url, honest, over))
        stalling = {
            kind: [tasks.create_task(stall(port, *KINDS[kind], seconds)) for _ in range(number)] for kind in KINDS
        }
        for kind, held in stalling.items():
            ended[kind] = [after for after in await asyncio.gather(*held) if after is not None]
        over.set()
    return ended, honest


async def live(url: str, honest: Honest, over: asyncio.Event) -> None:
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=LATE_S * 10) as client:
        while not over.is_set():
            began = time.monotonic()
            try:
                answers = [await client.post("/v1/accounts", json={}), await client.get("/v1/exercises?quiet=true")]
                honest.failed += [str(answer.status_code) for answer in answers if not answer.is_success]
                honest.waits += [(time.monotonic() - began) / 2 for answer in answers if answer.is_success]
            except httpx.TransportError as error:
                honest.failed.append(type(error).__name__)
            await asyncio.sleep(0.02)


async def stall(port: int, first: bytes, more: bytes, seconds: float) -> float | None:
    """Seconds until the server ended it; None when it held on for longer than this waits."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(first)
    try:
        async with asyncio.timeout(seconds):
            with suppress(ConnectionError):
                end = asyncio.create_task(closed(reader))
                while not end.done():
                    await asyncio.wait({end}, timeout=TRICKLE_S)
                    writer.write(more)
    except TimeoutError:
        end.cancel()
        return None
    finally:
        writer.close()
    return time.monotonic() - began


async def closed(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        while await reader.read(1 << 16):
            pass


def judged(ended: dict[str, list[float]], honest: Honest, *, number: int) -> list[Row]:
    rows = [
        Row(
            f"{number} {kind}: all ended within {ENDED_S:g} s",
            f"{len(times)} ended, the last after {max(times, default=0):.1f} s",
            len(times) == number and max(times) <= ENDED_S,
        )
        for kind, times in ended.items()
    ]
    late = sum(wait > LATE_S for wait in honest.waits)
    asked = len(honest.waits) + len(honest.failed)
    figure = f"{honest.served:.2%} of {asked}, {late} later than {LATE_S:g} s {dict(Counter(honest.failed)) or ''}"
    return [*rows, Row(f"honest clients: {HONEST:.1%} served", figure, honest.served >= HONEST)]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.slow", description=__doc__)
    parser.add_argument("--number", type=int, default=500, help="of each kind")
    number = parser.parse_args(arguments).number
    with place("sqlite") as (folder, url):
        server = Server(folder, url)
        server.start()
        try:
            ended, honest = asyncio.run(attacked(server.url, server.port, number=number, seconds=2 * ENDED_S))
        finally:
            server.stop()
    return told(judged(ended, honest, number=number))


if __name__ == "__main__":
    sys.exit(main())
