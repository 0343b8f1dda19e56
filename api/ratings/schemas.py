"""Ratings on the wire that came on their own."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from api.domain.pain import BodySide, Region
from api.sessions.schemas import EXAMPLE_ID as EXAMPLE_SESSION
from api.sessions.schemas import Rating
from api.web.wire import Id, Instant, Output, may_be_absent

EXAMPLE_ID = "01938a3e-7c00-7000-8000-0000000ca1e5"
Moments = Literal["now", "after", "next_morning"]


class RatingCreate(Rating):
    """How much it hurts now; or, with the session that it tells of, how it was after that or the next morning."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"properties": {"moment": {"const": "now"}, "session": False}},
                {"required": ["moment", "session"], "properties": {"moment": {"enum": ["after", "next_morning"]}}},
            ],
            "examples": [
                {
                    "id": EXAMPLE_ID,
                    "region": "upper_back",
                    "side": "left",
                    "value": 4,
                    "moment": "next_morning",
                    "session": EXAMPLE_SESSION,
                }
            ],
        }
    )

    id: Id = may_be_absent(
        "Mint a UUID (v7) on the device and a retry is safe: the same again gives the same rating. "
        "Without it the server mints one, and a blind retry makes a second rating."
    )
    moment: Moments = "now"
    session: Id = may_be_absent("One that has ended.")
    at: Instant = may_be_absent("When it was felt; without it, when the request came.")

    @model_validator(mode="after")
    def of_a_session_or_of_none(self) -> "RatingCreate":
        if (self.moment == "now") == ("session" in self.model_fields_set):
            raise ValueError("`after` and `next_morning` tell of a `session`, and `now` of none")
        return self


class OwnRating(Output):
    id: UUID
    region: Region
    side: BodySide
    value: int
    moment: Annotated[str, Field(description="`now`, `after` or `next_morning`.")]
    session: UUID | None = Field(default=None, validation_alias="session_id")
    at: datetime
    received_at: datetime
    app: str | None = None
    revision: int


class OwnRatings(Output):
    """A page, newest first. `next` is the cursor of the page after it."""

    items: list[OwnRating]
    next: str | None = None
