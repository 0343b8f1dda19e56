"""What Unknot is measured against: small servers that do the same work without what is being judged.

`python -m tests.bench.references bare --port 8001`, in the way in which `unknot serve` runs the application.
"""

import argparse
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from api.catalogue.answers import catalogue_answers
from api.catalogue.content import Content, load_content
from api.db.engines import engine_for
from api.db.migrations import upgrade
from api.garbage import uncollected
from api.main import create_app, gate_for, outside
from api.settings import Settings
from api.web.admission import Gate
from api.web.connections import PatientProtocol
from api.web.limits import Recognised
from api.web.logs import configure
from api.web.ready import ReadyTable, start_message
from tests.bench.orm import Loop
from tests.bench.raw import Raw, scripts_of
from tests.bench.seeding import a_completion, a_start, open_people
from tests.bench.subjects import A_SYNC, CONNECTIONS

CATALOGUE = ("/v1/exercises", b"")


def naked() -> ASGIApp:
    """The catalogue's bytes by path, behind nothing and on uvicorn's own protocol."""
    return living(bytes_only(), gate_for(Settings(), {}))


def bare() -> ASGIApp:
    """The same, behind the middleware that stands in front of the table of ready answers."""
    settings = Settings()
    app: ASGIApp = bytes_only()
    table: Any = ReadyTable
    gate = gate_for(settings, {})
    before = takewhile(lambda one: one.cls is not table, outside(settings, Recognised(), {}, {}, gate))
    for one in reversed(list(before)):
        app = one.cls(app, *one.args, **one.kwargs)
    return living(app, gate)


def living(app: ASGIApp, gate: Gate) -> ASGIApp:
    """With a lifespan that gives the protocol its gate."""

    async def whole(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        scope["state"]["gate"] = gate
        for phase in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{phase}.complete"})

    return whole


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
    """A store that runs nothing, and says each time what a unit gave once."""

    def __init__(self, told: Any) -> None:
        self._told = told

    async def write(self, _unit: object) -> Any:
        return self._told

    async def ready(self) -> None:
        """Always."""


def without_database() -> ASGIApp:
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite:///{Path(folder) / 'once.db'}")
        upgrade(engine)
        _, told = scripts_of(engine, open_people(engine, 1), partial(a_start, read_content()))
        engine.dispose()
    return on_store(NoDatabase(told))


def raw(unit: Callable[..., Any]) -> ASGIApp:
    """The product's own application on a store that runs what a unit asks of the driver, on the settings' database."""
    settings = Settings()
    engine = engine_for(settings.database_url)
    scripts, told = scripts_of(engine, open_people(engine, CONNECTIONS), partial(unit, read_content()))
    engine.dispose()
    return on_store(Raw(settings.database_url, told, scripts))


def orm_loop() -> ASGIApp:
    """The product's own application on a store that keeps what is synced as a tutorial would."""
    engine = engine_for(Settings().database_url)
    return on_store(Loop(engine, A_SYNC))


def on_store(store: object) -> ASGIApp:
    app = create_app()
    app.state.store = store
    app.router.lifespan_context = gate_only
    return app


@asynccontextmanager
async def gate_only(app: Any) -> AsyncIterator[dict[str, Any]]:
    yield {"gate": app.state.gate}


def read_content() -> Content:
    return load_content(Settings().content_dir)


REFERENCES: dict[str, Callable[[], ASGIApp]] = {
    "naked": naked,
    "bare": bare,
    "without-database": without_database,
    "raw-start": partial(raw, a_start),
    "raw-complete": partial(raw, a_completion),
    "orm-loop": orm_loop,
}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.references")
    options.add_argument("name", choices=REFERENCES)
    options.add_argument("--port", type=int, required=True)
    chosen = options.parse_args()
    configure(Settings().log_level)  # the line that the middleware writes for each request is a part of it
    with uncollected():
        app = REFERENCES[chosen.name]()
    uvicorn.run(
        app,
        port=chosen.port,
        http="httptools" if chosen.name == "naked" else PatientProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main()
