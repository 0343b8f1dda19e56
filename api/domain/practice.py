"""Sessions in time: whose day a session belongs to, what state it is in, how long it counts, when the next is due."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far ahead of the server a device's clock may be."""
LATE_LIMIT = timedelta(days=30)
"""How long after its start a session may still be completed, and after its end its record be mended."""
LAPSE = timedelta(hours=24)
DAYS_A_WEEK = 7


class Status(StrEnum):
    ACTIVE = "active"
    COMPLETED = "completed"
    ABANDONED = "abandoned"
    STOPPED = "stopped"
    LAPSED = "lapsed"


class StopReason(StrEnum):
    """Why a session ended before its time. Pain and a red flag make it `stopped`, the others `abandoned`."""

    PAIN = "pain"
    RED_FLAG = "red_flag"
    TOO_HARD = "too_hard"
    NO_TIME = "no_time"
    NO_EQUIPMENT = "no_equipment"
    INTERRUPTED = "interrupted"
    OTHER = "other"

    @property
    def status(self) -> Status:
        return Status.STOPPED if self in {StopReason.PAIN, StopReason.RED_FLAG} else Status.ABANDONED


class StepResult(StrEnum):
    DONE = "done"
    PARTIAL = "partial"
    SKIPPED = "skipped"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Pause:
    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True)
class StepDone:
    """One step as it was done; `held_s` and `reps` are what the person did, not what the plan asked."""

    exercise: str
    result: StepResult
    held_s: int = 0
    reps: int = 0


@dataclass(frozen=True, slots=True)
class ExerciseDone:
    exercise: str
    held_s: int = 0
    reps: int = 0


class Rated(StrEnum):
    """Which ratings a session has: before it began, or before and after at one place at least."""

    BEFORE = "before"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which sessions are asked for; what is None does not narrow.

    `exercise` is one of the plan, `done` one that counts as done; `rated` of the completed ones those with ratings.
    """

    day: date | None = None
    first_day: date | None = None
    last_day: date | None = None
    exercise: str | None = None
    done: str | None = None
    rated: Rated | None = None
    status: Status | None = None


def local_date(at: datetime, zone: str, cutoff_min: int) -> date:
    """The day that a person would say it is: the local date, which begins `cutoff_min` minutes after midnight.

    The minutes are read off the wall clock, so that days of 23 and 25 hours begin at the same time as others.
    """
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return (wall - timedelta(minutes=cutoff_min)).date()


def around(day: date) -> tuple[datetime, datetime]:
    """Between which instants every session of that local date starts, whatever its zone and the cut-off.

    Zones are at most 14 hours ahead of UTC and 12 behind, and a day begins at noon at the latest.
    """
    midnight = datetime.combine(day, time(), UTC)
    earliest, latest = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    return midnight - min(timedelta(hours=14), midnight - earliest), midnight + min(
        timedelta(days=2), latest - midnight
    )


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the ISO week; the calendar's last one ends with it."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + min(timedelta(days=DAYS_A_WEEK - 1), date.max - monday)


def is_ahead(at: datetime, now: datetime) -> bool:
    return at > now + CLOCK_TOLERANCE


def is_too_old(at: datetime, now: datetime) -> bool:
    return at < now - LATE_LIMIT


def status_at(status: Status, touched_at: datetime, now: datetime) -> Status:
    """An active session that nobody touched for a day has lapsed; it can still be completed."""
    return Status.LAPSED if status is Status.ACTIVE and now - touched_at > LAPSE else status


def active_ms(started_at: datetime, ended_at: datetime, pauses: Iterable[Pause], longest_ms: int) -> int:
    """Time spent: from start to end without the pauses, and no more than the plan's longest run.

    The cap is ours: a phone left lying on the mat has not exercised. Overlapping pauses count once.
    """
    elapsed = max(0, round((ended_at - started_at).total_seconds() * 1000))
    paused, reached = 0, 0
    for pause in sorted(pauses, key=lambda pause: pause.from_ms):
        begin, end = max(pause.from_ms, reached), min(pause.to_ms, elapsed)
        paused += max(0, end - begin)
        reached = max(reached, end)
    return min(elapsed - paused, longest_ms)


def exercises_done(steps: tuple[StepDone, ...]) -> tuple[ExerciseDone, ...]:
    """What counts for each exercise of which at least a part was done, in the order of the record."""
    counted = [step for step in steps if step.result in {StepResult.DONE, StepResult.PARTIAL}]
    names = dict.fromkeys(step.exercise for step in counted)
    return tuple(
        ExerciseDone(
            name,
            held_s=sum(step.held_s for step in counted if step.exercise == name),
            reps=sum(step.reps for step in counted if step.exercise == name),
        )
        for name in names
    )


def result_of(steps: Collection[StepResult]) -> StepResult:
    """What became of an exercise whose steps became that: one that was stopped stops it, and all of them make it done.

    A step that a record does not name is skipped. Raises ValueError without any step.
    """
    if not steps:
        raise ValueError("an exercise has steps")
    if StepResult.STOPPED in steps:
        return StepResult.STOPPED
    results = set(steps)
    return results.pop() if len(results) == 1 else StepResult.PARTIAL


def next_due(last: date, weekly_target: int) -> date:
    """The next day to practise when the week's sessions are spread evenly (spacing is ours)."""
    return last + timedelta(days=max(1, DAYS_A_WEEK // weekly_target))
