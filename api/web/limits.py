"""Rate limits: by address until somebody is recognised, then by person; never by what a caller can make up.

The counting is the `limits` library's. Counters live in this process: several copies of the server each allow the
whole quota, so a proxy in front of them should route a person to one copy or limit by itself.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from time import time

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.domain.errors import Limited
from api.web.problems import problem_response

RECOGNISED_AT_MOST = 50_000
FREE_PATHS = frozenset({"/livez", "/readyz"})
MAY_BE_CONDITIONAL = frozenset({"GET", "HEAD"})
NOT_MODIFIED = 304
QUARTER, FROM_ALL = 15, 10


@dataclass(frozen=True, slots=True)
class Policy:
    name: str
    rate: RateLimitItem

    def header(self) -> bytes:
        return f'"{self.name}";q={self.rate.amount};w={self.rate.get_expiry()}'.encode()


def general(per_minute: int) -> Policy:
    return Policy("general", RateLimitItemPerMinute(per_minute))


def sign_up(per_hour: int) -> Policy:
    return Policy("sign-up", RateLimitItemPerHour(per_hour))


def sign_in(per_minute: int) -> Policy:
    return Policy("sign-in", RateLimitItemPerMinute(per_minute))


def fingerprint(authorization: bytes) -> bytes:
    """What tells one credential from another, however it is spaced; the credential cannot be read from it."""
    return sha256(authorization.partition(b" ")[2].strip(b" ")).digest()


class Recognised:
    """Whose a credential has proved to be, by its fingerprint; what was proved longest ago is forgotten first."""

    def __init__(self, at_most: int = RECOGNISED_AT_MOST) -> None:
        self._owners: OrderedDict[bytes, str] = OrderedDict()
        self._at_most = at_most

    def remember(self, credential: bytes, user: str) -> None:
        self._owners[credential] = user
        self._owners.move_to_end(credential)
        if len(self._owners) > self._at_most:
            self._owners.popitem(last=False)

    def owner(self, credential: bytes) -> str | None:
        return self._owners.get(credential)


class Limits:
    """Counts a request before it is worked on, and gives it back for a 304: that costs nothing.

    Of requests in flight, therefore, never more are worked on than the policy allows.

    `policies` are by method and path; the one under None is for all others.
    """

    def __init__(
        self, app: ASGIApp, *, policies: Mapping[tuple[str, str] | None, Policy], recognised: Recognised
    ) -> None:
        self.app, self.policies, self.recognised = app, policies, recognised
        self.counters = MemoryStorage()
        self.limiter = FixedWindowRateLimiter(self.counters)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        policy = self.policy_for(scope)
        if policy is None:
            await self.app(scope, receive, send)
            return
        who = self.caller(scope)
        # What is refused is not counted: otherwise what is given back could not be told from it.
        allowed = self.limiter.test(policy.rate, who) and self.limiter.hit(policy.rate, who)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] == NOT_MODIFIED and scope["method"] in MAY_BE_CONDITIONAL:
                    self.give_back(policy, who)
                message = {**message, "headers": [*message["headers"], *self.headers(policy, who)]}
            await send(message)

        if allowed:
            await self.app(scope, receive, sending)
        else:
            await self.refuse(scope, policy, who)(scope, receive, sending)

    def policy_for(self, scope: Scope) -> Policy | None:
        if scope["type"] != "http" or scope["path"] in FREE_PATHS:
            return None
        return self.policies.get((scope["method"], scope["path"])) or self.policies.get(None)

    def caller(self, scope: Scope) -> str:
        owner = None
        for name, value in scope["headers"]:
            if name == b"authorization":
                owner = self.recognised.owner(fingerprint(value))
        address = scope["client"][0] if scope["client"] else "unknown"
        return f"person:{owner}" if owner else f"address:{address}"

    def give_back(self, policy: Policy, who: str) -> None:
        counter = policy.rate.key_for(who)
        # A counter whose window has passed is gone, and must not come back without an end.
        if self.counters.get(counter):
            self.counters.decr(counter)

    def headers(self, policy: Policy, who: str) -> list[tuple[bytes, bytes]]:
        reset_at, remaining = self.limiter.get_window_stats(policy.rate, who)
        seconds = max(0, round(reset_at - time()))
        state = f'"{policy.name}";r={max(0, remaining)};t={seconds}'.encode()
        return [(b"ratelimit-policy", policy.header()), (b"ratelimit", state)]

    def refuse(self, scope: Scope, policy: Policy, who: str) -> ASGIApp:
        reset_at, _ = self.limiter.get_window_stats(policy.rate, who)
        wait = str(max(1, round(reset_at - time())))
        refusal = Limited(f"At most {policy.rate.amount} in {policy.rate.get_expiry()} s are taken here.")
        return problem_response(refusal, scope, {"retry-after": wait})


class Attempts:
    """Counts tries at one account: `at_most` from one address in a quarter of an hour, ten times as many from all.

    Who succeeds is forgotten again, and an address that has succeeded before is not kept out by what others try: so
    nobody can lock a person out of the own account for good. `at_most` 0 sets no limit.
    """

    def __init__(self, at_most: int) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._here = RateLimitItemPerMinute(at_most, QUARTER)
        self._anywhere = RateLimitItemPerMinute(at_most * FROM_ALL, QUARTER)
        self._proved = Recognised()
        self._limited = at_most > 0

    def take(self, account: str, address: str) -> int:
        """Counts a try that may be made: 0; or, uncounted, the seconds until the next may be."""
        if not self._limited:
            return 0
        wanted: list[tuple[RateLimitItem, tuple[str, ...]]] = [(self._here, (account, address))]
        if self._proved.owner(pair(account, address)) is None:
            wanted.append((self._anywhere, (account,)))
        for rate, key in wanted:
            if not self._limiter.test(rate, *key):
                return max(1, round(self._limiter.get_window_stats(rate, *key).reset_time - time()))
        for rate, key in wanted:
            self._limiter.hit(rate, *key)
        return 0

    def succeeded(self, account: str, address: str) -> None:
        self._proved.remember(pair(account, address), account)
        self._limiter.clear(self._here, account, address)

    def forget(self, account: str) -> None:
        """Lets everybody try anew: the password is another one."""
        self._limiter.clear(self._anywhere, account)


def pair(account: str, address: str) -> bytes:
    return sha256(f"{account} {address}".encode()).digest()
