"""Accounts on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, Strict, model_validator

from api.accounts.passwords import LONGEST, SHORTEST
from api.accounts.tokens import CODE_PATTERN
from api.domain.permission import Consent, Scope, SecurityEventKind
from api.web.faults import lacking, told_as
from api.web.wire import Input, LanguageTag, Output, Text, Whole, Zone, may_be_absent

EXAMPLE_TOKEN = f"uk_01938a3e7c007000800000000000cafe_{'0' * 43}"

WeeklyTarget = Annotated[Whole, Field(ge=1, le=21, description="Sessions a week that the person aims for.")]
DayCutoff = Annotated[
    Whole, Field(ge=0, le=720, description="Minutes after midnight at which the person's day begins.")
]
AppName = Annotated[Text, Field(min_length=1, max_length=80, description="The calling app, kept with what it writes.")]
DeviceName = Annotated[
    Text, Field(min_length=1, max_length=80, description="What the person calls this device, for the list of devices.")
]
LETTERS = r'[^\s@<>()\[\]\\,;:"\x00-\x1f\x7f-\x9f\ufeff]'
LABEL = LETTERS.replace("@", "@.")
EMAIL = told_as(
    rf"^{LETTERS}{{1,64}}@({LABEL}{{1,63}}\.){{1,8}}{LABEL}{{2,63}}$", "Write an e-mail address, like sam@example.org"
)
Email = Annotated[
    str,
    Strict(),
    Field(
        pattern=EMAIL,
        max_length=254,
        description="Small and capital letters are the same in it; it belongs to one account at most.",
    ),
]
Code = Annotated[
    str,
    Strict(),
    Field(pattern=told_as(CODE_PATTERN, "Write the code as it was given: five groups of five, with dashes between")),
]
NewPassword = Annotated[
    Text,
    Field(
        min_length=SHORTEST,
        max_length=LONGEST,
        description="15 characters or more are advised; any characters, none of them required.",
    ),
]
KnownPassword = Annotated[Text, Field(min_length=1, max_length=LONGEST)]
Consents = Annotated[list[Consent], Field(max_length=10, description="Texts of `GET /v1/consents` agreed to.")]


PAIR = frozenset({"email", "password"})


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
                },
                {"email": "ann@example.org", "password": "four calm otters", "device": "Ann's phone"},
            ],
            "dependentRequired": {"email": ["password"], "password": ["email"]},
        }
    )

    zone: Zone = "UTC"
    language: LanguageTag = "en"
    weekly_target: WeeklyTarget = 3
    day_cutoff_min: DayCutoff = 0
    app: AppName = may_be_absent()
    device: DeviceName = may_be_absent()
    email: Email = may_be_absent()
    password: NewPassword = may_be_absent()
    consents: Consents = Field(default_factory=list)

    @model_validator(mode="after")
    def both_or_neither(self) -> "AccountCreate":
        if len(given := self.model_fields_set & PAIR) == 1:
            [missing] = PAIR - given
            raise lacking(missing, "Give both `email` and `password`, or neither")
        return self


class AccountUpdate(Input):
    """Only the members that are given change."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"weekly_target": 4, "day_cutoff_min": 180}]})

    zone: Zone = may_be_absent()
    language: LanguageTag = may_be_absent()
    weekly_target: WeeklyTarget = may_be_absent()
    day_cutoff_min: DayCutoff = may_be_absent()


class Account(Output):
    id: UUID
    kind: Literal["guest", "registered"] = Field(description="`registered` with an e-mail and a password.")
    revision: int = Field(description="Counts the person's writes.")
    created_at: datetime
    app: str | None = None
    zone: str
    language: str
    weekly_target: int
    day_cutoff_min: int
    consents: list[Consent] = Field(description="Those in force.")
    email: str | None = None
    email_verified_at: datetime | None = None


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


class ConsentText(Output):
    id: Consent
    purpose: str
    version: int
    text: str


class ConsentTexts(Output):
    items: list[ConsentText]


class SecurityEvent(Output):
    id: UUID
    kind: SecurityEventKind
    at: datetime
    app: str | None = Field(description="That did it.")
    about: str | None = Field(description="The name of the device or token.")


class SecurityEvents(Output):
    items: list[SecurityEvent]
    next: str | None = Field(description="The cursor of the next page, if there is one.")
