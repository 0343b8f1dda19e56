"""`python -m tests.attacks.clock`: the server's clock goes back an hour and ahead two days while it serves."""

import asyncio
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import httpx
import time_machine

from api.cli import main as unknot
from tests.attacks.places import options, place
from tests.attacks.table import Row, nothing_lost, told
from tests.crash.drill import acknowledged, client, under
from tests.crash.log import Log
from tests.databases import rows_of
from tests.factories import Guest, open_guest, session_request
from tests.servers import Program

ROOT = Path(__file__).resolve().parents[2]
JUMPS: Mapping[signal.Signals, timedelta] = {
    signal.SIGUSR1: timedelta(hours=-1),
    signal.SIGUSR2: timedelta(days=2),
}
WRITES = 30
NEGATIVE = "SELECT COUNT(*) FROM session WHERE active_ms < 0 OR ended_at < started_at"


def serve_with_a_clock_that_jumps(arguments: list[str]) -> None:
    """`unknot serve` whose clock jumps at a signal. Monotonic clocks go on as they do in a real change of the time."""
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        for sent, jump in JUMPS.items():
            signal.signal(sent, lambda *_, jump=jump: traveller.shift(jump))
        unknot(["serve", *arguments])


class Jumping(Program):
    def __init__(self, folder: Path, url: str) -> None:
        # Phones refresh no token, and the clock goes ahead by days.
        settings = {"UNKNOT_DATABASE_URL": url, "UNKNOT_ACCESS_TOKEN_MINUTES": "100000", "PYTHONPATH": str(ROOT)}
        super().__init__(folder, [sys.executable, "-m", "tests.attacks.clock", "serve"], settings)


async def jumped(folder: Path, url: str, *, times: int, phones: int, seed: int, writes: int = WRITES) -> list[Row]:
    server, answers, own = Jumping(folder, url), list[int](), list[Guest]()

    async def ordeal(log: Log, luck: Random, served: asyncio.Event) -> None:  # noqa: ARG001 - there always is one
        async with client(server) as service:
            own.append(guest := await open_guest(service))
            log.unanswered_sign_ups += 1  # ours, which no phone knows
            for number in range(2 * times):
                started = session_request()
                answers.append((await service.post("/v1/sessions", json=started, headers=guest.headers)).status_code)
                await acknowledged(log, writes)
                server.send(list(JUMPS)[number % 2])
                answers.extend(await across(service, guest, started["id"]))
            await acknowledged(log, writes)

    _, findings = await under(ordeal, server, url, number=phones, seed=seed)
    # Two days on, what a phone left active counts as lapsed; a completion that was lost would show in more than that.
    findings = [found for found in findings if str(own[0].id) not in found.what and not found.what.endswith(": status")]
    [(negative,)] = rows_of(url, NEGATIVE)
    return [
        Row("no server error", f"{sorted(set(answers))} to {len(answers)} requests across a jump", max(answers) < 500),
        Row("no duration below zero", f"{negative} sessions", negative == 0),
        nothing_lost(findings),
    ]


async def across(service: httpx.AsyncClient, guest: Guest, session_id: str) -> list[int]:
    """A session that began before the jump, gone on with after it; the server's clock is the only one it knows."""
    path, answers = f"/v1/sessions/{session_id}", []
    for method, url, body in (
        ("PUT", f"{path}/record", {"steps": [], "recorded_at": datetime.now(UTC).isoformat()}),
        ("POST", f"{path}/complete", {}),
        ("GET", path, None),
        ("GET", "/v1/me/progress", None),
        ("GET", "/v1/me/progress/days", None),
        ("POST", "/v1/sessions", session_request()),
        ("DELETE", path, None),
    ):
        answers.append((await service.request(method, url, json=body, headers=guest.headers)).status_code)
    return answers


def main() -> int:
    if sys.argv[1:2] == ["serve"]:
        serve_with_a_clock_that_jumps(sys.argv[2:])
    parser = options("clock", __doc__)
    # The phones tell of the last 20 days, and a session is taken for 30, shown among the last 28.
    parser.add_argument("--times", type=int, choices=(1, 2, 3), default=3, help="back and ahead")
    chosen = parser.parse_args()
    with place(chosen.database) as (folder, url):
        return told(asyncio.run(jumped(folder, url, times=chosen.times, phones=chosen.phones, seed=chosen.seed)))


if __name__ == "__main__":
    sys.exit(main())
