"""Values are taken literally: no coercion, no naive times, one form of ids, closed objects."""

import json
from base64 import urlsafe_b64encode
from typing import Any, Literal

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, Field, ValidationError

from api.web.faults import OTHERWISE, SENTENCES, fault_of
from api.web.wire import Input, Text, Whole, time_zones
from tests.contract.probing import JSON, faults, require_problem, with_bodies
from tests.factories import Guest, rating, session_request, start

ID = "01938a3e-7c00-7abc-8def-00000000cafe"
NO_INTEGERS = ('"3"', "3.0", "3e0", "true", "null", "[3]", "0.1", "-1", "22", "2147483648", "9223372036854775808")
NO_JSON_INTEGERS = ("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "10000000000000000000", "9" * 5000, "03", "+3")
NO_TIMES = (
    0,
    1_732_348_800,
    1_732_348_800.5,
    True,
    "2026-11-23",
    "2026-11-23T08:00:00",
    "2026-11-23T08:00Z",
    "2026-11-23T24:00:00Z",
    "2026-02-30T08:00:00Z",
    "2026-11-23T08:00:00+24:00",
    "2026-11-23T08:00:00+0100",
    "20261123T080000Z",
    "2026-W48-1T08:00:00Z",
    "1732348800",
    " 2026-11-23T08:00:00Z",
    "2026-11-23T08:00:00+0\u0661:00",
    "now",
)
NO_IDS = (
    ID.replace("-", ""),
    f"{{{ID}}}",
    f"urn:uuid:{ID}",
    f" {ID}",
    ID.replace("-", "_"),
    ID[:-1],
    f"{ID}0",
    ID.replace("c", "g"),
    ID.replace("0", "\u0660", 1),
)


NO_CURSORS = (
    "0001-01-01T00:00:00+14:00|{id}",
    "9999-12-31T23:59:59.999999-14:00|{id}",
    "2026-11-23T08:00:00+01:00|{id}",
    "2026-11-23T08:00:00-00:01|{id}",
    "2026-11-23T08:00:00Z|{id}",
    "2026-11-23T08:00:00|{id}",
    "2026-11-23 08:00:00+00:00|{id}",
    "2026-11-23T08:00:00.0+00:00|{id}",
    "2026-11-23|{id}",
    "10000-01-01T00:00:00+00:00|{id}",
    "2026-11-23T08:00:00+00:00|{id}|",
    "2026-11-23T08:00:00+00:00|x",
    "2026-11-23T08:00:00+00:00",
    "|",
    "",
)
EDGES = ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00")


class Member(Input):
    value: Whole


class Form(Input):
    """One member for each rule that callers meet."""

    number: Whole = Field(default=0, ge=1, le=9)
    text: Text = Field(default="a", min_length=1, max_length=3)
    slug: str = Field(default="a", pattern="^a$")
    word: Literal["left", "right"] = "left"
    member: Member = Member(value=1)
    members: list[Member] = Field(default=[], min_length=1, max_length=2)
    yes: bool = Field(default=True, strict=True)
    needed: Whole


def message(sent: object, model: type[BaseModel] = Form) -> str:
    try:
        model.model_validate(sent)
    except ValidationError as error:
        return fault_of({**error.errors()[0], "loc": ("body", *error.errors()[0]["loc"])}).message
    raise AssertionError("It was taken")


async def send(service: httpx.AsyncClient, raw: str, **headers: str) -> httpx.Response:
    body = '{"weekly_target": ' + raw + "}"
    return await service.post("/v1/accounts", content=body, headers={**JSON, **headers})


@pytest.mark.parametrize("raw", NO_INTEGERS)
async def test_only_a_plain_integer_in_range_is_an_integer(service: httpx.AsyncClient, raw: str) -> None:
    problem = require_problem(await send(service, raw), 422, "invalid")
    assert [pointer for pointer, _ in faults(problem)] == ["/weekly_target"]


@pytest.mark.parametrize("raw", NO_JSON_INTEGERS, ids=lambda raw: raw[:12])
async def test_numbers_that_json_or_64_bits_do_not_have_are_refused(service: httpx.AsyncClient, raw: str) -> None:
    problem = require_problem(await send(service, raw), 422, "invalid")
    assert faults(problem) == {("", "json_invalid")} or raw == "10000000000000000000"


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "a\udfff"])
async def test_text_without_a_form_in_the_database_is_refused(service: httpx.AsyncClient, text: str) -> None:
    body = json.dumps({"app": text})
    problem = require_problem(await service.post("/v1/accounts", content=body, headers=JSON), 422, "invalid")
    assert [pointer for pointer, _ in faults(problem)] == ["/app"]


