"""A session that has ended, as progress takes it in: what counts of it, and how each exercise went."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from api.domain.judgement import exercise_at, ratings_of
from api.domain.pain import Rating
from api.domain.practice import ExerciseDone, StepResult, StopReason, result_of
from api.domain.progression import Felt, Noted, Practice, felt, noted


@dataclass(frozen=True, slots=True)
class Finished:
    """One session that has ended. Only a completed one `counts`; how its exercises went is noted of every one.

    `exercises` are those of which a part at least was done, `rating` the one that can be compared with those of other
    sessions, `relieved` whether pain was lower after; None where nothing was rated that tells. `noted` has what the
    ladder of each exercise takes in.
    """

    session: UUID
    at: datetime
    day: date
    active_ms: int
    exercises: tuple[ExerciseDone, ...]
    rating: int | None = None
    relieved: bool | None = None
    counts: bool = True
    noted: Mapping[str, Noted] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Played:
    """An exercise as a plan has it: the rung that it asks for, the top one, and whether it presses.

    `steps` are those of its steps that are work and that nobody may leave out.
    """

    rung: int
    top: int
    presses: bool
    steps: int


@dataclass(frozen=True, slots=True)
class Lived:
    """What a session tells of how it went. `steps` are those recorded that are work, in the order of the record."""

    session: UUID
    at: datetime
    day: date
    ended_at: datetime
    is_completed: bool
    reason: StopReason | None
    steps: Sequence[tuple[str, StepResult, StopReason | None]]
    ratings: tuple[Rating, ...]


def noted_of(lived: Lived, plan: Mapping[str, Played]) -> dict[str, Noted]:
    """How each exercise of the plan went that was practised at all.

    Where nothing was recorded, completing says that all of it was done, and ending before time that nothing was.
    """
    stopped = stopped_in(lived)
    pained = [exercise for exercise, reason in stopped.items() if reason.status is StopReason.PAIN.status]
    alone = {*pained, *(exercise_at(rating.step) for rating in lived.ratings if rating.step)}
    found: dict[str, Noted] = {}
    borne: dict[tuple[str | None, bool], Felt] = {}
    for exercise, result in results_in(lived, plan):
        played = plan[exercise]
        became = StepResult.STOPPED if exercise in stopped else result
        practice = Practice(lived.session, lived.at, lived.day, played.rung, became, stopped.get(exercise))
        rated = exercise if exercise in alone else None, played.presses
        if rated not in borne:
            ratings = ratings_of(rated[0], lived.ratings, pained)
            borne[rated] = felt(ratings, lived.ended_at, presses=played.presses)
        if told := noted(practice, played.top, borne[rated]):
            found[exercise] = told
    return found


def results_in(lived: Lived, plan: Mapping[str, Played]) -> Iterator[tuple[str, StepResult]]:
    for exercise in plan:
        results = [result for name, result, _ in lived.steps if name == exercise]
        if results:
            yield exercise, result_of(results + [StepResult.SKIPPED] * (len(results) < plan[exercise].steps))
        elif lived.is_completed and not lived.steps:
            yield exercise, StepResult.DONE


def stopped_in(lived: Lived) -> dict[str, StopReason]:
    """The exercises that were stopped, with the reason; without one it was pain.

    A session that was stopped for pain, and whose record names no stop, stopped what it was at: the exercise recorded
    last (ours).
    """
    stops = [(name, reason) for name, result, reason in lived.steps if result is StepResult.STOPPED]
    if not stops and lived.reason and lived.reason.status is StopReason.PAIN.status and lived.steps:
        stops = [(lived.steps[-1][0], lived.reason)]
    return {name: reason or StopReason.PAIN for name, reason in reversed(stops)}
