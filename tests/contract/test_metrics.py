"""`/metrics`: for whoever has the token, by patterns and never by person, and as the operators' page says."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from api.counting import SHARED
from api.metrics import REGISTRY
from api.settings import Settings
from api.web import metrics
from tests.contract.probing import require_problem
from tests.databases import postgresql_database
from tests.factories import METRICS_TOKEN, Guest, complete, start
from tests.servers import Server

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "api" / "OPERATIONS.md").read_text()
BEARER = {"authorization": f"Bearer {METRICS_TOKEN}"}
Sample = tuple[str, frozenset[tuple[str, str]]]


async def told(service: httpx.AsyncClient) -> Counter[Sample]:
    answer = await service.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    return samples(answer.text)


def samples(text: str) -> Counter[Sample]:
    families = text_string_to_metric_families(text)
    return Counter({(one.name, frozenset(one.labels.items())): one.value for f in families for one in f.samples})


def requests(method: str, route: str, status: int) -> Sample:
    labels = {"method": method, "route": route, "status": str(status)}
    return "unknot_http_request_seconds_count", frozenset(labels.items())


async def test_only_the_token_opens_the_page(service: httpx.AsyncClient, guest: Guest) -> None:
    for headers in ({}, guest.headers, {"authorization": METRICS_TOKEN}, {"authorization": f"{BEARER}x"}):
        require_problem(await service.get("/metrics", headers=headers), 401, "unauthenticated")


async def test_without_a_token_there_is_no_such_page() -> None:
    app = FastAPI(telemetry=None)
    metrics.install(app, Settings().metrics_token)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://unknot.test") as client:
        assert (await client.get("/metrics", headers={"authorization": "Bearer "})).status_code == 404


async def test_requests_are_counted_by_patterns_and_nobody_is_named(service: httpx.AsyncClient, guest: Guest) -> None:
    before = await told(service)
    session = await start(service, guest)
    await service.get(f"/v1/sessions/{session['id']}", headers=guest.headers)
    exercises = (await service.get("/v1/exercises")).json()["items"][:3]
    tags = [(await service.get(f"/v1/exercises/{one['id']}")).headers["etag"] for one in exercises]
    await service.get(f"/v1/exercises/{exercises[0]['id']}", headers={"if-none-match": tags[0]})
    await service.get("/surely/secret")
    after = await service.get("/metrics", headers=BEARER)
    more = samples(after.text) - before
    assert more[requests("POST", "/v1/sessions", 201)] == 1
    assert more[requests("GET", "/v1/sessions/{id}", 200)] == 1
    assert more[requests("GET", "/v1/exercises/{slug}", 200)] == 3
    assert more[requests("GET", "/v1/exercises/{slug}", 304)] == 1
    assert more[requests("GET", "-", 404)] == 1
    assert session["id"] not in after.text
    assert exercises[0]["id"] not in after.text
    assert "secret" not in after.text


async def test_the_store_tells_what_it_does(service: httpx.AsyncClient, guest: Guest) -> None:
    before = await told(service)
    session = await start(service, guest)
    await complete(service, guest, session["id"])
    after = await told(service)
    done = {name: value for (name, _), value in (after - before).items()}
    assert done["unknot_store_unit_seconds_count"] == 2
    assert done["unknot_store_commit_seconds_count"] == 2
    assert done.get("unknot_store_group_size_sum", 2) == 2
    running = {labels: value for (name, labels), value in after.items() if name == "unknot_store_threads"}
    assert all(value > 0 for value in running.values())
    assert [value for (name, _), value in after.items() if name == "unknot_store_waiting" and value] == []


@pytest.mark.check
def test_the_operators_page_names_every_metric_and_none_that_is_not_there() -> None:
    written = set(re.findall(r"`(unknot_[a-z_]+)`", PAGE))
    kept = {family.name + ("_total" if family.type == "counter" else "") for family in REGISTRY.collect()}
    assert written == {name for name in kept if name.startswith("unknot_")}


COUNTS = """
from api import metrics
metrics.RATE_LIMITED.labels("general").inc()
metrics.WAITING.labels("writer").inc()
"""
TELLS = f"{COUNTS}\nprint(metrics.exposition().decode())"


def test_processes_that_share_a_folder_tell_of_all_and_forget_what_a_dead_one_had_under_way(tmp_path: Path) -> None:
    for code in (COUNTS, TELLS):
        command = [sys.executable, "-c", code]
        ran = subprocess.run(
            command, env={SHARED: str(tmp_path)}, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
        )
    summed = samples(ran.stdout)
    assert summed["unknot_rate_limited_total", frozenset({("policy", "general")})] == 2
    assert summed["unknot_store_waiting", frozenset({("queue", "writer")})] == 1


def test_several_processes_of_a_server_log_and_tell_as_one(tmp_path: Path) -> None:
    settings = {"UNKNOT_WORKERS": "2", "UNKNOT_METRICS_TOKEN": METRICS_TOKEN, "UNKNOT_LOG_LEVEL": "info"}
    with postgresql_database() as url:
        server = Server(tmp_path, url, settings=settings)
        try:
            server.start()
            for _ in range(10):
                httpx.get(f"{server.url}/v1/routines", trust_env=False).raise_for_status()
            told = [httpx.get(f"{server.url}/metrics", headers=BEARER, trust_env=False) for _ in range(4)]
        finally:
            server.stop()
    assert {samples(answer.text)[requests("GET", "/v1/routines", 200)] for answer in told} == {10}
    assert (tmp_path / "server.log").read_text().count('"GET /v1/routines 200') == 10
