"""The first step of the command and of each worker process: what they import stays as long as they run.

Looking for garbage in it, meanwhile and at the end, would take two fifths of the time.
"""

import argparse
import gc
import os
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from api.arguments import parser
from api.counting import counting_together
from api.garbage import uncollected

if TYPE_CHECKING:
    from fastapi import FastAPI


def main(arguments: Sequence[str] | None = None) -> None:
    options = parser().parse_args(arguments)
    with counting_together() if serves_by_several(options) else nullcontext():
        with uncollected():
            from api.cli import run  # noqa: PLC0415 - not before
        try:
            run(options)
        finally:
            gc.freeze()


def serves_by_several(options: argparse.Namespace) -> bool:
    """Whether there will be several processes, as far as can be told before the settings are read."""
    return options.run == "serve" and (options.workers or os.environ.get("UNKNOT_WORKERS", "1")) != "1"


def of_a_worker() -> "FastAPI":
    """What each of several processes serves where none is a fork of the first."""
    with uncollected():
        from api.serving import of_a_worker as served  # noqa: PLC0415 - as above
    return served()
