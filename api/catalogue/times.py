"""How long an exercise takes when it is guided, by the compiler's own count."""

from functools import lru_cache

from api.catalogue.shelf import Content
from api.domain.guidance import Guide, rest_ms

TIMES_KEPT = 32768


@lru_cache(TIMES_KEPT)
def guided_ms(content: Content, exercise: str, level: int, code: str) -> int:
    """The most that it takes as the first of a plan, from getting ready to the question about pain.

    Nobody is told to ask first in a plan, so that is not spoken.
    """
    language, pauses = content.languages[code], content.planner.pauses
    guided = content.exercises[exercise]
    dose = guided.dosage.at(level)
    guide = Guide(1, guided, language, content.vocabulary, pauses, dose, ask_first=False)
    return sum(segment.duration_ms for segment in guide.segments())


def between_ms(content: Content, code: str) -> int:
    """What it takes longer after another one: the rest between the two."""
    return rest_ms(content.languages[code], content.planner.pauses.rest)
