"""From what the units give to what goes over the wire, and back."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from starlette.responses import Response
from starlette.types import Scope

from api.accounts.schemas import Account
from api.catalogue.shelf import Content
from api.db.changes import Changed
from api.domain.errors import Refusal
from api.domain.standing import Standing
from api.sessions.keeping import SessionView
from api.sessions.living import Lived
from api.sessions.planning import plan_done
from api.sessions.rendering import abandonment_of, completion_of, kept_of, record_of, said_in, start_of, state_of
from api.sync import schemas
from api.sync.feeds import Missed
from api.sync.service import Ruling, Verdict
from api.web.problems import problem_document

Json = dict[str, Any]


def lived_in(sent: schemas.Sync, content: Content) -> list[Lived]:
    said = said_in(sent).get("sessions", ())
    return [lived_of(one, its, content) for one, its in zip(sent.sessions, said, strict=True)]


def lived_of(sent: schemas.LivedSession, said: Json, content: Content) -> Lived:
    start = start_of(sent.start, said["start"])
    items = tuple(sent.items) if sent.items else None
    planned = bool(sent.start.plan)
    ending = None
    if sent.complete:
        ending = completion_of(sent.complete, said["complete"])
    elif sent.abandon:
        ending = abandonment_of(sent.abandon, said["abandon"])
    return Lived(
        id=sent.start.id,
        start=start,
        plan_done=partial(plan_done, content, sent.start.followed, start.level, items, planned=planned),
        record=record_of(sent.record, said["record"]) if sent.record else None,
        ending=ending,
    )


def sync_response(verdicts: list[Verdict], missed: Missed, scope: Scope, now: datetime) -> Response:
    answer = schemas.Synced(
        verdicts=[told(verdict, scope, now) for verdict in verdicts],
        reset=missed.reset,
        changes=list(changes_of(missed, now)),
        cursor=missed.cursor,
        more=missed.more,
        server_time=now,
    )
    return Response(answer.model_dump_json(), media_type="application/json")


SIMPLE: dict[
    Ruling,
    type[schemas.SessionApplied | schemas.SessionUpdated | schemas.SessionDuplicate | schemas.SessionRetry],
] = {
    Ruling.APPLIED: schemas.SessionApplied,
    Ruling.UPDATED: schemas.SessionUpdated,
    Ruling.DUPLICATE: schemas.SessionDuplicate,
    Ruling.RETRY: schemas.SessionRetry,
}


def told(verdict: Verdict, scope: Scope, now: datetime) -> schemas.Verdict:
    if verdict.refusal is None:
        return SIMPLE[verdict.ruling](id=verdict.id)
    problem = problem_of(verdict.refusal, verdict.pointer, scope, now)
    return schemas.SessionRejected(id=verdict.id, pointer=verdict.pointer, problem=problem)


def problem_of(refusal: Refusal, pointer: str, scope: Scope, now: datetime) -> schemas.SyncProblem:
    """As the online call shows it, but for its pointers, which lead into this request."""
    document = problem_document(refusal, scope)
    for fault in document.get("errors", ()):
        fault["pointer"] = pointer + fault["pointer"]
    if isinstance(view := document.get("session"), SessionView):
        document["session"] = state_of(view, now)
    return schemas.SyncProblem.model_validate(document)


def changes_of(missed: Missed, now: datetime) -> Iterator[schemas.Change]:
    for kind, changed in missed.items:
        yield CHANGES[kind](changed, now)


def account_changed(changed: Changed, _: datetime) -> schemas.Change:
    account = Account.model_validate(changed.value)
    return schemas.AccountChanged(revision=changed.revision, account=account)


def screening_changed(changed: Changed, _: datetime) -> schemas.Change:
    return schemas.ScreeningChanged(revision=changed.revision, screening=standing_of(changed.value))


def standing_of(standing: Standing) -> schemas.ScreeningStanding:
    answered = standing.answered
    return schemas.ScreeningStanding(
        version=answered.version if answered else None,
        answers=dict(answered.answers) if answered else None,
        red_flags=list(answered.red_flags) if answered else None,
        answered_at=answered.answered_at if answered else None,
        confirmed_at=standing.confirmed_at,
        session_at=standing.session_at,
        new_at=standing.new_at,
        locked_at=standing.locked_at,
        settled_at=standing.settled_at,
        locked=standing.is_locked,
    )


def session_changed(changed: Changed, now: datetime) -> schemas.Change:
    return schemas.SessionChanged(revision=changed.revision, session=kept_of(changed.value, now))


def deleted(changed: Changed, _: datetime) -> schemas.Change:
    row = changed.value
    return schemas.Deleted(revision=row.revision, of=row.kind, id=row.id, deleted_at=row.deleted_at)


CHANGES = {
    "account": account_changed,
    "screening": screening_changed,
    "session": session_changed,
    "deleted": deleted,
}
"""By the kind of feed, what tells a change of it."""
