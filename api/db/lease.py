"""The lease beside an SQLite file: one process serves it, and a second one is told so."""

import os
import sys
from pathlib import Path

from api.db.sqlite_file import OWNER_ONLY
from api.domain.errors import Unavailable

if sys.platform != "win32":
    import fcntl

TAKEN = "Another server process has this SQLite file open. Stop that one first, or use PostgreSQL for several."


class Lease:
    """Held from `take` until `close` or the death of the process, by the process as a whole.

    Everything in one process shares it, and the first close there gives it back. The file stays behind, since
    removing it would give two processes a lease each. On Windows there is none.
    """

    def __init__(self, database: str) -> None:
        self._path = f"{Path(database).resolve()}.lease"
        self._descriptor: int | None = None

    def take(self) -> None:
        """Raises Unavailable when another process has it, or when it cannot be made."""
        if sys.platform == "win32":
            return
        try:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, OWNER_ONLY)
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.close()
            raise Unavailable(_reason(error, self._path)) from error

    def close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _reason(error: OSError, path: str) -> str:
    # A taken lock is EAGAIN or EACCES, as the system likes; EACCES of the file itself names the file.
    if isinstance(error, BlockingIOError) or (isinstance(error, PermissionError) and error.filename is None):
        return TAKEN
    return f"{path}: {error.strerror}."
