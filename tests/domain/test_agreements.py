"""Of a consent, whatever the person said last counts."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from api.domain.permission import Agreement, in_force

START = datetime(2026, 11, 23, tzinfo=UTC)
MINUTES = st.integers(0, 20).map(lambda minutes: START + timedelta(minutes=minutes))


def agreed(given_at: int, withdrawn_at: int | None = None, consent: str = "health-data@1") -> Agreement:
    back = None if withdrawn_at is None else START + timedelta(minutes=withdrawn_at)
    return Agreement(consent, START + timedelta(minutes=given_at), back)


def test_what_was_never_taken_back_is_in_force() -> None:
    assert in_force([agreed(1)]) == {"health-data@1"}
    assert in_force([]) == frozenset()


def test_taken_back_and_given_again_is_in_force() -> None:
    assert in_force([agreed(1, 2), agreed(3)]) == {"health-data@1"}


def test_taken_back_elsewhere_later_is_not() -> None:
    assert in_force([agreed(1), agreed(0, 2)]) == frozenset()
    assert in_force([agreed(2), agreed(0, 2)]) == frozenset(), "at the same instant the careful reading counts"


def test_one_consent_says_nothing_of_another() -> None:
    assert in_force([agreed(1), agreed(0, 2, "research@1")]) == {"health-data@1"}


@given(st.lists(st.tuples(MINUTES, st.none() | MINUTES).map(lambda times: Agreement("health-data@1", *times))))
def test_it_is_in_force_just_where_it_was_given_after_all_that_took_it_back(agreements: list[Agreement]) -> None:
    backs = [a.withdrawn_at for a in agreements if a.withdrawn_at]
    open_ones = [a.given_at for a in agreements if a.withdrawn_at is None]
    expected = bool(open_ones) and (not backs or max(open_ones) > max(backs))
    assert bool(in_force(agreements)) is expected
