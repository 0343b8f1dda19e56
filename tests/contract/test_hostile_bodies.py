"""Bodies that break stock servers: each is refused as a problem, quickly, by every operation that takes one."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from api.web.routing import NotJson, parse_json
from tests.contract.probing import JSON, operations, require_problem, spliced, with_bodies
from tests.factories import Guest

AT_MOST_S = 2
DEPTH = 100_000
BODIES = (
    b"",
    b"null",
    b"[]",
    b"3",
    b'"text"',
    b"NaN",
    b'{"language": NaN}',
    b'{"value": -Infinity}',
    b'{"level": 1e400}',
    b'{"level": ' + b"9" * 60_000 + b"}",
    b'{"level": -' + b"9" * 60_000 + b"}",
    b'{"zone": "\\ud800"}',
    b'{"\\ud800": 1}',
    b'{"\\u0000": 1}',
    b'{"zone": "UTC", "zone": "UTC"}',
    b"[" * 60_000,
    b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    '{"zone": "UTC"}'.encode("utf-16"),
    b"\xef\xbb\xbf{}",
    b'{"zone": "\xff"}',
    b'{"zone":',
    b"{}{}",
    b"{'zone': 'UTC'}",
    b"zone=UTC",
)
VALUES = (
    "NaN",
    "Infinity",
    "1e400",
    "2147483648",
    "9223372036854775808",
    "-9223372036854775809",
    "1" * 5000,
    '"\\ud800"',
    '"\\udfff\\ud800"',
    '"\\u0000"',
    '"3"',
    "3.0",
    "true",
    "null",
    "[]",
    "{}",
    f'"{"x" * 5000}"',
    '{"\\ud800": 1}',
)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
async def test_every_operation_refuses_a_hostile_body_as_a_problem(
    service: httpx.AsyncClient, app: FastAPI, guest: Guest, body: bytes
) -> None:
    for operation in with_bodies(app):
        async with asyncio.timeout(AT_MOST_S):
            answer = await service.request(
                operation.method, operation.url, content=body, headers={**JSON, **guest.headers}
            )
        assert answer.status_code in {413, 422}, (operation, answer.text)
        require_problem(answer, answer.status_code)


@pytest.mark.parametrize("raw", VALUES, ids=range(len(VALUES)))
async def test_a_hostile_value_in_any_member_never_breaks_the_server(
    service: httpx.AsyncClient, app: FastAPI, guest: Guest, raw: str
) -> None:
    for operation in with_bodies(app):
        for body in spliced(operation.example, raw):
            async with asyncio.timeout(AT_MOST_S):
                answer = await service.request(
                    operation.method, operation.url, content=body, headers={**JSON, **guest.headers}
                )
            assert str(answer.status_code) in operation.spec["responses"], (operation, body[:200])
            assert answer.status_code < 500, (operation, body[:200])
            if answer.is_error:
                require_problem(answer, answer.status_code)


@pytest.mark.parametrize("text", ["[" * DEPTH, '{"a":' * DEPTH, "[" * DEPTH + "]" * DEPTH])
def test_depth_ends_in_a_refusal_and_not_in_a_crash(text: str) -> None:
    with pytest.raises(NotJson):
        parse_json(text)


async def test_a_member_given_twice_is_refused_wherever_it_stands(service: httpx.AsyncClient, guest: Guest) -> None:
    body = b'{"reason": "other", "reason": "pain"}'
    nested = b'{"pain_after": [{"region": "neck", "side": "left", "value": 1, "value": 9}]}'
    path = "/v1/sessions/01938a3e-7c00-7000-8000-00000000cafe"
    for url, content in ((f"{path}/abandon", body), (f"{path}/complete", nested)):
        answer = await service.post(url, content=content, headers={**JSON, **guest.headers})
        assert require_problem(answer, 422)["errors"][0]["code"] == "json_invalid"


async def test_no_input_is_echoed_in_a_problem(service: httpx.AsyncClient, app: FastAPI, guest: Guest) -> None:
    marker = "hunter2-6f1d"
    for operation in with_bodies(app):
        for body in spliced(operation.example, f'"{marker}"'):
            answer = await service.request(
                operation.method, operation.url, content=body, headers={**JSON, **guest.headers}
            )
            assert marker not in answer.text or answer.is_success, (operation, answer.text)
    for operation in operations(app):
        answer = await service.request(
            operation.method, operation.url, params={"limit": marker, "x": marker}, headers=guest.headers
        )
        assert marker not in require_problem(answer, answer.status_code).values(), operation
        assert marker not in answer.text, operation
