"""Whose day it is: on days of 23 and 25 hours, on days that are left out, far away, and after midnight."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.practice import around, local_date, week_of
from api.domain.streak import DAY, Run, days_in_a_row, joined

HALF_HOUR = timedelta(minutes=30)
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",  # the clocks go back to midnight
    "Asia/Beirut",  # and forward from midnight
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # by half an hour
    "Africa/Casablanca",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Niue",
]
zones = st.sampled_from(ZONES)
cutoffs = st.integers(0, 720)
instants = st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


@given(instants, zones, cutoffs)
def test_it_is_the_date_on_the_wall_or_the_one_before_it_until_the_cutoff(at: datetime, zone: str, cutoff: int) -> None:
    wall = at.astimezone(ZoneInfo(zone))
    early = wall.hour * 60 + wall.minute < cutoff
    assert local_date(at, zone, cutoff) == wall.date() - early * DAY


@given(instants, zones, cutoffs)
def test_whatever_the_zone_a_session_lies_among_the_instants_of_its_day(at: datetime, zone: str, cutoff: int) -> None:
    first, last = around(local_date(at, zone, cutoff))
    assert first <= at < last


@given(instants, zones, zones)
def test_two_zones_never_differ_by_more_than_two_days(at: datetime, here: str, there: str) -> None:
    assert abs(local_date(at, here, 0) - local_date(at, there, 0)) <= 2 * DAY


@pytest.mark.parametrize(
    ("zone", "day", "cutoff", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 0, 23),
        ("Europe/Berlin", date(2026, 3, 28), 180, 23),
        ("Europe/Berlin", date(2026, 3, 29), 180, 24),
        ("Europe/Berlin", date(2026, 10, 25), 0, 25),
        ("Europe/Berlin", date(2026, 10, 24), 180, 25),
        ("Australia/Lord_Howe", date(2026, 10, 4), 0, 23.5),
        ("Australia/Lord_Howe", date(2026, 4, 5), 0, 24.5),
        ("Pacific/Apia", date(2011, 12, 30), 0, 0),
    ],
)
def test_a_day_has_as_many_hours_as_the_clocks_give_it_and_none_is_lost(
    zone: str, day: date, cutoff: int, hours: float
) -> None:
    begin = datetime.combine(day - 2 * DAY, time(), UTC)
    dates = Counter(local_date(begin + n * HALF_HOUR, zone, cutoff) for n in range(5 * 48))
    assert dates[day] == 2 * hours


def day_by_day(at: time, zone: str, first: date, days: int) -> list[datetime]:
    """The same time on the wall of a zone, day after day."""
    return [datetime.combine(first + n * DAY, at, ZoneInfo(zone)).astimezone(UTC) for n in range(days)]


def in_a_row(dates: list[date]) -> int:
    run: Run | None = None
    for day in sorted(set(dates)):
        run = joined(day, (run,) if run else ())
    return days_in_a_row(run, max(dates))


@given(
    st.sampled_from([zone for zone in ZONES if zone != "Pacific/Apia"]),
    st.times(time(4), time(23, 59)),
    st.integers(0, 240),
    st.dates(date(2012, 1, 1), date(2029, 1, 1)),
)
def test_who_practises_at_the_same_time_every_day_misses_none_when_the_clocks_change(
    zone: str, at: time, cutoff: int, first: date
) -> None:
    dates = [local_date(instant, zone, cutoff) for instant in day_by_day(at, zone, first, 200)]
    assert dates == [first + n * DAY for n in range(200)]
    assert in_a_row(dates) == 200


@given(zones, st.dates(date(2012, 1, 1), date(2029, 1, 1)), st.lists(st.times(time(4)), min_size=1, max_size=5))
def test_several_sessions_of_a_day_are_one_day_in_a_row_and_lie_in_one_week(
    zone: str, day: date, times: list[time]
) -> None:
    dates = [local_date(instant, zone, 240) for at in times for instant in day_by_day(at, zone, day, 1)]
    assert set(dates) == {day}
    assert in_a_row(dates) == 1
    assert {week_of(date) for date in dates} == {week_of(day)}


def test_a_session_after_midnight_belongs_to_the_evening_before_and_to_its_week() -> None:
    monday_at_one = datetime(2026, 11, 23, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    sunday = local_date(monday_at_one, "Europe/Berlin", 180)
    assert sunday == date(2026, 11, 22)
    assert week_of(sunday)[1] == sunday


def test_flying_west_over_the_date_line_gives_a_date_twice_and_breaks_nothing() -> None:
    monday = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Pacific/Auckland"))
    dates = [
        local_date(monday, "Pacific/Auckland", 0),
        local_date(monday + timedelta(hours=23), "Pacific/Honolulu", 0),
        local_date(monday + timedelta(hours=47), "Pacific/Honolulu", 0),
    ]
    assert dates == [date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 24)]
    assert in_a_row(dates) == 2


def test_flying_east_over_it_leaves_a_date_out_and_the_week_has_its_sessions_all_the_same() -> None:
    monday = datetime(2026, 11, 23, 20, tzinfo=ZoneInfo("Pacific/Honolulu"))
    dates = [
        local_date(monday, "Pacific/Honolulu", 0),
        local_date(monday + timedelta(hours=24), "Pacific/Auckland", 0),
    ]
    assert dates == [date(2026, 11, 23), date(2026, 11, 25)]
    assert {week_of(day) for day in dates} == {week_of(date(2026, 11, 23))}
