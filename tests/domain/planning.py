"""Wishes, answers and catalogues for the planner, timed by the compiler."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from hypothesis import strategies as st

from api.domain.caution import Contraindication, Effect
from api.domain.exercise import Exercise
from api.domain.guidance import Guide
from api.domain.pain import BodySide, Region
from api.domain.plan import Decision, Planning
from api.domain.questionnaire import Answer
from api.domain.screening import Screening, screen
from api.domain.wish import Focus, Limit, Wish
from tests.content.loaded import CONTENT

QUESTIONS = CONTENT.screening.questions
TAGS = [tag for question in QUESTIONS for tag in question.tags]
NAMES = list(CONTENT.exercises)
TOOLS = list(CONTENT.vocabulary.equipment)
ALL_NO = {question.id: Answer.NO for question in QUESTIONS}
FLAGS = [flag.code for flag in CONTENT.red_flags.items]

wishes = st.builds(
    Wish,
    max_minutes=st.one_of(st.integers(1, 12), st.integers(1, 60)),
    equipment=st.one_of(st.just(frozenset(TOOLS)), st.frozensets(st.sampled_from(TOOLS))),
    limits=st.frozensets(st.sampled_from(Limit), max_size=3),
    region=st.sampled_from(Region),
    side=st.sampled_from(BodySide),
    focus=st.sampled_from(Focus),
    pain_now=st.none() | st.integers(0, 10),
)
some_answers = st.dictionaries(st.sampled_from(sorted(ALL_NO)), st.sampled_from(Answer))
"""Often with open questions; full ones are mostly no, as people's are."""
full_answers = st.sets(st.sampled_from(sorted(ALL_NO)), max_size=3).map(
    lambda yes: ALL_NO | dict.fromkeys(yes, Answer.YES)
)
answers = st.one_of(full_answers, full_answers, some_answers, st.just({}))
signs = st.one_of(st.just(()), st.just(()), st.just(()), st.lists(st.sampled_from(FLAGS), max_size=2).map(tuple))


def contraindications(alternatives: Sequence[str]) -> st.SearchStrategy[Contraindication]:
    """Any state that a question asks about, with any effect, and with or without something to do instead."""
    return st.builds(
        Contraindication,
        tag=st.sampled_from(TAGS),
        effect=st.sampled_from(Effect),
        alternative=st.none() | st.sampled_from(alternatives),
        by=st.just("ours"),
        why=st.just("a test"),
    )


class Catalogue(dict[str, Exercise]):
    """Told by what speaks against each exercise: whole exercises would fill pages."""

    def __repr__(self) -> str:
        told = {name: [(c.tag, c.effect.value, c.alternative) for c in e.contraindications] for name, e in self.items()}
        other = {name: found for name, found in told.items() if self[name] is not CONTENT.exercises[name]}
        return f"Catalogue(without={sorted(set(NAMES) - set(self))}, with={other})"


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    """Ours, or one in which other things speak against some of the exercises, and some of them are missing."""
    changed = draw(st.dictionaries(st.sampled_from(NAMES), st.lists(contraindications(NAMES), max_size=3), max_size=12))
    gone = draw(st.one_of(st.just(set()), st.sets(st.sampled_from(NAMES), max_size=30)))
    return Catalogue(
        (name, exercise.model_copy(update={"contraindications": tuple(changed[name])}) if name in changed else exercise)
        for name, exercise in CONTENT.exercises.items()
        if name not in gone
    )


@lru_cache(4096)
def timed(exercise: str, level: int, place: int) -> int:
    language, pauses = CONTENT.languages["en"], CONTENT.planner.pauses
    guided = CONTENT.exercises[exercise]
    guide = Guide(place, guided, language, CONTENT.vocabulary, pauses, guided.dosage.at(level), ask_first=False)
    return sum(segment.duration_ms for segment in guide.segments())


def screened(exercises: Mapping[str, Exercise], given: Mapping[str, Answer], flags: tuple[str, ...] = ()) -> Screening:
    held = bool(CONTENT.screening.unanswered(given))
    return screen(CONTENT.screening, CONTENT.red_flags, exercises, given, flags, held=held)


def decided(
    wish: Wish,
    given: Mapping[str, Answer] = ALL_NO,
    flags: tuple[str, ...] = (),
    exercises: Mapping[str, Exercise] = CONTENT.exercises,
) -> Decision:
    screening = screened(exercises, given, flags)
    return Planning(
        wish,
        screening,
        exercises,
        CONTENT.vocabulary,
        CONTENT.planner,
        lambda exercise, level, place: timed(exercise.id, level, place),
    ).decide()


def names(decision: Decision) -> list[str]:
    return [pick.exercise for pick in decision.picks]
