"""The closed lists that content speaks in, each word with its name per language."""

from typing import Annotated, Literal

from pydantic import Field

from api.domain.dose import Sourced
from api.domain.value import FactId, Line, Slug, Tag, Text, Value


class Word(Value):
    """A word and its name."""

    name: Text


class Muscle(Word):
    """A muscle, and the regions that it runs through; none where no pain is asked about."""

    regions: tuple[Tag, ...]


class Tool(Word):
    """A piece of equipment. One that presses must never be aimed at the neck."""

    presses: bool = False


class Vocabulary(Value):
    """Every word that a file may use."""

    regions: dict[Tag, Word]
    muscles: dict[Tag, Muscle]
    equipment: dict[Tag, Tool]
    positions: dict[Tag, Word]
    contraindications: dict[Tag, Word]


class Source(Value):
    """Something published that a number or a caution rests on."""

    id: Slug
    kind: Literal["article", "leaflet", "review", "rct", "consensus", "guideline", "reference_db", "web_page"]
    title: Line
    url: Line | None = None
    doi: Line | None = None
    accessed: Line = Field(description="The day the stored copy was read, as YYYY-MM-DD.")
    extent: Literal["whole", "abstract", "excerpt", "copy"] = Field(description="How much of it was read.")
    strength: Literal["strong", "moderate", "weak", "expert", "none"]


class Sources(Value):
    """All of them, in one file."""

    sources: Annotated[tuple[Source, ...], Field(min_length=1)]


class Fact(Value):
    """One statement of the source article in our words, and the exercise or routine that carries it."""

    id: FactId
    carried_by: Slug
    text: Line


class Facts(Value):
    """The article taken apart."""

    source: Slug
    facts: Annotated[tuple[Fact, ...], Field(min_length=1)]


class Pace(Sourced):
    """How fast a voice speaks, in words a minute, and the pause that it leaves at the end of a phase."""

    words_per_minute: Annotated[int, Field(ge=60, le=300)]
    pause_ms: Annotated[int, Field(ge=0, le=5000)]
