"""A routine: exercises in an order, the reason for it, and how often."""

from typing import Annotated

from pydantic import Field

from api.domain.caution import Review
from api.domain.dose import Frequency, Seconds
from api.domain.exercise import Evidence, Provenance, Reading, ReviewStatus
from api.domain.value import FactId, Slug, Text, Value, Version


class Told(Value):
    """A sentence or two, and the facts of the article that they carry."""

    text: Text
    facts: tuple[FactId, ...] = ()


class Item(Value):
    """One exercise at its place in the order."""

    exercise: Slug


class HowOften(Value):
    """The advice in words, and in numbers with their source."""

    text: Text
    facts: tuple[FactId, ...] = ()
    amount: Frequency


class Pauses(Value):
    """What lies between two exercises."""

    rest: Seconds
    get_ready: Seconds
    check_in: Seconds


class Routine(Value):
    """A whole routine, as one file of `content/routines/` states it. Its equipment follows from its items."""

    id: Slug
    version: Version
    status: ReviewStatus
    origin: Provenance
    reference: bool = Field(description="Whether this is the article's own order.")
    name: Text
    summary: Text
    introduction: Annotated[tuple[Told, ...], Field(min_length=1)]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    order: Told
    frequency: HowOften
    pauses: Pauses
    readings: tuple[Reading, ...] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    review: Review
