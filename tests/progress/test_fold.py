"""The fold against a slow oracle: whatever is added and taken out, the kept rows are those of the rest."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine
from uuid_utils.compat import uuid7

from api.accounts.service import Lifetimes, open_account
from api.db.engines import engine_for
from api.domain.finished import Finished
from api.domain.judgement import Light
from api.domain.practice import ExerciseDone
from api.domain.progression import BEGIN, Noted, State, taken, text_of
from api.progress import fold
from api.progress.service import snapshot

MONDAY = date(2026, 11, 23)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
TARGET = 3
NAMES = ["hang", "shrug", "dog"]
exercises = st.lists(
    st.builds(ExerciseDone, st.sampled_from(NAMES), st.integers(0, 60), st.integers(0, 15)),
    max_size=3,
    unique_by=lambda done: done.exercise,
)
noted = st.dictionaries(
    st.sampled_from(NAMES),
    st.builds(
        Noted,
        st.just(UUID(int=0)),
        st.just(datetime(2026, 11, 23, tzinfo=UTC)),
        st.just(MONDAY),
        st.integers(0, 3),
        st.just(3),
        st.sampled_from([Light.GREEN, Light.GREEN, Light.GREEN, Light.AMBER, Light.STOP, None]),
        st.sampled_from([False, False, False, True]),
        st.sampled_from([False, False, True]),
    ),
    max_size=3,
)


def lived(
    day: int, minute: int, done: list[ExerciseDone], went: dict[str, Noted], told: tuple[Any, ...], *, counts: bool
) -> Finished:
    on = MONDAY + day * DAY
    at = datetime.combine(on, time(8, minute), UTC)
    session = uuid7()
    mine = {name: replace(one, session=session, at=at, day=on) for name, one in went.items()}
    rating, relieved, active_ms = told
    return Finished(session, at, on, active_ms, tuple(done), rating, relieved, counts, mine)


finished = st.builds(
    lived,
    st.integers(0, 17),
    st.integers(0, 3),
    exercises,
    noted,
    st.tuples(st.none() | st.integers(0, 10), st.none() | st.booleans(), st.integers(0, 600_000)),
    counts=st.sampled_from([True, True, True, False]),
)
histories = st.lists(
    st.tuples(st.sampled_from([True, True, False]), st.lists(finished, min_size=1, max_size=4)), max_size=15
)


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    engine = engine_for(database_url)
    yield engine
    engine.dispose()


def expected(user_id: UUID, sessions: list[Finished]) -> list[list[tuple[object, ...]]]:
    """Counted from all sessions at once, the slow way."""
    counted = [session for session in sessions if session.counts]
    by_day = Counter(session.day for session in counted)
    rated = [(session.day, session.rating) for session in counted if session.rating is not None]
    active = sum(session.active_ms for session in counted)
    ladders, practices = climbed(user_id, sessions)
    return [
        [(user_id, len(counted), active, len(rated))] if counted else [],
        [(user_id, d, by_day[d], sum(s.active_ms for s in counted if s.day == d)) for d in sorted(by_day)],
        [(user_id, *run) for run in runs_of(set(by_day), DAY)],
        ladders,
        practices,
        [
            (user_id, day, len(values), sum(values))
            for day in sorted(by_day)
            if (values := [value for other, value in rated if other == day])
        ],
        *weeks_of(user_id, counted),
    ]


def climbed(user_id: UUID, sessions: list[Finished]) -> tuple[list[Any], list[Any]]:
    ladders, practices = [], []
    for name in sorted(NAMES):
        state, latest, totals = BEGIN, None, [0, 0, 0, 0, 0]
        days: list[date] = []
        for session in sorted(sessions, key=lambda s: (s.day, s.at, s.session)):
            done = [each for each in session.exercises if each.exercise == name and session.counts]
            went = session.noted.get(name)
            if done or went:
                practices.append(practice_row(user_id, name, session, done, state))
            for each in done:
                relieved = [session.relieved] if session.relieved is not None else []
                more = (1, each.held_s, each.reps, len(relieved), sum(relieved))
                totals = [before + one for before, one in zip(totals, more, strict=True)]
                days.append(session.day)
            if went:
                state, latest = taken(state, went), session.at
        if totals[0] or state != BEGIN:
            ladders.append((user_id, name, *totals, max(days, default=None), latest, text_of(state)))
    return ladders, practices


def practice_row(user_id: UUID, name: str, session: Finished, done: list[ExerciseDone], before: State) -> Any:
    went = session.noted.get(name)
    told = (went.rung, went.top, went.seen, went.flared, went.part) if went else (None,) * 5
    relieved = session.relieved if done else None
    return (
        user_id,
        name,
        session.day,
        session.at,
        session.session,
        bool(done),
        relieved,
        *told,
        text_of(before if went else BEGIN),
    )


def weeks_of(user_id: UUID, counted: list[Finished]) -> tuple[list[Any], list[Any]]:
    weeks = Counter(session.day - session.day.weekday() * DAY for session in counted)
    met = {monday for monday, number in weeks.items() if number >= TARGET}
    states = {monday: "met" if monday in met else "missed" for monday in weeks}
    stretches = [(user_id, first, last, (last - first) // WEEK + 1) for first, last in runs_of(met, WEEK)]
    return [(user_id, monday, weeks[monday], states[monday]) for monday in sorted(weeks)], stretches


def runs_of(days: set[date], step: timedelta) -> list[tuple[date, date]]:
    firsts = sorted(day for day in days if day - step not in days)
    lasts = sorted(day for day in days if day + step not in days)
    return list(zip(firsts, lasts, strict=True))


def somebody(db: Connection) -> UUID:
    chosen = {"zone": "UTC", "language": "en", "weekly_target": TARGET, "day_cutoff_min": 0}
    now = datetime(2026, 11, 23, tzinfo=UTC)
    opened = open_account(db, settings=chosen, consents=(), app=None, lifetimes=Lifetimes(DAY, DAY), now=now)
    return opened.account.id


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories)
def test_any_history_of_adding_and_taking_out_ends_as_if_only_the_rest_had_been(
    engine: Engine, history: list[tuple[bool, list[Finished]]]
) -> None:
    kept: list[Finished] = []
    with engine.connect() as db, db.begin() as transaction:
        user_id = somebody(db)
        for adds, sessions in history:
            if adds:
                fold.apply(db, user_id=user_id, revision=1, sessions=sessions)
                kept += sessions
            elif kept:
                fold.take_out(db, user_id=user_id, revision=1, session=kept.pop(len(kept) // 2))
            assert snapshot(db, user_id=user_id) == expected(user_id, kept)
        transaction.rollback()


def test_people_do_not_mix(engine: Engine) -> None:
    with engine.connect() as db:
        assert snapshot(db, user_id=uuid7()) == expected(uuid7(), [])
