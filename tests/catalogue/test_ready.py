import gzip
import threading
from collections.abc import Iterable

import brotli
import pytest
from starlette.background import BackgroundTask
from starlette.types import Message, Receive, Scope, Send

from api.web.accept import choose_coding, choose_language, names_tag
from api.web.ready import Ready, ReadyTable, Variant, ready

BODY = b'{"said": "' + b"hold and breathe " * 40 + b'"}'
BOTH = ("br", "gzip")
LONG_S = 10


def answer() -> Ready:
    return ready(lambda: BODY, language="en")


async def asked(
    app: Ready | ReadyTable,
    headers: Iterable[tuple[str, str]] = (),
    *,
    method: str = "GET",
    path: str = "/x",
    query: bytes = b"",
) -> tuple[int, dict[str, str], bytes]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("nobody reads the body of a GET")

    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    await app({"type": "http", "method": method, "path": path, "query_string": query, "headers": raw}, receive, send)
    start, body = sent
    answered = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], answered, body.get("body", b"")


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, "identity"),
        (b"", "identity"),
        (b"gzip", "gzip"),
        (b"x-gzip", "gzip"),
        (b"gzip, deflate, br", "br"),
        (b"GZIP;Q=1, br;q=0.5", "gzip"),
        (b"br;q=0, gzip;q=0", "identity"),
        (b"br;q=0, *", "gzip"),
        (b"*", "br"),
        (b"*;q=0", "identity"),
        (b"identity;q=0", "identity"),
        (b"identity, br;q=0.5", "identity"),
        (b"identity;q=0, gzip;q=0.1", "gzip"),
        (b"identity;q=0.5, *;q=0.4", "identity"),
        (b"br;q=nonsense, gzip", "gzip"),
        (b"br;q=2, gzip", "gzip"),
        (b",, ;q=1, \xff", "identity"),
        (b"zstd", "identity"),
    ],
)
def test_the_coding_is_the_one_that_the_client_likes_best(header: bytes | None, coding: str) -> None:
    assert choose_coding(header, BOTH) == coding


def test_nothing_is_chosen_that_is_not_offered() -> None:
    assert choose_coding(b"br, gzip", ()) == "identity"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        (b"de", "de"),
        (b"de-CH", "de"),
        (b"zh-Hant-TW, de;q=0.5", "zh-Hant"),
        (b"zh-Hant-x-private", "zh-Hant"),
        (b"zh", "en"),
        (b"fr, de;q=0.2, en;q=0.1", "de"),
        (b"en;q=0.1, de;q=0.9", "de"),
        (b"*, de;q=0.1", "de"),
        (b"de;q=0", "en"),
        (b"DE", "de"),
        (b"nonsense;;q=,", "en"),
    ],
)
def test_the_language_is_looked_up_by_shortening_what_is_wanted(header: bytes | None, language: str) -> None:
    assert choose_language(header, ("en", "de", "zh-Hant"), "en") == language


@pytest.mark.parametrize(
    ("header", "named"),
    [
        (b'"a"', True),
        (b'W/"a"', True),
        (b'"b", W/"a"', True),
        (b'"b","a" , "c"', True),
        (b"*", True),
        (b'"b"', False),
        (b"a", False),
        (b'"a,"', False),
        (b"", False),
        (b'"*"', False),
    ],
)
def test_an_if_none_match_is_a_list_compared_weakly(header: bytes, named: bool) -> None:  # noqa: FBT001  a parameter of the table
    assert names_tag(header, b'"a"') is named


async def test_each_coding_has_its_own_strong_tag_and_the_same_content() -> None:
    tags = set()
    for coding, decode in (("br", brotli.decompress), ("gzip", gzip.decompress), ("identity", bytes)):
        status, headers, body = await asked(answer(), [("Accept-Encoding", coding)])
        assert (status, decode(body)) == (200, BODY)
        assert headers.get("content-encoding", "identity") == coding
        assert headers["content-length"] == str(len(body))
        assert headers["vary"] == "Accept-Encoding, Accept-Language"
        assert headers["cache-control"].startswith("public")
        assert headers["content-language"] == "en"
        assert headers["content-type"] == "application/json"
        assert headers["etag"].startswith('"')
        tags.add(headers["etag"])
    assert len(tags) == 3


async def test_every_worker_gives_the_same_tag_and_the_same_bytes() -> None:
    one, other = [await asked(answer(), [("Accept-Encoding", "gzip")]) for _ in range(2)]
    assert one == other


