"""`python -m tests.attacks.hostile`: every operation and field of the document with input that breaks stock servers."""

import http.client
import json
import socket
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx

from tests.attacks.inputs import Attempt, attempts, quoted
from tests.attacks.places import options, place
from tests.attacks.table import Row, told
from tests.contract.probing import Operation
from tests.factories import session_request
from tests.servers import Server

AT_MOST_S = 2.0
PROBLEM = "application/problem+json"
SHOWN = 10
NOT_SET_UP = 501
"""What needs a mail server says so where there is none."""


@dataclass
class Outcome:
    tried: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    slowest_s: float = 0.0
    wrong: list[str] = field(default_factory=list)


class Line:
    """A connection that sends whatever it is given, which no client library would."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._socket: socket.socket | None = None

    def send(self, attempt: Attempt, token: str) -> tuple[int, str, bytes]:
        """Status, media type and body of the answer. Raises OSError or HTTPException where there is none."""
        line = self._socket or socket.create_connection(("127.0.0.1", self.port), timeout=10)
        self._socket = None
        try:
            line.sendall(written(attempt, token))
            answer = http.client.HTTPResponse(line, method=attempt.method)
            answer.begin()
            body = answer.read()
        except BaseException:
            line.close()
            raise
        if answer.will_close:
            line.close()
        else:
            self._socket = line
        return answer.status, answer.headers.get("content-type", ""), body

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()


def written(attempt: Attempt, token: str) -> bytes:
    given = {name for name, _ in attempt.headers}
    headers = [(name, value) for name, value in own(attempt, token) if name not in given]
    lines = [b"%b: %b" % (name.encode(), value) for name, value in (*headers, *attempt.headers)]
    first = b"%b %b HTTP/1.1" % (attempt.method.encode(), quoted(attempt.target))
    return b"\r\n".join([first, *lines, b"", b""]) + (attempt.body or b"")


def own(attempt: Attempt, token: str) -> list[tuple[str, bytes]]:
    length = [("content-length", b"%d" % len(attempt.body))] if attempt.body is not None else []
    return [("host", b"unknot.test"), ("authorization", f"Bearer {token}".encode()), *length]


def attacked(url: str, port: int, *, share: float, seed: int) -> Outcome:
    """Tries a share of all attempts, chosen at random."""
    outcome, luck = Outcome(), Random(seed)  # noqa: S311 - a choice that can be repeated
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as service, closing(Line(port)) as line:
        document = service.get("/openapi.json").json()
        for path, item in document["paths"].items():
            for method, spec in item.items():
                chosen = [a for a in attempts(Operation(method.upper(), path, spec, document)) if luck.random() < share]
                token = somebody(service) if chosen else ""
                for attempt in chosen:
                    look(line, attempt, token, outcome)
    return outcome


def somebody(service: httpx.Client) -> str:
    """A person of this operation's own, with the session that the examples name."""
    opened = service.post("/v1/accounts", json={"consents": ["health-data@1"]}).raise_for_status().json()
    token = str(opened["tokens"]["access_token"])
    example = session_request(id="01938a3e-7c00-7000-8000-00000000cafe")
    service.post("/v1/sessions", json=example, headers={"authorization": f"Bearer {token}"}).raise_for_status()
    return token


def look(line: Line, attempt: Attempt, token: str, outcome: Outcome) -> None:
    began = time.monotonic()
    try:
        status, media_type, body = line.send(attempt, token)
    except (OSError, http.client.HTTPException) as error:
        outcome.wrong.append(f"{attempt.method} {attempt.target[:80]} {attempt.what}: {error!r}")
        return
    took = time.monotonic() - began
    outcome.tried += 1
    outcome.statuses[status] += 1
    outcome.slowest_s = max(outcome.slowest_s, took)
    fault = status >= 500 and status != NOT_SET_UP
    if fault or took > AT_MOST_S or (status >= 400 and not is_problem(attempt, status, media_type, body)):
        outcome.wrong.append(f"{attempt.method} {attempt.target[:80]} {attempt.what}: {status} in {took:.2f} s")


def is_problem(attempt: Attempt, status: int, media_type: str, body: bytes) -> bool:
    if media_type != PROBLEM:
        return False
    return attempt.method == "HEAD" or json.loads(body)["status"] == status


def judged(outcome: Outcome) -> list[Row]:
    figure = f"{len(outcome.wrong)} of {outcome.tried}, the slowest in {outcome.slowest_s:.2f} s"
    rows = [Row("no server error, always a problem, within 2 s", figure, not outcome.wrong)]
    return rows + [Row("wrong", wrong, kept=False) for wrong in outcome.wrong[:SHOWN]]


def run(folder: Path, url: str, *, share: float, seed: int) -> Outcome:
    server = Server(folder, url)
    server.start()
    try:
        return attacked(server.url, server.port, share=share, seed=seed)
    finally:
        server.stop()


def main() -> int:
    parser = options("hostile", __doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of all attempts")
    chosen = parser.parse_args()
    with place(chosen.database) as (folder, url):
        outcome = run(folder, url, share=chosen.share, seed=chosen.seed)
    print(dict(sorted(outcome.statuses.items())))
    return told(judged(outcome))


if __name__ == "__main__":
    sys.exit(main())
