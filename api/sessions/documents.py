"""What the OpenAPI document says of sessions beyond their schemas: where a start leads, and what a conflict shows."""

from typing import Any

from api.domain.errors import Refusal
from api.screening.refusals import ScreeningStop
from api.web.problems import MEDIA_TYPE, problems

CARE = {"properties": {"care": {"$ref": "#/components/schemas/CareAdvice"}}}
STATE = {"properties": {"session": {"$ref": "#/components/schemas/SessionState"}}}
GOING_ON = {
    operation: {"operationId": operation, "parameters": {"id": "$response.body#/id"}}
    for operation in ("read_session", "put_record", "complete_session", "abandon_session", "delete_session")
}


def showing_session(*refusals: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """Problems of which the conflicts carry the session as it is, where there is one, and a stop the care needed."""
    declared = problems(*refusals)
    carry(declared[409], STATE)
    if ScreeningStop in refusals:
        carry(declared[403], CARE)
    return declared


def carry(response: dict[str, Any], members: dict[str, Any]) -> None:
    media = response["content"][MEDIA_TYPE]
    media["schema"] = {"allOf": [media["schema"], members]}
