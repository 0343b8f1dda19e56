"""What tokens refuse, beside the general kinds."""

from api.domain.errors import Conflict, NotFound


class DeviceNotFound(NotFound):
    code = "device-not-found"
    title = "No such device is signed in"
    cure = "List the devices with `GET /v1/me/devices`; one that was signed out is not among them any more."


class TokenNotFound(NotFound):
    code = "token-not-found"
    title = "There is no such personal token"
    cure = "List the tokens with `GET /v1/me/tokens`; those revoked or expired are not among them any more."


class TooManyTokens(Conflict):
    code = "too-many-tokens"
    title = "There are too many personal tokens"
    cure = "Revoke those that are not used any more; `GET /v1/me/tokens` says when each was used last."
