"""Everything about a person as one archive."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import httpx
import jsonschema_rs
import pytest
from uuid_utils.compat import uuid7

from api.metadata import metadata
from tests.contract.probing import require_problem
from tests.databases import rows_of
from tests.factories import (
    PASSWORD,
    Guest,
    an_email,
    answer_screening,
    complete,
    letters_sent,
    open_guest,
    practise,
    rating,
    start,
)
from tests.privacy.archives import exported

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


async def lived(service: httpx.AsyncClient, guest: Guest) -> str:
    """A bit of everything; the id of a session that was rated, recorded and completed."""
    await answer_screening(service, guest)
    gone = await start(service, guest)
    await service.delete(f"/v1/sessions/{gone['id']}", headers=guest.headers)
    session = await start(service, guest, pain_before=[rating(5)])
    steps = (step for segment in session["timeline"]["segments"] for step in segment["steps"])
    step = next(step["id"] for step in steps if step["kind"] == "hold")
    record = {"steps": [{"step": step, "result": "done", "held_s": 20}], "ratings": [rating(4, step=step)]}
    await complete(service, guest, session["id"], pain_after=[rating(2)], effort=3, note="better", record=record)
    await freeze_and_put_a_notice_away(service, guest)
    await joined(service, guest)
    return str(session["id"])


async def freeze_and_put_a_notice_away(service: httpx.AsyncClient, guest: Guest) -> None:
    freeze = {"first_day": "2026-01-01", "last_day": "2026-01-02", "reason": "illness"}
    await service.put(f"/v1/me/freezes/{uuid7()}", json=freeze, headers=guest.headers)
    await service.patch("/v1/me", json={"weekly_target": 1}, headers=guest.headers)
    notices = (await service.get("/v1/me/notices", headers=guest.headers)).json()["items"]
    await service.post(f"/v1/me/notices/{notices[0]['id']}/acknowledge", headers=guest.headers)


async def joined(service: httpx.AsyncClient, guest: Guest) -> None:
    """Gives the guest an address, and lets another guest join."""
    sent = {"email": an_email(), "password": PASSWORD}
    for person in (guest, await open_guest(service)):
        answer = await service.post("/v1/me/credentials", json=sent, headers=person.headers)
        assert answer.status_code == 200, answer.text
    await letters_sent(service)


async def test_the_archive_holds_every_part_as_json_and_csv_and_the_schema_fits(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    await lived(service, guest)
    archive = await exported(service, guest)
    declared = {table.info["personal"].part for table in metadata.tables.values() if "personal" in table.info}
    parts = archive.parts()
    assert parts.keys() == declared == archive.json("schema.json")["properties"].keys()
    assert {f"csv/{name}.csv" for name in declared} < archive.names
    jsonschema_rs.validator_for(archive.json("schema.json"), validate_formats=True).validate(parts)
    assert [name for name, rows in parts.items() if not rows] == [], "let `lived` bring it about"
    assert [name for name, rows in parts.items() if len(archive.csv(name)) != len(rows)] == []
    assert all(name in archive.text("README.txt") for name in declared)


async def test_a_session_is_told_in_the_words_of_the_api_with_the_plan_as_it_was_shown(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session_id = await lived(service, guest)
    archive = await exported(service, guest)
    [session] = archive.part("sessions")
    shown = (await service.get(f"/v1/sessions/{session_id}", headers=guest.headers)).json()
    told = ("id", "status", "routine", "language", "zone", "started_at", "local_date", "ended_at", "active_ms")
    assert {name: session[name] for name in told} == {name: shown[name] for name in told}
    assert (session["note"], session["effort"]) == ("better", 3)
    [recorded], [whole] = session["record"]["steps"], shown["record"]["steps"]
    assert recorded.items() <= whole.items()
    assert archive.json(f"plans/{session['plan']}.json") == shown["timeline"]
    given = {(row["moment"], row["value"]) for row in archive.part("ratings") if row["session_id"] == session_id}
    assert given == {("before", 5), ("worst", 4), ("after", 2)}
    assert archive.part("account")[0]["consents"] == ["health-data@1"]
    assert {type(row["state"]) for row in archive.part("progress_exercises")} == {dict}
    assert {type(row["before"]) for row in archive.part("progress_practices")} == {dict}
    assert "user_id" not in archive.everything()


async def test_neither_secrets_nor_their_digests_are_in_the_archive(
    service: httpx.AsyncClient, guest: Guest, database_url: str
) -> None:
    everything = (await exported(service, guest)).everything()
    secrets = [guest.access_token, guest.refresh_token, guest.recovery_code]
    digests = [
        digest for (digest,) in rows_of(database_url, "SELECT digest FROM token WHERE user_id = :id", id=guest.id)
    ]
    assert len(digests) == 2
    assert not [secret for secret in secrets if secret in everything]
    assert not [digest for digest in digests if digest.hex() in everything or b64encode(digest).decode() in everything]


async def test_the_archive_has_nothing_of_anybody_else(service: httpx.AsyncClient, guest: Guest) -> None:
    other = await open_guest(service, app="somebody-elses-app")
    other_session = await lived(service, other)
    await lived(service, guest)
    everything = (await exported(service, guest)).everything()
    assert not [trace for trace in (str(other.id), other_session, "somebody-elses-app") if trace in everything]


async def test_a_spreadsheet_takes_no_note_for_a_formula(service: httpx.AsyncClient, guest: Guest) -> None:
    notes = ['=HYPERLINK("x")', "+1", "-1", "@x", "\tx", 'fine, "really"\nso']
    for note in notes:
        await practise(service, guest, YESTERDAY, note=note)
    archive = await exported(service, guest)
    assert sorted(row["note"] for row in archive.part("sessions")) == sorted(notes)
    written = [f"'{note}" for note in notes[:-1]] + notes[-1:]
    assert sorted(row["note"] for row in archive.csv("sessions")) == sorted(written)


async def test_an_archive_is_a_download_that_nobody_keeps(service: httpx.AsyncClient, guest: Guest) -> None:
    answer = await service.get("/v1/me/export", headers={**guest.headers, "accept-encoding": "br, gzip"})
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"].startswith('attachment; filename="unknot-')
    assert "content-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)


@pytest.mark.parametrize("scopes", ["profile:read sessions:read progress:read sessions:write"])
async def test_no_scope_that_other_apps_are_given_takes_everything(
    service: httpx.AsyncClient, guest: Guest, database_url: str, scopes: str
) -> None:
    rows_of(database_url, "UPDATE token SET scopes = :scopes WHERE user_id = :id", scopes=scopes, id=guest.id)
    for method, path in (("GET", "/v1/me/export"), ("DELETE", "/v1/me?confirm=erase")):
        problem = require_problem(await service.request(method, path, headers=guest.headers), 403, "scope-missing")
        assert "profile:write" in problem["detail"]
