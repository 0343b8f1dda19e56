"""How a person's screening stands in time: whether it still counts, and what keeps it from counting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from api.domain.questionnaire import Answer, Questionnaire


class Hold(StrEnum):
    """Why a screening does not count, so that the level is held at 0 and what loads is asked about first."""

    NO_SCREENING = "no-screening"
    QUESTIONNAIRE_CHANGED = "questionnaire-changed"
    ANYTHING_NEW = "anything-new"
    EXPIRED = "screening-expired"
    INCOMPLETE = "screening-incomplete"


@dataclass(frozen=True, slots=True)
class Answered:
    """The questionnaire as a person answered it last."""

    version: str
    answers: Mapping[str, Answer]
    red_flags: tuple[str, ...]
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one person. Instants are those at which something was so, whenever it was heard of."""

    answered: Answered | None = None
    confirmed_at: datetime | None = field(default=None, kw_only=True)
    session_at: datetime | None = field(default=None, kw_only=True)
    new_at: datetime | None = field(default=None, kw_only=True)
    locked_at: datetime | None = field(default=None, kw_only=True)
    settled_at: datetime | None = field(default=None, kw_only=True)

    def outlives(self, at: datetime | None) -> bool:
        """Whether what happened then still counts: the questionnaire was not answered since."""
        return at is not None and (self.answered is None or self.answered.answered_at <= at)

    @property
    def is_locked(self) -> bool:
        """Whether a red flag ended a session, and it was neither answered since nor settled."""
        return self.outlives(self.locked_at) and not self.is_settled(self.locked_at)

    @property
    def signs_are_settled(self) -> bool:
        """Whether the signs that the answers state were settled since."""
        return self.answered is not None and self.is_settled(self.answered.answered_at)

    def is_settled(self, at: datetime | None) -> bool:
        """Whether the person has said, after that instant, that no sign applies any more."""
        return at is not None and self.settled_at is not None and self.settled_at > at


UNKNOWN = Standing()


def stricter(one: Standing, other: Standing, at: datetime) -> Standing:
    """Both at once, of one person who answered in two places: nothing is permitted that either of them forbids.

    A yes on either side stays, and a question is closed only where both say no. They expire when the first does. What
    is a lock, or news, on either side is one from `at` on; signs are settled only where all are. Total over both.
    """
    answered = [side for side in (one, other) if side.answered]
    is_locked = one.is_locked or other.is_locked
    is_new = any(side.outlives(side.new_at) or side.outlives(side.settled_at) for side in (one, other))
    settled = bool(answered) and all(side.signs_are_settled for side in answered)
    return Standing(
        both(one.answered, other.answered),
        confirmed_at=min(map(last_used, answered)) if answered else None,
        new_at=at if is_new else None,
        locked_at=at if is_locked else None,
        settled_at=at if settled and not is_locked else None,
    )


def last_used(standing: Standing) -> datetime:
    """When answers were given, confirmed or practised on last."""
    times = (standing.answered and standing.answered.answered_at, standing.confirmed_at, standing.session_at)
    return max(at for at in times if at)


def both(one: Answered | None, other: Answered | None) -> Answered | None:
    """Of two versions the lower one counts, and the instant of the earlier answers."""
    if one is None or other is None:
        return one or other
    yes = {
        question: Answer.YES for side in (one, other) for question, said in side.answers.items() if said is Answer.YES
    }
    no = {question: Answer.NO for question in one.answers.keys() & other.answers.keys() if question not in yes}
    signs = tuple(dict.fromkeys(one.red_flags + other.red_flags))
    version = min(one.version, other.version, key=lambda text: [int(part) for part in text.split(".")])
    return Answered(version, yes | no, signs, min(one.answered_at, other.answered_at))


def expires(answered_at: datetime, *used_at: datetime | None, idle_days: int) -> datetime:
    """When the answers end to count: so many days after they were given, confirmed or last practised on."""
    return max([answered_at, *(at for at in used_at if at)]) + timedelta(days=idle_days)


def valid_until(standing: Standing, questionnaire: Questionnaire) -> datetime | None:
    """None where nothing was answered."""
    if standing.answered is None:
        return None
    used = (standing.confirmed_at, standing.session_at)
    return expires(standing.answered.answered_at, *used, idle_days=questionnaire.expiry.idle_days)


def hold(standing: Standing, questionnaire: Questionnaire, now: datetime) -> Hold | None:
    """Why the screening does not count, the weightiest reason first; None when it counts."""
    answered, until = standing.answered, valid_until(standing, questionnaire)
    if answered is None or until is None:
        return Hold.NO_SCREENING
    if not questionnaire.fits(answered.version):
        return Hold.QUESTIONNAIRE_CHANGED
    if standing.outlives(standing.new_at) or standing.outlives(standing.settled_at):
        return Hold.ANYTHING_NEW
    if now >= until:
        return Hold.EXPIRED
    return Hold.INCOMPLETE if questionnaire.unanswered(answered.answers) else None


def practised_last(standing: Standing, questionnaire: Questionnaire, starts: Iterable[datetime]) -> datetime | None:
    """The last of these sessions that keeps the answers from expiring: they counted when it began, if not all of them.

    Each session counts for the ones after it, as it does when they are told of one by one.
    """
    last = None
    for at in sorted(starts):
        if hold(standing, questionnaire, at) in {None, Hold.INCOMPLETE}:
            last, standing = at, replace(standing, session_at=max(at, standing.session_at or at))
    return last


def is_valid(standing: Standing, questionnaire: Questionnaire, now: datetime) -> bool:
    """Whether it counts now and no lock lies on it."""
    return not standing.is_locked and hold(standing, questionnaire, now) is None
