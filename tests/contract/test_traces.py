"""Traces: off unless configured, and then without a person in them."""

from collections.abc import Iterator

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from uuid_utils.compat import uuid7

from api.main import create_app
from api.settings import Settings
from tests.content.loaded import CONTENT


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    """What the process's provider sends while a test runs; the library lets a provider be set once."""
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        trace.set_tracer_provider(TracerProvider())
    provider, exporter = trace.get_tracer_provider(), InMemorySpanExporter()
    assert isinstance(provider, TracerProvider)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield exporter
    exporter.shutdown()


async def test_a_span_names_route_and_request_but_no_session_and_no_search(
    exporter: InMemorySpanExporter,
) -> None:
    session_id = str(uuid7())
    transport = httpx.ASGITransport(create_app(Settings(traces=True), CONTENT))
    async with httpx.AsyncClient(transport=transport, base_url="http://unknot.test") as client:
        read = await client.get(f"/v1/sessions/{session_id}")
        await client.get("/v1/exercises", params={"q": "my secret"})
        await client.get("/v1/routines")
    spans = [span for span in exporter.get_finished_spans() if span.kind is trace.SpanKind.SERVER]
    told = [dict(span.attributes or {}) for span in spans]
    assert [one["url.path"] for one in told] == ["/v1/sessions/{id}", "/v1/exercises", "/v1/routines"]
    assert [one["http.response.status_code"] for one in told] == [401, 200, 200]
    assert told[0]["unknot.request_id"] == read.headers["x-request-id"]
    everything = "".join(span.to_json() for span in exporter.get_finished_spans())
    assert session_id not in everything
    assert "secret" not in everything


async def test_there_are_none_unless_they_are_asked_for(
    service: httpx.AsyncClient, exporter: InMemorySpanExporter
) -> None:
    await service.get("/v1/exercises", params={"q": "hang"})
    assert exporter.get_finished_spans() == ()
