"""Accounts on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, Strict

from api.accounts.tokens import CODE_PATTERN
from api.domain.permission import Consent, Scope
from api.web.wire import Input, LanguageTag, Output, Text, Whole, Zone, may_be_absent

EXAMPLE_TOKEN = f"uk_01938a3e7c007000800000000000cafe_{'0' * 43}"

WeeklyTarget = Annotated[Whole, Field(ge=1, le=21, description="Sessions a week that the person aims for.")]
DayCutoff = Annotated[
    Whole, Field(ge=0, le=720, description="Minutes after midnight at which the person's day begins.")
]
AppName = Annotated[Text, Field(min_length=1, max_length=80, description="The calling app, kept with what it writes.")]
Consents = Annotated[list[Consent], Field(max_length=10, description="Texts of `GET /v1/consents` agreed to.")]


class AccountCreate(Input):
    """A guest: no personal data. Whatever is left out has a sensible default."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "zone": "Europe/Berlin",
                    "language": "en",
                    "weekly_target": 3,
                    "app": "explorer",
                    "consents": ["health-data@1"],
                }
            ]
        }
    )

    zone: Zone = "UTC"
    language: LanguageTag = "en"
    weekly_target: WeeklyTarget = 3
    day_cutoff_min: DayCutoff = 0
    app: AppName = may_be_absent()
    consents: Consents = Field(default_factory=list)


class AccountUpdate(Input):
    """Only the members that are given change."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"weekly_target": 4, "day_cutoff_min": 180}]})

    zone: Zone = may_be_absent()
    language: LanguageTag = may_be_absent()
    weekly_target: WeeklyTarget = may_be_absent()
    day_cutoff_min: DayCutoff = may_be_absent()


class Account(Output):
    id: UUID
    kind: Literal["guest"] = "guest"
    revision: int = Field(description="Counts the person's writes.")
    created_at: datetime
    app: str | None = None
    zone: str
    language: str
    weekly_target: int
    day_cutoff_min: int
    consents: list[Consent] = Field(description="Those in force.")


class Tokens(Output):
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the name of a scheme
    access_token: str
    access_expires_at: datetime
    refresh_token: str = Field(description="Good for one use at `POST /v1/tokens/refresh`.")
    refresh_expires_at: datetime
    scopes: list[Scope]


class AccountOpened(Output):
    account: Account
    tokens: Tokens
    recovery_code: str = Field(description="Shown this once: it brings the account back on a new phone.")


class TokenCreate(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"recovery_code": "7K3QD-0XVYM-2N9BT-HC5RE-4WAJ8"}]})

    recovery_code: Annotated[str, Strict(), Field(pattern=CODE_PATTERN)]
    app: AppName = may_be_absent()


class TokenRefresh(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"refresh_token": EXAMPLE_TOKEN}]})

    refresh_token: Annotated[Text, Field(min_length=1, max_length=200)]


class ConsentText(Output):
    id: Consent
    purpose: str
    version: int
    text: str


class ConsentTexts(Output):
    items: list[ConsentText]
