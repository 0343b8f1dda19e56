"""Units of work on a person's screening, and what it permits of the content."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row
from uuid_utils.compat import uuid7

from api.accounts.service import has_health_consent, next_revision, read_settings, require_health_consent
from api.adherence import service as adherence
from api.catalogue.shelf import Content
from api.db.changes import After, Changed
from api.domain.errors import Fault, TimeAhead
from api.domain.practice import is_ahead, local_date
from api.domain.questionnaire import Answer
from api.domain.screening import UNKNOWN_SIGN, CareAdvice, Screening, ScreeningOutcome, screen, stopped, unscreened
from api.domain.standing import UNKNOWN, Answered, Hold, Standing, hold
from api.screening import queries
from api.screening.refusals import AnswerUnknown, QuestionnaireChanged, ScreeningMissing, ScreeningToRepeat

SCREENINGS_KEPT = 256


@dataclass(frozen=True, slots=True)
class Given:
    """Answers as they were sent."""

    version: str
    answers: Mapping[str, Answer]
    red_flags: tuple[str, ...] = ()
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Answers that are kept, and how they stand."""

    standing: Standing
    answered: Answered
    received_at: datetime
    revision: int


# What answers permit


def applied(content: Content, given: Given) -> Screening:
    """The result of answers that nobody keeps. Raises QuestionnaireChanged and AnswerUnknown."""
    check_answers(content, given)
    return screened(content, frozenset(given.answers.items()), given.red_flags, held=False)


def screening_of(content: Content, standing: Standing, now: datetime) -> Screening:
    """What a person's screening permits; answers that no longer count still keep the person from what they exclude."""
    if standing.is_locked:
        return stopped(content.red_flags, content.exercises, (UNKNOWN_SIGN,))
    if standing.answered is None:
        return of_nobody(content)
    held = hold(standing, content.screening, now) is not None
    answers = frozenset(standing.answered.answers.items())
    return screened(content, answers, standing.answered.red_flags, held=held, settled=standing.signs_are_settled)


def care_for_unknown_sign(content: Content) -> CareAdvice | None:
    """What to do at a red flag of which nobody has said which one it is."""
    return stopped(content.red_flags, content.exercises, (UNKNOWN_SIGN,)).care


@lru_cache(2)
def of_nobody(content: Content) -> Screening:
    return unscreened(content.screening, content.exercises)


@lru_cache(SCREENINGS_KEPT)
def screened(
    content: Content,
    answers: frozenset[tuple[str, Answer]],
    red_flags: tuple[str, ...],
    *,
    held: bool,
    settled: bool = False,
) -> Screening:
    card, exercises = content.red_flags, content.exercises
    return screen(content.screening, card, exercises, dict(answers), red_flags, held=held, settled=settled)


def check_answers(content: Content, given: Given) -> None:
    if not content.screening.fits(given.version):
        raise QuestionnaireChanged(f"The questionnaire is at version {content.screening.version}.")
    if faults := tuple(unknown(content, given)):
        raise AnswerUnknown(faults=faults)


def unknown(content: Content, given: Given) -> Iterator[Fault]:
    questions = {question.id for question in content.screening.questions}
    signs = {flag.code for flag in content.red_flags.items}
    for name in given.answers:
        if name not in questions:
            yield Fault(f"/answers/{name}", "unknown_question", "The questionnaire has no question of that id")
    for place, sign in enumerate(given.red_flags):
        if sign not in signs:
            yield Fault(f"/red_flags/{place}", "unknown_sign", "The red-flag card has no sign of that code")


# Units


def put_answers(
    db: Connection, *, user_id: UUID, app: str | None, content: Content, given: Given, now: datetime
) -> Kept:
    """Keeps the answers; the latest given count. An equal request changes nothing when it says when that was.

    Only answers to every question lift a lock. Raises QuestionnaireChanged, AnswerUnknown, TimeAhead, ConsentRequired.
    """
    check_answers(content, given)
    if given.answered_at and is_ahead(given.answered_at, now):
        raise TimeAhead("`answered_at` is more than five minutes ahead of the server's clock.")
    person = next_revision(db, user_id=user_id)
    require_health_consent(person)
    at = min(given.answered_at or now, now)
    standing = read_standing(db, user_id=user_id)
    if is_news(standing.answered, given, at):
        kept = {"user_id": user_id, "revision": person.revision, "app": app}
        row = {**kept, "id": uuid7(), "received_at": now, **answers_row(content, given, at)}
        queries.INSERT_ANSWERS.run(db, row)
        queries.COUNT_ANSWERS.run(db, {**kept, "answers_id": row["id"], "changed_at": now})
        if standing.is_locked and content.screening.unanswered(given.answers):
            lock(db, person=person, app=app, at=at, now=now)
        close_days(db, content, person=person, app=app, at=at, now=now)
    return read_kept(db, user_id=user_id)


