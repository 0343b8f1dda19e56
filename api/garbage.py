"""The collector, kept from looking for garbage where there is none: in what stays as long as the process runs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """What is made within stays, and is not looked at afterwards either. Within another, only the outer one counts."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
