"""Taking a consent back, with all that was kept under it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from api.accounts import service as accounts
from api.accounts.service import Person
from api.catalogue.shelf import Content
from api.domain.permission import Consent
from api.privacy.chores import SCRUB, make_due
from api.screening import service as screening
from api.sessions import service as sessions


def withdraw(
    db: Connection, *, user_id: UUID, app: str | None, consent: Consent, content: Content, now: datetime
) -> Person:
    """From now on nothing more is kept under it, and what is kept under it goes, unless another text still allows it.

    Sessions, their doses and the screening's lock stay. Withdrawing what was never given changes nothing.
    """
    accounts.withdraw_consent(db, user_id=user_id, app=app, consent=consent, now=now)
    forget_without_consent(db, user_id=user_id, content=content, now=now)
    return accounts.read_person(db, user_id=user_id)


def forget_without_consent(db: Connection, *, user_id: UUID, content: Content, now: datetime) -> None:
    """Deletes the health data of whom no consent allows to keep it. The caller holds the person's row."""
    person = accounts.read_settings(db, user_id=user_id)
    if accounts.has_health_consent(person):
        return
    screening.forget_answers(db, person=person, content=content, now=now)
    sessions.forget_health(db, user_id=user_id, revision=person.revision, now=now)
    make_due(db, name=SCRUB, at=now)
