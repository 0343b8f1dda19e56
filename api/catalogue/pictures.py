"""The drawings as answers: each made when it is first asked for, beside the event loop, and kept while it is in use."""

import asyncio
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache, partial

from api.catalogue import figures
from api.catalogue.service import find_exercise
from api.catalogue.shelf import Content
from api.domain.errors import NotFound, Unavailable
from api.web.ready import CACHE_CONTROL, FOR_EVER, Ready, ready

KEPT = 128
"""Stills take 30 kB with their codings, films a tenth of a megabyte; phones and proxies keep them for ever."""
WAITING = 64
BETWEEN_S = 0.05
"""Of rest between two answers that nobody has asked for yet."""
LATEST = "latest"


class DrawingBusy(Unavailable):
    code = "drawing-busy"
    title = "Too many drawings are being made"
    cure = "Ask again after the seconds in `Retry-After`."
    retry_after_s = 2


class Easel:
    """Where one answer at a time is made, in a thread of its own; so many may wait for it and no more."""

    def __init__(self, waiting: int) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="drawing")
        self._room = waiting

    async def finished(self, answer: Ready) -> Ready:
        """The answer with nothing left to do. Raises DrawingBusy."""
        if not answer.finished:
            if not self._room:
                raise DrawingBusy
            self._room -= 1
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, answer.build)
            finally:
                self._room += 1
        return answer


EASEL = Easel(WAITING)


async def finish_ahead(answers: Iterable[Ready]) -> None:
    """Leaves most of the time to whoever asks for something meanwhile."""
    for answer in answers:
        with suppress(DrawingBusy):
            await EASEL.finished(answer)
        await asyncio.sleep(BETWEEN_S)


@lru_cache(KEPT)
def picture_answer(content: Content, slug: str, which: str, name: str) -> Ready:
    """The drawing of that hash, or the latest one, which is kept for minutes only.

    Raises NotFound for a drawing that there is not, or not any more.
    """
    find_exercise(content, slug)
    drawing = figures.by_name(content, slug).get(name)
    if drawing is None:
        raise NotFound("There is no such drawing. `figures` of the exercise lists them.")
    if which not in (LATEST, figures.digest(content, slug)):
        raise NotFound("This drawing was replaced. `figures` of the exercise has the new address.")
    kept = CACHE_CONTROL if which == LATEST else FOR_EVER
    build = partial(figures.made, content, slug, drawing)
    return ready(build, language=None, media_type=drawing.media_type, cache_control=kept)


def stills(content: Content) -> Iterator[tuple[str, Ready]]:
    """Of every exercise that is drawn, each side in both themes, with its address."""
    for slug, exercise in content.exercises.items():
        for drawing in figures.drawings(exercise, content):
            if (drawing.form, drawing.person, drawing.scale) != ("still", figures.USUAL, None):
                continue
            url = figures.address(content, slug, drawing)
            yield url, picture_answer(content, slug, figures.digest(content, slug), drawing.name)
