"""`/v1/accounts`, `/v1/consents`, `/v1/me`, `/v1/me/security-events`."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from fastapi import Path, Query, Response

from api.accounts import events, schemas, service
from api.accounts.caller import OpenedStore, Owner, ReadsProfile, WritesProfile
from api.accounts.credentials import Claim
from api.accounts.gate import Lifetimes, PasswordGate
from api.accounts.mailing import Letters
from api.accounts.refusals import EmailTaken, PasswordTooCommon, ScopeMissing
from api.domain.errors import Unavailable
from api.domain.permission import CONSENT_TEXTS, Consent
from api.web.paging import CursorUnknown, PageLimit, cursor_of, paged
from api.web.problems import problems
from api.web.ready import UNCHANGED, ready
from api.web.routing import Router
from api.web.wire import Text

router = Router(prefix="/v1", tags=["accounts"])


def consent_texts() -> bytes:
    rows = [{"id": key, "purpose": t.purpose, "version": t.version, "text": t.text} for key, t in CONSENT_TEXTS.items()]
    return schemas.ConsentTexts.model_validate({"items": rows}).model_dump_json().encode()


CONSENTS = ready(consent_texts, language="en")


@router.post("/accounts", status_code=201, responses=problems(EmailTaken, PasswordTooCommon, Unavailable))
async def create_account(
    account: schemas.AccountCreate, store: OpenedStore, lifetimes: Lifetimes, gate: PasswordGate, letters: Letters
) -> schemas.AccountOpened:
    """Opens an account in one call: a guest's, without personal data, or one with e-mail and password.

    Never replayed: a repeated request opens another guest, and with an e-mail meets the account that is there. Keep
    the recovery code where the person can find it.
    """
    claim = None
    if account.email:
        claim = Claim(account.email, await gate.new_hash(account.password, account.email))
    unit = partial(
        service.open_account,
        settings=account.model_dump(include={"zone", "language", "weekly_target", "day_cutoff_min"}),
        consents=account.consents,
        app=account.app,
        device=account.device,
        claim=claim,
        lifetimes=lifetimes,
        now=datetime.now(UTC),
    )
    opened = schemas.AccountOpened.model_validate(await store.write(unit))
    if claim:
        letters.offer_verification(opened.account.id)
    return opened


@router.get("/consents", response_model=schemas.ConsentTexts, responses=UNCHANGED)
async def list_consents() -> Response:
    """The texts that a person can agree to. Show one in full before sending its id as agreed."""
    return CONSENTS


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


@router.get("/me/security-events", responses=problems(CursorUnknown, ScopeMissing))
async def list_security_events(
    caller: Owner,
    limit: PageLimit = 20,
    cursor: Annotated[Text | None, Query(max_length=200, description="`next` of the page before.")] = None,
) -> schemas.SecurityEvents:
    """What happened to the account, newest first: sign-ins, devices, tokens, password, and accounts united with it."""
    rows = await caller.read(paged(events.list_events), cursor=cursor, limit=limit)
    page = rows[:limit]
    following = cursor_of(page[-1].at, page[-1].id) if len(rows) > limit else None
    items = [schemas.SecurityEvent.model_validate(row) for row in page]
    return schemas.SecurityEvents(items=items, next=following)
