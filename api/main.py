"""The application: every room opened and put in its place."""

import asyncio
import gc
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware import Middleware
from starlette.types import ASGIApp

import api.accounts.routes
import api.catalogue.routes
import api.credentials.routes
import api.notices.routes
import api.pack.routes
import api.privacy.routes
import api.progress.routes
import api.ratings.routes
import api.routines.routes
import api.screening.routes
import api.sessions.routes
import api.sync.routes
import api.today.routes
import api.tokens.routes
import api.web.health
from api.accounts.passwords import Passwords
from api.accounts.routes import CONSENTS
from api.accounts.uses import Uses, writing_down
from api.catalogue.answers import catalogue_answers
from api.catalogue.content import Content, load_content
from api.catalogue.pictures import finish_ahead, stills
from api.catalogue.service import languages_for
from api.db.engines import engine_for, store_for
from api.db.revision import NEEDED, revision
from api.db.store import Store, StoreLimits
from api.domain.value import FALLBACK
from api.mail.postbox import Postbox
from api.mail.smtp import smtp_of
from api.pack.answers import figures_answer, pack_answer, pack_answers, prepare
from api.privacy.sweeping import keep_tidy
from api.routines.answers import routine_answers
from api.screening.answers import screening_answers
from api.settings import Settings
from api.web import metrics, pages, problems
from api.web.admission import Admission, Deadline, Gate
from api.web.cors import Cors
from api.web.envelope import Compress, HeaderLimit
from api.web.limits import Attempts, Limits, Policy, Recognised, general, sign_in, sign_up
from api.web.middleware import Faults, Head, Spans, Trace
from api.web.openapi import DocumentedApp, Paths
from api.web.ready import Key, Ready, ReadyTable, key_of
from api.web.titles import Titles

SUMMARY = "Guided exercise routines for a knot in the upper back."
DESCRIPTION = """
Exact holds, sides and repetitions, cautions where they matter, a record that survives any retry, and progress.

**Play a session from this page:** run `POST /v1/accounts` (it signs the page in), then `POST /v1/sessions`,
`PUT /v1/sessions/{id}/record`, `POST /v1/sessions/{id}/complete` and `GET /v1/me/progress`, with the examples as they
stand.

General information, not a diagnosis. Nobody with a clinical licence has reviewed the content yet.

Errors are problem documents (RFC 9457); their `type` opens here. Values may be added to enums in answers: ignore what
you do not know.
"""
TAGS = {
    "accounts": "A guest in one call, without personal data; settings, consents and what happened to the account.",
    "tokens": "Signing in on a device, refreshing, signing out; devices, and personal tokens for other apps.",
    "credentials": "E-mail and password: added to a guest, joined with an account, changed, reset, confirmed.",
    "sessions": "Start a guided session, record what is done, complete it. Every request may be repeated.",
    "progress": "What to do today and why, levels, weeks on target, days and exercises, pain over time, and notices.",
    "routines": "Ready routines, their timelines, and the planner for the time, place and things at hand.",
    "exercises": "The catalogue: steps, doses with their sources, cautions and contraindications; filters and search.",
    "screening": "Safety questions, what their answers permit, and care advice.",
    "offline": "Everything that a phone needs for a week without a network, and the way back.",
    "reference": "The words that filters take, the sources, and what calls for care instead of exercise.",
    "health": "Whether the server lives, and whether it can work now.",
}
"""What the document says of each tag, in the order in which it shows them."""
LONG_READS = 2
ARCHIVES_AT_ONCE = 1
"""So that other long reads always find a thread."""
LETTERS_AT_MOST = 5
"""To one address in a quarter of an hour, whoever asks."""
STORE_GRACE_S = 0.5
"""The store closes when the server's own grace is over: what is under way then has nobody who waits for it."""
LONGEST_S = 90.0
"""A request that is in work for longer is given up, whatever it waits for."""
HOTTEST_FIRST = (
    api.sessions.routes.router,
    api.progress.routes.router,
    api.today.routes.router,
    api.notices.routes.router,
    api.ratings.routes.router,
    api.progress.routes.freezes_router,
    api.accounts.routes.router,
    api.tokens.routes.router,
    api.catalogue.routes.router,
    api.routines.routes.router,
    api.pack.routes.router,
    api.sync.routes.router,
    api.screening.routes.router,
    api.credentials.routes.router,
    api.privacy.routes.router,
    api.web.health.router,
)
PASSWORD_PATHS = (
    ("POST", "/v1/tokens"),
    ("POST", "/v1/me/credentials"),
    ("PUT", "/v1/me/password"),
    ("POST", "/v1/me/recovery-code"),
    ("POST", "/v1/me/email"),
    ("POST", "/v1/me/email/verification"),
    ("POST", "/v1/password-resets"),
    ("POST", "/v1/password-resets/confirm"),
)
"""Where secrets are tried, or cost something to check."""
BROWSERS_MAY_SEND = ["Authorization", "Content-Type", "If-None-Match", "X-Request-Id"]
BROWSERS_MAY_READ = [
    "ETag",
    "X-Request-Id",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Content-Language",
    "Location",
]


