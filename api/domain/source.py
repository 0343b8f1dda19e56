"""What numbers and cautions rest on, and under which terms the content itself is given away."""

from typing import Annotated, Literal

from pydantic import Field

from api.domain.caution import Review
from api.domain.value import Line, Slug, Text, Value

SourceKind = Literal["article", "leaflet", "review", "rct", "consensus", "guideline", "reference_db", "web_page"]
Extent = Literal["whole", "abstract", "excerpt", "copy"]
Strength = Literal["strong", "moderate", "weak", "expert", "none"]


class Source(Value):
    """Something published that a number or a caution rests on."""

    id: Slug
    kind: SourceKind
    title: Line
    url: Line | None = None
    doi: Line | None = None
    accessed: Line = Field(description="The day the stored copy was read, as YYYY-MM-DD.")
    extent: Extent = Field(description="How much of it was read.")
    strength: Strength


class Licence(Value):
    """The terms of the content. The sources have rights of their own."""

    id: Line = Field(description="As SPDX names it.")
    name: Line
    url: Line
    attribution: Line = Field(description="The credit to give, word for word.")
    attribution_when_changed: Line
    covers: Text


class Sources(Value):
    """All of them in one file, with the terms, and with who has read the content as a whole."""

    licence: Licence
    review: Review
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
