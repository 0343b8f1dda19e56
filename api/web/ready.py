"""Ready answers: what does not change is encoded once and sent as it is.

An answer knows nothing of what it says. It is a Response, so that a declared route returns the very object that the
table in front of the application sends.
"""

import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import brotli
from starlette.background import BackgroundTask
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.accept import IDENTITY, choose_coding, choose_language, names_tag

CODINGS = ("br", "gzip")
CACHE_CONTROL = "public, max-age=300, stale-while-revalidate=86400"
FOR_EVER = "public, max-age=31536000, immutable"
"""For an address that names what it gives by its hash."""
VARY = "Accept-Encoding, Accept-Language"
VARY_WORDLESS = "Accept-Encoding"
PACKED = ("image/png",)
"""What no coding makes smaller."""
BROTLI_QUALITY = 9  # the highest takes twenty times as long for a twentieth of the size
SMALLEST_WORTH_CODING = 200
ROUTE_LABEL = "unknot.route"
"""Where the scope says for the log what was asked, when no route was looked for."""

T = TypeVar("T")
Headers = tuple[tuple[bytes, bytes], ...]

UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "It has not changed since `If-None-Match`."}}
"""What a route with a ready answer declares in `responses=`."""

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: bytes(brotli.compress(body, quality=BROTLI_QUALITY)),
    "gzip": lambda body: gzip.compress(body, compresslevel=9, mtime=0),  # the same bytes in every worker
    IDENTITY: lambda body: body,
}


@dataclass(frozen=True, slots=True)
class Encoded:
    """One representation: its tag, its bytes, and the headers of a 200 and of a 304."""

    tag: bytes
    body: bytes
    headers: Headers
    not_modified: Headers


def start_message(status: int, headers: Headers) -> Message:
    """A list of its own each time: what stands around an answer adds headers to it."""
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


