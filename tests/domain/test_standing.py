"""How long answers count, and what ends it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.domain.questionnaire import Answer
from api.domain.standing import Answered, Hold, Standing, expires, hold, is_valid, valid_until
from tests.content.loaded import CONTENT

QUESTIONNAIRE = CONTENT.screening
COMPLETE = {question.id: Answer.NO for question in QUESTIONNAIRE.questions}
DAY = timedelta(days=1)
AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def given(answers: dict[str, Answer] = COMPLETE, version: str = QUESTIONNAIRE.version, **more: Any) -> Standing:
    return Standing(Answered(version, answers, (), AT), **more)


def test_answers_count_for_28_days_after_they_were_last_used() -> None:
    assert expires(AT, None, idle_days=28) == AT + 28 * DAY
    assert expires(AT, AT + 20 * DAY, idle_days=28) == AT + 48 * DAY
    assert expires(AT, AT - 20 * DAY, idle_days=28) == AT + 28 * DAY


@pytest.mark.parametrize("standing", [given(session_at=AT + 27 * DAY), given(confirmed_at=AT + 27 * DAY)])
def test_practising_and_confirming_carry_them_on(standing: Standing) -> None:
    assert valid_until(standing, QUESTIONNAIRE) == AT + 55 * DAY
    assert is_valid(standing, QUESTIONNAIRE, AT + 54 * DAY)
    assert hold(standing, QUESTIONNAIRE, AT + 55 * DAY) is Hold.EXPIRED


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (Standing(), Hold.NO_SCREENING),
        (given(version="0.9.0"), Hold.QUESTIONNAIRE_CHANGED),
        (given({}), Hold.INCOMPLETE),
        (given(new_at=AT), Hold.ANYTHING_NEW),
        (given(new_at=AT - DAY), None),
        (given(version="1.9.0"), None),
    ],
)
def test_each_doubt_has_its_own_name(standing: Standing, reason: Hold | None) -> None:
    assert hold(standing, QUESTIONNAIRE, AT + DAY) is reason
    assert is_valid(standing, QUESTIONNAIRE, AT + DAY) is (reason is None)


@pytest.mark.parametrize(("after", "locked"), [(-1, False), (0, True), (1, True)])
def test_a_lock_lasts_until_the_questionnaire_is_answered_after_it(after: int, locked: bool) -> None:  # noqa: FBT001  a parameter of the table
    standing = given(locked_at=AT + after * timedelta(hours=1))
    assert standing.is_locked is locked
    assert is_valid(standing, QUESTIONNAIRE, AT + DAY) is not locked


def test_a_lock_needs_no_answers() -> None:
    assert Standing(locked_at=AT).is_locked


def test_what_is_settled_after_it_lifts_a_lock_and_counts_as_new() -> None:
    later, sooner = AT + timedelta(hours=1), AT - timedelta(hours=1)
    assert not Standing(locked_at=AT, settled_at=later).is_locked
    assert Standing(locked_at=AT, settled_at=AT).is_locked
    assert Standing(locked_at=AT, settled_at=sooner).is_locked
    settled = given(locked_at=AT + timedelta(minutes=1), settled_at=later)
    assert (settled.is_locked, settled.signs_are_settled) == (False, True)
    assert hold(settled, QUESTIONNAIRE, AT + DAY) is Hold.ANYTHING_NEW
    answered_since = given(locked_at=sooner, settled_at=sooner)
    assert (answered_since.signs_are_settled, hold(answered_since, QUESTIONNAIRE, AT + DAY)) == (False, None)
