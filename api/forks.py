"""Worker processes forked from the first one, once it is prepared: ready at once, sharing what none of them changes.

On Linux only: other systems have no fork, or libraries that do not stand one.
"""

import signal
import sys

from uvicorn import _subprocess
from uvicorn.supervisors.multiprocess import SIGNALS

SIGNAL_AT_PARENTS_DEATH = 1
"""`PR_SET_PDEATHSIG` of Linux, which Python has no name for."""

if sys.platform == "linux":
    from ctypes import CDLL
    from multiprocessing.context import ForkContext, ForkProcess

    class Fork(ForkProcess):
        """One worker. A signal that comes while it is made waits until the worker answers for itself."""

        def start(self) -> None:
            before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
            try:
                super().start()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)

        def run(self) -> None:
            # Whoever kills the supervisor alone leaves nobody who would end the workers, and these hold the port.
            CDLL(None).prctl(SIGNAL_AT_PARENTS_DEATH, signal.SIGTERM)
            # The supervisor's handlers only note a signal for the supervisor.
            for each in SIGNALS:
                signal.signal(each, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            super().run()

    class Forks(ForkContext):
        Process = Fork


def workers_are_forks() -> bool:
    """Lets uvicorn's supervisor fork where it would start an interpreter; it has no setting for that.

    Nothing may be open yet that two processes cannot share: no thread, no event loop, no connection. False where the
    system does not fork, and each worker prepares itself.
    """
    if sys.platform == "linux":
        _subprocess.spawn = Forks()  # type: ignore[assignment]  # it is named for what it is by default
    return sys.platform == "linux"
