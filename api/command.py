"""The first step of the command and of each worker process: what they import stays as long as they run.

Looking for garbage in it, meanwhile and at the end, would take two fifths of the time.
"""

import gc
from typing import TYPE_CHECKING

from api.garbage import uncollected

if TYPE_CHECKING:
    from fastapi import FastAPI


def main() -> None:
    with uncollected():
        from api.cli import main as command  # noqa: PLC0415 - not before
    try:
        command()
    finally:
        gc.freeze()


def of_a_worker() -> "FastAPI":
    """What each of several processes serves."""
    with uncollected():
        from api.serving import of_a_worker as served  # noqa: PLC0415 - as above
    return served()
