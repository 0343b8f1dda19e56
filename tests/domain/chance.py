"""Random histories that are the same in every run, for slow oracles."""

from collections.abc import Iterator
from random import Random


def seeded(histories: int) -> Iterator[tuple[int, Random]]:
    """Each history has a number, to be named when it fails, and chance of its own."""
    for number in range(histories):
        yield number, Random(number)  # noqa: S311 - histories for a test
