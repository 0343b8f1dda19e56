"""`/v1/me/credentials`, `/v1/me/password`, `/v1/me/recovery-code`, `/v1/me/email`, `/v1/password-resets`."""

from datetime import UTC, datetime
from functools import partial

from fastapi import Response

from api.accounts import credentials
from api.accounts.caller import OpenedStore, Owner
from api.accounts.credentials import CODE_LIFE, Claim, Credential
from api.accounts.gate import Gate, PasswordGate
from api.accounts.mailing import Letters, Mailing
from api.accounts.passwords import normalised
from api.accounts.refusals import (
    CodeRefused,
    CredentialsExist,
    CredentialsMissing,
    EmailTaken,
    MailNotConfigured,
    PasswordTooCommon,
    PasswordWrong,
    ScopeMissing,
    TooManyAttempts,
)
from api.accounts.schemas import Account
from api.catalogue.loaded import LoadedContent
from api.catalogue.shelf import Content
from api.credentials import schemas, service
from api.credentials.service import Joined
from api.domain.errors import Unavailable
from api.web.problems import problems
from api.web.routing import Router

router = Router(prefix="/v1", tags=["credentials"])

RACES = 3


@router.post(
    "/me/credentials",
    responses=problems(CredentialsExist, PasswordTooCommon, PasswordWrong, TooManyAttempts, ScopeMissing),
)
async def add_credentials(
    wanted: schemas.CredentialsAdd, caller: Owner, gate: PasswordGate, letters: Letters, content: LoadedContent
) -> schemas.CredentialsAdded:
    """Gives a guest an e-mail and a password; the account's id and everything in it stay.

    Where the e-mail has an account already and the password is its own, the guest becomes a part of that account: its
    sessions come over by their ids, the account's settings and the stricter screening stay, and the guest's tokens and
    recovery code mean the account from then on. The same request again gives the same answer.
    """
    for _ in range(RACES):
        joined = await joined_by(wanted, caller, gate, letters, content)
        if joined:
            return schemas.CredentialsAdded.model_validate(joined)
    raise Unavailable("Others change the same account right now.")


async def joined_by(
    wanted: schemas.CredentialsAdd, caller: Owner, gate: Gate, letters: Mailing, content: Content
) -> Joined | None:
    """None where somebody else changed what this rested on meanwhile."""
    found = await caller.read(service.look, email=wanted.email)
    if found.own:
        if normalised(found.own.email) != normalised(wanted.email):
            raise CredentialsExist
        await require_password(wanted, found.own, gate)
        return await caller.read(service.read_joined, known_as=caller.token.user_id)
    if found.holder:
        await require_password(wanted, found.holder, gate)
        foreseen = await caller.read_long(service.foresee, account=found.holder, now=caller.now)
        unit = partial(service.unite, account=found.holder, content=content, now=caller.now, foreseen=foreseen)
        return await caller.write(unit)
    claim = Claim(wanted.email, await gate.new_hash(wanted.password, wanted.email))
    joined = await caller.write(service.upgrade, claim=claim, now=caller.now)
    if joined:
        letters.offer_verification(joined.account.id)
    return joined


async def require_password(wanted: schemas.CredentialsAdd, kept: Credential, gate: Gate) -> None:
    if not (await gate.check(wanted.email, wanted.password, kept)).right:
        raise PasswordWrong


@router.put(
    "/me/password",
    status_code=204,
    responses=problems(CredentialsMissing, PasswordTooCommon, PasswordWrong, TooManyAttempts, ScopeMissing),
)
async def change_password(
    change: schemas.PasswordChange, caller: Owner, gate: PasswordGate, letters: Letters
) -> Response:
    """Changes the password. All other devices are signed out, and personal tokens revoked."""
    kept = await caller.read(credentials.own)
    if kept is None:
        raise CredentialsMissing
    if not (await gate.check(kept.email, change.current_password, kept)).right:
        raise PasswordWrong
    new = await gate.new_hash(change.new_password, kept.email)
    unit = partial(service.change_password, token=caller.token, before=kept.password_hash, password_hash=new)
    if not await caller.write(unit, now=caller.now):
        raise PasswordWrong
    letters.tell_of_new_password(kept.user_id)
    return Response(status_code=204)


@router.post("/password-resets", status_code=202, responses=problems(TooManyAttempts, MailNotConfigured, Unavailable))
async def reset_password(wanted: schemas.PasswordResetCreate, gate: PasswordGate, letters: Letters) -> schemas.CodeSent:
    """Sends a code to set a new password with, if there is an account with this confirmed e-mail.

    The answer is the same whether there is one or not.
    """
    letters.require()
    gate.take_letter(wanted.email)
    letters.send_reset(wanted.email)
    return schemas.CodeSent(expires_in_s=int(CODE_LIFE.total_seconds()))


