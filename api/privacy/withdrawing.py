"""Taking a consent back, with all that was kept under it."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import Connection

from api.accounts import service as accounts
from api.accounts.service import Person, next_revision
from api.catalogue.shelf import Content
from api.domain.permission import Consent
from api.privacy.chores import SCRUB, make_due
from api.screening import service as screening
from api.sessions import foreseeing
from api.sessions import service as sessions
from api.sessions.foreseeing import Foreseen


def foresee(db: Connection, *, user_id: UUID, now: datetime) -> Foreseen | None:
    """What is left of progress without health data, where it takes long to tell: to be passed on to `withdraw`."""
    if not foreseeing.is_long(db, user_id=user_id):
        return None
    forget = partial(sessions.forget_health, user_id=user_id, now=now)
    return foreseeing.foresee(db, people=[user_id], of=user_id, change=lambda at, to: forget(at, revision=to))


def withdraw(
    db: Connection,
    *,
    user_id: UUID,
    app: str | None,
    consent: Consent,
    content: Content,
    now: datetime,
    foreseen: Foreseen | None = None,
) -> Person | None:
    """From now on nothing more is kept under it, and what is kept under it goes, unless another text still allows it.

    Sessions, their doses and the screening's lock stay. Withdrawing what was never given changes nothing. None, and
    nothing is done, where what was foreseen does not hold any more.
    """
    del app
    person = next_revision(db, user_id=user_id)
    if foreseen and not foreseen.fits({user_id: person.revision}):
        return None
    accounts.withdraw_consent(db, person=person, consent=consent, now=now)
    forget_without_consent(db, user_id=user_id, content=content, now=now, foreseen=foreseen)
    return accounts.read_person(db, user_id=user_id)


def forget_without_consent(
    db: Connection, *, user_id: UUID, content: Content, now: datetime, foreseen: Foreseen | None = None
) -> None:
    """Deletes the health data of whom no consent allows to keep it. The caller holds the person's row."""
    person = accounts.read_settings(db, user_id=user_id)
    if accounts.has_health_consent(person):
        return
    screening.forget_answers(db, person=person, content=content, now=now)
    kept = foreseen.kept if foreseen else None
    sessions.forget_health(db, user_id=user_id, revision=person.revision, now=now, foreseen=kept)
    make_due(db, name=SCRUB, at=now)
