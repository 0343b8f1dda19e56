"""What the OpenAPI document says of sessions beyond their schemas: where a start leads, and what a conflict shows."""

from typing import Any

from api.domain.errors import Refusal
from api.web.problems import MEDIA_TYPE, problems

STATE = {"properties": {"session": {"$ref": "#/components/schemas/SessionState"}}}
GOING_ON = {
    operation: {"operationId": operation, "parameters": {"id": "$response.body#/id"}}
    for operation in ("read_session", "put_record", "complete_session", "abandon_session", "delete_session")
}


def showing_session(*refusals: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """Problems of which the conflicts carry the session as it is, where there is one."""
    declared = problems(*refusals)
    problem = declared[409]["content"][MEDIA_TYPE]["schema"]
    declared[409]["content"][MEDIA_TYPE]["schema"] = {"allOf": [problem, STATE]}
    return declared
