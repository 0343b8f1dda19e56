"""Which processors a server has, and which its load: what the one takes is then not missing to the other."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


def parted() -> tuple[set[int], set[int]]:
    """All but the last for the server, the last for the load; both have the only one where there is no other."""
    cores = sorted(os.sched_getaffinity(0))
    return {*cores[:-1]} or {*cores}, {cores[-1]}


@contextmanager
def confined(cores: set[int]) -> Iterator[None]:
    """Processes that are started meanwhile keep to these."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
