"""`/v1/accounts`, `/v1/tokens`, `/v1/consents`, `/v1/me`."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated

from fastapi import Depends, Path, Request, Response

from api.accounts import schemas, service
from api.accounts.caller import OpenedStore, ReadsProfile, WritesProfile
from api.accounts.refusals import ScopeMissing, TokenRefused
from api.domain.errors import Unavailable
from api.domain.permission import CONSENT_TEXTS, Consent
from api.web.problems import problems
from api.web.ready import UNCHANGED, ready
from api.web.routing import Router

router = Router(prefix="/v1", tags=["accounts"])


async def token_lifetimes(request: Request) -> service.Lifetimes:
    settings = request.app.state.settings
    return service.Lifetimes(
        timedelta(minutes=settings.access_token_minutes), timedelta(days=settings.refresh_token_days)
    )


Lifetimes = Annotated[service.Lifetimes, Depends(token_lifetimes)]


def consent_texts() -> bytes:
    rows = [{"id": key, "purpose": t.purpose, "version": t.version, "text": t.text} for key, t in CONSENT_TEXTS.items()]
    return schemas.ConsentTexts.model_validate({"items": rows}).model_dump_json().encode()


CONSENTS = ready(consent_texts, language="en")


@router.post("/accounts", status_code=201, responses=problems(Unavailable))
async def create_account(
    account: schemas.AccountCreate, store: OpenedStore, lifetimes: Lifetimes
) -> schemas.AccountOpened:
    """Opens a guest account in one call, without personal data.

    Never replayed: a repeated request opens another account. Keep the recovery code where the person can find it.
    """
    settings = account.model_dump(include={"zone", "language", "weekly_target", "day_cutoff_min"})
    unit = partial(
        service.open_guest,
        settings=settings,
        consents=account.consents,
        app=account.app,
        lifetimes=lifetimes,
        now=datetime.now(UTC),
    )
    return schemas.AccountOpened.model_validate(await store.write(unit))


@router.get("/consents", response_model=schemas.ConsentTexts, responses=UNCHANGED)
async def list_consents() -> Response:
    """The texts that a person can agree to. Show one in full before sending its id as agreed."""
    return CONSENTS


@router.post("/tokens", status_code=201, responses=problems(TokenRefused, Unavailable))
async def create_tokens(request: schemas.TokenCreate, store: OpenedStore, lifetimes: Lifetimes) -> schemas.Tokens:
    """Brings an account back on a new phone, by its recovery code."""
    unit = partial(
        service.recover, code=request.recovery_code, app=request.app, lifetimes=lifetimes, now=datetime.now(UTC)
    )
    return schemas.Tokens.model_validate(await store.write(unit))


@router.post("/tokens/refresh", status_code=201, responses=problems(TokenRefused, Unavailable))
async def refresh_tokens(request: schemas.TokenRefresh, store: OpenedStore, lifetimes: Lifetimes) -> schemas.Tokens:
    """A new pair of tokens; the refresh token shown is used up.

    If the answer is lost, send it again within a minute. Access tokens given before stay good until they expire.
    """
    unit = partial(service.refresh, token=request.refresh_token, lifetimes=lifetimes, now=datetime.now(UTC))
    return schemas.Tokens.model_validate(await store.write(unit))


@router.get("/me", responses=problems(ScopeMissing))
async def read_me(caller: ReadsProfile) -> schemas.Account:
    """The person's account and settings."""
    return schemas.Account.model_validate(await caller.read(service.read_person))


@router.patch("/me", responses=problems(ScopeMissing))
async def update_me(changes: schemas.AccountUpdate, caller: WritesProfile) -> schemas.Account:
    """Changes zone, language, weekly target or day cut-off; sessions already started keep the day they have."""
    person = await caller.write(service.change_person, changes=changes.model_dump(exclude_unset=True), now=caller.now)
    return schemas.Account.model_validate(person)


@router.put("/me/consents/{consent}", responses=problems(ScopeMissing))
async def give_consent(
    consent: Annotated[Consent, Path(description="A text's id, as agreed to.")],
    caller: WritesProfile,
) -> schemas.Account:
    """States that the person has read this text and agrees. Agreeing again changes nothing."""
    person = await caller.write(service.give_consent, consent=consent, now=caller.now)
    return schemas.Account.model_validate(person)


@router.delete("/me/consents/{consent}", responses=problems(ScopeMissing))
async def withdraw_consent(
    consent: Annotated[Consent, Path(description="A text's id, as agreed to.")], caller: WritesProfile
) -> schemas.Account:
    """Takes a consent back. From then on nothing more is kept under it, and what needs it answers 403.

    What was kept before stays until the session that it belongs to is deleted.
    """
    person = await caller.write(service.withdraw_consent, consent=consent, now=caller.now)
    return schemas.Account.model_validate(person)
