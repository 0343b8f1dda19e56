"""`/v1/me/progress`."""

from typing import Annotated

from fastapi import Path, Query, Response

from api.accounts.caller import ReadsProgress, WritesProfile
from api.accounts.refusals import ScopeMissing
from api.catalogue.loaded import LoadedContent
from api.domain.errors import NotFound
from api.progress import freezes, levels, pain, schemas, service
from api.progress.rendering import days_of, exercises_of, overview_of, weeks_of
from api.web.problems import problems
from api.web.routing import Router
from api.web.wire import Day, Id, Slug

EXAMPLE_FREEZE = "01938a3e-7c00-7000-8000-00000000f0e1"
FirstDay = Annotated[Day | None, Query(description="By default 27 days before the last.")]
LastDay = Annotated[Day | None, Query(description="By default today, by the person's zone and cut-off.")]

FreezeId = Annotated[Id, Path(alias="id", openapi_examples={"minted": {"value": EXAMPLE_FREEZE}})]

freezes_router = Router(prefix="/v1/me/freezes", tags=["progress"], responses=problems(ScopeMissing))
router = Router(prefix="/v1/me/progress", tags=["progress"], responses=problems(ScopeMissing))


@router.get("")
async def read_progress(caller: ReadsProgress) -> schemas.Progress:
    """Weeks on target, this week, done against planned over 28 days, days in a row, and totals.

    Rest days, frozen days and days under a lock neither break nor add to the weeks on target. `sessions_at` beside a
    number lists exactly the sessions that it counts.
    """
    return overview_of(await caller.read(service.overview, now=caller.now))


@router.get("/days", responses=problems(service.DaysOutOfRange))
async def list_progress_days(
    caller: ReadsProgress, first_day: FirstDay = None, last_day: LastDay = None
) -> schemas.ProgressDays:
    """The days that had a completed session, for a calendar."""
    return days_of(await caller.read(service.list_days, first=first_day, last=last_day, now=caller.now))


@router.get("/weeks", responses=problems(service.DaysOutOfRange))
async def list_progress_weeks(
    caller: ReadsProgress, first_day: FirstDay = None, last_day: LastDay = None
) -> schemas.ProgressWeeks:
    """Week by week what was done, what was asked, and whether it was met; for a chart."""
    return weeks_of(await caller.read(service.list_weeks, first=first_day, last=last_day, now=caller.now))


@router.get("/exercises")
async def list_progress_exercises(caller: ReadsProgress) -> schemas.ProgressExercises:
    """What was done of each exercise."""
    return exercises_of(await caller.read(service.list_exercises))


@router.get("/levels")
async def list_progress_levels(caller: ReadsProgress, content: LoadedContent) -> schemas.ProgressLevels:
    """Level and next dose of each exercise, the rule that set them, and the sessions on which that rests.

    A session started at the level `auto` follows them.
    """
    found = await caller.read(levels.read_levels, content=content, now=caller.now)
    return schemas.ProgressLevels.model_validate(found)


@router.get("/levels/{exercise}", responses=problems(NotFound, service.DaysOutOfRange))
async def list_progress_level_days(
    exercise: Annotated[Slug, Path(openapi_examples={"hang": {"value": "pull-up-bar-hang"}})],
    caller: ReadsProgress,
    content: LoadedContent,
    first_day: FirstDay = None,
    last_day: LastDay = None,
) -> schemas.ProgressLevelDays:
    """The level of one exercise over time, for a chart."""
    days = await caller.read(
        levels.list_level_days, content=content, exercise=exercise, first=first_day, last=last_day, now=caller.now
    )
    return schemas.ProgressLevelDays.model_validate(days)


@router.get("/pain", responses=problems(service.DaysOutOfRange))
async def read_progress_pain(
    caller: ReadsProgress, first_day: FirstDay = None, last_day: LastDay = None
) -> schemas.ProgressPain:
    """Pain over time: the trend of weeks, the days for a chart, and after which exercises it was lower.

    A completed session counts by the worst place rated before it began; one that ended before its time does not count.
    The trend and the relief are those of the whole history. One rating never makes a verdict: single ratings vary by up
    to 4 points where nothing has changed.
    """
    told = await caller.read(pain.read_pain, first=first_day, last=last_day, now=caller.now)
    return schemas.ProgressPain.model_validate(told)


@freezes_router.get("")
async def list_freezes(caller: ReadsProgress) -> schemas.Freezes:
    """The days that the person has frozen."""
    return schemas.Freezes.model_validate({"items": await caller.read(freezes.list_freezes)})


@freezes_router.put("/{id}", responses=problems(freezes.FreezeTooLong, freezes.FreezeDeleted))
async def put_freeze(freeze_id: FreezeId, freeze: schemas.FreezePut, caller: WritesProfile) -> schemas.Freeze:
    """Freezes days under an id minted on the device, or changes them; the same again changes nothing.

    They may lie in the past. Frozen days neither break nor add to the weeks on target, and none is due on them.
    """
    wanted = freezes.Freeze(freeze.first_day, freeze.last_day, freeze.reason)
    kept = await caller.write(freezes.put_freeze, freeze_id=freeze_id, freeze=wanted, now=caller.now)
    return schemas.Freeze.model_validate(kept)


@freezes_router.delete("/{id}", status_code=204, responses=problems(freezes.FreezeNotFound))
async def delete_freeze(freeze_id: FreezeId, caller: WritesProfile) -> Response:
    """The days count again as if they had never been frozen. Deleting again changes nothing."""
    await caller.write(freezes.delete_freeze, freeze_id=freeze_id, now=caller.now)
    return Response(status_code=204)
