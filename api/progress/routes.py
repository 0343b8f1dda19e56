"""`/v1/me/progress`."""

from typing import Annotated

from fastapi import Query

from api.accounts.caller import ReadsProgress
from api.accounts.refusals import ScopeMissing
from api.progress import schemas, service
from api.web.problems import problems
from api.web.routing import Router
from api.web.wire import Day

router = Router(prefix="/v1/me/progress", tags=["progress"], responses=problems(ScopeMissing))


@router.get("")
async def read_progress(caller: ReadsProgress) -> schemas.Progress:
    """Totals, this week against the target, and days in a row."""
    return schemas.Progress.model_validate(await caller.read(service.summarise, now=caller.now))


@router.get("/days", responses=problems(service.DaysOutOfRange))
async def list_progress_days(
    caller: ReadsProgress,
    first_day: Annotated[Day | None, Query(description="By default 27 days before the last.")] = None,
    last_day: Annotated[Day | None, Query(description="By default today, by the person's zone and cut-off.")] = None,
) -> schemas.ProgressDays:
    """The days that had a completed session, for a calendar."""
    days = await caller.read(service.list_days, first=first_day, last=last_day, now=caller.now)
    return schemas.ProgressDays.model_validate(days)


@router.get("/exercises")
async def list_progress_exercises(caller: ReadsProgress) -> schemas.ProgressExercises:
    """What was done of each exercise."""
    return schemas.ProgressExercises.model_validate({"items": await caller.read(service.list_exercises)})