class WrongRevision(Exception):
    """The database's schema is not the one this server was written for."""


def create_app(
    settings: Settings | None = None, content: Content | None = None, passwords: Passwords | None = None
) -> FastAPI:
    """The server as an ASGI application; content is read from the settings' folder when none is given.

    Raises ContentBroken. The database is opened, and its revision checked, when the application starts up.
    """
    settings = settings or Settings()
    content = content or load_content(settings.content_dir, problems.english_titles())
    answers: dict[Key, Ready] = {}
    patterns: dict[str, str] = {}
    recognised, gate = Recognised(), gate_for(settings, answers)
    app = framed(settings, outside(settings, recognised, answers, patterns, gate))
    for router in HOTTEST_FIRST:
        app.include_router(router)
    problems.install(app, titles_of(content))
    shown = pages.pages(app.openapi)
    pages.install(app, shown)
    metrics.install(app, settings.metrics_token)
    answers.update({(path, b""): page for path, page in shown.items() if path != pages.DOCUMENT})
    answers.update(ready_content(content))
    app.state.settings, app.state.content, app.state.recognised, app.state.gate = settings, content, recognised, gate
    know_people(app, settings, passwords or Passwords())
    app.state.paths = Paths(app.outline())
    patterns.update({path: app.state.paths.pattern_of(path) for path, _ in answers})
    return app


def framed(settings: Settings, layers: Sequence[Middleware]) -> "Unknot":
    """The application within these layers, before it has any route."""
    return Unknot(
        layers,
        title="Unknot",
        summary=SUMMARY,
        description=DESCRIPTION,
        version=version("unknot"),
        openapi_tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        license_info={"name": "MIT (code), CC BY 4.0 (content)"},
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry=telemetry(settings),
        lifespan=open_house,
        generate_unique_id_function=lambda route: route.name,
        middleware=[Middleware(Head), Middleware(Compress, zstd=False, gzip_level=5, brotli_quality=4)],
    )


def know_people(app: FastAPI, settings: Settings, passwords: Passwords) -> None:
    """What the application remembers of who signs in, and how it writes to them."""
    app.state.passwords, app.state.uses = passwords, Uses()
    app.state.attempts = Attempts(settings.sign_in_attempts)
    app.state.letters = Attempts(LETTERS_AT_MOST if settings.sign_in_attempts else 0, from_all=1)
    app.state.archives = asyncio.Semaphore(ARCHIVES_AT_ONCE)
    app.state.postbox = Postbox(smtp_of(settings.mail_url, settings.mail_from))


def titles_of(content: Content) -> Titles:
    """What the content says of problems, for the room that answers them and knows no content."""
    return Titles(
        told=content.problems,
        states={language.id: language.translation for language in content.languages.values()},
        reviewed=tuple(sorted(languages_for(content, None), key=lambda code: code != FALLBACK)),
    )


def gate_for(settings: Settings, answers: Mapping[Key, Ready]) -> Gate:
    return Gate(
        most=settings.requests_in_work,
        most_connections=settings.connections,
        free=answers,
        origins=settings.allowed_origins,
    )


class Unknot(DocumentedApp):
    """Has layers of its own outside of all of FastAPI's, so that a ready answer passes none of these."""

    def __init__(self, outside: Sequence[Middleware], /, **options: Any) -> None:
        super().__init__(**options)
        self._outside = outside

    def build_middleware_stack(self) -> ASGIApp:
        app = super().build_middleware_stack()
        for layer in reversed(self._outside):
            app = layer.cls(app, *layer.args, **layer.kwargs)
        return app


def telemetry(settings: Settings) -> TelemetryConfig:
    """FastAPI's own traces. Its metrics are ours already, and its logs would quote what was sent.

    All of it is named, since FastAPI looks in each request for somebody who watches what is left out.
    """
    return {"tracing": settings.traces, "metrics": False, "logs": False, "auto_configure": settings.traces}


