"""Hostile requests generated from an OpenAPI document: whatever operation and field stands in it is tried."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from api.web.openapi import Document
from tests.contract.probing import Operation, resolved, spliced
from tests.contract.test_hostile_bodies import BODIES, VALUES

MORE_VALUES = (
    *("-0", "1E400", "-1e400", "1e-400", "0.1e1", "99999999999999999999", "-1", "4294967296", "[[[[[[[[]]]]]]]]"),
    *(
        '""',
        '" "',
        '"\\ufeff"',
        '"\\u202e\\u200d"',
        '"\\ud83d"',
        '"\\uffff"',
        '"e' + "\\u0301" * 3000 + '"',
        '"0"',
        '"null"',
    ),
    *('"0000-00-00"', '"2026-02-30"', '"9999-12-31T23:59:59.999999999Z"', '"2026-11-27T10:00:00"', '"2026-11-27"'),
    *(
        '"2026-11-27T25:61:61Z"',
        '"2026-11-27T10:00:00+99:99"',
        '"+10000-01-01T00:00:00Z"',
        '"0001-01-01T00:00:00+23:59"',
    ),
    *('"9999-12-31T23:59:59-23:59"', '"P1D"', '"1e3"', '"01938a3e-7c00-7000-8000-00000000cafg"', '"../../etc/passwd"'),
    *(
        '{"$ref": "#"}',
        '{"__proto__": 1}',
        "[" * 500 + "]" * 500,
        '{"a":' * 500 + "1" + "}" * 500,
        '["x"]' * 1,
        "[null]",
    ),
)
TEXTS = (
    *(
        "",
        " ",
        "%00",
        "%0d%0aX-Y:%20z",
        "%ff%fe",
        "%c0%ae%c0%ae",
        "%ed%a0%80",
        "%f0%9f%a4%af",
        "%e2%80%ae",
        "..%2f..%2fetc",
    ),
    *(
        "..",
        ".",
        "*",
        "-1",
        "0",
        "NaN",
        "1e400",
        "9" * 400,
        "x" * 8000,
        "null",
        "true",
        "%7b%7d",
        "a,b;c=d",
        "'%20OR%201=1--",
    ),
    *(
        "9999-12-31",
        "0000-00-00",
        "2026-02-30",
        "9999-12-31T23:59:59-23:59",
        "{id}",
        "%25",
        "%",
        "%zz",
        "+",
        "&&",
        "a=b",
    ),
    *(
        "01938A3E-7C00-7000-8000-00000000CAFE",
        "{01938a3e-7c00-7000-8000-00000000cafe}",
        "urn:uuid:0",
        "de-DE-x-x-x-x-x",
    ),
)
HEADERS: tuple[tuple[str, bytes], ...] = (
    *((name, value) for name in ("accept-language", "accept-encoding", "if-none-match", "accept", "range", "cookie")
      for value in (b"", b"*", b"\xff", b";q=", b"x;q=9e99", b"," * 4000, b"a," * 2000, b'"', b'W/"', b"x" * 9000)),
    *(("authorization", value)
      for value in (b"", b"Bearer", b"Bearer ", b"Bearer \xff", b"Basic eDp5", b"Bearer " + b"x" * 5000)),
    *(("content-type", value)
      for value in (b"", b"\xff", b"application/json; charset=\xff", b"application/json" * 500)),
    *(("host", value) for value in (b"", b"\xff", b"evil.test:99999", b"a" * 4000)),
    *(("content-length", value) for value in (b"0", b"99999999999999999999")),
    ("expect", b"100-continue"), ("upgrade", b"websocket"), ("x-request-id", b"\xff"), ("origin", b"null"),
    ("x-forwarded-for", b"\xff, 1.2.3.4"), ("transfer-encoding", b"gzip, chunked"), ("connection", b"upgrade, close"),
)  # fmt: skip
TRICKS = (
    "{}/",
    "/{}",
    "{}//",
    "{}/.",
    "{}/..;/",
    "{}%2f",
    "{}%00",
    "{}?",
    "{}??",
    "{}?x=1",
    "{}?%ff=%ff",
    "{};a=b",
    "{}#x",
    "/%2e%2e{}",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "PROPFIND")
JSON_TYPE = ("content-type", b"application/json")
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Attempt:
    """`what` tells a reader what was tried; `headers` come beside the credential of whoever sends it."""

    what: str
    method: str
    target: str
    headers: list[tuple[str, bytes]] = field(default_factory=list)
    body: bytes | None = None


def attempts(operation: Operation) -> Iterator[Attempt]:
    yield from hostile_targets(operation)
    yield from hostile_headers(operation)
    if operation.body is not None:
        yield from hostile_bodies(operation)


def hostile_targets(operation: Operation) -> Iterator[Attempt]:
    body = json.dumps(operation.example).encode() if operation.body else None
    headers = [JSON_TYPE] if body else []
    for trick in TRICKS:
        yield Attempt(f"path {trick}", operation.method, trick.format(operation.url), headers, body)
    for method in METHODS:
        yield Attempt(f"method {method}", method, operation.url, headers, body)
    for parameter in operation.spec.get("parameters", ()):
        for text in TEXTS:
            if parameter["in"] == "path":
                target = operation.path.replace("{" + parameter["name"] + "}", text)
            else:
                target = f"{operation.url}?{parameter['name']}={text}"
            yield Attempt(
                f"{parameter['name']}={text[:40]}", operation.method, filled(operation, target), headers, body
            )


def filled(operation: Operation, target: str) -> str:
    """The other parameters of the path by their examples."""
    for parameter in operation.spec.get("parameters", ()):
        if parameter["in"] == "path":
            target = target.replace("{" + parameter["name"] + "}", operation.example_of(parameter))
    return target


def hostile_headers(operation: Operation) -> Iterator[Attempt]:
    body = json.dumps(operation.example).encode() if operation.body else None
    for name, value in HEADERS:
        beside = [JSON_TYPE] if body and name != "content-type" else []
        yield Attempt(f"{name}: {value[:30]!r}", operation.method, operation.url, [(name, value), *beside], body)


def hostile_bodies(operation: Operation) -> Iterator[Attempt]:
    example = operation.example
    bodies = [("body", body) for body in BODIES]
    for raw in (*VALUES, *MORE_VALUES):
        bodies += [(f"value {raw[:40]}", body) for body in spliced(example, raw)]
        bodies += [(f"{name}={raw[:40]}", body) for name, body in members(operation, raw)]
    bodies += [(f"{name} twice", doubled(example, name)) for name in example]
    bodies.append(("many members", json.dumps({**example, **{f"m{n}": n for n in range(3000)}}).encode()))
    for what, body in bodies:
        yield Attempt(what, operation.method, operation.url, [JSON_TYPE], body)


def members(operation: Operation, raw: str) -> Iterator[tuple[str, bytes]]:
    """The example with `raw` under every member that the schema knows, also where the example has none."""
    for path in paths(operation.document, operation.body or {}):
        body = json.loads(json.dumps(operation.example))
        inner = body
        for step in path[:-1]:
            if not isinstance(inner, dict):
                break
            inner = inner.setdefault(step, {}) or {}
        if isinstance(inner, dict):
            inner[path[-1]] = "@@"
            yield "/".join(path), json.dumps(body).replace('"@@"', raw).encode()


def paths(document: Document, schema: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if not isinstance(schema, dict):
        return
    schema = resolved(document, schema)
    for kind in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from paths(document, kind, above)
    for name, member in schema.get("properties", {}).items():
        yield (*above, name)
        if len(above) < DEEPEST:
            yield from paths(document, member, (*above, name))


def doubled(example: dict[str, Any], name: str) -> bytes:
    text = json.dumps(example)
    return f"{{{json.dumps(name)}: {json.dumps(example[name])}, {text[1:]}".encode()


def quoted(target: str) -> bytes:
    """As it goes on the wire: what is percent-encoded stays, what no request line may have is encoded."""
    return quote(target, safe="/?&=%#;,:*+{}'()-._~!$@").encode()
