"""How a server and a person begin: seconds to the first authenticated answer, and bytes over the wire."""

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import httpx

from api.db.engines import engine_for
from api.db.migrations import upgrade
from tests.bench.groups import ROOT
from tests.bench.measuring import cpu_seconds
from tests.bench.seeding import Seeded, open_people
from tests.bench.subjects import bearer, start_body
from tests.bench.table import verdict
from tests.factories import session_request
from tests.servers import Program, Server

MOST, MOST_REQUESTS, MOST_BYTES = 1.3, 3, 20_000
READ = "/v1/me/progress"


def lines(folder: Path, *, rounds: int) -> Iterator[str]:
    url = f"sqlite:///{folder / 'beginning.db'}"
    engine = engine_for(url)
    upgrade(engine)
    [person] = open_people(engine, 1)
    engine.dispose()
    taken: dict[str, list[tuple[float, float]]] = {"ours": [], "imports": []}
    for _ in range(rounds):
        taken["ours"].append(begun(Server(folder, url), READ, person))
        command = [sys.executable, "-m", "tests.bench.importing"]
        taken["imports"].append(begun(Program(folder, command, {"PYTHONPATH": str(ROOT)}), "/readyz", person))
    told = {name: [median(one) for one in zip(*each, strict=True)] for name, each in taken.items()}
    for what, own, reference in zip(("seconds", "CPU s"), told["ours"], told["imports"], strict=True):
        judged = verdict(met=own / reference <= MOST)
        yield f"first answer, {what}: {own:.2f}, imports {reference:.2f}: {own / reference:.2f} <= {MOST} {judged}"
    yield from first_session(folder, url)


def begun(server: Program, path: str, person: Seeded) -> tuple[float, float]:
    """Seconds from the start of the process to that answer, and those of its processor."""
    try:
        seconds = server.start()
        answer = httpx.get(server.url + path, headers=bearer(person), trust_env=False).raise_for_status()
        return seconds + answer.elapsed.total_seconds(), cpu_seconds(server.pid)
    finally:
        server.stop()


def first_session(folder: Path, url: str) -> Iterator[str]:
    """A new person's: account, start, complete; bodies as they came over the wire, coded as phones ask for."""
    server = Server(folder, url)
    server.start()
    try:
        with httpx.Client(base_url=server.url, headers={"accept-encoding": "br, gzip"}, trust_env=False) as client:
            sizes = [*played(client)]
    finally:
        server.stop()
    judged = verdict(met=len(sizes) <= MOST_REQUESTS and sum(sizes) <= MOST_BYTES)
    yield f"a first session: {len(sizes)} requests, {sum(sizes):,} bytes {sizes} <= {MOST_BYTES:,} {judged}"


def played(client: httpx.Client) -> Iterator[int]:
    opened = client.post("/v1/accounts", json={"consents": ["health-data@1"]})
    yield wire(opened)
    signed = {"authorization": f"Bearer {opened.json()['tokens']['access_token']}"}
    body = start_body(session_request()["id"])
    yield wire(client.post("/v1/sessions", json=body, headers=signed))
    yield wire(client.post(f"/v1/sessions/{body['id']}/complete", json={"effort": 3}, headers=signed))


def wire(answer: httpx.Response) -> int:
    """Heads of both directions are told by their lines; the body as it was coded."""
    answer.raise_for_status()
    request = answer.request
    heads = sum(len(name) + len(value) + 4 for name, value in [*request.headers.raw, *answer.headers.raw])
    return heads + len(request.content) + answer.num_bytes_downloaded