def is_news(before: Answered | None, given: Given, at: datetime) -> bool:
    """Whether these answers take the place of those before: given later, or others given at the same instant."""
    if before is None or at != before.answered_at:
        return before is None or at > before.answered_at
    return (before.version, before.answers, before.red_flags) != (given.version, given.answers, given.red_flags)


def answers_row(content: Content, given: Given, at: datetime) -> dict[str, Any]:
    return {
        "questionnaire_version": given.version,
        "content_version": content.version,
        "answers": dict(given.answers),
        "red_flags": list(given.red_flags),
        "answered_at": at,
    }


def confirm(
    db: Connection, *, user_id: UUID, app: str | None, content: Content, anything_new: bool, now: datetime
) -> Kept | ScreeningToRepeat:
    """Renews the answers, or gives the refusal to be raised: that something is new is kept all the same.

    Raises ScreeningMissing and ConsentRequired.
    """
    person = next_revision(db, user_id=user_id)
    kept = read_kept(db, user_id=user_id)
    if refusal := why_repeat(content, kept.standing, now, anything_new=anything_new):
        if anything_new:
            move_on(db, person=person, app=app, column="new_at", at=now, now=now)
        return refusal
    move_on(db, person=person, app=app, column="confirmed_at", at=now, now=now)
    return read_kept(db, user_id=user_id)


def why_repeat(content: Content, standing: Standing, now: datetime, *, anything_new: bool) -> ScreeningToRepeat | None:
    """Open questions alone are no reason: nothing new keeps them just as open."""
    if anything_new:
        return ScreeningToRepeat("Something is new, so all questions are to be answered again.")
    if standing.is_locked:
        return ScreeningToRepeat("A red flag ended a session; all questions are to be answered again.")
    reason = hold(standing, content.screening, now)
    if reason in {None, Hold.INCOMPLETE}:
        return None
    return ScreeningToRepeat(f"The answers no longer count: {reason}.")


def settle(db: Connection, *, user_id: UUID, app: str | None, content: Content, now: datetime) -> Standing:
    """Takes the word of a person who lets no answers be kept that no sign applies any more, and keeps nothing else.

    Raises ScreeningToRepeat where answers may be kept: then they alone lift a lock.
    """
    person = next_revision(db, user_id=user_id)
    if has_health_consent(person):
        raise ScreeningToRepeat("Your answers may be kept, so all questions are to be answered again.")
    standing = read_standing(db, user_id=user_id)
    if screening_of(content, standing, now).outcome is ScreeningOutcome.STOP:
        move_on(db, person=person, app=app, column="settled_at", at=now, now=now)
        close_days(db, content, person=person, app=app, at=now, now=now)
    return read_standing(db, user_id=user_id)


def read_kept(db: Connection, *, user_id: UUID) -> Kept:
    """Raises ConsentRequired and ScreeningMissing."""
    require_health_consent(read_settings(db, user_id=user_id))
    row = find(db, user_id=user_id)
    standing = standing_of(row) if row else UNKNOWN
    if row is None or standing.answered is None:
        raise ScreeningMissing
    return Kept(standing, standing.answered, row.received_at, row.revision)


def changes(db: Connection, *, user_id: UUID, after: After, limit: int) -> list[Changed]:
    """How the screening stands, without the answers where the person no longer lets them be kept."""
    del limit
    row = find(db, user_id=user_id)
    if row is None or row.revision <= after.revision:
        return []
    standing = standing_of(row)
    if not has_health_consent(read_settings(db, user_id=user_id)):
        standing = replace(standing, answered=None)
    return [Changed(row.revision, user_id, standing)]