async def test_text_beyond_the_basic_plane_comes_back_as_it_was_sent(service: httpx.AsyncClient) -> None:
    text = "näck 🧘 \x01\x7f\u2028 e\u0301"
    answer = await service.post("/v1/accounts", json={"app": text})
    assert answer.json()["account"]["app"] == text


@pytest.mark.parametrize("time", NO_TIMES, ids=str)
async def test_only_a_time_with_its_offset_is_a_time(service: httpx.AsyncClient, guest: Guest, time: Any) -> None:
    answer = await service.post("/v1/sessions", json=session_request(started_at=time), headers=guest.headers)
    assert faults(require_problem(answer, 422, "invalid")) == {("/started_at", "time")}


@pytest.mark.parametrize(
    ("day", "code"), [("2026-1-1", "date"), ("20260101", "date"), ("2026-02-30", "date"), ("0", "date")]
)
async def test_only_a_calendar_day_is_a_day(service: httpx.AsyncClient, guest: Guest, day: str, code: str) -> None:
    answer = await service.get("/v1/me/progress/days", params={"first_day": day}, headers=guest.headers)
    assert faults(require_problem(answer, 422, "invalid")) == {("?first_day", code)}


@pytest.mark.parametrize("limit", ["0", "101", "+5", "05", "5.0", " 5", "5_0", "\u0665", "", "9" * 30])
async def test_a_number_in_the_query_is_plain_digits(service: httpx.AsyncClient, guest: Guest, limit: str) -> None:
    answer = await service.get("/v1/sessions", params={"limit": limit}, headers=guest.headers)
    assert [pointer for pointer, _ in faults(require_problem(answer, 422, "invalid"))] == ["?limit"]


@pytest.mark.parametrize("odd", NO_IDS)
async def test_an_id_has_one_form_in_bodies_and_in_paths(service: httpx.AsyncClient, guest: Guest, odd: str) -> None:
    answer = await service.post("/v1/sessions", json=session_request(id=odd), headers=guest.headers)
    assert faults(require_problem(answer, 422, "invalid")) == {("/id", "id")}
    answer = await service.get(f"/v1/sessions/{odd}", headers=guest.headers)
    assert faults(require_problem(answer, 422, "invalid")) == {("{id}", "id")}


async def test_an_id_in_upper_case_is_taken_and_answered_in_lower_case(
    service: httpx.AsyncClient, guest: Guest
) -> None:
    session = await start(service, guest, id=ID.upper())
    assert session["id"] == ID
    answer = await service.get(f"/v1/sessions/{ID.upper()}", headers=guest.headers)
    assert answer.json()["id"] == ID


async def test_an_unknown_member_is_refused_at_any_depth(
    service: httpx.AsyncClient, app: FastAPI, guest: Guest
) -> None:
    for operation in with_bodies(app):
        body = {**operation.example, "surely_unknown": 1}
        answer = await service.request(operation.method, operation.url, json=body, headers=guest.headers)
        assert ("/surely_unknown", "extra_forbidden") in faults(require_problem(answer, 422)), operation
    body = session_request(pain_before=[rating(1, surely_unknown=1)])
    answer = await service.post("/v1/sessions", json=body, headers=guest.headers)
    assert faults(require_problem(answer, 422)) == {("/pain_before/0/surely_unknown", "extra_forbidden")}