async def test_an_unchanged_answer_is_a_304_without_body_that_repeats_its_caching_headers() -> None:
    _, first, _ = await asked(answer(), [("Accept-Encoding", "br")])
    status, headers, body = await asked(answer(), [("Accept-Encoding", "br"), ("If-None-Match", f"W/{first['etag']}")])
    assert (status, body) == (304, b"")
    assert all(headers[name] == first[name] for name in ("etag", "vary", "cache-control"))
    assert "content-length" not in headers


async def test_headers_given_twice_count_as_one_list() -> None:
    _, first, _ = await asked(answer())
    status, _, _ = await asked(answer(), [("If-None-Match", '"x"'), ("If-None-Match", first["etag"])])
    assert status == 304


async def test_a_tag_of_another_coding_is_not_taken_for_this_one() -> None:
    _, first, _ = await asked(answer(), [("Accept-Encoding", "br")])
    status, _, _ = await asked(answer(), [("Accept-Encoding", "gzip"), ("If-None-Match", first["etag"])])
    assert status == 200


async def test_head_has_the_headers_of_get_and_no_body() -> None:
    _, got, body = await asked(answer())
    status, headers, empty = await asked(answer(), method="HEAD")
    assert (status, headers, empty) == (200, got, b"")
    assert headers["content-length"] == str(len(body))


async def test_a_language_is_negotiated_and_has_its_own_tag() -> None:
    variants = {code: Variant(lambda: BODY, language=code) for code in ("en", "de")}
    both = Ready(variants, default="en")
    _, english, _ = await asked(both)
    _, german, _ = await asked(both, [("Accept-Language", "de-AT")])
    assert (english["content-language"], german["content-language"]) == ("en", "de")
    assert english["etag"] != german["etag"]


async def test_a_short_answer_is_sent_as_it_is() -> None:
    _, headers, body = await asked(ready(lambda: b"{}", language="en"), [("Accept-Encoding", "br")])
    assert body == b"{}"
    assert "content-encoding" not in headers


async def test_headers_added_on_the_way_out_stay_with_that_answer() -> None:
    shared = answer()
    sent: list[Message] = []

    async def meddling(message: Message) -> None:
        message.setdefault("headers", []).append((b"x-request-id", b"1"))
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError

    await shared({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}, receive, meddling)
    shared.headers["x-other"] = "1"
    _, headers, _ = await asked(shared)
    assert not {"x-request-id", "x-other"} & set(headers)


def test_an_answer_takes_no_background_task() -> None:
    shared = answer()
    shared.background = None
    with pytest.raises(TypeError):
        shared.background = BackgroundTask(print)


def test_nothing_is_built_before_it_is_asked_for() -> None:
    def never() -> bytes:
        raise AssertionError

    ready(never, language="en")


class Behind:
    """What the table falls through to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  an ASGI application
        self.asked.append((scope["method"], scope["path"], scope["query_string"]))
        await send({"type": "http.response.start", "status": 418, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize(
    ("method", "path", "query", "status"),
    [
        ("GET", "/x", b"", 200),
        ("HEAD", "/x", b"lang=en", 200),
        ("GET", "/x", b"lang=EN", 418),
        ("GET", "/x", b"lang=en&", 418),
        ("GET", "/x/", b"", 418),
        ("POST", "/x", b"", 418),
        ("OPTIONS", "/x", b"", 418),
    ],
)
async def test_the_table_answers_get_and_head_of_exactly_its_keys(
    method: str, path: str, query: bytes, status: int
) -> None:
    behind = Behind()
    table = ReadyTable(behind, {("/x", b""): answer(), ("/x", b"lang=en"): answer()})
    answered, _, _ = await asked(table, method=method, path=path, query=query)
    assert answered == status
    assert len(behind.asked) == (status == 418)


def test_an_answer_that_a_thread_still_makes_keeps_no_other_waiting() -> None:
    begun, other_made = threading.Event(), threading.Event()

    def slow() -> bytes:
        begun.set()
        return BODY if other_made.wait(LONG_S) else b""

    being_made, other = ready(slow, language=None), answer()
    maker = threading.Thread(target=being_made.build)
    maker.start()
    assert begun.wait(LONG_S)
    other.build()
    other_made.set()
    maker.join(LONG_S)
    assert [variant.body for variant in being_made.variants.values()] == [BODY]
