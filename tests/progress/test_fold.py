"""The fold against a slow oracle: whatever is added and taken out, the kept rows are those of the rest."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from uuid_utils.compat import uuid7

from api.accounts.service import Lifetimes, open_account
from api.db.engines import engine_for
from api.domain.practice import ExerciseDone, Finished
from api.progress import fold
from api.progress.service import snapshot

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
exercises = st.lists(
    st.builds(ExerciseDone, st.sampled_from(["hang", "shrug", "dog"]), st.integers(0, 60), st.integers(0, 15)),
    max_size=3,
    unique_by=lambda done: done.exercise,
)
finished = st.builds(
    Finished,
    st.integers(0, 9).map(lambda n: MONDAY + n * DAY),
    st.integers(0, 600_000),
    exercises.map(tuple),
    st.none() | st.integers(0, 10),
    st.none() | st.booleans(),
)
histories = st.lists(st.tuples(st.booleans(), finished), max_size=25)


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    engine = engine_for(database_url)
    yield engine
    engine.dispose()


def expected(user_id: UUID, sessions: list[Finished]) -> list[list[tuple[object, ...]]]:
    """Counted from all sessions at once, the slow way."""
    if not sessions:
        return [[], [], [], [], [], [], []]
    by_day = Counter(session.day for session in sessions)
    active = Counter[date]()
    done: list[tuple[str, date, ExerciseDone]] = []
    for session in sessions:
        active[session.day] += session.active_ms
        done += [(each.exercise, session.day, each) for each in session.exercises]
    names = sorted({name for name, _, _ in done})
    rated = [(session.day, session.rating) for session in sessions if session.rating is not None]
    of = {name: [(day, each) for other, day, each in done if other == name] for name in names}
    return [
        [(user_id, len(sessions), sum(active.values()), len(rated))],
        [(user_id, day, by_day[day], active[day]) for day in sorted(by_day)],
        [(user_id, *run) for run in runs_of(set(by_day))],
        [(user_id, name, *totals(of[name]), max(day for day, _ in of[name])) for name in names],
        [
            (user_id, name, day, *totals([pair for pair in of[name] if pair[0] == day]))
            for name in names
            for day in sorted({day for day, _ in of[name]})
        ],
        [
            (user_id, day, len(values), sum(values))
            for day in sorted(by_day)
            if (values := [value for other, value in rated if other == day])
        ],
        [(user_id, name, len(told), sum(told)) for name in names if (told := reliefs_of(name, sessions))],
    ]


def totals(done: list[tuple[date, ExerciseDone]]) -> tuple[int, int, int]:
    return len(done), sum(each.held_s for _, each in done), sum(each.reps for _, each in done)


def reliefs_of(name: str, sessions: list[Finished]) -> list[bool]:
    told = [(session.exercises, session.relieved) for session in sessions if session.relieved is not None]
    return [relieved for exercises, relieved in told if name in {done.exercise for done in exercises}]


def runs_of(days: set[date]) -> list[tuple[date, date]]:
    firsts = sorted(day for day in days if day - DAY not in days)
    lasts = sorted(day for day in days if day + DAY not in days)
    return list(zip(firsts, lasts, strict=True))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories)
def test_any_history_of_adding_and_taking_out_ends_as_if_only_the_rest_had_been(
    engine: Engine, history: list[tuple[bool, Finished]]
) -> None:
    kept: list[Finished] = []
    with engine.connect() as db, db.begin() as transaction:
        lifetimes = Lifetimes(DAY, DAY)
        chosen = {"zone": "UTC", "language": "en", "weekly_target": 3, "day_cutoff_min": 0}
        opened = open_account(
            db, settings=chosen, consents=(), app=None, lifetimes=lifetimes, now=datetime(2026, 11, 23, tzinfo=UTC)
        )
        user_id = opened.account.id
        for adds, session in history:
            if adds:
                fold.apply(db, user_id=user_id, sessions=[session])
                kept.append(session)
            elif kept:
                fold.take_out(db, user_id=user_id, session=kept.pop(len(kept) // 2))
            assert snapshot(db, user_id=user_id) == expected(user_id, kept)
        transaction.rollback()


def test_people_do_not_mix(engine: Engine) -> None:
    with engine.connect() as db:
        assert snapshot(db, user_id=uuid7()) == expected(uuid7(), [])
