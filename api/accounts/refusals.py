"""What accounts refuse, beside the general kinds."""

from api.domain.errors import Forbidden, Unauthenticated


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
