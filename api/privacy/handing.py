"""Handing an archive on while it is still being written, so that a large one begins to arrive at once."""

import asyncio
from collections.abc import AsyncIterator, Coroutine

from api.domain.errors import Unavailable
from api.privacy.growing import Growing

SOON_S = 2.0
"""What is whole by then is told with its length; most are."""
TURN_S = 20.0
LOOK_EVERY_S = 0.05


class Handing:
    """An archive and the task that writes it."""

    def __init__(self, writing: Coroutine[None, None, None], archive: Growing) -> None:
        self._writing = asyncio.create_task(writing)
        self._writing.add_done_callback(seen)
        self._archive = archive

    async def begun(self) -> int | None:
        """Waits until there is something to hand on; its length where it is whole. Raises what the writing raised.

        Unavailable where others are being written for so long that its turn does not come.
        """
        await asyncio.wait({self._writing}, timeout=SOON_S)
        for _ in range(int(TURN_S / LOOK_EVERY_S)):
            if self._writing.done():
                await self._writing
                return self._archive.size
            if self._archive.size:
                return None
            await asyncio.sleep(LOOK_EVERY_S)
        raise Unavailable("Other archives are being put together.")

    async def chunks(self) -> AsyncIterator[bytes]:
        """What is there and what comes. Breaks off with an error where the writing does."""
        offset = 0
        try:
            while True:
                is_whole = self._writing.done()
                while chunk := self._archive.after(offset):
                    offset += len(chunk)
                    yield chunk
                if is_whole:
                    await self._writing
                    return
                await asyncio.wait({self._writing}, timeout=LOOK_EVERY_S)
        finally:
            await self.close()

    async def close(self) -> None:
        """Whoever still writes finds no file any more, and stops."""
        self._archive.close()
        self._writing.cancel()
        await asyncio.wait({self._writing})


def seen(task: asyncio.Task[None]) -> None:
    """Nobody may wait any more for what it ended with."""
    if not task.cancelled():
        task.exception()
