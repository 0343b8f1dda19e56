"""Tokens on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from api.accounts.schemas import EXAMPLE_TOKEN, PAIR, AppName, Code, DeviceName, Email, KnownPassword
from api.domain.permission import Scope
from api.web.faults import lacking
from api.web.wire import Input, Output, Text, Whole, may_be_absent

EXAMPLE_ID = "01938a3e-7c00-7000-8000-00000000beef"
BY_CODE = frozenset({"recovery_code"})

EITHER = "Give either `recovery_code`, or `email` and `password`"

Grantable = Literal[Scope.SESSIONS_READ, Scope.SESSIONS_WRITE, Scope.PROGRESS_READ, Scope.PROFILE_READ]
"""What a person may give to another app: whoever may write the profile manages credentials and tokens too."""
TokenText = Annotated[Text, Field(min_length=1, max_length=200)]


class TokenCreate(Input):
    """Either the recovery code, or e-mail and password."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["recovery_code"], "properties": {"email": False, "password": False}},
                {"required": ["email", "password"], "properties": {"recovery_code": False}},
            ],
            "examples": [
                {"recovery_code": "7K3QD-0XVYM-2N9BT-HC5RE-4WAJ8"},
                {"email": "sam@example.org", "password": "seven quiet herons", "device": "Sam's phone"},
            ],
        }
    )

    recovery_code: Code = may_be_absent()
    email: Email = may_be_absent()
    password: KnownPassword = may_be_absent()
    app: AppName = may_be_absent()
    device: DeviceName = may_be_absent()

    @model_validator(mode="after")
    def one_proof(self) -> "TokenCreate":
        given = self.model_fields_set - {"app", "device"}
        if given and given < PAIR:
            [missing] = PAIR - given
            raise lacking(missing, EITHER)
        if given not in {BY_CODE, PAIR}:
            raise ValueError(EITHER)
        return self


class TokenRefresh(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"refresh_token": EXAMPLE_TOKEN}]})

    refresh_token: TokenText


class TokenRevoke(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"token": EXAMPLE_TOKEN}]})

    token: TokenText = Field(description="An access, refresh or personal token.")


class Device(Output):
    """A sign-in that is still good."""

    id: UUID
    app: str | None
    device: str | None
    created_at: datetime
    last_seen_at: datetime = Field(description="When it last fetched tokens.")
    current: bool = Field(description="Whether this request came from it.")


class Devices(Output):
    items: list[Device]


class PersonalTokenCreate(Input):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "Training diary", "scopes": ["sessions:write", "progress:read"], "expires_in_days": 90}
            ]
        }
    )

    name: Annotated[Text, Field(min_length=1, max_length=80, description="For the person to know it by.")]
    scopes: Annotated[list[Grantable], Field(min_length=1, max_length=4)]
    expires_in_days: Annotated[Whole, Field(ge=1, le=366)] = 90


class PersonalToken(Output):
    id: UUID
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="To the minute.")


class PersonalTokens(Output):
    items: list[PersonalToken]


class PersonalTokenMade(PersonalToken):
    token: str = Field(description="Shown this once. It is sent as an access token is, and never refreshed.")
