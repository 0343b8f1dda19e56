"""The collector, kept from looking for garbage where there is none: in what stays as long as the process runs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (50_000, 20, 20)
"""So many objects more than there were are looked at, where Python's own start has 700. A request makes a few hundred
and keeps none of them, so nearly all are gone by then; looking often took 3 to 6 % of each."""


@contextmanager
def uncollected() -> Iterator[None]:
    """What is made within stays, and is not looked at afterwards either; what is made later is, but seldom.

    Within another, only the outer one counts.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*SELDOM)
        gc.enable()
