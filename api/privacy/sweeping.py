"""Tidying: what nobody needs any more goes, some at a time, so that nobody waits for it."""

import asyncio
import logging
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic

from api.db.store import Store
from api.domain.errors import Unavailable
from api.privacy import chores, erasing, retention
from api.privacy.chores import SCRUB, SWEEP
from api.privacy.parts import all_parts

log = logging.getLogger("unknot.sweep")

LOOK_EVERY_S = 5.0
ROWS_AT_ONCE = 250
ROWS_OF_A_KIND = 20_000
GUESTS_AT_MOST = 1_000
"""In one run; the next goes on."""
SCRUB_LASTS_AT_MOST = timedelta(hours=1)
REST = 20
"""After tidying the files, so many times as long is left before they are tidied again."""


async def keep_tidy(store: Store, *, idle: timedelta, every: timedelta) -> None:
    """Never ends. Whichever of several servers looks first does what is due."""
    while True:
        began = monotonic()
        try:
            await tidy(store, idle=idle, every=every)
        except Unavailable:
            log.warning("Tidying has to wait: the database is not available.")
        await asyncio.sleep(max(LOOK_EVERY_S, (monotonic() - began) * REST))


async def tidy(store: Store, *, idle: timedelta, every: timedelta) -> None:
    """Does what is due and nobody else is at."""
    now = datetime.now(UTC)
    if await claimed(store, SWEEP, until=now + every, now=now):
        await sweep(store, idle=idle, now=now)
    lease, done = now + SCRUB_LASTS_AT_MOST, False
    if await claimed(store, SCRUB, until=lease, now=now):
        try:
            done = await scrub(store)
        finally:
            await store.write(partial(chores.settle, name=SCRUB, claimed=lease, at=None if done else now))


async def claimed(store: Store, name: str, *, until: datetime, now: datetime) -> bool:
    if not await store.read(partial(chores.is_due, name=name, now=now)):
        return False
    return await store.write(partial(chores.claim, name=name, until=until, now=now))


async def scrub(store: Store, *, rewrite: bool = False) -> bool:
    return await store.scrub([part.table.name for part in all_parts()], rewrite=rewrite)


async def sweep(store: Store, *, idle: timedelta, now: datetime) -> Counter[str]:
    """Erases idle guests, ends what erasures were broken off, and drops what is out of date; how many of each."""
    swept: Counter[str] = Counter()
    for guest in await store.read_long(partial(retention.idle_guests, idle=idle, now=now, at_most=GUESTS_AT_MOST)):
        erased = partial(erasing.erase_idle_guest, user_id=guest, before=now - idle, now=now)
        swept["guests"] += await store.write(erased) is not None
    for erasure in await store.read(erasing.under_way):
        while not (await store.write(partial(erasing.go_on, erasure=erasure))).finished:
            pass
    for old in retention.outdated(now):
        keys = await store.read_long(partial(old.find, at_most=ROWS_OF_A_KIND))
        for first in range(0, len(keys), ROWS_AT_ONCE):
            some = keys[first : first + ROWS_AT_ONCE]
            swept[old.table.name] += await store.write(partial(old.drop, keys=some))
    log.info("Swept: %s", ", ".join(f"{number} {kind}" for kind, number in (+swept).items()) or "nothing")
    return swept
