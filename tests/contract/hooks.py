"""What Schemathesis cannot know from the document."""

from typing import Any

import schemathesis
from schemathesis import Case, HookContext


@schemathesis.hook
def before_call(_: HookContext, case: Case[Any], __: dict[str, Any]) -> None:
    """JSON Schema calls 3.0 an integer and has no word to say otherwise; the API takes integers as 3 only."""
    case.body = with_plain_integers(case.body)


def with_plain_integers(value: Any) -> Any:
    match value:
        case dict():
            return {name: with_plain_integers(member) for name, member in value.items()}
        case list():
            return [with_plain_integers(item) for item in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