class kept(Generic[T]):  # noqa: N801 - it is written where a function's decorator is
    """A property that is made when it is first asked for, by any thread; two of them may make it at once.

    `functools.cached_property` holds, up to Python 3.11, one lock for all objects together while one of them is made:
    the event loop would wait for a thread that draws, and that one for the loop.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make, self._name, self.__doc__ = make, make.__name__, make.__doc__

    def __get__(self, instance: Any, owner: type[Any]) -> T:
        made = self._make(instance)
        instance.__dict__[self._name] = made
        return made


class Variant:
    """One body in one language, or without words in none; built when it is first needed, encoded once per coding."""

    def __init__(
        self,
        build: Callable[[], bytes],
        *,
        language: str | None,
        media_type: str = "application/json",
        cache_control: str = CACHE_CONTROL,
    ) -> None:
        self._build = build
        self.language = language
        self.media_type = media_type
        self.cache_control = cache_control
        self._encoded: dict[str, Encoded] = {}

    @kept
    def body(self) -> bytes:
        """The bytes before any coding."""
        return self._build()

    @kept
    def codings(self) -> tuple[str, ...]:
        """What is worth offering."""
        return CODINGS if len(self.body) >= SMALLEST_WORTH_CODING and self.media_type not in PACKED else ()

    @kept
    def digest(self) -> str:
        """Equal for equal content, language and type, in every worker and after every restart."""
        stated = f"{self.media_type}\n{self.language or ''}\n".encode()
        return hashlib.sha256(stated + self.body).hexdigest()[:24]

    @kept
    def tags(self) -> tuple[str, ...]:
        """The entity tags of all its representations, whether they were asked for already or not."""
        return tuple(self._tag(coding) for coding in (*self.codings, IDENTITY))

    def encoded(self, coding: str) -> Encoded:
        """The representation in that coding."""
        if coding not in self._encoded:
            self._encoded[coding] = self._encode(coding)
        return self._encoded[coding]

    @property
    def finished(self) -> bool:
        """Whether sending it takes no more work."""
        return "body" in self.__dict__ and self._encoded.keys() >= {*self.codings}

    def _tag(self, coding: str) -> str:
        return f'"{self.digest}-{coding}"'

    def _encode(self, coding: str) -> Encoded:
        body = COMPRESS[coding](self.body)
        tag = self._tag(coding).encode()
        always = [
            (b"etag", tag),
            (b"vary", (VARY if self.language else VARY_WORDLESS).encode()),
            (b"cache-control", self.cache_control.encode()),
        ]
        if self.language:
            always.append((b"content-language", self.language.encode()))
        full = [*always, (b"content-type", self.media_type.encode()), (b"content-length", str(len(body)).encode())]
        if coding != IDENTITY:
            full.append((b"content-encoding", coding.encode()))
        return Encoded(tag=tag, body=body, headers=tuple(full), not_modified=tuple(always))


class Ready(Response):
    """An answer in one or more languages; never changed by who sends it.

    `default` is what a client gets that wants none of them.
    """

    def __init__(self, variants: Mapping[str, Variant], *, default: str) -> None:
        # Response.__init__ would render a body and open the headers to change.
        self.variants = dict(variants)
        self.default = default
        self.languages = tuple(self.variants)
        self.status_code = 200

    @property
    def background(self) -> BackgroundTask | None:
        """Never any: one object serves everybody, so nothing of one request may stay on it."""
        return None

    @background.setter
    def background(self, task: BackgroundTask | None) -> None:
        if task is not None:
            raise TypeError("A ready answer takes no background task")

    @property
    def headers(self) -> MutableHeaders:
        """What a router may look at; a copy, so that what it adds is not seen by the next caller."""
        return MutableHeaders(raw=[(b"cache-control", self.variants[self.default].cache_control.encode())])

    @property
    def body(self) -> bytes:  # type: ignore[override]
        """The default language, without a coding."""
        return self.variants[self.default].body

    @property
    def finished(self) -> bool:
        """Whether sending it takes no more work."""
        return all(variant.finished for variant in self.variants.values())

    def build(self) -> None:
        """Encodes it for everybody who may ask, where that would hold up the others too long."""
        for variant in self.variants.values():
            for coding in (*variant.codings, IDENTITY):
                variant.encoded(coding)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send it in the language and coding that the headers ask for, or say that it has not changed."""
        encoding = language = match = None
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                encoding = value if encoding is None else encoding + b"," + value
            elif name == b"accept-language":
                language = value if language is None else language + b"," + value
            elif name == b"if-none-match":
                match = value if match is None else match + b"," + value
        if len(self.languages) == 1:
            variant = self.variants[self.default]
        else:
            variant = self.variants[choose_language(language, self.languages, self.default)]
        encoded = variant.encoded(choose_coding(encoding, variant.codings))
        if match is not None and names_tag(match, encoded.tag):
            await send(start_message(304, encoded.not_modified))
            await send({"type": "http.response.body"})
            return
        await send(start_message(200, encoded.headers))
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else encoded.body})


def ready(
    build: Callable[[], bytes],
    *,
    language: str | None,
    media_type: str = "application/json",
    cache_control: str = CACHE_CONTROL,
) -> Ready:
    """An answer in one language, or without words in none."""
    variant = Variant(build, language=language, media_type=media_type, cache_control=cache_control)
    return Ready({language or "": variant}, default=language or "")


Key = tuple[str, bytes]


def address(path: str, *members: str, lang: str | None) -> str:
    """The path with a query of these members and of the language, in the order in which the table lists them."""
    query = "&".join([*members, *([f"lang={lang}"] if lang else [])])
    return f"{path}?{query}" if query else path


def key_of(url: str) -> Key:
    """The path and the raw query under which the table lists an address."""
    path, _, query = url.partition("?")
    return path, query.encode()


class ReadyTable:
    """Innermost of our own layers: sends what is listed under exactly this path and raw query, passes on the rest."""

    def __init__(self, app: ASGIApp, answers: Mapping[Key, Ready]) -> None:
        self.app = app
        self.answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """GET and HEAD over HTTP only."""
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            answer = self.answers.get((scope["path"], scope["query_string"]))
            if answer is not None:
                scope[ROUTE_LABEL] = scope["path"]  # one of ours, so there is no person's id in it
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)
