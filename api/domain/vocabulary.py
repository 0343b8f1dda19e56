"""The closed lists that content speaks in, each word with its name per language."""

from typing import Annotated

from pydantic import Field

from api.domain.codes import Codes, Word
from api.domain.value import FactId, Line, Slug, Tag, Value


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
    codes: Codes


class Fact(Value):
    """One statement of the source article in our words, and the exercise or routine that carries it."""

    id: FactId
    carried_by: Slug
    text: Line


class Facts(Value):
    """The article taken apart."""

    source: Slug
    facts: Annotated[tuple[Fact, ...], Field(min_length=1)]
