"""The operations of the OpenAPI document as requests, and what every problem has in common."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from api.web.openapi import Document

JSON = {"content-type": "application/json"}
MEMBERS = {"type", "title", "status", "detail", "instance", "request_id"}
METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH")
HEALTH = {"/livez", "/readyz"}


@dataclass(frozen=True)
class Operation:
    """One method of one path, with the document it stands in."""

    method: str
    path: str
    spec: Document
    document: Document

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def url(self) -> str:
        """The path with the examples of its parameters."""
        url = self.path
        for parameter in self.spec.get("parameters", ()):
            if parameter["in"] == "path":
                url = url.replace("{" + parameter["name"] + "}", self.example_of(parameter))
        return url

    @property
    def query(self) -> dict[str, str]:
        """The parameters that a URL without them would lack."""
        asked = [each for each in self.spec.get("parameters", ()) if each["in"] == "query" and each["required"]]
        return {parameter["name"]: self.example_of(parameter) for parameter in asked}

    @property
    def secured(self) -> bool:
        return bool(self.spec["security"])

    @property
    def personal(self) -> bool:
        return self.secured or self.path.startswith(("/v1/accounts", "/v1/tokens", "/v1/password-resets"))

    @cached_property
    def body(self) -> Document | None:
        """The schema of the body, if it takes one."""
        if "requestBody" not in self.spec:
            return None
        return resolved(self.document, self.spec["requestBody"]["content"]["application/json"]["schema"])

    @property
    def example(self) -> dict[str, Any]:
        return dict(self.body["examples"][0]) if self.body else {}

    @property
    def sent(self) -> dict[str, Any] | None:
        """The example, or no body where the operation takes none."""
        return self.example if self.body else None

    def example_of(self, parameter: Document) -> str:
        if "examples" in parameter:
            return str(next(iter(parameter["examples"].values()))["value"])
        schema = resolved(self.document, parameter["schema"])
        return str((schema.get("examples") or schema.get("enum") or [schema.get("const")])[0])


def operations(app: FastAPI) -> list[Operation]:
    document = app.openapi()
    return [
        Operation(method.upper(), path, spec, document)
        for path, item in document["paths"].items()
        for method, spec in item.items()
    ]


def with_bodies(app: FastAPI) -> list[Operation]:
    return [operation for operation in operations(app) if operation.body]


def resolved(document: Document, schema: Document) -> Document:
    """The schema that a reference names; any other schema as it is."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Document = document["components"]["schemas"][name] if name else schema
    return found


def spliced(example: Any, raw: str) -> Iterator[bytes]:
    """The example as JSON as often as it has members, each time with `raw` in place of one of them."""
    for path in places(example):
        copy = json.loads(json.dumps(example))
        inner = copy
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = "@@"
        yield json.dumps(copy).replace('"@@"', raw).encode()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in inside:
        yield from places(member, (*path, step))


def require_problem(answer: httpx.Response, status: int, code: str | None = None) -> dict[str, Any]:
    """The problem document, after holding it to its form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem.keys() >= MEMBERS
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert "no-store" in answer.headers["cache-control"]
    if code:
        assert problem["type"] == f"/problems/{code}", problem
    return problem


def faults(problem: dict[str, Any]) -> set[tuple[str, str]]:
    return {(fault["pointer"], fault["code"]) for fault in problem["errors"]}


def is_minted(text: str) -> bool:
    return UUID(text).version == 7
