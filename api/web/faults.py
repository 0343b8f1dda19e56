"""What pydantic finds wrong, told as what to do about it; the input itself never comes along."""

import re
from collections.abc import Sequence
from typing import Any, get_args

from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ErrorType

from api.domain.errors import Fault

POINTER_PART_LENGTH = 60
PYDANTIC_CODES = frozenset(get_args(ErrorType))
MISSING = "missing"
OTHERWISE = "This value does not fit; see its schema in the API document"
NO_NUL = r"^[^\x00]*$"
NO_BODY = "The body is missing: send a JSON object"
MEMBER_OF_ENUM = re.compile(r"<\w+\.\w+: ('[^']*')>")
"""How Python shows a word that is one of an enum's; on the wire it is the word."""
PATTERNS = {NO_NUL: "Write text without NUL characters"}
SENTENCES = {
    "bool_type": "Write true or false",
    "date_type": "Write the day as a date, like 2026-11-23",
    "dict_type": "Write an object",
    "enum": "Write one of {expected}",
    "extra_forbidden": "Leave this member out: it is not known here",
    "greater_than": "Write a number above {gt}",
    "greater_than_equal": "Write a number of at least {ge}",
    "int_from_float": "Write a whole number, without a fraction",
    "int_parsing": "Write a whole number",
    "int_parsing_size": "Write a whole number that is not as large",
    "int_type": "Write a whole number",
    "less_than": "Write a number below {lt}",
    "less_than_equal": "Write a number of at most {le}",
    "list_type": "Write a list",
    "literal_error": "Write {expected}",
    "missing": "This member is missing: add it",
    "model_attributes_type": "Write an object",
    "model_type": "Write an object",
    "none_required": "Write null",
    "string_pattern_mismatch": "Write text that matches the pattern {pattern}",
    "string_too_long": "Shorten this to at most {max_length} characters",
    "string_too_short": "Lengthen this to {min_length} or more characters",
    "string_type": "Write text, in quotes",
    "string_unicode": "Write text without lone surrogates",
    "too_long": "Send at most {max_length} of these",
    "too_short": "Send {min_length} or more of these",
    "tuple_type": "Write a list",
    "union_tag_invalid": "Write one of {expected_tags} under {discriminator}",
    "union_tag_not_found": "Name the kind under {discriminator}",
}
"""By pydantic's codes. What stands in braces is the schema's, never the caller's."""


def told_as(pattern: str, sentence: str) -> str:
    """The pattern, of which a refusal says this sentence from then on: what a pattern asks for nobody can read."""
    PATTERNS[pattern] = sentence
    return pattern


def lacking(member: str, sentence: str) -> PydanticCustomError:
    """For a rule between members of a body, where one is missing because of what the others say."""
    return PydanticCustomError(MISSING, sentence, {"member": member})


def fault_of(row: dict[str, Any]) -> Fault:
    """A pydantic error as ours."""
    missing = (row["ctx"]["member"],) if is_lacking(row) else ()
    return Fault(pointer=pointer((*row["loc"], *missing)), code=str(row["type"]), message=message_of(row))


def is_lacking(row: dict[str, Any]) -> bool:
    return row["type"] == MISSING and "member" in row.get("ctx", {})


def message_of(row: dict[str, Any]) -> str:
    code, context = row["type"], row.get("ctx", {})
    if is_lacking(row):
        return str(row["msg"])
    if code == MISSING and tuple(row["loc"]) == ("body",):
        return NO_BODY
    if told := PATTERNS.get(context.get("pattern", "")):
        return told
    if code in SENTENCES:
        return MEMBER_OF_ENUM.sub(r"\1", SENTENCES[code].format_map(context))
    if code == "value_error":
        return str(context["error"])
    return str(row["msg"]) if is_own(code) else OTHERWISE


def is_own(code: str) -> bool:
    """Whether the sentence is one of this API's; pydantic's others may quote what was sent."""
    return code not in PYDANTIC_CODES


def pointer(location: Sequence[object]) -> str:
    where, *path = location
    parts = [str(part)[:POINTER_PART_LENGTH].encode(errors="replace").decode() for part in path]
    match where:
        case "body":
            return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)
        case "query":
            return "?" + ".".join(parts)
        case "path":
            return "{" + ".".join(parts) + "}"
        case _:
            return f"{where}:" + ".".join(parts)
