"""The access log: one line for each request, which tells what was asked and nothing about who."""

import asyncio
import json
import logging
import select
import socket
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message

from api.web.access import access_log, for_machines, for_people, instant
from api.web.logs import LATER_S, LINES_AT_ONCE, ForMachines, Output
from tests.databases import sqlite_database
from tests.factories import Guest, start
from tests.servers import Server

SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "path": "/v1/accounts",
    "raw_path": b"/v1/accounts",
    "query_string": b"",
    "root_path": "",
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"100")],
    "client": ("192.0.2.1", 1),
    "server": ("unknot.test", 80),
}

FORMS = (for_machines, for_people)
LINES_OF_A_SESSION = ["GET /v1/sessions/{id} 200", "HEAD /v1/sessions/{id} 200", "DELETE /v1/sessions/{id} 204"]


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What the access log has told since the test began."""
    kept: list[str] = []
    access_log.begin(kept.append, readable=True)
    yield kept
    access_log.begin(None, readable=True)


def told(lines: list[str]) -> list[str]:
    """What stands between the id and the time that it took."""
    return [line.partition("] ")[2].rpartition(" ms")[0].rpartition(" ")[0] for line in lines]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_each_line_names_what_was_asked(service: httpx.AsyncClient, lines: list[str], method: str) -> None:
    asked = {
        "/v1/routines": "/v1/routines 200",
        "/v1/routines/seed-full?lang=en": "/v1/routines/seed-full 200",
        "/v1/exercises/unheard-of": "/v1/exercises/{slug} 404",
        "/v1/exercises?quiet=true": "/v1/exercises 200",
        "/v1/me": "/v1/me 401",
        "/docs": "/docs 200",
        "/openapi.json": "/openapi.json 200",
        "/docs?x=1": "/docs 200",
        "/problems/invalid": "/problems/invalid 200",
        "/": "/ 307",
        "/livez": "/livez 200",
        "/surely/secret": "- 404",
    }
    for path in asked:
        await service.request(method, path)
    assert told(lines) == [f"{method} {line}" for line in asked.values()]


async def test_no_line_names_a_session(
    service: httpx.AsyncClient, guest: Guest, lines: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    session = await start(service, guest)
    lines.clear()
    with caplog.at_level(logging.INFO, "unknot"):
        for method in ("GET", "HEAD", "DELETE"):
            await service.request(method, f"/v1/sessions/{session['id']}", headers=guest.headers)
    assert told(lines) == LINES_OF_A_SESSION
    assert session["id"] not in caplog.text + "".join(lines)


async def test_an_upload_that_its_client_drops_is_one_line_and_no_fault(
    app: FastAPI, lines: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    arriving: list[Message] = [
        {"type": "http.request", "body": b'{"zone": ', "more_body": True},
        {"type": "http.disconnect"},
    ]
    statuses: list[int] = []

    async def receive() -> Message:
        return arriving.pop(0)

    async def send(message: Message) -> None:
        statuses.append(message.get("status", 0))

    with caplog.at_level(logging.INFO):
        await app({**SCOPE, "state": {}}, receive, send)
    assert caplog.records == []
    assert told(lines) == ["POST /v1/accounts 499"]


def test_a_line_for_machines_has_members_and_one_for_people_reads_well() -> None:
    filled = [form("GET", "/v1/{id}", 200).format("2025-11-27T08:00:00.062Z", "Phone-7", 12.44) for form in FORMS]
    assert json.loads(filled[0]) == {
        "time": "2025-11-27T08:00:00.062Z",
        "level": "info",
        "logger": "unknot.access",
        "request_id": "Phone-7",
        "message": "GET /v1/{id} 200 12.4 ms",
        "method": "GET",
        "route": "/v1/{id}",
        "status": 200,
        "duration_ms": 12.4,
    }
    assert filled[1] == "2025-11-27T08:00:00.062Z INFO unknot.access [Phone-7] GET /v1/{id} 200 12.4 ms\n"
    assert [line.count("\n") for line in filled] == [1, 1]
    assert instant(1764230400.0625) == "2025-11-27T08:00:00.062Z"


class Stream(StringIO):
    """Counts how often it was written to."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []

    def write(self, text: str) -> int:
        self.writes += [text] if text else []
        return super().write(text)


async def test_lines_of_requests_are_written_together_and_as_many_as_a_pipe_takes_at_once() -> None:
    stream = Stream()
    output = Output(stream)
    for number in range(LINES_AT_ONCE + 3):
        output.later(f"{number}\n")
    assert stream.writes == []
    await asyncio.sleep(2 * LATER_S)
    assert [written.count("\n") for written in stream.writes] == [LINES_AT_ONCE, 3]
    assert stream.getvalue() == "".join(f"{number}\n" for number in range(LINES_AT_ONCE + 3))
    longest = for_machines("OPTIONS", "/v1/me/password-resets/confirm/of/another", 503)
    assert len(longest.format("2025-11-27T08:00:00.062Z", "x" * 64, 99999.9)) * LINES_AT_ONCE < select.PIPE_BUF


async def test_what_else_is_logged_is_written_at_once_after_what_came_before_it() -> None:
    stream = Stream()
    output = Output(stream)
    output.later("first\n")
    output.handle(logging.makeLogRecord({"msg": "second"}))
    assert stream.getvalue() == "first\nsecond\n"
    output.later("third\n")
    logging.shutdown([lambda: output])
    assert stream.getvalue() == "first\nsecond\nthird\n"


async def test_a_stream_that_takes_nothing_harms_nobody() -> None:
    stream = Stream()
    output = Output(stream)
    stream.close()
    output.later("lost\n")
    await asyncio.sleep(2 * LATER_S)
    output.flush()


def test_an_error_is_one_line_for_machines_whatever_it_says() -> None:
    error = ValueError("two\nlines \ud800")
    log = logging.getLogger("unknot.web")
    line = log.makeRecord(log.name, logging.ERROR, __file__, 1, "half a \udfff", (), (ValueError, error, None))
    [written] = ForMachines().format(line).splitlines()
    told = json.loads(written)
    assert (told["level"], told["message"]) == ("error", "half a \\udfff")
    assert told["exception"] == "ValueError: two\nlines \\ud800"


DROPPED = {
    "half a body": b'Content-Length: 100\r\n\r\n{"zone": ',
    "bad chunks": b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
}
AT_MOST_S = 5


def test_a_server_calls_no_dropped_upload_an_error(tmp_path: Path) -> None:
    with sqlite_database(tmp_path) as url:
        server = Server(tmp_path, url, settings={"UNKNOT_LOG_LEVEL": "info"})
        server.start()
        try:
            for rest in DROPPED.values():
                drop(server.port, rest)
            log = eventually(tmp_path / "server.log", "POST /v1/accounts 499", len(DROPPED))
        finally:
            server.stop()
    # What the command says to people stands beside the lines.
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert [line for line in lines if line["level"] == "error" or "exception" in line] == []
    assert [line["status"] for line in lines if line.get("route") == "/v1/accounts"] == [499] * len(DROPPED)


def drop(port: int, rest: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"POST /v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + rest)
        time.sleep(0.2)  # The request has to begin before it ends.


def eventually(path: Path, line: str, times: int) -> str:
    """The log, as soon as it has that line so often."""
    until = time.monotonic() + AT_MOST_S
    while (log := path.read_text()).count(line) < times:
        assert time.monotonic() < until, log
        time.sleep(0.02)
    return log
