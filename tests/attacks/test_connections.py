"""Clients that stall, flood or send rubbish, on real sockets, against a protocol less patient than in service."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from api.web.admission import Admission, Gate
from api.web.connections import EXCESS_BYTES, HEAD_BYTES, PatientProtocol
from tests.servers import free_port

GET = b"GET / HTTP/1.1\r\nhost: unknot.test\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nhost: unknot.test\r\ncontent-length: %d\r\n\r\n"
LARGE = b"x" * (8 << 20)
AT_MOST_S = 5.0
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Open = Callable[[bytes], Awaitable[Line]]


class Hasty(PatientProtocol):
    head_s, body_s, body_rate, take_s = 0.5, 0.5, 1000, 0.5


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers /large with much, /early before it has read anything, and all else with what was sent."""
    if scope["type"] == "lifespan":
        await live(scope, receive, send)
        return
    body = bytearray(LARGE if scope["path"] == "/large" else b"")
    more = scope["path"] != "/early"
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": bytes(body)})


async def live(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    scope["state"]["gate"] = GATES[0]
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


GATES: list[Gate] = []


@asynccontextmanager
async def served(gate: Gate) -> AsyncIterator[Open]:
    GATES[:] = [gate]
    port, open_lines = free_port(), []
    settings: dict[str, Any] = {"log_config": None, "access_log": False, "timeout_graceful_shutdown": 1}
    config = uvicorn.Config(Admission(application, gate=gate), port=port, http=Hasty, lifespan="on", **settings)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())  # noqa: SLF001 - without its hands on the signals of the test run
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.005)

    async def opened(sent: bytes) -> Line:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 16)
        open_lines.append(writer)
        writer.write(sent)
        return reader, writer

    try:
        yield opened
    finally:
        for writer in open_lines:
            writer.close()
        server.should_exit = True
        await task


@pytest.fixture
async def gate() -> Gate:
    return Gate(most=4, most_connections=50)


@pytest.fixture
async def line(gate: Gate) -> AsyncIterator[Open]:
    async with served(gate) as opened:
        yield opened


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    """Status, head and body."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return int(head[9:12]), head, await reader.readexactly(length)


async def ended(reader: asyncio.StreamReader) -> bool:
    try:
        async with asyncio.timeout(AT_MOST_S):
            return await reader.read(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTTP/1.1\r\nhost: un", b"\r\n", GET + b"G", POST % 5 + b"1234"], ids=range(5)
)
async def test_who_stalls_is_let_go_while_others_are_served(line: Open, sent: bytes) -> None:
    stalled, _ = await line(sent)
    if sent.startswith(GET):
        assert (await answer(stalled))[0] == 200
    honest, writer = await line(b"")
    for _ in range(5):
        writer.write(GET)
        assert (await answer(honest))[0] == 200
        await asyncio.sleep(0.05)
    assert await ended(stalled)


@pytest.mark.parametrize("sent", [b"\r\n", b"x"])
async def test_to_send_a_little_now_and_then_buys_no_time(line: Open, sent: bytes) -> None:
    reader, writer = await line(b"" if sent == b"\r\n" else b"GET / HTTP/1.1\r\nhost: ")
    end = asyncio.create_task(ended(reader))
    async with asyncio.timeout(AT_MOST_S):
        while not end.done():
            writer.write(sent)
            await asyncio.sleep(0.02)
    assert await end


async def test_a_body_may_take_long_as_long_as_it_comes(line: Open) -> None:
    reader, writer = await line(POST % 3000)
    for _ in range(30):
        writer.write(b"x" * 100)
        await asyncio.sleep(0.02)
    assert (await answer(reader))[2] == b"x" * 3000


async def test_who_takes_nothing_of_an_answer_is_let_go(line: Open) -> None:
    reader, writer = await line(GET.replace(b"/ ", b"/large ", 1))
    writer.transport.pause_reading()  # type: ignore[attr-defined]  # a transport of a stream reads
    await asyncio.sleep(2.0)
    writer.transport.resume_reading()  # type: ignore[attr-defined]  # as above
    with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
        await answer(reader)


async def test_what_finds_no_room_is_refused_on_a_connection_that_goes_on(line: Open, gate: Gate) -> None:
    entered = [gate.admits("GET", b"/") for _ in range(3)]
    reader, writer = await line(POST.replace(b"POST", b"GET") % 3 + b"abc" + GET)
    for _ in range(2):
        status, head, body = await answer(reader)
        assert (status, b"retry-after: " in head, b'"/problems/unavailable"' in body) == (503, True, True)
    for _ in entered:
        gate.leave("GET")
    writer.write(GET)
    assert (await answer(reader))[0] == 200


async def test_an_address_that_cannot_be_read_takes_no_room_for_ever(line: Open) -> None:
    for _ in range(20):
        reader, _ = await line(b"GET \xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n")
        assert (await answer(reader))[0] == 400
    reader, _ = await line(GET)
    assert (await answer(reader))[0] == 200


async def test_a_connection_too_many_is_told_so_and_closed(line: Open) -> None:
    kept = [await line(b"") for _ in range(50)]
    reader, _ = await line(GET)
    status, head, body = await answer(reader)
    assert (status, b"connection: close" in head, b"as many connections" in body) == (503, True, True)
    assert await ended(reader)
    kept[0][1].write(GET)
    assert (await answer(kept[0][0]))[0] == 200


async def test_a_head_without_an_end_is_refused(line: Open) -> None:
    reader, writer = await line(b"GET / HTTP/1.1\r\nx: ")
    writer.write(b"x" * (HEAD_BYTES + 1))
    status, _, body = await answer(reader)
    assert (status, b"headers-too-large" in body) == (431, True)
    assert await ended(reader)


async def test_a_body_that_was_answered_already_is_not_heard_to_its_end(line: Open) -> None:
    reader, writer = await line(POST.replace(b"/ ", b"/early ", 1) % (1 << 30))
    assert (await answer(reader))[0] == 200
    with pytest.raises(ConnectionError):
        await send_pieces(writer, 200, EXCESS_BYTES // 4)


async def send_pieces(writer: asyncio.StreamWriter, number: int, size: int) -> None:
    for _ in range(number):
        writer.write(b"x" * size)
        await writer.drain()


async def test_one_after_another_is_answered_in_order(line: Open) -> None:
    reader, _ = await line((POST % 1 + b"a") + GET + (POST % 1 + b"b"))
    assert [(await answer(reader))[2] for _ in range(3)] == [b"a", b"", b"b"]
