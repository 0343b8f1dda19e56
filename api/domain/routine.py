"""A routine: exercises in an order, the reason for it, and how often."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from api.domain.caution import Review
from api.domain.dose import Frequency, Seconds
from api.domain.exercise import Evidence, Provenance, Reading, ReviewStatus
from api.domain.value import FactId, Slug, Text, Value, Version, flaw


class OrderRule(StrEnum):
    """What holds for the order of every routine, whoever arranged it."""

    WARM_UP_FIRST = "warm-up-first"
    LOAD_NEVER_FIRST = "load-never-first"
    NECK_NEVER_TWICE = "neck-never-twice"
    FLOOR_TOGETHER = "floor-together"


class Told(Value):
    """A sentence or two, and the facts of the article that they carry."""

    text: Text
    facts: tuple[FactId, ...] = ()


class Item(Value):
    """One exercise at its place in the order."""

    exercise: Slug


class BrokenRule(Value):
    """A rule that this order breaks, and why it may."""

    rule: OrderRule
    why: Text


class Order(Told):
    """Why the exercises come in this order."""

    breaks: tuple[BrokenRule, ...] = Field((), description="Only the article's own order may break a rule.")


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
    recommended_first: bool = Field(default=False, description="Whether a beginner starts here; one routine is it.")
    name: Text
    summary: Text
    introduction: Annotated[tuple[Told, ...], Field(min_length=1)]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    order: Order
    frequency: HowOften
    pauses: Pauses
    readings: tuple[Reading, ...] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    review: Review

    @model_validator(mode="after")
    def _only_the_reference_breaks_a_rule(self) -> Self:
        if self.order.breaks and not self.reference:
            raise flaw("an order of ours breaks a rule", "Put the exercises in another order.")
        if self.reference and self.recommended_first:
            raise flaw("the article's order is recommended first", "Recommend one that warms up before it loads.")
        return self
