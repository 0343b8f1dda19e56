"""Letters on their way: a bounded queue, emptied beside the requests, so that no answer waits for a mail server."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from api.domain.errors import Unavailable
from api.mail.smtp import Letter, Smtp

log = logging.getLogger("unknot.mail")

Writing = Callable[[], Awaitable[Letter | None]]
AT_MOST = 200
AGAIN_AFTER_S = (2.0, 10.0)
LAST_LETTERS_S = 5.0


class Postbox:
    """Takes what writes a letter, or decides that there is none to send, and runs it after the answer has left.

    Letters that still wait when the process dies are lost; whoever misses one asks for another.
    """

    def __init__(self, smtp: Smtp | None) -> None:
        self.smtp = smtp
        self._waiting: asyncio.Queue[Writing] = asyncio.Queue(AT_MOST)

    def post(self, writing: Writing) -> None:
        """Raises Unavailable when too many wait."""
        try:
            self._waiting.put_nowait(writing)
        except asyncio.QueueFull as full:
            raise Unavailable("Too many letters wait to be sent.") from full

    async def serve(self) -> None:
        while True:
            writing = await self._waiting.get()
            try:
                await self._send(writing)
            except Exception as error:  # noqa: BLE001 - whatever it was, the letters behind it still go
                log.error("A letter was not sent: %s", type(error).__name__)  # noqa: TRY400 - the text may name a person
            finally:
                self._waiting.task_done()

    async def empty(self) -> None:
        """Returns when nothing waits any more."""
        await self._waiting.join()

    async def last_letters(self) -> None:
        """Lets what waits go out, for a few seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.empty(), LAST_LETTERS_S)

    async def _send(self, writing: Writing) -> None:
        letter = await writing()
        if letter is None or self.smtp is None:
            return
        for pause in AGAIN_AFTER_S:
            with suppress(OSError):
                await asyncio.to_thread(self.smtp.send, letter)
                return
            await asyncio.sleep(pause)
        await asyncio.to_thread(self.smtp.send, letter)
