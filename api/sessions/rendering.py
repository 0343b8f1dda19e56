"""From what the units give to what goes over the wire, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Row
from starlette.responses import Response

from api.catalogue.shelf import Content
from api.domain.errors import Refusal
from api.domain.pain import Moment, Rating
from api.domain.planned import is_plan_id, level_of
from api.domain.practice import Status, StopReason, status_at
from api.routines.schemas import Timeline
from api.screening import telling
from api.screening.service import care_for_unknown_sign
from api.sessions import schemas
from api.sessions.ending import Ending
from api.sessions.keeping import SessionKept, SessionView
from api.sessions.recording import Record
from api.sessions.starting import Start
from api.sessions.stopping import Stop
from api.web.wire import digest_of

CREATED = 201
Said = dict[str, Any]


def said_in(sent: BaseModel) -> Said:
    """The members that were sent, as JSON."""
    return sent.model_dump(mode="json", exclude_unset=True)


def start_of(sent: schemas.SessionCreate, said: Said | None = None) -> Start:
    """`said` is given where it is known already; so in the following."""
    return Start(
        id=sent.id,
        level=level_of(sent.plan) if sent.plan else None if sent.level == "auto" else sent.level,
        language=sent.language,
        zone=sent.zone,
        started_at=sent.started_at,
        pain_before=ratings_of(sent.pain_before, Moment.BEFORE),
        digest=digest_of(said or said_in(sent)),
    )


def record_of(sent: schemas.SessionRecord, said: Said | None = None) -> Record:
    said = said_in(sent) if said is None else said
    return Record(
        document={"steps": said.get("steps", []), "pauses": said.get("pauses", [])},
        ratings=tuple(Rating(r.region, r.side, r.value, Moment(r.moment), at=r.at, step=r.step) for r in sent.ratings),
        recorded_at=sent.recorded_at,
        digest=digest_of(said),
    )


def completion_of(sent: schemas.SessionComplete, said: Said | None = None) -> Ending:
    said = said_in(sent) if said is None else said
    return Ending(
        ended_at=sent.completed_at,
        digest=digest_of(said),
        pain_after=ratings_of(sent.pain_after, Moment.AFTER),
        effort=sent.effort,
        note=sent.note,
        record=record_of(sent.record, said["record"]) if sent.record else None,
    )


def abandonment_of(sent: schemas.SessionAbandon, said: Said | None = None) -> Ending:
    digest = digest_of(said_in(sent) if said is None else said)
    return Ending(ended_at=sent.abandoned_at, digest=digest, reason=sent.reason)


def ratings_of(sent: list[schemas.Rating], moment: Moment) -> tuple[Rating, ...]:
    return tuple(Rating(rating.region, rating.side, rating.value, moment) for rating in sent)


def session_response(view: SessionView, now: datetime, status_code: int = 200) -> Response:
    """The whole session. The timeline is spliced in as it was stored: the largest part is never encoded again."""
    state = state_of(view, now).model_dump_json().encode()
    body = state[:-1] + b',"cautions":' + view.plan.cautions + b',"timeline":' + view.plan.document + b"}"
    headers = {"location": f"/v1/sessions/{view.row.id}"} if status_code == CREATED else None
    return Response(body, status_code=status_code, headers=headers, media_type="application/json")


@contextmanager
def state_shown(now: datetime) -> Iterator[None]:
    """A refusal that comes with the session as it is shows it as every other answer does."""
    try:
        yield
    except Refusal as refusal:
        if isinstance(view := refusal.state.get("session"), SessionView):
            refusal.state["session"] = state_of(view, now).model_dump(mode="json")
        raise


def state_of(view: SessionView, now: datetime) -> schemas.SessionState:
    return schemas.SessionState.model_validate({**kept_members(view, now), "server_time": now})


def abandoned_of(view: SessionView, content: Content, now: datetime) -> schemas.SessionAbandoned:
    """The state, and after a red flag the care that it calls for, also where the same is sent again."""
    advice = care_for_unknown_sign(content) if view.row.reason == StopReason.RED_FLAG else None
    return schemas.SessionAbandoned(**dict(state_of(view, now)), care=telling.care(content, advice, view.row.language))


def kept_members(kept: SessionKept, now: datetime) -> dict[str, Any]:
    return {
        **summary_members(kept.row, now),
        "app": kept.row.start_app,
        "received_at": kept.row.start_received_at,
        "pain_before": given(kept, Moment.BEFORE),
        "record": given_record(kept),
        "outcome": given_outcome(kept),
    }


def recorded_of(
    view: SessionView, stops: list[Stop], may_go_on: list[str], content: Content, now: datetime
) -> schemas.SessionRecorded:
    """The state, and what is to stop now."""
    state = dict(state_of(view, now))
    told = [schemas.ExerciseStop(exercise=s.exercise, rule=s.rule, gentler=gentler_of(s, content)) for s in stops]
    return schemas.SessionRecorded(**state, stops=told, may_go_on=may_go_on if stops else None)


def gentler_of(stop: Stop, content: Content) -> schemas.Gentler | None:
    if stop.gentler is None:
        return None
    plan, exercise = stop.gentler.plan, content.exercises[stop.gentler.exercise]
    name = content.languages[plan.outline.language].said(exercise.name)
    return schemas.Gentler(exercise=exercise.id, name=name, timeline=Timeline.model_validate_json(plan.document))


def summary_of(row: Row[Any], now: datetime) -> schemas.SessionSummary:
    return schemas.SessionSummary(**summary_members(row, now))


def summary_members(row: Row[Any], now: datetime) -> dict[str, Any]:
    plan = row.routine if is_plan_id(row.routine) else None
    return {
        "id": row.id,
        "status": status_at(Status(row.status), row.touched_at, now),
        "routine": None if plan else row.routine,
        "revision": row.revision,
        "plan": {
            "id": plan,
            "level": row.level,
            "asked_level": "auto" if row.doses is not None else row.asked_level,
            "held_because": row.held_because,
            "changes": row.changes or [],
            "doses": row.doses or [],
            "instead_of": row.instead_of,
        },
        "content_version": row.content_version,
        "language": row.language,
        "zone": row.zone,
        "started_at": row.started_at,
        "local_date": row.local_date,
        "ended_at": row.ended_at,
        "active_ms": row.active_ms,
    }


def given(view: SessionKept, *moments: Moment) -> list[Said]:
    return [
        {"region": r.region, "side": r.side, "value": r.value, "moment": r.moment, "at": r.at, "step": r.step}
        for r in view.ratings
        if r.moment in moments
    ]


def given_record(view: SessionKept) -> Said | None:
    row = view.row
    if row.record is None:
        return None
    ratings = given(view, Moment.WORST, Moment.CHECK_IN)
    return {**row.record, "ratings": ratings, "recorded_at": row.recorded_at or row.record_received_at}


def given_outcome(view: SessionKept) -> Said | None:
    row = view.row
    if row.outcome is None:
        return None
    return {
        **row.outcome,
        "status": row.status,
        "ended_at": row.ended_at,
        "active_ms": row.active_ms,
        # A rating that came on its own has an id of its device's making, which tells no time.
        "pain_after": sorted(given(view, Moment.AFTER), key=lambda rating: rating["at"]),
        "effort": row.effort,
        "note": row.note,
        "reason": row.reason,
    }
