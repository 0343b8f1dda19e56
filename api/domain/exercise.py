"""One exercise: where it is done, by what, how much, in which steps, and with which cautions."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from api.domain.caution import Caution, Contraindication, Effect, Review
from api.domain.dose import Dosage, Origin, Sourced
from api.domain.value import (
    FALLBACK,
    FactId,
    LanguageTag,
    Line,
    ReadingId,
    Slug,
    Tag,
    Text,
    Value,
    Version,
    flaw,
    only_english,
)


class Kind(StrEnum):
    """What sort of work the exercise is."""

    STATIC_STRETCH = "static_stretch"
    DYNAMIC = "dynamic"
    ISOMETRIC = "isometric"
    RELEASE = "release"
    TRACTION = "traction"
    BREATHING = "breathing"
    MOBILITY = "mobility"


class Phase(StrEnum):
    """Where in the exercise a step belongs."""

    SET_UP = "set_up"
    MOVE_IN = "move_in"
    HOLD = "hold"
    UP = "up"
    TOP = "top"
    DOWN = "down"
    SEARCH = "search"
    SEARCH_NEXT = "search_next"
    RELEASE = "release"
    SWITCH = "switch"


class Side(StrEnum):
    """A side of the person."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> "Side":
        """The opposite side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Load(StrEnum):
    """What a person without a valid screening is told to ask about first."""

    HANG = "hang"
    INVERSION = "inversion"


Noise = Literal["silent", "low", "loud"]
Privacy = Literal["public", "private"]
LateralityMode = Literal["both", "each_side", "spots"]
SideMeaning = Literal["bend_direction", "turn_direction", "moving_limb", "stretched_muscle"]


class ReviewStatus(StrEnum):
    """Where the file stands; an id is never used again."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    RETIRED = "retired"


class Provenance(StrEnum):
    """The article's own, or added by us."""

    SEED = "seed"
    EXTENDED = "extended"


class Equipment(Value):
    """What is needed, what helps, and what may stand in."""

    required: tuple[Tag, ...] = ()
    optional: tuple[Tag, ...] = ()
    substitutes: dict[Tag, tuple[Tag, ...]] = Field(default_factory=dict)


class Space(Value):
    """What the place must allow: the filters for office, bed and night."""

    floor: bool
    bed: bool = Field(default=False, description="Whether it is done on a bed, or a bed will do as well as the floor.")
    wall: bool
    noise: Noise
    privacy: Privacy

    @property
    def needs_floor(self) -> bool:
        """Whether nothing but the floor will do."""
        return self.floor and not self.bed

    @property
    def down(self) -> bool:
        """Whether one gets down to the floor or onto a bed for it."""
        return self.floor or self.bed


class Setting(Value):
    """The positions that will do, the first one being the usual one, and how the exercise starts."""

    position: Annotated[tuple[Tag, ...], Field(min_length=1)]
    start: Tag
    equipment: Equipment
    space: Space


class MuscleUse(Sourced):
    """One muscle, and who says so."""

    muscle: Tag


class Muscles(Value):
    """What the exercise is for, and what it reaches besides."""

    target: Annotated[tuple[MuscleUse, ...], Field(min_length=1)]
    secondary: tuple[MuscleUse, ...] = ()


class BothSides(Value):
    """Both sides work at once."""

    mode: Literal["both"]


class EachSide(Value):
    """One side after the other, with the same dose; `side_means` says what the word names."""

    mode: Literal["each_side"]
    first: Side
    side_means: SideMeaning


class Spots(Value):
    """Place by place; the person finds them. Their number is `dosage.spots`."""

    mode: Literal["spots"]


Laterality = Annotated[BothSides | EachSide | Spots, Field(discriminator="mode")]


class Step(Value):
    """One instruction. `{side}` and `{other}` stand for the side that is worked and the opposite one."""

    id: Slug
    phase: Phase
    text: Text
    cue: Text | None = Field(None, description="At most six words, for the second side and for repetitions.")
    facts: tuple[FactId, ...] = ()
    by: Origin | None = Field(None, description="Where a step comes from that carries no fact.")
    order_flexible: bool = Field(default=False, description="It may be done before its neighbour.")

    @model_validator(mode="after")
    def _comes_from_somewhere(self) -> Self:
        if not self.facts and not self.by:
            raise flaw("the step has no origin", "Name the facts it carries, or say `by: ours`.")
        return self


class Reading(Value):
    """How an unclear place of the article is read. Always ours."""

    id: ReadingId
    by: Literal["ours"]
    about: Annotated[tuple[FactId, ...], Field(min_length=1)]
    text: Text


class Evidence(Value):
    """Which place of a source supports which fields."""

    source: Slug
    locator: Line
    supports: Annotated[tuple[Line, ...], Field(min_length=1)]


class Aliases(Value):
    """Other names of the same thing, by language."""

    by: Origin
    names: dict[LanguageTag, tuple[Line, ...]] = Field(json_schema_extra=only_english)

    @model_validator(mode="after")
    def _has_english(self) -> Self:
        if FALLBACK not in self.names:
            raise flaw("there are no English names", "Add them under `en`, or `en: []` where there are none.")
        return self


class Exercise(Value):
    """A whole exercise, as one file of `content/exercises/` states it."""

    id: Slug
    version: Version
    status: ReviewStatus
    origin: Provenance
    kind: Kind
    name: Text
    aliases: Aliases
    summary: Text
    setting: Setting
    loads: tuple[Load, ...] = ()
    warm_up: bool = Field(default=False, description="Whether it is gentle enough to open a routine; our judgement.")
    muscles: Muscles
    laterality: Laterality
    dosage: Dosage
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    cautions: Annotated[tuple[Caution, ...], Field(min_length=1)]
    contraindications: tuple[Contraindication, ...] = ()
    easier: Slug | None = None
    harder: Slug | None = None
    readings: tuple[Reading, ...] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    review: Review

    @model_validator(mode="after")
    def _spots_have_a_number(self) -> Self:
        if isinstance(self.laterality, Spots) != (self.dosage.spots is not None):
            raise flaw("spots need both the laterality and the dose", "Set `laterality.mode` and `dosage.spots`.")
        if self.dosage.spots and (not self.dosage.hold_s or not self.dosage.tempo_s.search):
            raise flaw("a spot needs a hold and a longest search", "Add `hold_s` and `tempo_s.search`.")
        if self.dosage.spots and self.dosage.sets.high > 1:
            raise flaw("spots are not repeated in sets", "Set `sets` to 1, and raise `spots` instead.")
        return self

    @property
    def sides(self) -> tuple[Side | None, ...]:
        """The sides in the order they are done; one `None` when both work at once."""
        match self.laterality:
            case EachSide(first=first):
                return (first, first.other)
            case _:
                return (None,)

    def in_phase(self, phase: Phase) -> tuple[Step, ...]:
        """The steps of one phase, in order."""
        return tuple(step for step in self.steps if step.phase is phase)

    def excluded_by(self, tag: str) -> bool:
        """Whether that state of the person rules the exercise out."""
        return any(c.tag == tag and c.effect is Effect.EXCLUDE for c in self.contraindications)

    def uses(self) -> Iterator[MuscleUse]:
        """All muscles, targets first."""
        yield from self.muscles.target
        yield from self.muscles.secondary
