"""Every refusal leaves here as a problem document (RFC 9457), whichever path produced it."""

import logging
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from api.domain import errors
from api.domain.errors import Refusal
from api.domain.speech import TranslationState
from api.web.faults import fault_of
from api.web.titles import Title, Titles

log = logging.getLogger("unknot.web")

MEDIA_TYPE = "application/problem+json"


class MethodNotAllowed(Refusal):
    code = "method-not-allowed"
    title = "This address does not take that method"
    cure = "Use one of the methods named in `Allow`."


class BodyTooLarge(Refusal):
    code = "body-too-large"
    title = "The body is larger than this operation takes"
    cure = "Send less at once; the limit is named in the detail."


class HeadersTooLarge(Refusal):
    code = "headers-too-large"
    title = "The headers are larger than any operation takes"
    cure = "Send fewer or shorter headers; the limit for all of them together is named in the detail."


class Malformed(Refusal):
    code = "malformed-request"
    title = "This is not HTTP as it is written"
    cure = "Have a library write the request: its line, its headers and its length must fit together."


class UnsupportedMediaType(Refusal):
    code = "unsupported-media-type"
    title = "The body is not JSON"
    cure = "Send `Content-Type: application/json`, in UTF-8."


class ServerFault(Refusal):
    code = "server-fault"
    title = "The server made a mistake"
    cure = "Send the same request again; if it stays, report it with the `request_id`."


STATUS: dict[type[Refusal], int] = {
    errors.NotFound: 404,
    errors.Gone: 410,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.Forbidden: 403,
    errors.Unauthenticated: 401,
    errors.Limited: 429,
    errors.Unavailable: 503,
    errors.NotOffered: 501,
    MethodNotAllowed: 405,
    Malformed: 400,
    BodyTooLarge: 413,
    UnsupportedMediaType: 415,
    HeadersTooLarge: 431,
    ServerFault: 500,
}


HEADERS: dict[int, dict[str, str]] = {
    401: {"WWW-Authenticate": "The scheme to sign in with."},
    405: {"Allow": "The methods that this address takes."},
    429: {"Retry-After": "Seconds to wait."},
    503: {"Retry-After": "Seconds to wait."},
}


class ProblemFault(BaseModel):
    """One thing wrong with the input."""

    pointer: str = Field(description="Where: a JSON pointer into the body, or `?name` and `{name}` for parameters.")
    code: str = Field(description="What, as a stable word.")
    message: str = Field(description="What to do about it.")


def is_absent(value: object) -> bool:
    """What does not belong to a problem is left out of its document, wherever it stands."""
    return value is None


class Problem(BaseModel):
    """A problem document (RFC 9457). Decide by `type`; the words may change."""

    type: str = Field(description="A path on this server; open it for an explanation.", examples=["/problems/invalid"])
    title: str = Field(description="In the language of `?lang=` or `Accept-Language`, where it is there; else English.")
    translation: TranslationState | None = Field(
        default=None,
        description="How the title came into the language that `Content-Language` names; not of English.",
        exclude_if=is_absent,
    )
    status: int = Field(ge=400, le=599)
    detail: str
    instance: str = Field(description="The path that was asked for.")
    request_id: str
    errors: list[ProblemFault] | None = Field(
        default=None, description="Given for invalid input.", exclude_if=is_absent
    )
    scope: str | None = Field(
        default=None,
        description="Given for `scope-missing`: what the token would have to have.",
        exclude_if=is_absent,
    )


def status_of(refusal: type[Refusal]) -> int:
    return next(STATUS[kind] for kind in refusal.__mro__ if kind in STATUS)


def all_refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for child in kind.__subclasses__():
        yield child
        yield from all_refusals(child)


def english_titles() -> dict[str, str]:
    """The title of every problem by its code, whichever room it stands in."""
    return {refusal.code: refusal.title for refusal in sorted(all_refusals(), key=lambda refusal: refusal.code)}


