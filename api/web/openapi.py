"""The OpenAPI document: what FastAPI knows of the routes, made true of what stands around them."""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

from api.domain.errors import Forbidden, Invalid, Limited, Unauthenticated, Unavailable
from api.web.limits import FREE_PATHS
from api.web.problems import (
    MEDIA_TYPE,
    BodyTooLarge,
    HeadersTooLarge,
    MethodNotAllowed,
    Problem,
    ServerFault,
    UnsupportedMediaType,
    examples,
    problems,
)
from api.web.wire import ZONE_FORMAT, time_zones

Document = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch")
EVERYWHERE = problems(MethodNotAllowed, Invalid, HeadersTooLarge, ServerFault)
WHERE_LIMITED = problems(Limited, Unavailable)
FOR_CALLERS = problems(Unauthenticated, Forbidden)
FOR_BODIES = problems(BodyTooLarge, UnsupportedMediaType)


def complete(document: Document) -> Document:
    """Adds to every operation the problems it can answer beside its own, and `security: []` where it is public."""
    schemas = document["components"]["schemas"]
    for generated in ("HTTPValidationError", "ValidationError"):
        schemas.pop(generated, None)
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schemas["Problem"].pop("$defs"))
    document["components"]["examples"] = examples()
    schemas["Zone"] = {"type": "string", "title": "Zone", "enum": sorted(time_zones())}
    name_zones(document)
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                complete_operation(item[method], limited=path not in FREE_PATHS)
    return document


def name_zones(node: Any) -> None:
    """Points every zone of the document to the one list of names."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        name_zones(child)
    if isinstance(node, dict) and node.get("format") == ZONE_FORMAT:
        for word in ("type", "format"):
            del node[word]
        node["$ref"] = "#/components/schemas/Zone"


def complete_operation(operation: Document, *, limited: bool) -> None:
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = without_null(parameter["schema"])
    responses = operation["responses"]
    if MEDIA_TYPE not in responses.get("422", {}).get("content", {}):
        responses.pop("422", None)
    signed_in, has_body = bool(operation.setdefault("security", [])), "requestBody" in operation
    common = dict(EVERYWHERE)
    for applies, added in ((limited, WHERE_LIMITED), (signed_in, FOR_CALLERS), (has_body, FOR_BODIES)):
        common |= added if applies else {}
    for status, response in common.items():
        responses.setdefault(str(status), response)
    operation["responses"] = dict(sorted(responses.items()))


def without_null(schema: Document) -> Document:
    """A parameter is left out or has a value: null cannot be written in a URL."""
    told = dict(schema)
    kinds = [kind for kind in told.pop("anyOf", ()) if kind != {"type": "null"}]
    return {**kinds[0], **told} if len(kinds) == 1 else schema


class Paths:
    """What the document says of a path. One that is written out goes before a pattern."""

    def __init__(self, document: Document) -> None:
        self._written_out = {path: sorted(allowed(item)) for path, item in document["paths"].items()}
        self._paths = [(compile_path(path)[0], allowed(item)) for path, item in document["paths"].items()]
        self._patterns = [(compile_path(path)[0], path) for path in document["paths"]]

    def pattern_of(self, path: str) -> str:
        """The path as the document writes it, or itself where it stands in none."""
        found = (written for pattern, written in self._patterns if pattern.match(path))
        return path if path in self._written_out else next(found, path)

    def methods_of(self, path: str) -> list[str]:
        """Which methods it takes, for a true `Allow`."""
        return self._written_out.get(path) or sorted(
            {method for pattern, methods in self._paths if pattern.match(path) for method in methods}
        )


def allowed(item: Document) -> list[str]:
    methods = [method.upper() for method in METHODS if method in item]
    return [*methods, "HEAD"] if "GET" in methods else methods


class DocumentedApp(FastAPI):
    """A FastAPI whose document is completed once, when it is first asked for: that takes a second."""

    def outline(self) -> Document:
        """The paths and methods of the document, with nothing said of them."""
        paths: Document = {}
        for route in iter_route_contexts(self.routes):
            if route.path and getattr(route, "include_in_schema", False):
                paths.setdefault(route.path, {}).update({method.lower(): {} for method in route.methods or ()})
        return {"paths": paths}

    def openapi(self) -> Document:
        if self.openapi_schema is None:
            self.openapi_schema = complete(super().openapi())
        return self.openapi_schema
