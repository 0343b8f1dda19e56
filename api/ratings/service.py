"""Ratings that come on their own: how much it hurts now, or how a session was borne later on."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row
from uuid_utils.compat import uuid7

from api.accounts.service import bury, is_buried, next_revision, require_health_consent
from api.db.changes import After, Changed, asked
from api.domain.errors import Conflict, Gone, NotFound, TimeAhead
from api.domain.pain import Rating
from api.domain.practice import is_ahead, is_too_old
from api.ratings import queries
from api.sessions.felt import rating_of
from api.sessions.keeping import Change, SessionView, Write, altered, count, store_sessions
from api.sessions.queries import RATING_KIND
from api.sessions.recording import recounted
from api.sessions.refusals import RatingRepeated, TimeTooOld
from api.sessions.service import read


class RatingNotFound(NotFound):
    code = "rating-not-found"
    title = "There is no such rating"
    cure = "Check the id; `GET /v1/me/ratings` lists those that came on their own."


class RatingDeleted(Gone):
    code = "rating-deleted"
    title = "This rating was deleted"
    cure = "Remove it from the device; rate anew under a new id."


class RatingDiffers(Conflict):
    code = "rating-differs"
    title = "Under this id something else was rated"
    cure = "Send yours under an id of its own; a rating is deleted, not changed."


class SessionGoesOn(Conflict):
    code = "session-goes-on"
    title = "This session has not ended yet"
    cure = "Send what is felt while it goes on with its record, and what is felt later once it has ended."


@dataclass(frozen=True, slots=True)
class Given:
    """A rating as it was sent; `rating.at` is None where that was left to the server."""

    id: UUID | None
    rating: Rating
    session: UUID | None
    digest: bytes


def give(db: Connection, *, user_id: UUID, app: str | None, given: Given, now: datetime) -> tuple[Row[Any], bool]:
    """The rating, and whether it is new: the same request again gives the same rating.

    One of a session that has ended counts with it. Raises RatingDiffers, RatingDeleted, RatingRepeated, SessionGoesOn,
    SessionNotFound, SessionDeleted, TimeAhead, TimeTooOld, ConsentRequired.
    """
    write = Write(next_revision(db, user_id=user_id), app, now)
    require_health_consent(write.person)
    rating_id = given.id or uuid7()
    if known := find(db, user_id=user_id, rating_id=rating_id):
        if known.digest != given.digest:
            raise RatingDiffers
        return known, False
    if is_buried(db, user_id=user_id, kind=RATING_KIND, row_id=rating_id):
        raise RatingDeleted
    rating = replace(given.rating, at=given.rating.at or now)
    check_time(rating.at, now)
    if given.session:
        take_in(db, write, rating, session_id=given.session)
    row = row_of(write, rating_id, rating, given)
    queries.INSERT.run(db, row)
    return require(db, user_id=user_id, rating_id=rating_id), True


def check_time(at: datetime | None, now: datetime) -> None:
    if at and is_ahead(at, now):
        raise TimeAhead("`at` is more than five minutes ahead of the server's clock.")
    if at and is_too_old(at, now):
        raise TimeTooOld("`at` is more than 30 days ago.")


def row_of(write: Write, rating_id: UUID, rating: Rating, given: Given) -> dict[str, Any]:
    return {
        "user_id": write.person.id,
        "id": rating_id,
        "session_id": given.session,
        "moment": rating.moment,
        "region": rating.region,
        "side": rating.side,
        "value": rating.value,
        "step": None,
        "at": rating.at,
        "received_at": write.now,
        "app": write.app,
        "digest": given.digest,
        "revision": write.person.revision,
    }


def take_in(db: Connection, write: Write, rating: Rating, *, session_id: UUID) -> None:
    before = read(db, user_id=write.person.id, session_id=session_id)
    if not before.has_ended:
        raise SessionGoesOn
    if any(same_place(rating, other) and other.at == rating.at for other in before.ratings):
        raise RatingRepeated
    recount(db, write, before, (*before.ratings, rating))


def same_place(one: Rating, other: Rating) -> bool:
    return (one.moment, one.region, one.side) == (other.moment, other.region, other.side)


def recount(db: Connection, write: Write, before: SessionView, ratings: tuple[Rating, ...]) -> None:
    """Lets the session and progress follow what is rated of it now."""
    touched = {"revision": write.person.revision, "touched_at": write.now}
    after = recounted(altered(before, touched, ratings))
    count(db, write, [Change(before, after)])
    store_sessions(db, write, [Change(before, after)])


def remove(db: Connection, *, user_id: UUID, app: str | None, rating_id: UUID, now: datetime) -> None:
    """Deletes a rating that came on its own. Deleting again changes nothing. Raises RatingNotFound."""
    write = Write(next_revision(db, user_id=user_id), app, now)
    if is_buried(db, user_id=user_id, kind=RATING_KIND, row_id=rating_id):
        return
    row = require(db, user_id=user_id, rating_id=rating_id)
    if row.session_id:
        before = read(db, user_id=user_id, session_id=row.session_id)
        gone = rating_of(row)
        recount(db, write, before, tuple(rating for rating in before.ratings if rating != gone))
    db.execute(queries.DELETE, {"user_id": user_id, "id": rating_id})
    bury(db, user_id=user_id, kind=RATING_KIND, row_id=rating_id, revision=write.person.revision, now=now)


def require(db: Connection, *, user_id: UUID, rating_id: UUID) -> Row[Any]:
    """Raises RatingNotFound; what came with a session belongs to that."""
    row = find(db, user_id=user_id, rating_id=rating_id)
    if row is None:
        raise RatingNotFound
    return row


def find(db: Connection, *, user_id: UUID, rating_id: UUID) -> Row[Any] | None:
    return queries.ONE.one_or_none(db, {"user_id": user_id, "id": rating_id})


def list_ratings(db: Connection, *, user_id: UUID, after: tuple[datetime, UUID] | None, limit: int) -> list[Row[Any]]:
    """A page of at most `limit`, newest first, and one more row where there is another page."""
    return queries.page(db, user_id=user_id, after=after, limit=limit + 1)


def changes(db: Connection, *, user_id: UUID, after: After, limit: int) -> list[Changed]:
    """Ratings that came on their own; those that were deleted are buried."""
    rows = queries.CHANGED.all(db, asked(user_id, after, limit))
    return [Changed(row.revision, row.id, row) for row in rows]
