"""What becomes of a guest's screening when the guest joins an account: the stricter of both counts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from api.db.moving import hand_over
from api.domain.standing import UNKNOWN, Answered, Standing, stricter
from api.screening import queries
from api.screening.service import read_standing

TABLES = (queries.answers, queries.standings)


def union(db: Connection, *, source: UUID, target: UUID, revision: int, now: datetime) -> dict[str, object]:
    """Where only one side is known it counts as it is; else both at once, as answers of their own."""
    theirs, mine = read_standing(db, user_id=source), read_standing(db, user_id=target)
    for table in TABLES:
        hand_over(db, table, source=source, target=target, revision=revision)
    if UNKNOWN not in (theirs, mine):
        put_standing(db, user_id=target, standing=stricter(theirs, mine, now), revision=revision, now=now)
    return {}


def put_standing(db: Connection, *, user_id: UUID, standing: Standing, revision: int, now: datetime) -> None:
    answers_id = None
    if standing.answered:
        answers_id = put_answers(db, user_id=user_id, answered=standing.answered, revision=revision, now=now)
    events = {event: getattr(standing, event) for event in queries.EVENTS}
    changed = {"revision": revision, "changed_at": now, "answers_id": answers_id}
    db.execute(queries.CHANGE_STANDING, {"user_id_": user_id, **changed, **events})


def put_answers(db: Connection, *, user_id: UUID, answered: Answered, revision: int, now: datetime) -> UUID:
    """Answers beside those that they come from, and to the same content as the latest of them."""
    latest = db.execute(queries.LATEST_ANSWERS, {"user_id": user_id}).one()
    said = {"answers": dict(answered.answers), "red_flags": list(answered.red_flags)}
    told = {"questionnaire_version": answered.version, "answered_at": answered.answered_at, "received_at": now}
    answers_id = uuid7()
    queries.INSERT_ANSWERS.run(db, {**latest._asdict(), **said, **told, "id": answers_id, "revision": revision})
    return answers_id
