"""The OpenAPI document: valid, complete, the same as the one committed."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from fastapi import FastAPI
from schemathesis.specs.openapi.definitions import OPENAPI_31

from api.main import create_app
from api.settings import Settings
from api.web.limits import FREE_PATHS
from api.web.openapi import METHODS, DocumentedApp
from api.web.problems import MEDIA_TYPE
from tests.content.loaded import CONTENT
from tests.contract.documents import validator
from tests.contract.probing import Operation, operations, with_bodies

COMMITTED = Path(__file__).with_name("openapi.json")
ALWAYS = {"405", "422", "500"}
FOR_CALLERS = {"401", "403"}
WHERE_LIMITED = {"429", "503"}
FOR_BODIES = {"413", "415"}
FILES = {
    "/v1/me/export": ["application/zip"],
    "/v1/exercises/{slug}/figures/{digest}/{name}": ["image/svg+xml", "image/png", "application/json"],
}
"""What is no JSON."""


@pytest.fixture(scope="module")
def closed_app() -> FastAPI:
    """The application before any database is opened: the document needs none."""
    return create_app(Settings(), CONTENT)


@pytest.fixture(scope="module")
def every(closed_app: FastAPI) -> list[Operation]:
    return operations(closed_app)


def test_every_problem_is_shown_by_an_example_of_its_own(closed_app: FastAPI, every: list[Operation]) -> None:
    document = closed_app.openapi()
    shown = document["components"]["examples"]
    problem = validator(document, {"$ref": "#/components/schemas/Problem"})
    assert [code for code, example in shown.items() if not problem.is_valid(example["value"])] == []
    for operation in every:
        for status, response in operation.spec["responses"].items():
            named = response.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
            assert {str(shown[code]["value"]["status"]) for code in named} <= {status}, operation


def test_every_tag_is_explained_and_none_is_idle(closed_app: FastAPI, every: list[Operation]) -> None:
    used = {tag for operation in every for tag in operation.spec["tags"]}
    explained = {tag["name"]: tag["description"] for tag in closed_app.openapi()["tags"]}
    assert used == explained.keys()
    assert all(explained.values())


@pytest.mark.check
def test_the_committed_document_is_the_one_that_is_served(closed_app: FastAPI) -> None:
    committed = json.loads(COMMITTED.read_text())
    served = json.loads(json.dumps(closed_app.openapi()))
    assert committed == served, "The API changed: look at it with `unknot openapi > tests/contract/openapi.json`"


@pytest.mark.check
def test_the_document_is_valid_openapi(closed_app: FastAPI) -> None:
    document = closed_app.openapi()
    assert [str(error) for error in jsonschema_rs.validator_for(OPENAPI_31).iter_errors(document)] == []
    for name, schema in document["components"]["schemas"].items():
        jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})
        assert re.fullmatch(r"[A-Z][A-Za-z]+", name), name


@pytest.mark.check
def test_every_reference_leads_somewhere_and_nothing_lies_about(closed_app: FastAPI) -> None:
    document = closed_app.openapi()
    named = {match.rpartition("/")[2] for match in re.findall(r'"#/components/schemas/[^"]+', json.dumps(document))}
    assert named == document["components"]["schemas"].keys()


def test_operations_make_good_method_names(every: list[Operation]) -> None:
    names = [operation.spec["operationId"] for operation in every]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []
    assert [str(operation) for operation in every if not operation.spec.get("description")] == []


def test_every_operation_lists_what_it_can_answer_with_its_media_type(every: list[Operation]) -> None:
    for operation in every:
        wanted = ALWAYS | (FOR_CALLERS if operation.secured else set()) | (FOR_BODIES if operation.body else set())
        wanted |= set() if operation.path in FREE_PATHS else WHERE_LIMITED
        responses = operation.spec["responses"]
        assert wanted <= responses.keys(), (str(operation), wanted - responses.keys())
        assert [status for status in responses if status[0] == "2"], str(operation)
        for status, response in responses.items():
            types = list(response.get("content", {}))
            expected = [MEDIA_TYPE] if status >= "400" else FILES.get(operation.path, ["application/json"])
            assert types == ([] if status in {"204", "304"} else expected), (str(operation), status)


def test_only_what_takes_a_body_speaks_of_one(every: list[Operation]) -> None:
    for operation in every:
        assert operation.body or not FOR_BODIES & operation.spec["responses"].keys(), str(operation)


def test_every_link_leads_to_an_operation_and_one_of_its_parameters(every: list[Operation]) -> None:
    by_name = {operation.spec["operationId"]: operation.spec for operation in every}
    links = [
        link
        for spec in by_name.values()
        for response in spec["responses"].values()
        for link in response.get("links", {}).values()
    ]
    assert links
    for link in links:
        parameters = {parameter["name"] for parameter in by_name[link["operationId"]]["parameters"]}
        assert link["parameters"].keys() <= parameters


def test_every_body_has_an_example_that_fits_its_schema(closed_app: FastAPI) -> None:
    document = closed_app.openapi()
    for operation in with_bodies(closed_app):
        assert operation.body
        check = validator(document, operation.body)
        for example in operation.body["examples"]:
            assert [str(error) for error in check.iter_errors(example)] == [], str(operation)


def test_what_is_taken_in_is_closed_and_bounded(closed_app: FastAPI) -> None:
    document = closed_app.openapi()
    for name in taken_in(document, [operation.body or {} for operation in with_bodies(closed_app)]):
        schema = document["components"]["schemas"][name]
        if schema["type"] == "object":
            assert schema["additionalProperties"] is False, name
            assert [member for member in schema["properties"].items() if not bounded(member[1])] == [], name


def taken_in(document: dict[str, Any], schemas: list[dict[str, Any]]) -> set[str]:
    """The names of all schemas that these refer to, at any depth, and of these."""
    found: set[str] = {schema["title"] for schema in schemas}
    waiting = list(schemas)
    while waiting:
        text = json.dumps(waiting.pop())
        for name in set(re.findall(r"#/components/schemas/(\w+)", text)) - found:
            found.add(name)
            waiting.append(document["components"]["schemas"][name])
    return found


def bounded(schema: dict[str, Any]) -> bool:
    if {"$ref", "enum", "const"} & schema.keys():
        return True
    match schema["type"]:
        case "string":
            return "format" in schema or ("pattern" in schema and ("maxLength" in schema or "{5}" in schema["pattern"]))
        case "integer":
            return {"minimum", "maximum"} <= schema.keys()
        case "array":
            return "maxItems" in schema and bounded(schema["items"])
        case "object":
            names = schema["propertyNames"]
            return {"pattern", "maxLength"} <= names.keys() and "maxProperties" in schema and bounded_members(schema)
        case kind:
            return bool(kind == "boolean")


def bounded_members(schema: dict[str, Any]) -> bool:
    return bounded(schema["additionalProperties"])


def test_everything_but_whether_the_server_lives_can_be_too_much_for_now(every: list[Operation]) -> None:
    without = [str(operation) for operation in every if "503" not in operation.spec["responses"]]
    assert without == ["GET /livez"]


def test_the_outline_has_the_paths_and_methods_of_the_document(closed_app: FastAPI) -> None:
    assert isinstance(closed_app, DocumentedApp)
    written, outlined = (
        {path: {method for method in METHODS if method in item} for path, item in document["paths"].items()}
        for document in (closed_app.openapi(), closed_app.outline())
    )
    assert outlined == written