def outside(
    settings: Settings,
    recognised: Recognised,
    answers: Mapping[Key, Ready],
    patterns: Mapping[str, str],
    gate: Gate,
) -> list[Middleware]:
    """From the outermost to the innermost."""
    cors = Middleware(
        Cors,
        allow_origins=list(settings.allowed_origins),
        allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=BROWSERS_MAY_SEND,
        expose_headers=BROWSERS_MAY_READ,
        max_age=86400,
    )
    limits = Middleware(Limits, policies=policies(settings), recognised=recognised)
    return [
        Middleware(Admission, gate=gate),
        *([Middleware(Spans)] if settings.traces else []),
        Middleware(Trace, patterns=patterns),
        cors,
        Middleware(HeaderLimit),
        limits,
        Middleware(Faults),
        Middleware(ReadyTable, answers=answers),
        Middleware(Deadline, longest_s=LONGEST_S),
    ]


def policies(settings: Settings) -> dict[tuple[str, str] | None, Policy]:
    """By method and path; the one under None is everybody else's. A rate of 0 sets no limit."""
    chosen: dict[tuple[str, str] | None, Policy] = {}
    if settings.rate_limit_per_minute:
        chosen[None] = general(settings.rate_limit_per_minute)
    if settings.sign_up_limit_per_hour:
        chosen["POST", "/v1/accounts"] = sign_up(settings.sign_up_limit_per_hour)
    if settings.sign_in_limit_per_minute:
        chosen |= dict.fromkeys(PASSWORD_PATHS, sign_in(settings.sign_in_limit_per_minute))
    return chosen


def ready_content(content: Content) -> Mapping[Key, Ready]:
    return {
        key_of("/v1/consents"): CONSENTS,
        **catalogue_answers(content),
        **screening_answers(content),
        **routine_answers(content),
        **pack_answers(content),
    }


@asynccontextmanager
async def open_house(app: FastAPI) -> AsyncIterator[Mapping[str, Gate]]:
    settings: Settings = app.state.settings
    check_revision(settings.database_url)
    app.state.store = store_for(settings.database_url, limits=store_limits(settings))
    await app.state.store.open()
    keep_what_is_there()
    app.state.prepared = asyncio.create_task(prepared(app.state.content))
    beside = [
        asyncio.create_task(app.state.postbox.serve()),
        asyncio.create_task(writing_down(app.state.uses, app.state.store)),
        asyncio.create_task(kept_tidy(app.state.store, settings)),
    ]
    try:
        # For the protocol that reads requests; a server with another protocol does without.
        yield {"gate": app.state.gate}
    finally:
        await app.state.postbox.last_letters()
        for task in (app.state.prepared, *beside):
            await stopped(task)
        await app.state.uses.write_down(app.state.store)
        gc.unfreeze()
        await app.state.store.close()


async def prepared(content: Content) -> None:
    """Builds what a first caller would wait long for, between the requests that come meanwhile."""
    for _ in prepare(content):
        await asyncio.sleep(0)
    await finish_ahead([pack_answer(content, None), *(still for _, still in stills(content)), figures_answer(content)])
    keep_what_is_there()


async def kept_tidy(store: Store, settings: Settings) -> None:
    if settings.sweep_interval_minutes:
        every, idle = timedelta(minutes=settings.sweep_interval_minutes), timedelta(days=settings.guest_idle_days)
        await keep_tidy(store, idle=idle, every=every)


async def stopped(task: asyncio.Task[None]) -> None:
    """Raises what the task ended with, if that was an error of its own."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def keep_what_is_there() -> None:
    """Collected with the rest, what stays would halt every request for tens of milliseconds."""
    gc.collect()
    gc.freeze()


def check_revision(database_url: str) -> None:
    """Raises WrongRevision, naming the command that cures it."""
    engine = engine_for(database_url)
    try:
        found = revision(engine)
    finally:
        engine.dispose()
    if found != NEEDED:
        raise WrongRevision(f"The database is at revision {found}, this server needs {NEEDED}: run `unknot db upgrade`")


def store_limits(settings: Settings) -> StoreLimits:
    return StoreLimits(
        queue=settings.queue_limit,
        wait_s=settings.request_timeout_s,
        grace_s=STORE_GRACE_S,
        pool=settings.database_connections - LONG_READS,
        long_reads=LONG_READS,
        pooler=settings.database_pooler,
    )
