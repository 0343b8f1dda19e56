"""From what the units give to what goes over the wire, and back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial
from typing import Any

from starlette.responses import Response
from starlette.types import Scope

from api.catalogue.shelf import Content
from api.db.changes import Changed
from api.domain.errors import Refusal
from api.domain.standing import Standing
from api.sessions.keeping import SessionView
from api.sessions.living import Lived
from api.sessions.planning import Planned, plan_done
from api.sessions.rendering import abandonment_of, completion_of, kept_members, record_of, said_in, start_of, state_of
from api.sync import schemas
from api.sync.feeds import Missed
from api.sync.service import Verdict
from api.web.problems import problem_document

Json = dict[str, Any]


def lived_in(sent: schemas.Sync, content: Content) -> list[Lived]:
    """A plan that several of them follow is looked for once."""
    said = said_in(sent).get("sessions", ())
    plan = cache(partial(plan_done, content))
    return [lived_of(one, its, plan) for one, its in zip(sent.sessions, said, strict=True)]


def lived_of(sent: schemas.LivedSession, said: Json, plan: Callable[..., Planned | Refusal]) -> Lived:
    start = start_of(sent.start, said["start"])
    items = tuple(sent.items) if sent.items else None
    planned = bool(sent.start.plan)
    rungs = tuple((done.exercise, done.rung) for done in sent.rungs) if sent.start.level == "auto" else ()
    ending = None
    if sent.complete:
        ending = completion_of(sent.complete, said["complete"])
    elif sent.abandon:
        ending = abandonment_of(sent.abandon, said["abandon"])
    return Lived(
        id=sent.start.id,
        start=start,
        plan_done=partial(plan, sent.start.followed, start.level, items, planned=planned, rungs=rungs),
        record=record_of(sent.record, said["record"]) if sent.record else None,
        ending=ending,
    )


def sync_response(verdicts: list[Verdict], missed: Missed, scope: Scope, now: datetime) -> Response:
    answer = {
        "verdicts": [told(verdict, scope, now) for verdict in verdicts],
        "reset": missed.reset,
        "changes": [
            {"kind": kind, "revision": one.revision, kind: CHANGES[kind](one, now)} for kind, one in missed.items
        ],
        "cursor": missed.cursor,
        "more": missed.more,
        "server_time": now,
    }
    # Read once as a whole: made one by one, a hundred sessions take three times as long.
    return Response(schemas.Synced.model_validate(answer).model_dump_json(), media_type="application/json")


def told(verdict: Verdict, scope: Scope, now: datetime) -> Json:
    ruling = {"verdict": verdict.ruling, "id": verdict.id}
    if verdict.refusal is None:
        return ruling
    problem = problem_of(verdict.refusal, verdict.pointer, scope, now)
    return {**ruling, "pointer": verdict.pointer, "problem": problem}


def problem_of(refusal: Refusal, pointer: str, scope: Scope, now: datetime) -> Json:
    """As the online call shows it, but for its pointers, which lead into this request."""
    document = problem_document(refusal, scope)
    for fault in document.get("errors", ()):
        fault["pointer"] = pointer + fault["pointer"]
    if isinstance(view := document.get("session"), SessionView):
        document["session"] = state_of(view, now)
    return document


def standing_of(changed: Changed, _: datetime) -> Json:
    standing: Standing = changed.value
    answered = standing.answered
    return {
        "version": answered.version if answered else None,
        "answers": answered.answers if answered else None,
        "red_flags": answered.red_flags if answered else None,
        "answered_at": answered.answered_at if answered else None,
        "confirmed_at": standing.confirmed_at,
        "session_at": standing.session_at,
        "new_at": standing.new_at,
        "locked_at": standing.locked_at,
        "settled_at": standing.settled_at,
        "locked": standing.is_locked,
    }


def deleted(changed: Changed, _: datetime) -> Json:
    row = changed.value
    return {"of": row.kind, "id": row.id, "deleted_at": row.deleted_at}


CHANGES: Mapping[str, Callable[[Changed, datetime], object]] = {
    "account": lambda changed, _: changed.value,
    "screening": standing_of,
    "session": lambda changed, now: kept_members(changed.value, now),
    "level": lambda changed, _: changed.value,
    "freeze": lambda changed, _: changed.value,
    "rating": lambda changed, _: changed.value,
    "notices": lambda changed, _: changed.value,
    "deleted": deleted,
}
"""By the kind of feed, what is told of a change of it."""
