"""What Unknot is measured against: small servers that do the same work without what is being judged.

`python -m tests.bench.references bare --port 8001`, in the way in which `unknot serve` runs the application.
"""

import argparse
import gc
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from api.catalogue.answers import catalogue_answers
from api.catalogue.content import load_content
from api.db.engines import engine_for
from api.db.migrations import upgrade
from api.main import create_app, gate_for, outside
from api.sessions.keeping import SessionView
from api.settings import Settings
from api.web.limits import Recognised
from api.web.logs import configure
from api.web.ready import ReadyTable, start_message
from tests.bench.seeding import open_people, start_one

CATALOGUE = ("/v1/exercises", b"")


def bare() -> ASGIApp:
    """The catalogue's bytes by path, behind the middleware that stands in front of the table of ready answers."""
    settings = Settings()
    app: ASGIApp = bytes_only()
    table: Any = ReadyTable
    layers = outside(settings, Recognised(), {}, {}, gate_for(settings, {}))
    before = takewhile(lambda one: one.cls is not table, layers)
    for one in reversed(list(before)):
        app = one.cls(app, *one.args, **one.kwargs)
    return app


def bytes_only() -> ASGIApp:
    variants = catalogue_answers(load_content(Settings().content_dir))[CATALOGUE].variants
    encoded = {coding: variants["en"].encoded(coding) for coding in ("identity", "br", "gzip")}
    answers = {f"/{coding}": (200, one.headers, one.body) for coding, one in encoded.items()}
    answers |= {
        "/304": (304, encoded["identity"].not_modified, b""),
        "/readyz": (200, ((b"content-length", b"0"),), b""),
    }

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        status, headers, body = answers[scope["path"]]
        await send(start_message(status, headers))
        await send({"type": "http.response.body", "body": body})

    return app


class NoDatabase:
    """A store that runs nothing, and says each time what the unit of a start gave once."""

    def __init__(self, started: SessionView) -> None:
        self._started = started

    async def write(self, _unit: object) -> tuple[SessionView, bool]:
        return self._started, True

    async def ready(self) -> None:
        """Always."""


def without_database() -> ASGIApp:
    """The product's own application on a store that runs nothing."""
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite:///{Path(folder) / 'once.db'}")
        upgrade(engine)
        [person] = open_people(engine, 1)
        started = start_one(engine, person)
        engine.dispose()
    app = create_app()
    app.state.store = NoDatabase(started)
    app.router.lifespan_context = nothing_to_open
    return app


@asynccontextmanager
async def nothing_to_open(_: Any) -> AsyncIterator[None]:
    yield


REFERENCES = {"bare": bare, "without-database": without_database}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.references")
    options.add_argument("name", choices=REFERENCES)
    options.add_argument("--port", type=int, required=True)
    chosen = options.parse_args()
    configure(Settings().log_level)  # the line that the middleware writes for each request is a part of it
    app = REFERENCES[chosen.name]()
    gc.collect()
    gc.freeze()
    uvicorn.run(
        app,
        port=chosen.port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main()
