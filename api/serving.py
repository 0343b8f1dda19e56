"""The server process: uvicorn with an end to every wait, and a stop that is a success."""

import signal
import sys
from contextlib import suppress

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from api.catalogue.content import Content
from api.forks import workers_are_forks
from api.garbage import uncollected
from api.main import create_app
from api.settings import Settings
from api.web.connections import PatientProtocol
from api.web.logs import configure

if sys.platform != "win32":
    import resource

WORKER_S = 60
"""In which a worker process answers the one that watches it. One that is no fork imports before it does: on a busy
machine, for longer than the five seconds after which uvicorn would kill it, for ever again."""
ACCEPTS = 64
"""New connections that are accepted in one turn of the event loop. libuv takes one from each listening socket, and a
flood of them would wait in the kernel, unread, until those who came before are served."""
SPARE_FILES = 256
"""Descriptors beside those of the connections: the database, its log, the listening socket."""


class Supervisor(Multiprocess):
    """Keeps the workers going, and tells them to stop."""

    def terminate_all(self) -> None:
        # Open as long as this process lives, they would take on whoever comes while the last worker finishes.
        for each in self.sockets:
            each.close()
        super().terminate_all()


def run_server(settings: Settings, content: Content) -> None:
    """Returns when the server was told to stop, after what was under way is finished or its grace is over."""
    # uvicorn finishes its work and then raises the signal again, as if nobody had handled it; an orderly stop is none
    # of a failure. So SIGTERM ends as Ctrl+C does, which uvicorn takes for a stop.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    make_room_for_files(settings.connections + SPARE_FILES)
    config = configured(settings, content)
    listening = [config.bind_socket()]
    listening += [listening[0].dup() for _ in range(ACCEPTS - 1)]
    # Whichever is interrupted has stopped by then.
    with suppress(KeyboardInterrupt):
        if settings.workers > 1:
            Supervisor(config, sockets=listening).run()
        else:
            uvicorn.Server(config).run(sockets=listening)


def configured(settings: Settings, content: Content) -> uvicorn.Config:
    app = served(settings, content)
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=settings.workers,
        host=settings.host,
        port=settings.port,
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_graceful_shutdown=settings.shutdown_grace_s,
        timeout_worker_healthcheck=WORKER_S,
    )


def served(settings: Settings, content: Content) -> FastAPI | str:
    """The application, or where a worker process finds the factory of one when it is no fork of this one."""
    if settings.workers > 1 and not workers_are_forks():
        return "api.command:of_a_worker"
    with uncollected():
        return create_app(settings, content)


def of_a_worker() -> FastAPI:
    """What a process serves that was started anew. Nothing that was set up in the first process is in it."""
    settings = Settings()
    configure(settings.log_level, settings.log_format)
    return create_app(settings)


def make_room_for_files(wanted: int) -> None:
    """As far as the system lets this user; most systems begin with 1024, where each connection takes one."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError):  # a sandbox may forbid it
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
