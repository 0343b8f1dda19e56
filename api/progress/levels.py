"""Reading levels: where a person stands on each ladder, why, and how that went over time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import Connection

from api.accounts.service import read_settings
from api.catalogue.shelf import Content
from api.db.changes import After, Changed
from api.domain.dose import Dose
from api.domain.errors import NotFound
from api.domain.ladder import level_of
from api.domain.practice import local_date
from api.domain.progression import Advised, Course, Decision, Rise, State, rise_to_come, standing, state_of
from api.progress import ladders, queries
from api.progress.service import span_of
from api.routines.service import courses
from api.routines.service import ladders as doses_of


@dataclass(frozen=True, slots=True)
class Level:
    """Of one exercise, for a session that starts today."""

    exercise: str
    rung: int
    top: int
    level: int
    dose: Dose
    decision: Decision
    clean: int
    rises_on: date | None
    advised: tuple[Advised, ...]
    revision: int


@dataclass(frozen=True, slots=True)
class Levels:
    today: date
    items: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class LevelDay:
    """How one exercise stood when a session began, and the rung that was played in it."""

    day: date
    session: UUID
    rung: int
    level: int
    played: int
    decision: Decision


@dataclass(frozen=True, slots=True)
class LevelDays:
    exercise: str
    first_day: date
    last_day: date
    items: tuple[LevelDay, ...]


def read_levels(db: Connection, *, user_id: UUID, content: Content, now: datetime) -> Levels:
    """Of every exercise that was practised and is still served; any other begins at the lowest dose."""
    settings = read_settings(db, user_id=user_id)
    today = local_date(now, settings.zone, settings.day_cutoff_min)
    kept = ladders.read(db, user_id=user_id)
    practised = (name for name in content.exercises if name in kept and kept[name]["latest_at"])
    return Levels(today, tuple(level(content, kept[name], today) for name in practised))


def level(content: Content, kept: ladders.Kept, today: date) -> Level:
    name = kept["exercise"]
    course = courses(content)[name]
    on = standing(state_of(kept["state"]), today, course)
    return Level(
        exercise=name,
        rung=on.rung,
        top=course.top,
        level=level_of(on.rung, course.top),
        dose=doses_of(content)[name][on.rung],
        decision=on.decision,
        clean=on.clean,
        rises_on=on.rises_on,
        advised=tuple(served(content, on.advised)),
        revision=kept["revision"],
    )


def served(content: Content, advised: Iterable[Advised]) -> Iterable[Advised]:
    return (each for each in advised if each.exercise is None or each.exercise in content.exercises)


def rises_to_come(db: Connection, *, user_id: UUID, content: Content) -> Iterator[tuple[str, Rise]]:
    """By exercise, of those that are still served."""
    known = courses(content)
    for name, state in ladders.states(db, user_id=user_id).items():
        if name in known and (rise := rise_to_come(state, known[name])):
            yield name, rise


def list_level_days(
    db: Connection,
    *,
    user_id: UUID,
    content: Content,
    exercise: str,
    first: date | None,
    last: date | None,
    now: datetime,
) -> LevelDays:
    """How an exercise stood at each session of a span, by default the 28 days up to today.

    Raises NotFound, DaysOutOfRange.
    """
    if exercise not in content.exercises:
        raise NotFound("There is no such exercise.")
    settings = read_settings(db, user_id=user_id)
    begin, end = span_of(first, last, local_date(now, settings.zone, settings.day_cutoff_min))
    asked = {"user_id": user_id, "exercise": exercise, "first": begin, "last": end}
    rows = db.execute(queries.PRACTICES_BETWEEN, asked)
    items = (level_day(row.day, row.session_id, row.rung, row.top, state_of(row.before)) for row in rows)
    return LevelDays(exercise, begin, end, tuple(items))


def level_day(day: date, session: UUID, played: int, top: int, before: State) -> LevelDay:
    on = standing(before, day, Course(top))
    return LevelDay(day, session, on.rung, level_of(on.rung, top), played, on.decision)


@dataclass(frozen=True, slots=True)
class LevelKept:
    """What a ladder holds since its latest session; time changes it by the rules."""

    exercise: str
    sessions: int
    rung: int
    clean: int
    decision: Decision
    practised_on: date | None


def changes(db: Connection, *, user_id: UUID, after: After, limit: int) -> list[Changed]:
    """Exercises of which something changed; each has a key of its own name."""
    rows = ladders.read(db, user_id=user_id).values()
    found = [Changed(row["revision"], uuid5(NAMESPACE_OID, row["exercise"]), kept_level(row)) for row in rows]
    later = [one for one in found if (one.revision, one.key) > (after.revision, after.key)]
    return sorted(later, key=lambda one: (one.revision, one.key))[:limit]


def kept_level(kept: ladders.Kept) -> LevelKept:
    state = state_of(kept["state"])
    practised_on = state.last.day if state.last else None
    return LevelKept(kept["exercise"], kept["sessions"], state.rung, len(state.clean), state.decision, practised_on)
