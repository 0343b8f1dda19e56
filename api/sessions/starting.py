"""The start of a session, online or told later."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from api.domain.errors import TimeAhead
from api.domain.pain import Rating
from api.domain.practice import Status, is_ahead, is_too_old, local_date
from api.sessions import plans
from api.sessions.keeping import SessionView, Write, new_view, rated
from api.sessions.planning import Planned
from api.sessions.refusals import SessionDiffers, TimeTooOld


@dataclass(frozen=True, slots=True)
class Start:
    """A start as it was sent; what is None was left to the server, and of the level to the person's own levels.

    `digest` is that of the whole request.
    """

    id: UUID | None
    level: int | None
    language: str | None
    zone: str | None
    started_at: datetime | None
    pain_before: tuple[Rating, ...]
    digest: bytes


def zone_of(wanted: Start, write: Write) -> str:
    return str(wanted.zone or write.person.zone)


def day_of(wanted: Start, write: Write) -> date:
    """The local day that the session belongs to."""
    return local_date(wanted.started_at or write.now, zone_of(wanted, write), write.person.day_cutoff_min)


def begun(wanted: Start, session_id: UUID, planned: Planned, write: Write) -> SessionView:
    """A new session. Raises TimeAhead, TimeTooOld, ConsentRequired, RatingRepeated."""
    started_at = wanted.started_at or write.now
    check_start(started_at, write.now)
    plan = plans.known(planned.plan)
    ratings = rated(write, wanted.pain_before, at=started_at)
    return new_view(new_row(session_id, wanted, planned, write, started_at), ratings, plan)


def begun_again(view: SessionView, wanted: Start) -> SessionView:
    """The session that the same start began before. Raises SessionDiffers."""
    if view.row.start_digest != wanted.digest:
        raise SessionDiffers(state={"session": view})
    return view


def check_start(started_at: datetime, now: datetime) -> None:
    if is_ahead(started_at, now):
        raise TimeAhead("`started_at` is more than five minutes ahead of the server's clock.")
    if is_too_old(started_at, now):
        raise TimeTooOld("`started_at` is more than 30 days ago.")


def new_row(session_id: UUID, wanted: Start, planned: Planned, write: Write, started_at: datetime) -> dict[str, Any]:
    person, plan = write.person, planned.plan
    asked_level = plan.outline.level if wanted.level is None else wanted.level
    is_held = wanted.level is None or plan.outline.level < asked_level
    return {
        "user_id": person.id,
        "id": session_id,
        "revision": person.revision,
        "status": Status.ACTIVE,
        "routine": plan.outline.routine,
        "plan": plan.digest,
        "content_version": plan.outline.content_version,
        "language": plan.outline.language,
        "asked_level": asked_level,
        "level": plan.outline.level,
        "held_because": planned.held_because if is_held else None,
        "changes": planned.changes or None,
        "doses": planned.doses,
        "instead_of": planned.instead_of,
        "zone": zone_of(wanted, write),
        "started_at": started_at,
        "local_date": day_of(wanted, write),
        "start_received_at": write.now,
        "start_app": write.app,
        "start_digest": wanted.digest,
        "touched_at": write.now,
    }
