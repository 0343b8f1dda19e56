"""Today on the wire."""

from datetime import date

from pydantic import Field

from api.catalogue.schemas import Spoken
from api.screening.schemas import CareAdvice
from api.web.wire import Output


class Said(Output):
    """A code, and what it says in the language of the answer."""

    code: str
    text: str


class Follow(Output):
    """What a session is to follow: a routine, or a planned one."""

    routine: str | None = None
    plan: str | None = None
    name: str | None = None


class Today(Spoken):
    """What to do now, and why."""

    today: date = Field(description="The person's own day, by zone and day cut-off.")
    due: Said = Field(description="`routine`, `gentle`, `caught-up` or `locked`.")
    why: Said = Field(description="The rule that decided; all of them are `codes.today_why` of the vocabulary.")
    due_on: date | None = Field(default=None, description="Later than today where all is done; null under a lock.")
    follow: Follow | None = Field(default=None, description="What is due, now or then; null under a lock.")
    way_out: Said | None = Field(default=None, description="How a lock is lifted.")
    care: CareAdvice | None = Field(default=None, description="Under a lock: how soon to get which care.")
    held_because: Said | None = Field(default=None, description="Why the screening does not count: the level is 0.")
    advice: list[Said] = Field(description="Why to see someone; beside any answer.")
