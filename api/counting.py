"""Where the processes of one server count together. It has to be known before `api.metrics` is imported."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""What prometheus_client reads the folder from when it is imported, in this process and in those it starts."""


@contextmanager
def counting_together() -> Iterator[None]:
    with TemporaryDirectory(prefix="unknot-metrics-") as folder:
        os.environ[SHARED] = folder
        yield
