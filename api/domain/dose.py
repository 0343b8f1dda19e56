"""How much: ranges that a level walks along, and where each number comes from."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from api.domain.value import FactId, Line, Slug, Value, flaw

SEED = "seed"
OURS = "ours"
LEVELS = range(5)

Origin = Slug
Amount = Annotated[int, Field(ge=1, le=600)]


class Sourced(Value):
    """Something with an origin: `seed` (the article, naming the fact), a source's id, or `ours` with the reason."""

    by: Origin = Field(description="`seed`, the id of a source, or `ours`.")
    why: Line | None = Field(None, description="The reason; required when the number is ours.")
    facts: tuple[FactId, ...] = Field((), description="The facts of the article that this carries.")

    @model_validator(mode="after")
    def _origin_is_told(self) -> Self:
        if self.by == OURS and not self.why:
            raise flaw("it is ours, and does not say why", "Add `why`, or name the source under `by`.")
        if self.by == SEED and not self.facts:
            raise flaw("it is the article's, and names no fact", "Add `facts`, such as [F19].")
        return self


class Located(Sourced):
    """Something that names the place in its source, if that is not ourselves."""

    locator: Line | None = Field(None, description="The place in the source; required unless it is ours.")

    @model_validator(mode="after")
    def _source_has_a_place(self) -> Self:
        if self.by != OURS and not self.locator:
            raise flaw("the source has no place", "Add `locator`, the place in the source.")
        return self


class Range(Sourced):
    """From `low` to `high` in whole steps; both ends are reached exactly."""

    low: Amount
    high: Amount
    step: Amount
    high_from: Sourced | None = Field(None, description="Where `high` comes from, when not from where `low` does.")

    @model_validator(mode="after")
    def _ends_are_reached(self) -> Self:
        if self.low > self.high:
            raise flaw(f"low {self.low} is above high {self.high}", "Swap the two.")
        if (self.high - self.low) % self.step:
            raise flaw(
                f"step {self.step} does not divide {self.low} to {self.high}", "Choose a step that ends on high."
            )
        return self

    def at(self, level: int) -> int:
        """The dose at a level of 0 to 4: linear, rounded to the range's step, half a step upwards."""
        if level not in LEVELS:
            raise ValueError(f"level {level} is not between 0 and 4")
        steps = (self.high - self.low) // self.step
        return self.low + self.step * ((2 * steps * level + LEVELS[-1]) // (2 * LEVELS[-1]))

    def holds(self, amount: int) -> bool:
        """Whether the amount lies in the range and on one of its steps."""
        return self.low <= amount <= self.high and (amount - self.low) % self.step == 0


class Seconds(Sourced):
    """One duration in whole seconds."""

    s: Annotated[int, Field(ge=1, le=120)]


class Tempo(Value):
    """The least each phase lasts; speech may lengthen all of them but `top`, which is a dose and exact."""

    set_up: Seconds | None = None
    move_in: Seconds | None = None
    up: Seconds | None = None
    top: Seconds | None = None
    down: Seconds | None = None
    search: Seconds | None = Field(None, description="The longest one search for a spot lasts.")
    release: Seconds | None = None
    switch: Seconds | None = None

    def ms(self, phase: str) -> int:
        """What is declared for the phase, in milliseconds; 0 where nothing is."""
        declared: Seconds | None = getattr(self, phase, None)
        return declared.s * 1000 if declared else 0


class Frequency(Value):
    """How often; what is not stated is not advised."""

    per_day: Range | None = None
    per_week: Range | None = None
    every_min: Range | None = Field(None, description="Minutes of sitting from one time to the next.")


class Dose(Value):
    """One choice out of every range of an exercise. What the exercise does not count stays out."""

    hold_s: int | None = None
    reps: int | None = None
    sets: int
    spots: int | None = None


class RepUnit(StrEnum):
    """What is counted where it is not a movement. Of a breath, `up` is the way in and `down` the way out."""

    BREATH = "breath"


class Dosage(Value):
    """Either a hold or repetitions, for a number of sets, at a tempo."""

    hold_s: Range | None = None
    reps: Range | None = None
    rep_unit: RepUnit | None = None
    sets: Range
    spots: Range | None = None
    rest_s: Seconds | None = Field(None, description="Rest between two sets.")
    tempo_s: Tempo
    frequency: Frequency | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        if (self.hold_s is None) == (self.reps is None):
            raise flaw("a dose is either a hold or repetitions", "Keep exactly one of `hold_s` and `reps`.")
        if self.reps and not (self.tempo_s.up and self.tempo_s.top and self.tempo_s.down):
            raise flaw("repetitions have no tempo", "Add `up`, `top` and `down` under `tempo_s`.")
        if self.sets.high > 1 and not self.rest_s:
            raise flaw("there is no rest between the sets", "Add `rest_s`.")
        if self.rep_unit and not self.reps:
            raise flaw(f"{self.rep_unit}s are counted, and have no number", "Add `reps`, or drop `rep_unit`.")
        return self

    @property
    def ranges(self) -> dict[str, Range]:
        """What the exercise counts, by the name in a dose, in the order in which it is raised.

        The order is ours; a spot more is to pressure what a set more is to the others.
        """
        counted = {"hold_s": self.hold_s, "reps": self.reps, "sets": self.sets, "spots": self.spots}
        return {name: amounts for name, amounts in counted.items() if amounts}

    def at(self, level: int) -> Dose:
        """The dose at a level of 0 to 4 along every range at once."""
        return Dose(**{name: amounts.at(level) for name, amounts in self.ranges.items()})

    def allows(self, dose: Dose) -> bool:
        """Whether the dose counts what the exercise counts, each amount in its range and on one of its steps."""
        amounts = dose.model_dump(exclude_none=True)
        return amounts.keys() == self.ranges.keys() and all(self.ranges[n].holds(a) for n, a in amounts.items())
