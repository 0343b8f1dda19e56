"""The rule from answers to permissions, on the real content."""

import pytest

from api.domain.caution import Urgency
from api.domain.exercise import Exercise
from api.domain.questionnaire import Answer
from api.domain.screening import Permitted, Reason, Screening, ScreeningOutcome, screen, unscreened
from tests.content.loaded import CONTENT
from tests.domain.exercises import DOG, HANG, NECK, SHRUG, validated
from tests.domain.planning import ALL_NO, QUESTIONS


def answered(*yes: str, red_flags: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> Screening:
    answers = ALL_NO | dict.fromkeys(yes, Answer.YES)
    kept = {question: answer for question, answer in answers.items() if question not in without}
    return screen(CONTENT.screening, CONTENT.red_flags, CONTENT.exercises, kept, red_flags)


def changed(name: str, **members: object) -> Exercise:
    return validated({**CONTENT.exercises[name].model_dump(mode="json", exclude_none=True), **members})


def contraindication(tag: str, effect: str, alternative: str | None = None) -> dict[str, str | None]:
    return {"tag": tag, "effect": effect, "alternative": alternative, "by": "ours", "why": "a test"}


def test_no_to_everything_is_clear_and_allows_every_exercise() -> None:
    screening = answered()
    assert (screening.outcome, screening.unanswered, screening.care) == (ScreeningOutcome.CLEAR, (), None)
    assert {permission.effect for permission in screening.permissions.values()} == {Permitted.ALLOW}


def test_a_yes_excludes_with_the_question_the_tag_and_the_source() -> None:
    screening = answered("wrist-or-grip")
    dog = screening.permissions[DOG]
    assert screening.outcome is ScreeningOutcome.ADAPT
    assert (dog.effect, dog.alternative) == (Permitted.EXCLUDE, SHRUG)
    assert dog.reasons == (
        Reason(
            Permitted.EXCLUDE,
            by="yoga-london-down-dog",
            question="wrist-or-grip",
            answer=Answer.YES,
            tag="wrist_pain",
            alternative=SHRUG,
        ),
    )
    assert screening.permissions[NECK].effect is Permitted.ALLOW


def test_an_open_question_counts_as_ask_whatever_a_yes_would_do() -> None:
    screening = answered(without=("pressure",))
    assert screening.unanswered == ("pressure",)
    assert {screening.permissions[name].effect for name in (HANG, DOG)} == {Permitted.ASK}
    assert screening.permissions[DOG].reasons[0].answer is None


def test_a_state_that_nobody_asks_about_counts_as_ask() -> None:
    odd = changed(SHRUG, contraindications=[contraindication("never_asked", "exclude")])
    screening = screen(CONTENT.screening, CONTENT.red_flags, {odd.id: odd}, ALL_NO)
    assert screening.permissions[SHRUG].effect is Permitted.ASK


@pytest.mark.parametrize("question", [question.id for question in QUESTIONS if question.asks_first])
def test_what_has_no_sourced_rule_asks_a_professional_before_anything(question: str) -> None:
    screening = answered(question)
    assert screening.outcome is ScreeningOutcome.ADAPT
    assert {permission.effect for permission in screening.permissions.values()} == {Permitted.ASK}
    assert screening.care
    assert screening.care.urgency is Urgency.ROUTINE


def test_a_sign_of_the_card_stops_everything_with_the_most_urgent_care() -> None:
    screening = answered(red_flags=("weight-loss-night-sweats", "chest-or-breath"))
    assert screening.outcome is ScreeningOutcome.STOP
    assert {(p.effect, p.alternative) for p in screening.permissions.values()} == {(Permitted.EXCLUDE, None)}
    assert screening.care
    assert screening.care.urgency is Urgency.EMERGENCY
    assert screening.care.signs == ("weight-loss-night-sweats", "chest-or-breath")


def test_a_sign_that_the_card_does_not_know_is_taken_for_the_most_urgent() -> None:
    screening = answered(red_flags=("from-another-card",))
    assert screening.care
    assert (screening.care.urgency, screening.care.signs) == (Urgency.EMERGENCY, ())


def test_an_answer_that_states_a_sign_stops_as_the_sign_does() -> None:
    screening = answered("neck-injury")
    assert screening.outcome is ScreeningOutcome.STOP
    assert screening.care
    assert screening.care.signs == ("head-or-neck-injury",)


def test_unscreened_only_what_loads_is_asked_about() -> None:
    permissions = unscreened(CONTENT.screening, CONTENT.exercises).permissions
    asked = {name for name, permission in permissions.items() if permission.effect is Permitted.ASK}
    assert asked == {name for name, exercise in CONTENT.exercises.items() if exercise.loads} >= {HANG, DOG}


def test_the_offers_of_an_unsafe_alternative_are_followed_to_a_safe_one() -> None:
    first = changed(DOG, contraindications=[contraindication("glaucoma", "exclude", HANG)])
    second = changed(HANG, contraindications=[contraindication("hypertension_uncontrolled", "ask", SHRUG)])
    last = changed(SHRUG, contraindications=[])
    exercises = {exercise.id: exercise for exercise in (first, second, last)}
    answers = ALL_NO | {"pressure": Answer.YES}
    permissions = screen(CONTENT.screening, CONTENT.red_flags, exercises, answers).permissions
    assert permissions[DOG].alternative == SHRUG


def test_nothing_stands_in_where_one_of_the_deciding_reasons_names_nothing() -> None:
    both = [contraindication("wrist_pain", "exclude", SHRUG), contraindication("acute_back_injury", "exclude")]
    exercises = {DOG: changed(DOG, contraindications=both), SHRUG: CONTENT.exercises[SHRUG]}
    answers = ALL_NO | {"wrist-or-grip": Answer.YES}
    one = screen(CONTENT.screening, CONTENT.red_flags, exercises, answers)
    two = screen(CONTENT.screening, CONTENT.red_flags, exercises, answers | {"back-injury": Answer.YES})
    assert (one.permissions[DOG].alternative, two.permissions[DOG].alternative) == (SHRUG, None)


def test_regressing_goes_to_the_easier_form() -> None:
    hang = changed(HANG, easier=SHRUG, contraindications=[contraindication("fall_risk", "regress")])
    exercises = {HANG: hang, SHRUG: CONTENT.exercises[SHRUG]}
    answers = ALL_NO | {"floor-or-falls": Answer.YES}
    permission = screen(CONTENT.screening, CONTENT.red_flags, exercises, answers).permissions[HANG]
    assert (permission.effect, permission.alternative) == (Permitted.REGRESS, SHRUG)


@pytest.mark.parametrize(
    ("left_open", "instead"), [("dizziness", "scapular-squeeze"), ("under-18", "chin-tuck-seated")]
)
def test_an_open_question_does_not_hide_that_an_easier_form_is_called_for(left_open: str, instead: str) -> None:
    permissions = answered("floor-or-falls", without=(left_open,)).permissions
    lying, easier = permissions["chin-tuck-supine"], permissions["chin-tuck-seated"]
    assert {reason.effect for reason in lying.reasons} == {Permitted.REGRESS, Permitted.ASK}
    assert easier.effect is Permitted.ASK
    assert (lying.effect, lying.alternative) == (Permitted.REGRESS, instead), "what is safe comes first"


def test_nothing_to_be_asked_about_stands_in_for_what_is_ruled_out() -> None:
    dog = answered("wrist-or-grip", without=("under-18",)).permissions[DOG]
    assert (dog.effect, dog.alternative) == (Permitted.EXCLUDE, None)
