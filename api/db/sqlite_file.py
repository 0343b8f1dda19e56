"""The file behind an SQLite store: made for its owner alone, and watched for as long as it is open.

Whoever removes or replaces an open file leaves SQLite writing into one that has no name any more.
"""

import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from api.domain.errors import Unavailable

log = logging.getLogger(__name__)

Identity = tuple[int, int]
OWNER_ONLY = 0o600
GONE = "The database file was removed or replaced while it was open; the server needs a restart."


def make_for_owner(path: str) -> None:
    """Makes an empty file that nobody else may read; SQLite gives its -wal and -shm the same mode."""
    # Only a file that was not there may be opened and closed aside: closing another would drop SQLite's own locks.
    # What cannot be made, SQLite refuses to open, in words of its own.
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))


class WatchedFile:
    """Knows the file that was there when the store opened, and the write-ahead log of the writer's connection.

    Once either was seen missing or replaced, every check raises Unavailable for good, also after the file was put
    back: what happened to its log meanwhile nobody can tell, and a restart reads both anew.
    """

    def __init__(self, path: str) -> None:
        # SQLite follows a link before it names the log.
        self._path, self._log_path = str(Path(path).absolute()), f"{Path(path).resolve()}-wal"
        self._file: Identity | None = None
        self._log: Identity | None = None
        self._gone = False

    def remember(self) -> None:
        """Call this before the first connection. Raises Unavailable when there is no file."""
        try:
            self._file = _identity(self._path)
        except OSError as error:
            raise Unavailable(f"There is no database file to open: {error.strerror}.") from error

    def forget_log(self) -> None:
        """For the writer's new connection: the last one that closes takes the log away, and the next makes another."""
        self._log = None

    def check(self) -> None:
        """Raises Unavailable when the file is not the one that was opened."""
        if self._gone or self._found(self._path) != self._file:
            self._refuse()

    def check_log(self) -> None:
        """For the writer within a transaction or just after: then its connection has the log open, whichever it is."""
        found = self._found(self._log_path)
        self._log = self._log or found
        if found != self._log:
            self._refuse()

    def _found(self, path: str) -> Identity:
        try:
            return _identity(path)
        except (FileNotFoundError, NotADirectoryError):
            self._refuse()
        except OSError as error:
            raise Unavailable("The database file cannot be looked at right now.") from error

    def _refuse(self) -> NoReturn:
        if not self._gone:
            self._gone = True
            log.critical("%s: %s", self._path, GONE)
        raise Unavailable(GONE)


def _identity(path: str) -> Identity:
    found = os.stat(path)  # noqa: PTH116 - asked for every read; a Path costs as much again
    return found.st_dev, found.st_ino
