"""Credentials on the wire."""

from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.accounts.schemas import Account, Code, Email, KnownPassword, NewPassword
from api.web.wire import Input, Output, may_be_absent

EXAMPLE_EMAIL, EXAMPLE_PASSWORD = "sam@example.org", "seven quiet herons"
EXAMPLE_CODE = "7K3QD-0XVYM-2N9BT-HC5RE-4WAJ8"


class CredentialsAdd(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"email": EXAMPLE_EMAIL, "password": EXAMPLE_PASSWORD}]})

    email: Email
    password: NewPassword


class DifferingSession(Output):
    """A session that both had under one id, with other content."""

    id: UUID
    kept: Literal["guest", "account"]


class United(Output):
    """What came of a guest that joined an account."""

    sessions: int = Field(description="How many came over.")
    differing: list[DifferingSession] = Field(
        description="Both had them, and differently: the one that had ended stayed, or else the one touched last."
    )
    deleted: list[UUID] = Field(description="One had deleted them, so they went on both sides.")


class CredentialsAdded(Output):
    account: Account
    united: United | None = Field(description="Given when the e-mail had an account, which the guest is a part of now.")


class PasswordChange(Input):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"current_password": EXAMPLE_PASSWORD, "new_password": "nine loud geese"}]}
    )

    current_password: KnownPassword
    new_password: NewPassword


class PasswordResetCreate(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"email": EXAMPLE_EMAIL}]})

    email: Email


class CodeSent(Output):
    """Says nothing of whether there is such an account."""

    expires_in_s: int = Field(description="A code that was sent works for so long.")


class PasswordResetConfirm(Input):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"email": EXAMPLE_EMAIL, "code": EXAMPLE_CODE, "new_password": "nine loud geese"}]
        }
    )

    email: Email
    code: Code = Field(description="From the letter; small letters do too.")
    new_password: NewPassword


class PasswordResetDone(Output):
    recovery_code: str = Field(description="A new one, shown this once; the one before is void.")


class RecoveryCodeRenew(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"current_password": EXAMPLE_PASSWORD}]})

    current_password: KnownPassword = may_be_absent("To be given where the account has one.")


class RecoveryCodeRenewed(Output):
    recovery_code: str = Field(description="Shown this once; the one before is void.")


class EmailChange(Input):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "sam.new@example.org", "current_password": EXAMPLE_PASSWORD}]}
    )

    email: Email
    current_password: KnownPassword


class EmailChangeConfirm(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "sam.new@example.org", "code": EXAMPLE_CODE}]})

    email: Email = Field(description="The new one, as it was asked for.")
    code: Code = Field(description="From the letter that went there; small letters do too.")


class EmailConfirm(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"code": EXAMPLE_CODE}]})

    code: Code = Field(description="From the letter; small letters do too.")
