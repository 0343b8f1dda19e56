"""A sync on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.accounts.schemas import Account
from api.domain.questionnaire import Answer
from api.notices.schemas import NoticeKept
from api.progress.schemas import Freeze, LevelDecision
from api.ratings.schemas import OwnRating
from api.sessions.schemas import (
    SessionAbandon,
    SessionComplete,
    SessionCreate,
    SessionKept,
    SessionRecord,
    SessionState,
)
from api.sync.service import Ruling
from api.web.problems import Problem, is_absent
from api.web.wire import Id, Input, Output, Slug, Text, Whole, example_of, may_be_absent

SESSIONS_AT_MOST = 100
NOTICES_AT_MOST = 100


class LivedStart(SessionCreate):
    """The body of `POST /v1/sessions`, as it was or would have been sent. `level` is the one that was done."""

    id: Id


class RungDone(Input):
    """As `plan.doses` of a session tells it."""

    exercise: Slug
    rung: Annotated[Whole, Field(ge=0, le=60)]


class LivedSession(Input):
    """One session, each part the body of the online call of that name: it does not matter which of those got through.

    Send `started_at` and the time of the end always: what the server has not heard of yet is refused without them. Send
    `zone` too: the session's day is by it, and without it by the zone that the account has when the session arrives.
    """

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["complete", "abandon"]}})

    start: LivedStart
    items: Annotated[list[Slug], Field(min_length=1, max_length=20)] = may_be_absent(
        "The exercises in their order, where the phone swapped or left out some of the routine's by the safety answers."
    )
    rungs: Annotated[list[RungDone], Field(max_length=20)] = Field(
        default_factory=list, description="Which rung was done of each exercise; counts only with the level `auto`."
    )
    record: SessionRecord = may_be_absent()
    complete: SessionComplete = may_be_absent()
    abandon: SessionAbandon = may_be_absent()


class Sync(Input):
    """What was done offline, and how far the device has read."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "sessions": [{"start": example_of(SessionCreate), "complete": example_of(SessionComplete)}],
                    "limit": 100,
                }
            ]
        }
    )

    sessions: Annotated[list[LivedSession], Field(max_length=SESSIONS_AT_MOST)] = Field(default_factory=list)
    acknowledged_notices: Annotated[list[Id], Field(max_length=NOTICES_AT_MOST)] = Field(
        default_factory=list,
        description="Ids of notices that were put away on the device; again changes nothing. One that the server does "
        "not know of is kept too: the sessions that it rests on may be on another phone.",
    )
    cursor: Annotated[Text, Field(max_length=300)] = may_be_absent(
        "`cursor` of the answer before; without it the changes begin from nothing."
    )
    limit: Annotated[Whole, Field(ge=1, le=100, description="Of changes in the answer.")] = 100


class SyncProblem(Problem):
    """The problem document that the online call would have answered; a conflict shows the session as it is."""

    session: SessionState | None = Field(default=None, exclude_if=is_absent)


class SessionApplied(Output):
    """It is new here, and kept."""

    verdict: Literal[Ruling.APPLIED] = Ruling.APPLIED
    id: UUID


class SessionUpdated(Output):
    """It was known, and something of it was news: what it lacked is kept."""

    verdict: Literal[Ruling.UPDATED] = Ruling.UPDATED
    id: UUID


class SessionDuplicate(Output):
    """All of it was known already. Nothing is left to send."""

    verdict: Literal[Ruling.DUPLICATE] = Ruling.DUPLICATE
    id: UUID


class SessionRejected(Output):
    """Nothing of it is kept. Sent again as it is, it is refused again: mend it, or keep what `problem` shows."""

    verdict: Literal[Ruling.REJECTED] = Ruling.REJECTED
    id: UUID
    pointer: str = Field(description="The part that is refused, as a JSON pointer into the request.")
    problem: SyncProblem


class SessionRetry(Output):
    """Nothing of it is kept, by a mistake of the server that is not known to last. Send it again another time."""

    verdict: Literal[Ruling.RETRY] = Ruling.RETRY
    id: UUID


Verdict = Annotated[
    SessionApplied | SessionUpdated | SessionDuplicate | SessionRejected | SessionRetry,
    Field(discriminator="verdict"),
]


class ScreeningStanding(Output):
    """What the rule of `GET /v1/screening` takes; the answers are null where there are none or none may be kept.

    What is told with an instant counts from then on, until the questionnaire is answered later than that.
    """

    version: str | None = Field(default=None, description="Of the questionnaire that was answered.")
    answers: dict[str, Answer] | None = None
    red_flags: list[str] | None = None
    answered_at: datetime | None = None
    confirmed_at: datetime | None = None
    session_at: datetime | None = Field(default=None, description="The last session that keeps them from expiring.")
    new_at: datetime | None = Field(default=None, description="When something was new.")
    locked_at: datetime | None = Field(default=None, description="When a red flag ended a session.")
    settled_at: datetime | None = None
    locked: bool = Field(description="Whether no session starts until the questionnaire is answered or settled.")


class AccountChanged(Output):
    kind: Literal["account"] = "account"
    revision: int
    account: Account


class ScreeningChanged(Output):
    kind: Literal["screening"] = "screening"
    revision: int
    screening: ScreeningStanding


class SessionChanged(Output):
    kind: Literal["session"] = "session"
    revision: int
    session: SessionKept


class LevelKept(Output):
    """Where the person stands on the ladder of an exercise since its latest session.

    Idle days lead down, and the day of a rise leads up: `GET /v1/me/progress/levels` tells the level of today.
    """

    exercise: str
    sessions: int
    rung: int
    clean: int
    decision: LevelDecision
    practised_on: date | None = None


class LevelChanged(Output):
    kind: Literal["level"] = "level"
    revision: int
    level: LevelKept


class FreezeChanged(Output):
    kind: Literal["freeze"] = "freeze"
    revision: int
    freeze: Freeze


class RatingChanged(Output):
    """A rating that came on its own; one of a session changes that session too."""

    kind: Literal["rating"] = "rating"
    revision: int
    rating: OwnRating


class NoticesChanged(Output):
    """All notices that hold or are to come and were not put away: they take the place of those that the device keeps.

    Told whenever anything of the person has changed, since any of it may call for one or take one back. Each has the
    days on which it is shown, so a phone without a network shows it on its day.
    """

    kind: Literal["notices"] = "notices"
    revision: int
    notices: list[NoticeKept]


class Tombstone(Output):
    of: str = Field(description="What it was, as `kind` names it.")
    id: UUID
    deleted_at: datetime


class Deleted(Output):
    """Forget it on the device; its id cannot be used again."""

    kind: Literal["deleted"] = "deleted"
    revision: int
    deleted: Tombstone


Change = Annotated[
    AccountChanged
    | ScreeningChanged
    | SessionChanged
    | LevelChanged
    | FreezeChanged
    | RatingChanged
    | NoticesChanged
    | Deleted,
    Field(discriminator="kind"),
]


class Synced(Output):
    """Verdicts in the order of `sessions`; changes by revision, each with all of what is there now."""

    verdicts: list[Verdict]
    reset: bool = Field(
        description="The changes begin from nothing: forget what you keep of the server, but not what is unsent."
    )
    changes: list[Change] = Field(description="Ignore kinds that you do not know.")
    cursor: str = Field(description="Keep it once the changes are kept, and send it next time.")
    more: bool = Field(description="There are further changes: ask again with `cursor`, without sessions.")
    server_time: datetime
