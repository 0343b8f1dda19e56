"""The compiled timeline: a routine at one level in one language, ready to be followed by a phone."""

import json
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Protocol

from api.domain.dose import LEVELS, Dose
from api.domain.exercise import Exercise
from api.domain.guidance import Guide
from api.domain.routine import Item, Pauses
from api.domain.segment import Segment, TimelineStep
from api.domain.speech import Language, TranslationState
from api.domain.value import Value
from api.domain.vocabulary import Vocabulary

NO_DOSES: Mapping[str, Dose] = MappingProxyType({})


class TotalMs(Value):
    """How long it takes: `low` when each spot is found at once and nothing optional is done, `high` at the most."""

    low: int
    high: int


class Outline(Value):
    """What a timeline says of all its segments. `total_ms` adds up their `shortest_ms` and their `duration_ms`."""

    routine: str
    level: int
    language: str
    translation: TranslationState
    ask_first: bool
    content_version: str
    total_ms: TotalMs


class Timeline(Outline):
    """Segments in order. `total_ms` adds up their `shortest_ms` and their `duration_ms`."""

    segments: tuple[Segment, ...]

    @property
    def outline(self) -> Outline:
        """For whoever keeps many and needs no segment."""
        return Outline.model_validate({name: getattr(self, name) for name in Outline.model_fields})

    def steps(self) -> Iterator[TimelineStep]:
        """Every step of every segment, in order."""
        for segment in self.segments:
            yield from segment.steps

    def document(self) -> bytes:
        """The canonical JSON: members sorted, absent ones left out, UTF-8. Equal timelines give equal bytes."""
        members = self.model_dump(mode="json", exclude_none=True)
        return json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Guided(Protocol):
    """What can be compiled: exercises in an order, with the pauses between them."""

    @property
    def id(self) -> str: ...
    @property
    def items(self) -> tuple[Item, ...]: ...
    @property
    def pauses(self) -> Pauses: ...


def compile_timeline(
    routine: Guided,
    exercises: Mapping[str, Exercise],
    vocabulary: Vocabulary,
    *,
    level: int,
    language: Language,
    ask_first: bool,
    content_version: str,
    asks: Collection[str] = (),
    beside: Language | None = None,
    doses: Mapping[str, Dose] = NO_DOSES,
) -> Timeline:
    """Compile the routine at a level of 0 to 4; an exercise that `doses` names is given that dose instead.

    `ask_first` marks what loads with "ask a professional first", `asks` names the exercises marked besides. `beside` is
    the language that says it too, where nobody has reviewed the other one.
    Raises ValueError for another level and for a dose outside the exercise's ranges, KeyError for an item that is not
    among the exercises.
    """
    if level not in LEVELS:
        raise ValueError(f"level {level} is not between 0 and 4")
    segments: list[Segment] = []
    for place, item in enumerate(routine.items, start=1):
        exercise = exercises[item.exercise]
        asked = item.exercise in asks or (ask_first and bool(exercise.loads))
        dose = allowed(exercise, doses.get(exercise.id, exercise.dosage.at(level)))
        guide = Guide(place, exercise, language, vocabulary, routine.pauses, dose, ask_first=asked, beside=beside)
        segments.extend(guide.segments())
    return Timeline(
        routine=routine.id,
        level=level,
        language=language.id,
        translation=language.translation,
        ask_first=ask_first,
        content_version=content_version,
        total_ms=TotalMs(low=sum(s.shortest_ms for s in segments), high=sum(s.duration_ms for s in segments)),
        segments=tuple(segments),
    )


def allowed(exercise: Exercise, dose: Dose) -> Dose:
    """The dose; raises ValueError where it lies outside the exercise's ranges."""
    if not exercise.dosage.allows(dose):
        raise ValueError(f"{exercise.id} has no dose of {dose}")
    return dose
