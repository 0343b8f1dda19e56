"""What every value of the ground is built from: frozen, closed and strict, with texts per language."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, RootModel, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=64)]
"""What things are called on the wire too: kebab case, never reused."""
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=64)]
FactId = Annotated[str, StringConstraints(pattern=r"^F[1-9][0-9]?$")]
ReadingId = Annotated[str, StringConstraints(pattern=r"^A[1-9][0-9]?$")]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$", max_length=20)]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
Line = Annotated[str, StringConstraints(pattern=r"^\S([^\n\r\x00]*\S)?$", max_length=400)]

FALLBACK = "en"


class Value(BaseModel):
    """Frozen, closed to unknown members, and strict: the text "3" is no number, and a boolean is no text."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def only_english(schema: dict[str, Any]) -> None:
    """Turns the schema of texts by language into that of a file: it says them in English, the rest is put beside."""
    (line,) = schema.pop("patternProperties").values()
    del schema["propertyNames"]
    schema |= {"properties": {FALLBACK: line}, "required": [FALLBACK], "additionalProperties": False}


class Text(RootModel[Mapping[LanguageTag, Line]]):
    """The same line in each language that has it; English is always there."""

    model_config = ConfigDict(frozen=True, strict=True, json_schema_extra=only_english)

    @model_validator(mode="after")
    def _has_english(self) -> Self:
        if FALLBACK not in self.root:
            raise flaw("there is no English text", "Add the line under `en`; translations stand in languages/.")
        return self

    def in_language(self, language: str) -> str:
        """The line in that language, or in English where it has not been translated."""
        return self.root.get(language) or self.root[FALLBACK]


def flaw(problem: str, cure: str) -> PydanticCustomError:
    """A rule broken by content: what is wrong, and what the author does about it."""
    return PydanticCustomError("flaw", "{problem}", {"problem": problem, "cure": cure})
