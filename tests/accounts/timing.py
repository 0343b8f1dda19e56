"""How long a sign-in takes for an address that has an account and for one that has none.

`python -m tests.accounts.timing --rounds 200` asks both in turn over HTTP, without a socket, at the server's cost of
hashing. A difference of the medians that chance makes as well tells nobody anything.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import httpx

from api.main import create_app
from api.settings import Settings
from tests.databases import Run, postgresql_database, sqlite_database
from tests.factories import an_email, register

UNLIMITED = {
    "rate_limit_per_minute": 0,
    "sign_up_limit_per_hour": 0,
    "sign_in_limit_per_minute": 0,
    "sign_in_attempts": 0,
}
SHUFFLES = 2000


async def measured(database_url: str, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each refused sign-in, by whether there is an account."""
    app = create_app(Settings.model_validate({"database_url": database_url, **UNLIMITED}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://unknot.test") as client:
            emails = {"known": an_email(), "unknown": an_email()}
            await register(client, emails["known"])
            taken: dict[str, list[float]] = {name: [] for name in emails}
            for _ in range(rounds):
                for name in random.sample(sorted(emails), 2):
                    taken[name].append(await refused(client, emails[name]))
    return taken


async def refused(client: httpx.AsyncClient, email: str) -> float:
    began = perf_counter()
    answer = await client.post("/v1/tokens", json={"email": email, "password": "not that one"})
    assert answer.status_code == 401
    return (perf_counter() - began) * 1000


def by_chance(one: Sequence[float], other: Sequence[float]) -> float:
    """How often a random split of all the times has medians at least as far apart."""
    found = abs(statistics.median(one) - statistics.median(other))
    times, chance = [*one, *other], random.Random(1)  # noqa: S311 - shuffles figures, no secret
    wider = 0
    for _ in range(SHUFFLES):
        chance.shuffle(times)
        left, right = times[: len(one)], times[len(one) :]
        wider += abs(statistics.median(left) - statistics.median(right)) >= found
    return wider / SHUFFLES


def told(taken: dict[str, list[float]]) -> str:
    rows = [
        f"{name:8} n {len(times)}  median {statistics.median(times):.2f} ms  "
        f"p10 {statistics.quantiles(times, n=10)[0]:.2f}  p90 {statistics.quantiles(times, n=10)[-1]:.2f}"
        for name, times in taken.items()
    ]
    share = by_chance(taken["known"], taken["unknown"])
    return "\n".join([*rows, f"a random split differs as much in {share:.0%} of {SHUFFLES} shuffles"])


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.accounts.timing", description=__doc__)
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options, run = arguments.parse_args(), Run()
    try:
        with tempfile.TemporaryDirectory() as folder:
            database = sqlite_database(Path(folder)) if options.database == "sqlite" else postgresql_database()
            with database as url:
                print(told(asyncio.run(measured(url, options.rounds))))
    finally:
        run.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