async def test_null_is_no_value_of_any_member(service: httpx.AsyncClient, app: FastAPI, guest: Guest) -> None:
    for operation in with_bodies(app):
        for member in (operation.body or {})["properties"]:
            body = {**operation.example, member: None}
            answer = await service.request(operation.method, operation.url, json=body, headers=guest.headers)
            pointers = {pointer for pointer, _ in faults(require_problem(answer, 422))}
            assert f"/{member}" in pointers, (operation, member)


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({}, "This member is missing: add it"),
        ({"needed": 1, "secret": 1}, "Leave this member out: it is not known here"),
        ({"needed": "secret"}, "Write a whole number"),
        ({"needed": 3.5}, "Write a whole number"),
        ({"needed": 1, "number": 0}, "Write a number of at least 1"),
        ({"needed": 1, "number": 10}, "Write a number of at most 9"),
        ({"needed": 1, "text": ""}, "Lengthen this to 1 or more characters"),
        ({"needed": 1, "text": "secret"}, "Shorten this to at most 3 characters"),
        ({"needed": 1, "text": 3}, "Write text, in quotes"),
        ({"needed": 1, "slug": "secret"}, "Write text that matches the pattern ^a$"),
        ({"needed": 1, "text": "\0"}, "Write text without NUL characters"),
        ({"needed": 1, "word": "secret"}, "Write 'left' or 'right'"),
        ({"needed": 1, "member": "secret"}, "Write an object"),
        ({"needed": 1, "members": "secret"}, "Write a list"),
        ({"needed": 1, "members": []}, "Send 1 or more of these"),
        ({"needed": 1, "members": [{"value": 1}] * 3}, "Send at most 2 of these"),
        ({"needed": 1, "yes": "secret"}, "Write true or false"),
        ("secret", "Write an object"),
    ],
)
def test_each_fault_says_what_to_do_and_nothing_that_was_sent(members: object, told: str) -> None:
    assert message(members) == told
    assert "secret" not in message(members)


def test_a_fault_that_nobody_foresaw_does_not_speak_for_pydantic() -> None:
    row = {"type": "uuid_parsing", "loc": ("body", "id"), "msg": "found `secret` at 1", "ctx": {"error": "secret"}}
    assert fault_of(row).message == OTHERWISE


def test_no_sentence_has_a_place_for_what_was_sent() -> None:
    assert [code for code, sentence in SENTENCES.items() if "{tag}" in sentence or "{input" in sentence] == []


async def test_a_request_without_its_body_is_told_to_bring_one(service: httpx.AsyncClient) -> None:
    problem = require_problem(await service.post("/v1/tokens"), 422, "invalid")
    assert problem["errors"] == [
        {"pointer": "", "code": "missing", "message": "The body is missing: send a JSON object"}
    ]


def cursor(text: str) -> str:
    return urlsafe_b64encode(text.format(id=ID).encode()).decode().rstrip("=")


@pytest.mark.parametrize("text", NO_CURSORS)
async def test_a_cursor_that_nobody_gave_out_is_refused(service: httpx.AsyncClient, guest: Guest, text: str) -> None:
    answer = await service.get("/v1/sessions", params={"cursor": cursor(text)}, headers=guest.headers)
    require_problem(answer, 409, "cursor-unknown")


@pytest.mark.parametrize("edge", EDGES)
async def test_a_cursor_at_the_edge_of_the_calendar_leads_nowhere_bad(
    service: httpx.AsyncClient, guest: Guest, edge: str
) -> None:
    answer = await service.get("/v1/sessions", params={"cursor": cursor(edge + "|{id}")}, headers=guest.headers)
    assert answer.status_code == 200
    assert answer.json()["items"] == []


@pytest.mark.parametrize("zone", ["Factory", "localtime", "posixrules", "", "europe/berlin", "+01:00", "Mars/Base"])
async def test_what_is_nobodys_clock_is_no_zone(service: httpx.AsyncClient, zone: str) -> None:
    answer = await service.post("/v1/accounts", json={"zone": zone})
    assert faults(require_problem(answer, 422, "invalid")) == {("/zone", "zone")}
    assert zone not in time_zones()


@pytest.mark.parametrize("path", ["/v1/exercises/", "/v1/routines/"])
async def test_slugs_have_one_length_everywhere(service: httpx.AsyncClient, path: str) -> None:
    require_problem(await service.get(path + "a" * 64), 404, "not-found")
    assert faults(require_problem(await service.get(path + "a" * 65), 422)) == {("{slug}", "string_too_long")}
