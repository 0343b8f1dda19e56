"""A file that a thread writes while the event loop hands on what stands in it: neither waits for the other."""

import os
from tempfile import TemporaryFile
from threading import Lock

from api.domain.errors import Unavailable

CHUNK_BYTES = 64 * 1024


class Growing:
    """It has no name, and goes when it is closed; whoever writes it then fails."""

    def __init__(self) -> None:
        self._file = TemporaryFile(buffering=0)  # noqa: SIM115 - whoever hands it on closes it
        self.size, self._is_handed_on, self._is_broken_off = 0, False, False
        # A number of a file that was closed may be another file's by the time a thread writes to it.
        self._lock = Lock()

    def begin(self) -> None:
        """Empties it, for a unit of work that runs again; Unavailable where some of it was handed on already."""
        if self._is_handed_on:
            raise Unavailable("The database went away meanwhile.")
        with self._lock:
            if not self._file.closed:
                self._file.seek(0)
                self._file.truncate()
        self.size, self._is_broken_off = 0, False

    def break_off(self) -> None:
        """Nothing more is written, whatever comes."""
        self._is_broken_off = True

    def write(self, data: bytes) -> int:
        """Unavailable once it is closed."""
        if self._is_broken_off:
            return len(data)
        with self._lock:
            if self._file.closed:
                raise Unavailable("Nobody takes it any more.")
            self._file.write(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """It keeps nothing back."""

    def after(self, offset: int) -> bytes:
        """Some of what stands there after so many bytes."""
        self._is_handed_on = True
        return os.pread(self._file.fileno(), min(CHUNK_BYTES, self.size - offset), offset)

    def close(self) -> None:
        with self._lock:
            self._file.close()
