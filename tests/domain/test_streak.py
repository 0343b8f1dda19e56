from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from api.domain.streak import DAY, Run, days_in_a_row, joined, parted

MONDAY = date(2026, 11, 23)
days = st.integers(0, 20).map(lambda n: MONDAY + timedelta(days=n))


def runs_of(present: set[date]) -> set[Run]:
    """The slow way: a run for each day that has none before it, followed as long as it goes."""
    found = set()
    for first in (day for day in present if day - DAY not in present):
        last = first
        while last + DAY in present:
            last += DAY
        found.add(Run(first, last))
    return found


@given(st.lists(st.tuples(st.booleans(), days), max_size=60))
def test_joining_and_parting_in_any_order_keeps_the_runs_that_the_days_make(history: list[tuple[bool, date]]) -> None:
    present: set[date] = set()
    runs: set[Run] = set()
    for adds, day in history:
        if adds and day not in present:
            present.add(day)
            new = joined(day, tuple(runs))
            runs = {run for run in runs if not new.first <= run.first <= new.last} | {new}
        elif not adds and day in present:
            present.remove(day)
            run = next(run for run in runs if run.first <= day <= run.last)
            runs = (runs - {run}) | set(parted(day, run))
        assert runs == runs_of(present)


def test_days_in_a_row_reach_today_or_yesterday_and_end_after_that() -> None:
    run = Run(MONDAY, MONDAY + 2 * DAY)
    assert days_in_a_row(run, MONDAY + 2 * DAY) == 3
    assert days_in_a_row(run, MONDAY + 3 * DAY) == 3
    assert days_in_a_row(run, MONDAY + 4 * DAY) == 0
    assert days_in_a_row(None, MONDAY) == 0


def test_a_session_dated_tomorrow_by_travel_still_counts() -> None:
    assert days_in_a_row(Run(MONDAY, MONDAY + DAY), MONDAY) == 2
