"""Holding answers to the schemas that the OpenAPI document gives them."""

from typing import Any

import httpx
import jsonschema_rs

from api.web.openapi import Document
from tests.contract.probing import Operation

NO_JSON = {"application/zip", "image/svg+xml", "image/png"}


def require_documented(operation: Operation, answer: httpx.Response) -> None:
    """The status is listed, with this media type, and the body fits its schema; ours have no member beside it."""
    response = operation.spec["responses"][str(answer.status_code)]
    if not answer.content:
        assert "content" not in response
        return
    media = response["content"][answer.headers["content-type"]]
    if answer.headers["content-type"] in NO_JSON:
        return
    schema = media["schema"]
    errors = [str(error) for error in validator(operation.document, schema).iter_errors(answer.json())]
    assert errors == [], (str(operation), errors)


def validator(document: Document, schema: Document, *, closed: bool = True) -> Any:
    components = document["components"]
    root = {**schema, "components": shut(components) if closed and "allOf" not in schema else components}
    return jsonschema_rs.validator_for(root, validate_formats=True)


def shut(node: Any) -> Any:
    """The schemas without room for members that they do not name."""
    if isinstance(node, list):
        return [shut(item) for item in node]
    if not isinstance(node, dict):
        return node
    more = {"additionalProperties": False} if isinstance(node.get("properties"), dict) and "type" in node else {}
    return {**{name: shut(member) for name, member in node.items()}, **more}
