"""People and their history, written by the product's own units straight into a database."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection, Engine, insert
from uuid_utils.compat import uuid7

from api.accounts.service import Lifetimes, identify, open_account
from api.accounts.tokens import presented
from api.catalogue.content import load_content
from api.catalogue.shelf import Content
from api.domain.pain import BodySide, Moment, Rating, Region
from api.domain.permission import Consent, Scope
from api.routines.service import offered
from api.sessions import planning, queries
from api.sessions.ending import Ending, end
from api.sessions.keeping import SessionView
from api.sessions.recording import Record
from api.sessions.service import rebuild_progress, start
from api.sessions.starting import Start
from api.settings import Settings
from tests.bench.asking import Asked, noting
from tests.bench.recorded import steps_done
from tests.factories import ROUTINE

SETTINGS = {"zone": "UTC", "language": "en", "weekly_target": 3, "day_cutoff_min": 0}
A_DAY = timedelta(hours=24)
SESSIONS_A_DAY = 3
LASTED = timedelta(minutes=14)
BEFORE = (Rating(Region.NECK, BodySide.LEFT, 5, Moment.BEFORE),)
DIGEST = sha256(b"seeded").digest()


@dataclass(frozen=True, slots=True)
class Seeded:
    id: UUID
    token: str


def open_people(engine: Engine, number: int) -> list[Seeded]:
    with engine.begin() as db:
        return [one_guest(db) for _ in range(number)]


def one_guest(db: Connection) -> Seeded:
    opened = open_account(
        db,
        settings=SETTINGS,
        consents=[Consent.HEALTH_DATA_1],
        app=None,
        lifetimes=Lifetimes(A_DAY, A_DAY),
        now=datetime.now(UTC),
    )
    return Seeded(opened.account.id, opened.tokens.access_token)


def a_start(content: Content, db: Connection, person: Seeded) -> tuple[list[Asked], tuple[SessionView, bool]]:
    """What a start asks of the driver, its token looked up as for a caller; and what it gives."""
    with noting() as asked:
        shown(db, person)
        return asked, (started(db, person, content, datetime.now(UTC)), True)


def a_completion(content: Content, db: Connection, person: Seeded) -> tuple[list[Asked], SessionView]:
    """The same of completing a session, and the one statement that makes it, for nothing is completed twice."""
    now = datetime.now(UTC)
    with noting() as before:
        session = started(db, person, content, now).row.id
    made = [one for one in before if one[0].startswith("INSERT INTO session ")]
    after = (replace(BEFORE[0], value=4, moment=Moment.AFTER),)
    record = Record({"steps": [*steps_done()], "pauses": []}, ratings=(), recorded_at=None, digest=DIGEST)
    ending = Ending(ended_at=None, digest=DIGEST, pain_after=after, effort=3, record=record)
    with noting() as asked:
        shown(db, person)
        whose = {"user_id": person.id, "app": None, "session_id": session}
        told = end(db, **whose, ending=ending, offered=offered(content), now=now)
    return made + asked, told


def shown(db: Connection, person: Seeded) -> None:
    token = presented(person.token)
    assert token is not None
    identify(db, user_id=person.id, token=token.digest, scope=Scope.SESSIONS_WRITE, now=datetime.now(UTC))


def practise(engine: Engine, person: Seeded, sessions: int) -> None:
    """A history that ends today, as long as it takes: one session as it was lived, copied, and counted anew."""
    with engine.begin() as db:
        content = load_content(Settings().content_dir)
        view = started(db, person, content, datetime.now(UTC))
        ending = Ending(ended_at=view.row.started_at, digest=DIGEST, effort=3)
        now = datetime.now(UTC)
        whose = {"user_id": person.id, "app": None, "session_id": view.row.id}
        lived = end(db, **whose, ending=ending, offered=offered(content), now=now).row._asdict()
        rows = [{**lived, "id": uuid7(), **times(at)} for at in instants(sessions - 1)]
        db.execute(insert(queries.sessions), rows)
        rebuild_progress(db, user_id=person.id)


def times(at: datetime) -> dict[str, object]:
    return {"started_at": at, "local_date": at.date(), "ended_at": at + LASTED}


def started(db: Connection, person: Seeded, content: Content, at: datetime) -> SessionView:
    wanted = Start(None, 0, None, None, at, BEFORE, DIGEST)
    plan = partial(planning.plan_in, content, planning.Asked(ROUTINE, 0))
    view, _ = start(db, user_id=person.id, app=None, wanted=wanted, plan_in=plan, now=at)
    return view


def instants(sessions: int) -> Iterator[datetime]:
    first = datetime.now(UTC) - A_DAY * (sessions / SESSIONS_A_DAY)
    return (first + A_DAY * (number / SESSIONS_A_DAY) for number in range(sessions))
