"""What accounts refuse, beside the general kinds."""

from api.domain.errors import Conflict, Forbidden, Limited, NotOffered, Unauthenticated


class ScopeMissing(Forbidden):
    code = "scope-missing"
    title = "This token may not do that"
    cure = "Use a token that has the scope named in the detail."


class ConsentRequired(Forbidden):
    code = "consent-required"
    title = "Pain ratings, notes and safety answers are kept only with consent"
    cure = "Show the text of `GET /v1/consents`, then `PUT /v1/me/consents/health-data@1`; or send the request without."


class TokenRefused(Unauthenticated):
    code = "token-refused"
    title = "This token or code is not valid"
    cure = "Sign in again, or bring the account back with its recovery code."


class AccountMoved(Unauthenticated):
    """The account became part of another, or went, after the token was looked up: look it up again."""

    code = "account-moved"
    title = "This account became part of another, or went"
    cure = "Send the request again; where that is refused too, sign in again."


class SignInRefused(Unauthenticated):
    code = "sign-in-refused"
    title = "This e-mail and password do not belong together"
    cure = "Check both. `POST /v1/password-resets` sends a code by mail; the recovery code works too."


class PasswordWrong(Forbidden):
    code = "password-wrong"
    title = "This is not the password"
    cure = "Ask for the account's present password again, or reset it with `POST /v1/password-resets`."


class PasswordTooCommon(Conflict):
    code = "password-too-common"
    title = "This password is too easy to guess"
    cure = "Choose one that is not in lists of common passwords; a few words that do not belong together are good."


class EmailTaken(Conflict):
    code = "email-taken"
    title = "There is an account with this e-mail already"
    cure = "Sign in with `POST /v1/tokens`; a guest joins it with `POST /v1/me/credentials`."


class CredentialsExist(Conflict):
    code = "credentials-exist"
    title = "This account has an e-mail and a password already"
    cure = "Change the password with `PUT /v1/me/password`, the e-mail with `POST /v1/me/email`."


class CredentialsMissing(Conflict):
    code = "credentials-missing"
    title = "This account has no e-mail and password"
    cure = "Add them with `POST /v1/me/credentials`."


class CodeRefused(Forbidden):
    code = "code-refused"
    title = "This code is not valid"
    cure = "A code works once, for half an hour, and only the latest one does: have another sent."


class TooManyAttempts(Limited):
    code = "too-many-attempts"
    title = "Too many attempts at this account"
    cure = "Wait for the seconds named in `Retry-After`; the recovery code and devices signed in are not affected."

    def __init__(self, detail: str | None = None, *, retry_after_s: int = 1) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class MailNotConfigured(NotOffered):
    code = "mail-not-configured"
    title = "This server sends no mail"
    cure = "Bring the account back with its recovery code. Whoever runs the server sets `UNKNOT_MAIL_URL`."