def read_standing(db: Connection, *, user_id: UUID) -> Standing:
    """What is known of the person, which may be nothing."""
    row = find(db, user_id=user_id)
    return standing_of(row) if row else UNKNOWN


def find(db: Connection, *, user_id: UUID) -> Row[Any] | None:
    return queries.STANDING.one_or_none(db, {"user_id": user_id})


def standing_of(row: Row[Any]) -> Standing:
    answered = None
    if row.answers_id:
        answers = {question: Answer(answer) for question, answer in row.answers.items()}
        answered = Answered(row.questionnaire_version, answers, tuple(row.red_flags), row.answered_at)
    events = {name: getattr(row, name) for name in queries.EVENTS}
    return Standing(answered, **events)


def practised(db: Connection, *, person: Row[Any], app: str | None, at: datetime, now: datetime) -> None:
    """Notes that a session began, which keeps the answers from expiring. For a screening that counts."""
    move_on(db, person=person, app=app, column="session_at", at=at, now=now)


def lock(
    db: Connection, *, person: Row[Any], app: str | None, at: datetime, now: datetime, zone: str | None = None
) -> None:
    """Locks every start until the questionnaire is answered after `at`, and closes the days until then.

    A flag that is heard of late closes the same days as one that was heard of at once. `zone` is that of its session.
    """
    at = min(at, now)
    move_on(db, person=person, app=app, column="locked_at", at=at, now=now)
    settled = settled_after(db, read_standing(db, user_id=person.id), user_id=person.id, at=at)
    adherence.lock_since(
        db,
        write_of(person, app, now),
        day=local_date(at, zone or person.zone, person.day_cutoff_min),
        until=day_of(person, settled) if settled else None,
    )


def settled_after(db: Connection, standing: Standing, *, user_id: UUID, at: datetime) -> datetime | None:
    """When a flag of that instant was answered or settled first; None where it lasts."""
    if standing.outlives(at) and not standing.is_settled(at):
        return None
    answered: datetime | None = queries.FIRST_ANSWERED.one(db, {"user_id": user_id, "at": at}).answered_at
    settled = standing.settled_at if standing.is_settled(at) else None
    return min((time for time in (answered, settled) if time), default=None)


def close_days(
    db: Connection, content: Content, *, person: Row[Any], app: str | None, at: datetime, now: datetime
) -> None:
    """Nothing is asked of a person from the day of a red flag to the day on which it is settled, both included.

    Where a flag came after what is heard of now, the days between the two are open.
    """
    standing, write = read_standing(db, user_id=person.id), write_of(person, app, now)
    stops = screening_of(content, replace(standing, locked_at=None), now).outcome is ScreeningOutcome.STOP
    is_flagged_since = standing.is_locked and standing.locked_at is not None and standing.locked_at > at
    locked = stops or (standing.is_locked and not is_flagged_since)
    adherence.lock(db, write, day=day_of(person, at), locked=locked)
    if is_flagged_since and standing.locked_at and not stops:
        adherence.lock_since(db, write, day=day_of(person, standing.locked_at), until=None)


def write_of(person: Row[Any], app: str | None, now: datetime) -> adherence.Write:
    return adherence.Write(person.id, person.revision, app, now)


def day_of(person: Row[Any], at: datetime) -> date:
    return local_date(at, person.zone, person.day_cutoff_min)


def move_on(db: Connection, *, person: Row[Any], app: str | None, column: str, at: datetime, now: datetime) -> None:
    """What happened last counts; a clock that is ahead counts as ours."""
    row = {"user_id": person.id, "revision": person.revision, column: min(at, now), "changed_at": now, "app": app}
    queries.MOVE_ON[column].run(db, row)


def forget_answers(db: Connection, *, person: Row[Any], content: Content, now: datetime) -> None:
    """Deletes the answers and what happened to them. A stop stays as a lock, which says nothing of its reason."""
    standing = read_standing(db, user_id=person.id)
    is_stop = screening_of(content, standing, now).outcome is ScreeningOutcome.STOP
    nothing = dict.fromkeys(("answers_id", *queries.EVENTS))
    news = {**nothing, "locked_at": now if is_stop else None, "revision": person.revision, "changed_at": now}
    db.execute(queries.CHANGE_STANDING, {"user_id_": person.id, **news})
    db.execute(queries.FORGET_ANSWERS, {"user_id": person.id})