def problems(*refusals: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """What a route declares in `responses=`: each refusal under its status."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for refusal in refusals:
        row = by_status.setdefault(status_of(refusal), {"model": Problem, "refusals": []})
        row["refusals"].append(refusal)
    return {
        status: {
            "description": "; ".join(f"{r.title} ([`{r.code}`](/problems/{r.code}))" for r in row["refusals"]) + ".",
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {r.code: {"$ref": f"#/components/examples/{r.code}"} for r in row["refusals"]},
                }
            },
            **header_schemas(status),
        }
        for status, row in by_status.items()
    }


def examples() -> dict[str, Any]:
    """For the document: what each problem looks like, by its code."""
    return {refusal.code: example_of(refusal) for refusal in sorted(all_refusals(), key=lambda refusal: refusal.code)}


def example_of(refusal: type[Refusal]) -> dict[str, Any]:
    value: dict[str, Any] = {
        "type": f"/problems/{refusal.code}",
        "title": refusal.title,
        "status": status_of(refusal),
        "detail": refusal.cure,
        "instance": "/v1/sessions",
        "request_id": "01a206f6-daeb-7322-ad39-0150f360461d",
    }
    if refusal is errors.Invalid:
        fault = {"pointer": "/level", "code": "less_than_equal", "message": "Choose at most 4"}
        value["errors"] = [fault]
    return {"summary": refusal.title, "value": value}


def header_schemas(status: int | str) -> dict[str, Any]:
    rows = HEADERS.get(int(status), {})
    told = {name: {"description": text, "required": True, "schema": {"type": "string"}} for name, text in rows.items()}
    return {"headers": told} if told else {}


def problem_response(refusal: Refusal, scope: Scope, headers: dict[str, str] | None = None) -> Response:
    """The answer to the request of that scope, which has its id already."""
    title = scope["app"].state.titles.title(refusal, scope)
    status = status_of(type(refusal))
    sent = {"cache-control": "no-store", **(headers or {}), **headers_of(title, (headers or {}).get("vary"))}
    if refusal.retry_after_s is not None:
        sent.setdefault("retry-after", str(refusal.retry_after_s))
    if status == STATUS[errors.Unauthenticated]:
        sent["www-authenticate"] = "Bearer"
    document = document_of(refusal, status, title, scope)
    return JSONResponse(document, status_code=status, headers=sent, media_type=MEDIA_TYPE)


def problem_document(refusal: Refusal, scope: Scope) -> dict[str, Any]:
    """What the answer to the request of that scope would say of this refusal."""
    return document_of(refusal, status_of(type(refusal)), scope["app"].state.titles.title(refusal, scope), scope)


def document_of(refusal: Refusal, status: int, title: Title, scope: Scope) -> dict[str, Any]:
    document: dict[str, Any] = {
        "type": f"/problems/{refusal.code}",
        "title": title.text,
        "status": status,
        "detail": refusal.detail,
        "instance": scope["path"].encode(errors="replace").decode(),
        "request_id": scope["state"]["request_id"],
    }
    if title.translation:
        document["translation"] = title.translation
    if refusal.faults:
        document["errors"] = [{"pointer": f.pointer, "code": f.code, "message": f.message} for f in refusal.faults]
    return document | refusal.state


def headers_of(title: Title, vary: str | None) -> dict[str, str]:
    """What follows from the language of the title; `vary` is what the answer depends on besides."""
    told = {"content-language": title.language} if title.language else {}
    if title.by_header:
        told["vary"] = f"{vary}, Accept-Language" if vary else "Accept-Language"
    return told


async def on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - the handler is registered for this class
    return problem_response(error, request.scope)


async def on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the handler is registered for this class
    faults = tuple(fault_of(row) for row in error.errors())
    return problem_response(errors.Invalid(faults=faults), request.scope)


async def on_fault(_: Request, error: Exception) -> Response:
    """Lets it pass FastAPI's own answer to what nobody caught: ours is given further out, for ready answers too."""
    raise error


async def on_http_exception(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: unknown paths and methods."""
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for this class
    if error.status_code == STATUS[MethodNotAllowed]:
        documented = request.app.state.paths.methods_of(request.scope["path"])
        allow = ", ".join(documented) or (error.headers or {}).get("Allow", "")
        return problem_response(MethodNotAllowed(), request.scope, {"allow": allow})
    if error.status_code == STATUS[errors.NotFound]:
        return problem_response(errors.NotFound(), request.scope)
    log.error("unexpected HTTP exception %s", error.status_code)
    return problem_response(ServerFault(), request.scope)


def install(app: FastAPI, titles: Titles | None = None) -> None:
    """Has every refusal answered as a problem, with a title in the language asked for where there is one."""
    app.state.titles = titles or Titles()
    app.add_exception_handler(Refusal, on_refusal)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(Exception, on_fault)
