"""`/v1/tokens`, `/v1/me/devices`, `/v1/me/tokens`."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated

from fastapi import Path, Response

from api.accounts.caller import OpenedStore, Owner
from api.accounts.gate import Lifetimes, PasswordGate
from api.accounts.refusals import ScopeMissing, SignInRefused, TokenRefused, TooManyAttempts
from api.accounts.schemas import Tokens
from api.domain.errors import Unavailable
from api.tokens import schemas, service
from api.tokens.refusals import DeviceNotFound, TokenNotFound, TooManyTokens
from api.web.problems import problems
from api.web.routing import Router
from api.web.wire import Id

router = Router(prefix="/v1", tags=["tokens"])

DeviceId = Annotated[Id, Path(alias="id", openapi_examples={"device": {"value": schemas.EXAMPLE_ID}})]
TokenId = Annotated[Id, Path(alias="id", openapi_examples={"token": {"value": schemas.EXAMPLE_ID}})]


@router.post("/tokens", status_code=201, responses=problems(TokenRefused, SignInRefused, TooManyAttempts, Unavailable))
async def create_tokens(
    request: schemas.TokenCreate, store: OpenedStore, lifetimes: Lifetimes, gate: PasswordGate
) -> Tokens:
    """Signs in on a device, by e-mail and password or by the recovery code.

    The answer to a wrong pair is the same whether there is an account or not.
    """
    device, now = service.Device(request.app, request.device), datetime.now(UTC)
    if request.recovery_code:
        by_code = partial(service.recover, code=request.recovery_code, device=device, lifetimes=lifetimes, now=now)
        return Tokens.model_validate(await store.write(by_code))
    kept = await gate.find(request.email)
    checked = await gate.check(request.email, request.password, kept)
    if kept is None or not checked.right:
        raise SignInRefused
    by_password = partial(service.sign_in, known=kept, renewed=checked.renewed, device=device, lifetimes=lifetimes)
    tokens = await store.write(partial(by_password, now=now))
    if tokens is None:
        raise SignInRefused
    return Tokens.model_validate(tokens)


@router.post("/tokens/refresh", status_code=201, responses=problems(TokenRefused, Unavailable))
async def refresh_tokens(request: schemas.TokenRefresh, store: OpenedStore, lifetimes: Lifetimes) -> Tokens:
    """A new pair of tokens; the refresh token shown is used up.

    If the answer is lost, send it again within a minute. Shown later than that it counts as stolen, and the device is
    signed out. Access tokens given before stay good until they expire.
    """
    unit = partial(service.refresh, token=request.refresh_token, lifetimes=lifetimes, now=datetime.now(UTC))
    tokens = await store.write(unit)
    if isinstance(tokens, TokenRefused):
        raise tokens
    return Tokens.model_validate(tokens)


@router.post("/tokens/revoke", status_code=204, responses=problems(Unavailable))
async def revoke_tokens(request: schemas.TokenRevoke, store: OpenedStore) -> Response:
    """Signs the device of this token out, or revokes this personal token. What is not known is no error."""
    await store.write(partial(service.sign_out, token=request.token, now=datetime.now(UTC)))
    return Response(status_code=204)


@router.get("/me/devices", responses=problems(ScopeMissing))
async def list_devices(caller: Owner) -> schemas.Devices:
    """The devices that are signed in, the one seen last first."""
    rows = await caller.read(service.list_devices, token=caller.token, now=caller.now)
    return schemas.Devices.model_validate({"items": rows})


@router.delete("/me/devices/{id}", status_code=204, responses=problems(DeviceNotFound, ScopeMissing))
async def revoke_device(device_id: DeviceId, caller: Owner) -> Response:
    """Signs a device out at once; its tokens are worth nothing any more."""
    await caller.write(service.revoke_device, device=device_id, now=caller.now)
    return Response(status_code=204)


@router.post("/me/tokens", status_code=201, responses=problems(TooManyTokens, ScopeMissing))
async def create_personal_token(token: schemas.PersonalTokenCreate, caller: Owner) -> schemas.PersonalTokenMade:
    """A token for another app or for a script, with these scopes only. Its text is shown this once."""
    lifetime = timedelta(days=token.expires_in_days)
    wanted = {"name": token.name, "scopes": token.scopes, "lifetime": lifetime}
    return schemas.PersonalTokenMade.model_validate(await caller.write(service.make_token, **wanted, now=caller.now))


@router.get("/me/tokens", responses=problems(ScopeMissing))
async def list_personal_tokens(caller: Owner) -> schemas.PersonalTokens:
    """The personal tokens in force, the newest first, and when each was used last."""
    rows = await caller.read(service.list_tokens, now=caller.now)
    return schemas.PersonalTokens.model_validate({"items": rows})


@router.delete("/me/tokens/{id}", status_code=204, responses=problems(TokenNotFound, ScopeMissing))
async def revoke_personal_token(token_id: TokenId, caller: Owner) -> Response:
    """Revokes a personal token at once."""
    await caller.write(service.revoke_token, token_id=token_id, now=caller.now)
    return Response(status_code=204)
