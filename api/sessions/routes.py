"""`/v1/sessions`."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query, Response

from api.accounts.caller import ReadsSessions, WritesSessions
from api.accounts.refusals import ConsentRequired, ScopeMissing
from api.catalogue.loaded import LoadedContent
from api.catalogue.shelf import Content
from api.domain.errors import TimeAhead
from api.domain.judgement import calls_for_gentle
from api.domain.practice import HistoryFilter, Rated, Status
from api.routines.service import offered
from api.screening import service as screening
from api.screening.refusals import ScreeningStop
from api.sessions import ending, recording, schemas, service, stopping
from api.sessions.documents import GOING_ON, showing_session
from api.sessions.keeping import SessionView
from api.sessions.planning import Asked, plan_in
from api.sessions.refusals import (
    EndBeforeStart,
    NoSafeForm,
    PlanUnknown,
    RatingRepeated,
    RecordContradicts,
    RoutineUnknown,
    SessionDeleted,
    SessionDiffers,
    SessionEnded,
    SessionNotFound,
    TimeTooOld,
)
from api.sessions.rendering import (
    abandoned_of,
    abandonment_of,
    completion_of,
    record_of,
    recorded_of,
    session_response,
    start_of,
    state_of,
    state_shown,
    summary_of,
)
from api.web.paging import CursorUnknown, PageLimit, cursor_of, paged
from api.web.problems import problems
from api.web.routing import Router
from api.web.wire import Day, Id, Slug, Text

router = Router(prefix="/v1/sessions", tags=["sessions"], responses=problems(ScopeMissing))

SessionId = Annotated[Id, Path(alias="id", openapi_examples={"started": {"value": schemas.EXAMPLE_ID}})]
MISSING = (SessionNotFound, SessionDeleted)
RECORDING = (RecordContradicts, RatingRepeated, TimeAhead, TimeTooOld)


@router.post(
    "",
    status_code=201,
    response_model=schemas.Session,
    responses={
        200: {
            "model": schemas.Session,
            "description": "The same request came before: this is its session.",
            "links": GOING_ON,
        },
        201: {"description": "The session has started.", "links": GOING_ON},
        **showing_session(
            SessionDiffers,
            RoutineUnknown,
            PlanUnknown,
            NoSafeForm,
            RatingRepeated,
            TimeAhead,
            TimeTooOld,
            SessionDeleted,
            ScreeningStop,
            ConsentRequired,
            ScopeMissing,
        ),
    },
)
async def start_session(session: schemas.SessionCreate, caller: WritesSessions, content: LoadedContent) -> Response:
    """Starts a guided session on a routine or on a planned one, and gives its timeline.

    Mint the id on the device, and the request may be repeated until an answer arrives. The level is held at 0 as
    long as no safety screening of the person counts. With the level `auto` each exercise gets the dose of the person's
    own level, and `plan.doses` says by which rule. Where a place is rated 6 or more before, the gentle routine is done
    instead, and `plan.instead_of` says of what. What the answers exclude is swapped or left out; `plan` says so
    and why. Under an answer or a report that calls for care no session starts: 403 `screening-stop` comes with `care`.
    """
    with state_shown(caller.now):
        wanted = start_of(session)
        hurts = calls_for_gentle(wanted.pain_before)
        follows = Asked(session.followed, wanted.level, planned=bool(session.plan), hurts=hurts)
        plan = partial(plan_in, content, follows)
        view, new = await caller.write(service.start, wanted=wanted, plan_in=plan, now=caller.now)
    return session_response(view, caller.now, 201 if new else 200)


@router.get("", responses=problems(CursorUnknown))
async def list_sessions(
    caller: ReadsSessions,
    limit: PageLimit = 20,
    cursor: Annotated[Text | None, Query(max_length=200, description="`next` of the page before.")] = None,
    day: Annotated[Day | None, Query(description="Only sessions of this local date.")] = None,
    first_day: Annotated[Day | None, Query(description="Only sessions of this local date and after it.")] = None,
    last_day: Annotated[Day | None, Query(description="Only sessions of this local date and before it.")] = None,
    exercise: Annotated[Slug | None, Query(description="Only sessions whose plan has this exercise.")] = None,
    done: Annotated[Slug | None, Query(description="Only completed sessions that count this exercise.")] = None,
    rated: Annotated[
        Rated | None, Query(description="Only completed sessions rated before, or at one place before and after.")
    ] = None,
    status: Annotated[Status | None, Query(description="Only sessions in this state.")] = None,
) -> schemas.Sessions:
    """The person's sessions, newest first. An active one can be gone on with on any device."""
    days = {"day": day, "first_day": first_day, "last_day": last_day}
    wanted = HistoryFilter(**days, exercise=exercise, done=done, rated=rated, status=status)
    listed = partial(paged(service.list_sessions), wanted=wanted, now=caller.now)
    rows = await caller.read(listed, cursor=cursor, limit=limit)
    page = rows[:limit]
    following = cursor_of(page[-1].started_at, page[-1].id) if len(rows) > limit else None
    return schemas.Sessions(items=[summary_of(row, caller.now) for row in page], next=following)


