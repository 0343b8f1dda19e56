"""Refusals: what the rules say no to, named where it is known and rendered once, in `web/problems`.

    Refusal
    ├── NotFound          there is no such thing for this caller
    ├── Gone              there was, and it was deleted
    ├── Conflict          true of the request, not of what is stored already
    ├── Invalid           the request breaks a rule of its own form
    ├── Forbidden         known caller, not allowed
    ├── Unauthenticated   nobody we know
    ├── Limited           too much, too fast
    ├── Unavailable       not now; the same request later may do
    └── NotOffered        not on this server, as it is set up

A concrete refusal is a subclass with a `code`, which is also the last part of its problem type. It stands in the room
that says no, or here when several do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input: where (a JSON pointer), a stable code, and a sentence with the cure."""

    pointer: str
    code: str
    message: str


class Refusal(Exception):
    """`detail` tells this case, or else the cure; `faults` where; `state` what the caller should see, by wire name."""

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "Refused"
    cure: ClassVar[str] = "See the detail."
    retry_after_s: int | None = None

    def __init__(
        self, detail: str | None = None, *, faults: tuple[Fault, ...] = (), state: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.cure
        self.faults = faults
        self.state = dict(state or {})


class NotFound(Refusal):
    code = "not-found"
    title = "There is nothing here"
    cure = "Check the address and the id. Another person's things look exactly like missing ones."


class Gone(Refusal):
    code = "gone"
    title = "This was deleted"
    cure = "Forget it on the device; its id cannot be used again."


class Conflict(Refusal):
    code = "conflict"
    title = "This does not fit what is stored already"
    cure = "Read the present state in the answer, and decide from there."


class Invalid(Refusal):
    code = "invalid"
    title = "The request is not well formed"
    cure = "Mend the members named under `errors` and send it again."


class Forbidden(Refusal):
    code = "forbidden"
    title = "This is not allowed"
    cure = "The detail says what is missing."


class Unauthenticated(Refusal):
    code = "unauthenticated"
    title = "Sign in first"
    cure = "Send `Authorization: Bearer` with an access token; refresh it when it has expired."


class Limited(Refusal):
    code = "too-many-requests"
    title = "Too many requests"
    cure = "Wait for the seconds named in `Retry-After`, then go on more slowly."


class Unavailable(Refusal):
    code = "unavailable"
    title = "The server cannot do this right now"
    cure = "Send the same request again after the seconds in `Retry-After`; with the same id nothing happens twice."
    retry_after_s = 2


class NotOffered(Refusal):
    code = "not-offered"
    title = "This server is not set up for that"
    cure = "Ask whoever runs the server; the detail names what is missing."


class TimeAhead(Conflict):
    code = "time-ahead"
    title = "This time has not come yet"
    cure = "The device's clock is more than five minutes ahead; `server_time` in each session helps to correct it."
