"""All files of the content folder as values, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.domain.caution import RedFlagCard, Review
from api.domain.exercise import Exercise
from api.domain.planner import Planner
from api.domain.questionnaire import Questionnaire
from api.domain.routine import Routine
from api.domain.source import Licence, Source
from api.domain.speech import Language
from api.domain.vocabulary import Facts, Vocabulary
from api.drawing.pose import Pose


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What is served. Compared by identity: one load is one content. Mappings are in the order of the files.

    `problems` has the titles of problems by language and code, for every language but English.
    """

    exercises: Mapping[str, Exercise]
    routines: Mapping[str, Routine]
    poses: Mapping[str, Pose]
    languages: Mapping[str, Language]
    problems: Mapping[str, dict[str, str]]
    red_flags: RedFlagCard
    screening: Questionnaire
    planner: Planner
    vocabulary: Vocabulary
    sources: Mapping[str, Source]
    licence: Licence
    review: Review
    facts: Facts
    version: str
