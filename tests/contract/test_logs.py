"""The access log: one line for each request, which tells what was asked and nothing about who."""

import json
import logging
import socket
import time
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message

from api.web.logs import AccessLine, ForMachines, ForPeople
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

LINES_OF_A_SESSION = ["GET /v1/sessions/{id} 200", "HEAD /v1/sessions/{id} 200", "DELETE /v1/sessions/{id} 204"]


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What stands before the time that it took."""
    return [" ".join(record.getMessage().split()[:3]) for record in caplog.records if record.name == "unknot.access"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_each_line_names_what_was_asked(
    service: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, method: str
) -> None:
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
    with caplog.at_level(logging.INFO, "unknot.access"):
        for path in asked:
            await service.request(method, path)
    assert told(caplog) == [f"{method} {line}" for line in asked.values()]


async def test_no_line_names_a_session(
    service: httpx.AsyncClient, guest: Guest, caplog: pytest.LogCaptureFixture
) -> None:
    session = await start(service, guest)
    with caplog.at_level(logging.INFO, "unknot"):
        for method in ("GET", "HEAD", "DELETE"):
            await service.request(method, f"/v1/sessions/{session['id']}", headers=guest.headers)
    assert told(caplog) == LINES_OF_A_SESSION
    assert session["id"] not in caplog.text


async def test_an_upload_that_its_client_drops_is_one_line_and_no_fault(
    app: FastAPI, caplog: pytest.LogCaptureFixture
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
    assert [(record.name, record.levelname) for record in caplog.records] == [("unknot.access", "INFO")]
    assert told(caplog) == ["POST /v1/accounts 499"]


def test_a_line_for_machines_has_members_and_one_for_people_reads_well() -> None:
    line = AccessLine("GET", "/v1/routines", 200, 0.0124)
    line.created = 1764230400.0625
    assert json.loads(ForMachines().format(line)) == {
        "time": "2025-11-27T08:00:00.062Z",
        "level": "info",
        "logger": "unknot.access",
        "request_id": "-",
        "message": "GET /v1/routines 200 12.4 ms",
        "method": "GET",
        "route": "/v1/routines",
        "status": 200,
        "duration_ms": 12.4,
    }
    assert ForPeople().format(line) == ("2025-11-27T08:00:00.062Z INFO unknot.access [-] GET /v1/routines 200 12.4 ms")


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
