"""Two standings of one person become one that permits nothing which either of them forbids."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.questionnaire import Answer
from api.domain.screening import Screening, screen
from api.domain.standing import UNKNOWN, Answered, Standing, hold, is_valid, stricter
from tests.content.loaded import CONTENT

START = datetime(2026, 10, 1, tzinfo=UTC)
AT = START + timedelta(days=60)
QUESTIONS = [question.id for question in CONTENT.screening.questions]
SIGNS = [flag.code for flag in CONTENT.red_flags.items]
INSTANTS = st.integers(0, 59).map(lambda days: START + timedelta(days=days))
VERSION = str(CONTENT.screening.version)
ANSWERED = st.builds(
    Answered,
    version=st.sampled_from([VERSION, "0.9"]),
    answers=st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(Answer)),
    red_flags=st.lists(st.sampled_from(SIGNS), max_size=1).map(tuple),
    answered_at=INSTANTS,
)
EVENTS = {name: st.none() | INSTANTS for name in ("confirmed_at", "session_at", "new_at", "locked_at", "settled_at")}
STANDINGS = st.builds(Standing, answered=st.none() | ANSWERED, **EVENTS)
SEVERITY = {"clear": 0, "adapt": 1, "stop": 2}


def screened(standing: Standing) -> Screening:
    answered = standing.answered
    answers, signs = (answered.answers, answered.red_flags) if answered else ({}, ())
    return screen(
        CONTENT.screening,
        CONTENT.red_flags,
        CONTENT.exercises,
        dict(answers),
        signs,
        held=hold(standing, CONTENT.screening, AT) is not None,
        settled=standing.signs_are_settled,
    )


def known(standing: Standing) -> bool:
    return standing.answered is not None


@settings(max_examples=40, deadline=None)
@given(STANDINGS, STANDINGS)
def test_nothing_that_either_forbids_is_permitted(one: Standing, other: Standing) -> None:
    both = stricter(one, other, AT)
    assert both.is_locked == (one.is_locked or other.is_locked)
    answered = [side for side in (one, other) if known(side)]
    if answered:
        assert is_valid(both, CONTENT.screening, AT) <= all(is_valid(side, CONTENT.screening, AT) for side in answered)
        worst = max(SEVERITY[screened(side).outcome] for side in answered)
        assert SEVERITY[screened(both).outcome] >= worst
    assert known(both) == bool(answered)


@settings(max_examples=40, deadline=None)
@given(STANDINGS, STANDINGS)
def test_it_does_not_matter_who_joins_whom(one: Standing, other: Standing) -> None:
    ways = [stricter(one, other, AT), stricter(other, one, AT)]
    told = [
        (way.is_locked, way.answered and dict(way.answered.answers), hold(way, CONTENT.screening, AT)) for way in ways
    ]
    assert told[0] == told[1]


def test_of_two_people_of_whom_nothing_is_known_nothing_is_known() -> None:
    assert stricter(UNKNOWN, UNKNOWN, AT) == UNKNOWN


def test_a_yes_stays_and_an_open_question_stays_open() -> None:
    first, second, third = QUESTIONS[:3]
    one = Answered("1.2", {first: Answer.YES, second: Answer.NO, third: Answer.NO}, (), START)
    other = Answered("1.10", {first: Answer.NO, third: Answer.NO}, (SIGNS[0],), START + timedelta(days=1))
    both = stricter(Standing(one), Standing(other), AT).answered
    assert both == Answered("1.2", {first: Answer.YES, third: Answer.NO}, (SIGNS[0],), START)
