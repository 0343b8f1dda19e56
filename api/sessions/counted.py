"""What counts of a session: it follows from its row, its plan and its ratings alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from api.domain import trend
from api.domain.finished import Finished, Lived, noted_of
from api.domain.pain import Rating, change
from api.domain.practice import (
    ExerciseDone,
    Pause,
    Status,
    StepDone,
    StepResult,
    StopReason,
    active_ms,
    exercises_done,
)
from api.sessions.plans import KeptPlan


def finished_of(row: Row[Any], plan: KeptPlan, ratings: tuple[Rating, ...]) -> Finished:
    """Of a session that has ended."""
    record: Mapping[str, Any] = row.record or {}
    steps = record.get("steps", ())
    pauses = [Pause(pause["from_ms"], pause["to_ms"]) for pause in record.get("pauses", ())]
    return Finished(
        session=row.id,
        at=row.started_at,
        day=row.local_date,
        active_ms=active_ms(row.started_at, row.ended_at, pauses, plan.longest_ms),
        exercises=exercises_of(row.status, steps, plan),
        rating=trend.comparable(ratings),
        relieved=trend.is_relieved(ratings),
        counts=row.status == Status.COMPLETED,
        noted=noted_of(lived_of(row, steps, plan, ratings), plan.ladder),
    )


def lived_of(row: Row[Any], steps: Sequence[Mapping[str, Any]], plan: KeptPlan, ratings: tuple[Rating, ...]) -> Lived:
    """How a session that has ended went, for the ladders of its exercises."""
    done = ((plan.steps[step["step"]], step) for step in steps)
    return Lived(
        session=row.id,
        at=row.started_at,
        day=row.local_date,
        ended_at=row.ended_at,
        is_completed=row.status == Status.COMPLETED,
        reason=StopReason(row.reason) if row.reason else None,
        steps=[
            (planned.exercise, StepResult(step["result"]), StopReason(step["reason"]) if "reason" in step else None)
            for planned, step in done
            if planned.counted and planned.exercise
        ],
        ratings=ratings,
    )


def exercises_of(status: str, steps: Sequence[Mapping[str, Any]], plan: KeptPlan) -> tuple[ExerciseDone, ...]:
    """From the steps recorded. Where none is, completing says that every exercise was done, and stopping that none."""
    if not steps:
        return plan.all_done if status == Status.COMPLETED else ()
    done = ((step, plan.steps[step["step"]]) for step in steps)
    return exercises_done(
        tuple(
            StepDone(planned.exercise, StepResult(step["result"]), step.get("held_s", 0), step.get("reps", 0))
            for step, planned in done
            if planned.counted and planned.exercise
        )
    )


def outcome_of(finished: Finished, ratings: Sequence[Rating]) -> dict[str, Any]:
    """What the session shows of how it ended, beside its own members."""
    exercises = [{"exercise": e.exercise, "held_s": e.held_s, "reps": e.reps} for e in finished.exercises]
    return {"exercises": exercises, "pain_change": change(tuple(ratings))}