@router.post(
    "/password-resets/confirm", responses=problems(CodeRefused, PasswordTooCommon, TooManyAttempts, Unavailable)
)
async def confirm_password_reset(
    proof: schemas.PasswordResetConfirm, store: OpenedStore, gate: PasswordGate, letters: Letters
) -> schemas.PasswordResetDone:
    """Sets a new password by the code from the letter. All tokens are revoked; sign in with `POST /v1/tokens`."""
    new = await gate.new_hash(proof.new_password, proof.email)
    unit = partial(service.reset_password, email=proof.email, code=proof.code, password_hash=new, now=datetime.now(UTC))
    owner, code = await store.write(unit)
    gate.forget(proof.email)
    letters.tell_of_new_password(owner)
    return schemas.PasswordResetDone(recovery_code=code)


@router.post("/me/recovery-code", status_code=201, responses=problems(PasswordWrong, TooManyAttempts, ScopeMissing))
async def renew_recovery_code(
    wanted: schemas.RecoveryCodeRenew, caller: Owner, gate: PasswordGate, letters: Letters
) -> schemas.RecoveryCodeRenewed:
    """Makes another recovery code, for whoever is signed in and has lost theirs. Sent again, it makes yet another.

    With a password on the account, that has to be shown: a borrowed phone is no way in for good.
    """
    kept = await caller.read(credentials.own)
    if kept and not (await gate.check(kept.email, wanted.current_password or "", kept)).right:
        raise PasswordWrong
    code = await caller.write(service.make_recovery_code, before=kept, now=caller.now)
    if code is None:
        raise PasswordWrong
    if kept:
        letters.tell_of_new_recovery_code(kept.user_id)
    return schemas.RecoveryCodeRenewed(recovery_code=code)


@router.post(
    "/me/email/verification",
    status_code=202,
    responses=problems(CredentialsMissing, TooManyAttempts, MailNotConfigured, ScopeMissing),
)
async def verify_email(caller: Owner, gate: PasswordGate, letters: Letters) -> schemas.CodeSent:
    """Sends a code that proves the account's e-mail; nothing is sent where it is proved already."""
    letters.require()
    kept = await caller.read(credentials.own)
    if kept is None:
        raise CredentialsMissing
    gate.take_letter(kept.email)
    letters.send_verification(kept.user_id)
    return schemas.CodeSent(expires_in_s=int(CODE_LIFE.total_seconds()))


@router.post("/me/email/verification/confirm", responses=problems(CodeRefused, ScopeMissing))
async def confirm_email(proof: schemas.EmailConfirm, caller: Owner) -> Account:
    """Proves the account's e-mail by the code from the letter. From then on a password can be reset through it."""
    return Account.model_validate(await caller.write(service.verify_email, code=proof.code, now=caller.now))


@router.post(
    "/me/email",
    status_code=202,
    responses=problems(CredentialsMissing, PasswordWrong, TooManyAttempts, MailNotConfigured, ScopeMissing),
)
async def change_email(
    change: schemas.EmailChange, caller: Owner, gate: PasswordGate, letters: Letters
) -> schemas.CodeSent:
    """Sends a code to a new e-mail for the account. Until it is confirmed, the account keeps the one that it has.

    The answer is the same whether somebody has that e-mail or not.
    """
    letters.require()
    kept = await caller.read(credentials.own)
    if kept is None:
        raise CredentialsMissing
    if not (await gate.check(kept.email, change.current_password, kept)).right:
        raise PasswordWrong
    gate.take_letter(change.email)
    letters.send_move(kept.user_id, change.email)
    return schemas.CodeSent(expires_in_s=int(CODE_LIFE.total_seconds()))


@router.post("/me/email/confirm", responses=problems(CodeRefused, EmailTaken, ScopeMissing))
async def confirm_email_change(proof: schemas.EmailChangeConfirm, caller: Owner, letters: Letters) -> Account:
    """Gives the account its new e-mail, by the code from the letter that went there; the old one is told.

    Devices stay signed in. A code that was sent to the old one is void.
    """
    unit = partial(service.change_email, email=proof.email, code=proof.code)
    person, before = await caller.write(unit, now=caller.now)
    if before:
        letters.tell_of_move(before)
    return Account.model_validate(person)
