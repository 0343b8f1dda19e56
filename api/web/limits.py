"""Rate limits: by address until somebody is recognised, then by person; never by what a caller can make up.

Counters live in this process: several copies of the server each allow the whole quota, so a proxy in front of them
should route a person to one copy or limit by itself.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from time import time

from starlette.types import ASGIApp, Receive, Scope, Send

from api import metrics
from api.domain.errors import Limited
from api.web.answering import answering
from api.web.problems import problem_response
from api.web.ready import Headers

RECOGNISED_AT_MOST = 50_000
CROWD = 10_000
MINUTE, HOUR = 60, 3600
FREE_PATHS = frozenset({"/livez", "/readyz"})
MAY_BE_CONDITIONAL = frozenset({"GET", "HEAD"})
NOT_MODIFIED = 304
A_QUARTER_OF_AN_HOUR = 15 * MINUTE


@dataclass(frozen=True)
class Policy:
    """At most `amount` in any window, which begins with the first request and lasts so many `seconds`."""

    name: str
    amount: int
    seconds: int

    def key_for(self, who: str) -> str:
        return f"{self.name}/{who}"

    @cached_property
    def header(self) -> tuple[bytes, bytes]:
        return b"ratelimit-policy", f'"{self.name}";q={self.amount};w={self.seconds}'.encode()

    @cached_property
    def state(self) -> bytes:
        """What a window is told with: how many are left, and seconds until it ends."""
        return f'"{self.name}";r=%d;t=%d'.encode()


def general(per_minute: int) -> Policy:
    return Policy("general", per_minute, MINUTE)


def sign_up(per_hour: int) -> Policy:
    return Policy("sign-up", per_hour, HOUR)


@dataclass(slots=True)
class Window:
    """How much somebody took until it ends."""

    ends_at: float
    taken: int = 0

    def give_back(self) -> None:
        """One that was taken in it."""
        self.taken -= 1

    def seconds_left(self) -> int:
        return max(0, round(self.ends_at - time()))


class Windows:
    """The open window for each key. Those that have ended go when there is a crowd of them."""

    def __init__(self, crowd: int = CROWD) -> None:
        self._open: dict[str, Window] = {}
        self._least_crowd = self._crowd = crowd

    def __len__(self) -> int:
        return len(self._open)

    def hit(self, policy: Policy, who: str) -> bool:
        """Takes one; whether the policy allows as many."""
        return self.take(policy.key_for(who), policy.seconds) <= policy.amount

    def has_room(self, policy: Policy, who: str) -> bool:
        window = self._open.get(policy.key_for(who))
        return window is None or window.ends_at <= time() or window.taken < policy.amount

    def take(self, key: str, seconds: int) -> int:
        """How many are taken with this one."""
        now = time()
        window = self._open.get(key)
        if window is None or window.ends_at <= now:
            if len(self._open) >= self._crowd:
                self._forget_ended(now)
            window = self._open[key] = Window(now + seconds)
        window.taken += 1
        return window.taken

    def last(self, key: str) -> Window:
        """The window in which somebody took, even if it has ended."""
        return self._open.get(key) or Window(time())

    def clear(self, key: str) -> None:
        self._open.pop(key, None)

    def _forget_ended(self, now: float) -> None:
        """Next when twice as many are there, so that it costs each of them little."""
        self._open = {key: window for key, window in self._open.items() if window.ends_at > now}
        self._crowd = max(self._least_crowd, 2 * len(self._open))


def sign_in(per_minute: int) -> Policy:
    return Policy("sign-in", per_minute, MINUTE)


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

    def forget(self, user: str) -> None:
        for credential in [known for known, owner in self._owners.items() if owner == user]:
            del self._owners[credential]

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
        self.windows = Windows()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        policy = self.policy_for(scope)
        if policy is None:
            await self.app(scope, receive, send)
            return
        who = self.caller(scope)
        allowed, key = self.windows.hit(policy, who), policy.key_for(who)
        taken_in = self.windows.last(key)
        if not allowed:
            # What is refused is not counted: otherwise what is given back could not be told from it.
            taken_in.give_back()

        def told(status: int) -> Headers:
            if allowed and status == NOT_MODIFIED and scope["method"] in MAY_BE_CONDITIONAL:
                taken_in.give_back()
            window = self.windows.last(key)
            left = policy.state % (policy.amount - window.taken, window.seconds_left())
            return policy.header, (b"ratelimit", left)

        answering(scope).late = told
        answer = self.app if allowed else self.refusal(scope, policy, key)
        await answer(scope, receive, send)

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

    def refusal(self, scope: Scope, policy: Policy, key: str) -> ASGIApp:
        metrics.RATE_LIMITED.labels(policy.name).inc()
        wait = self.windows.last(key).seconds_left()
        limited = Limited(f"At most {policy.amount} in {policy.seconds} s are taken here.")
        return problem_response(limited, scope, {"retry-after": str(max(1, wait))})


class Attempts:
    """Counts tries at one account in a quarter of an hour: `at_most` from one address, `from_all` times that from all.

    Who succeeds may try anew, and an address that has succeeded before is not kept out by what others try: so nobody
    can lock a person out of the own account for good. `at_most` 0 sets no limit.
    """

    def __init__(self, at_most: int, from_all: int = 10) -> None:
        self._windows = Windows()
        self._here = Policy("here", at_most, A_QUARTER_OF_AN_HOUR)
        self._anywhere = Policy("anywhere", at_most * from_all, A_QUARTER_OF_AN_HOUR)
        self._proved = Recognised()
        self._limited = at_most > 0

    def take(self, account: str, address: str) -> int:
        """Counts a try that may be made: 0; or, uncounted, the seconds until the next may be."""
        if not self._limited:
            return 0
        here = f"{address} {account}"
        wanted = [(self._here, here)]
        if self._proved.owner(sha256(here.encode()).digest()) is None:
            wanted.append((self._anywhere, account))
        for policy, who in wanted:
            if not self._windows.has_room(policy, who):
                return max(1, self._windows.last(policy.key_for(who)).seconds_left())
        for policy, who in wanted:
            self._windows.hit(policy, who)
        return 0

    def succeeded(self, account: str, address: str) -> None:
        here = f"{address} {account}"
        self._proved.remember(sha256(here.encode()).digest(), account)
        self._windows.clear(self._here.key_for(here))

    def forget(self, account: str) -> None:
        """Lets everybody try anew, and nobody be known any more: the password is another one."""
        self._proved.forget(account)
        self._windows.clear(self._anywhere.key_for(account))