@router.get("/{id}", response_model=schemas.Session, responses=problems(*MISSING))
async def read_session(session_id: SessionId, caller: ReadsSessions) -> Response:
    """The session with its timeline, its record so far and its outcome."""
    return session_response(await caller.read(service.read, session_id=session_id), caller.now)


@router.delete("/{id}", status_code=204, responses=problems(SessionNotFound))
async def delete_session(session_id: SessionId, caller: WritesSessions) -> Response:
    """Deletes the session with its ratings and takes it out of progress; its id is used up. Again changes nothing.

    A lock by a red flag that ended it stays.
    """
    await caller.write(service.remove, session_id=session_id, now=caller.now)
    return Response(status_code=204)


@router.put("/{id}/record", responses=problems(*MISSING, *RECORDING, ConsentRequired))
async def put_record(
    session_id: SessionId, record: schemas.SessionRecord, caller: WritesSessions, content: LoadedContent
) -> schemas.SessionRecorded:
    """All of what was done so far, as often as you like: the latest `recorded_at` wins, undated ones as they come.

    It is taken for 30 days after the end too, and progress follows. An older record changes nothing. Where a rating
    has risen by 2 or more, or to 6 or more from below, `stops` says which exercise ends now and what is gentler, and
    `may_go_on` what is left that does not load.
    """
    view = await caller.write(recording.put_record, session_id=session_id, record=record_of(record), now=caller.now)
    found: list[stopping.Stop] = []
    if stopped := stopping.stopped_by(content, view):
        standing = await caller.read(screening.read_standing)
        found = stopping.stops(content, view, stopped, standing, caller.now)
    return recorded_of(view, found, list(stopping.going_on(content, view, stopped)), content, caller.now)


@router.post(
    "/{id}/complete",
    responses=showing_session(*MISSING, *RECORDING, SessionEnded, EndBeforeStart, ConsentRequired, ScopeMissing),
)
async def complete_session(
    session_id: SessionId, completion: schemas.SessionComplete, caller: WritesSessions, content: LoadedContent
) -> schemas.SessionState:
    """Completes the session and counts it. Among rivals one wins; an equal request gets its outcome again."""
    return state_of(await ended(session_id, completion_of(completion), caller, content), caller.now)


@router.post(
    "/{id}/abandon",
    responses=showing_session(*MISSING, SessionEnded, EndBeforeStart, TimeAhead, TimeTooOld),
)
async def abandon_session(
    session_id: SessionId, end: schemas.SessionAbandon, caller: WritesSessions, content: LoadedContent
) -> schemas.SessionAbandoned:
    """Ends the session before its time; it is not counted. With pain or a red flag it ends as `stopped`.

    A red flag is answered with the `care` that it calls for, and locks every start until the questionnaire is answered
    again, or the flag is settled.
    """
    view = await ended(session_id, abandonment_of(end), caller, content)
    return abandoned_of(view, content, caller.now)


async def ended(session_id: Id, how: ending.Ending, caller: WritesSessions, content: Content) -> SessionView:
    with state_shown(caller.now):
        served = offered(content)
        return await caller.write(ending.end, session_id=session_id, ending=how, offered=served, now=caller.now)
