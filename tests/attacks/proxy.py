"""A network between the server and PostgreSQL that can be broken: a TCP proxy on loopback, in a thread of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random
from typing import Any

from sqlalchemy import make_url

PORT_IN_NAME = ".s.PGSQL.5432"
LARGEST_READ = 1 << 16


class Proxy:
    """Passes on until it is told otherwise. What was swallowed is lost, and its connection stays silent for good."""

    def __init__(self, socket_path: str) -> None:
        self._upstream, self._luck = socket_path, Random(1)  # noqa: S311 - faults that can be repeated
        self._swallows = self._refuses = False
        self._lines: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def swallow(self) -> None:
        """A black hole: connections are taken and never answered, and those that are there go silent."""
        self._swallows = True

    def refuse(self) -> None:
        """As if nobody listened: new connections are reset, the old ones end."""
        self._refuses = True
        self.cut(1.0)

    def pass_on(self) -> None:
        self._swallows = self._refuses = False

    def cut(self, share: float) -> None:
        """Ends some of the connections, at whatever they are just doing."""
        self._loop.call_soon_threadsafe(self._cut, share)

    def close(self) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _close(self) -> None:
        self._refuses = True
        self._server.close()
        self._cut(1.0)
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        if under_way:
            await asyncio.wait(under_way)

    def _cut(self, share: float) -> None:
        for line in [line for line in self._lines if self._luck.random() < share]:
            line.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._refuses:
                raise ConnectionRefusedError
            there, back = await asyncio.open_unix_connection(self._upstream)
        except OSError:
            writer.transport.abort()
            return
        self._lines |= {writer, back}
        try:
            await asyncio.wait(
                [asyncio.ensure_future(self._pump(reader, back)), asyncio.ensure_future(self._pump(there, writer))]
            )
        finally:
            self._lines -= {writer, back}

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            silent = False
            while data := await source.read(LARGEST_READ):
                silent = silent or self._swallows
                if not silent:
                    target.write(data)
                    await target.drain()
        target.close()


@contextmanager
def proxied(url: str) -> Iterator[tuple[Proxy, str]]:
    """The proxy, and the address of the same database behind it."""
    address = make_url(url)
    proxy = Proxy(f"{address.query['host']}/{PORT_IN_NAME}")
    direct = address.difference_update_query(["host"]).set(host="127.0.0.1", port=proxy.port)
    try:
        yield proxy, direct.render_as_string(hide_password=False)
    finally:
        proxy.close()
