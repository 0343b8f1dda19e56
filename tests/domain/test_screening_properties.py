"""What must hold for any answers and any catalogue, not only for ours."""

from hypothesis import given
from hypothesis import strategies as st

from api.domain.adaptation import adapt
from api.domain.caution import Effect
from api.domain.exercise import Exercise
from api.domain.questionnaire import Answer
from api.domain.screening import SAFE, STAYS, Permitted, Screening, ScreeningOutcome, screen
from tests.content.loaded import CONTENT
from tests.domain.planning import FLAGS, QUESTIONS, contraindications, full_answers

NAMES = [f"exercise-{number}" for number in range(6)]
BASE = CONTENT.exercises["pull-up-bar-hang"]
ASKED = {tag: question.id for question in QUESTIONS for tag in question.tags}
EXCLUDE = Permitted.EXCLUDE

any_answers = st.dictionaries(st.sampled_from([question.id for question in QUESTIONS]), st.sampled_from(Answer))
any_flags = st.lists(st.sampled_from(FLAGS), max_size=2).map(tuple)
few_flags = st.one_of(st.just(()), st.just(()), st.just(()), any_flags)


@st.composite
def catalogues(draw: st.DrawFn) -> dict[str, Exercise]:
    """Exercises that stand in for one another in every way, circles and all."""
    return {
        name: BASE.model_copy(
            update={
                "id": name,
                "easier": draw(st.none() | st.sampled_from(NAMES)),
                "contraindications": tuple(draw(st.lists(contraindications(NAMES), max_size=4))),
            }
        )
        for name in NAMES
    }


def screened(exercises: dict[str, Exercise], answers: dict[str, Answer], flags: tuple[str, ...] = ()) -> Screening:
    return screen(CONTENT.screening, CONTENT.red_flags, exercises, answers, flags)


@given(catalogues(), any_answers, few_flags)
def test_the_strongest_reason_decides_and_stands_first(
    exercises: dict[str, Exercise], answers: dict[str, Answer], flags: tuple[str, ...]
) -> None:
    for permission in screened(exercises, answers, flags).permissions.values():
        strengths = [reason.effect.strength for reason in permission.reasons]
        assert strengths == sorted(strengths, reverse=True)
        assert permission.effect == (permission.reasons[0].effect if permission.reasons else Permitted.ALLOW)


@given(catalogues(), any_answers, few_flags, st.sets(st.sampled_from([question.id for question in QUESTIONS])))
def test_a_yes_more_never_permits_more(
    exercises: dict[str, Exercise], answers: dict[str, Answer], flags: tuple[str, ...], turned: set[str]
) -> None:
    no = answers | dict.fromkeys(turned, Answer.NO)
    for other in (answers | dict.fromkeys(turned, Answer.YES), {q: a for q, a in no.items() if q not in turned}):
        before, after = screened(exercises, no, flags), screened(exercises, other, flags)
        for name in exercises:
            assert after.permissions[name].effect.strength >= before.permissions[name].effect.strength


@given(catalogues(), any_answers, few_flags, any_flags)
def test_a_sign_more_never_permits_more(
    exercises: dict[str, Exercise], answers: dict[str, Answer], flags: tuple[str, ...], more: tuple[str, ...]
) -> None:
    before, after = screened(exercises, answers, flags), screened(exercises, answers, (*flags, *more))
    for name in exercises:
        assert after.permissions[name].effect.strength >= before.permissions[name].effect.strength
    assert (after.outcome is ScreeningOutcome.STOP) >= bool(flags or more)


@given(catalogues(), any_answers, few_flags, st.lists(st.sampled_from(NAMES), min_size=1, max_size=6))
def test_a_swap_lands_on_what_is_safe_and_no_item_is_dropped(
    exercises: dict[str, Exercise], answers: dict[str, Answer], flags: tuple[str, ...], items: list[str]
) -> None:
    permissions = screened(exercises, answers, flags).permissions
    adapted = adapt(items, permissions)
    assert [item.planned for item in adapted] == items
    for item in adapted:
        if item.exercise is None:
            assert item.permission.effect not in STAYS
            assert item.covered_by is None or permissions[item.covered_by].effect in STAYS
        elif item.exercise != item.planned:
            assert permissions[item.exercise].effect in (SAFE if item.permission.effect is EXCLUDE else STAYS)
        else:
            assert item.permission.effect in STAYS
        done = permissions[item.exercise].effect if item.exercise else None
        assert item.asks_first == (done is Permitted.ASK)
    swapped_in = [item.exercise for item in adapted if item.exercise != item.planned and item.exercise]
    assert len(set(swapped_in)) == len(swapped_in)
    covering = {item.covered_by for item in adapted if item.covered_by}
    assert covering <= {item.exercise for item in adapted}


@given(catalogues(), full_answers, st.sets(st.sampled_from([question.id for question in QUESTIONS])))
def test_what_an_answer_takes_out_no_open_question_brings_back(
    exercises: dict[str, Exercise], answers: dict[str, Answer], opened: set[str]
) -> None:
    left = {question: a for question, a in answers.items() if a is Answer.YES or question not in opened}
    before, after = (adapt(NAMES, screened(exercises, given).permissions) for given in (answers, left))
    for item, same in zip(before, after, strict=True):
        if item.exercise != item.planned:
            assert same.exercise != same.planned


@given(catalogues(), st.one_of(full_answers, any_answers))
def test_where_an_answer_calls_for_an_easier_form_that_one_is_done_or_nothing(
    exercises: dict[str, Exercise], answers: dict[str, Answer]
) -> None:
    permissions = screened(exercises, answers).permissions
    for name, exercise in exercises.items():
        told = {c: c.effect for c in exercise.contraindications if answers.get(ASKED[c.tag]) is Answer.YES}
        easier = [c.alternative or exercise.easier for c, effect in told.items() if effect is Effect.REGRESS]
        [item] = adapt([name], permissions)
        if easier and permissions[name].reasons[0].red_flag is None and Effect.EXCLUDE not in told.values():
            assert item.exercise != name
            if all(easier) and any(permissions[form].effect in STAYS for form in easier if form and form != name):
                assert item.exercise


@given(catalogues(), any_answers)
def test_the_same_answers_give_the_same(exercises: dict[str, Exercise], answers: dict[str, Answer]) -> None:
    reordered = dict(reversed(answers.items()))
    assert screened(exercises, answers) == screened(exercises, reordered)
