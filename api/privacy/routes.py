"""`/v1/me` as a whole: take it along, or have it erased."""

import asyncio
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from api.accounts import schemas as accounts
from api.accounts.caller import WritesProfile
from api.accounts.refusals import ScopeMissing
from api.catalogue.loaded import LoadedContent
from api.domain.errors import Unauthenticated, Unavailable
from api.domain.permission import Consent
from api.privacy import erasing, schemas, service, withdrawing
from api.privacy.growing import CHUNK_BYTES, Growing
from api.privacy.handing import Handing
from api.web.problems import problems
from api.web.routing import Router

router = Router(prefix="/v1", tags=["accounts"])

MEDIA_TYPE = "application/zip"
RACES = 3
LONGEST_S = 600.0
"""For an archive to be put together."""
AN_ARCHIVE: dict[int | str, dict[str, Any]] = {200: {"description": "The archive.", "content": {MEDIA_TYPE: {}}}}

Confirm = Annotated[Literal["erase"], Query(description="States that this is meant: nothing comes back.")]


async def archives(request: Request) -> asyncio.Semaphore:
    turns: asyncio.Semaphore = request.app.state.archives
    return turns


@router.get("/me/export", response_class=Response, responses=AN_ARCHIVE | problems(ScopeMissing))
async def export_me(caller: WritesProfile, turns: Annotated[asyncio.Semaphore, Depends(archives)]) -> Response:
    """Everything that is kept about the person, from every feature, as one ZIP archive.

    JSON and CSV with a schema, and a text that says what is there and what is not. It reaches further than any scope
    that other apps are given, so it takes one that they are never given. A large one begins to arrive while it is still
    being put together, and then comes without its length.
    """
    archive = Growing()

    async def writing() -> None:
        async with turns:
            await caller.read_long(service.export, into=archive, now=caller.now, wait_s=LONGEST_S)

    handing = Handing(writing(), archive)
    try:
        length = await handing.begun()
    except BaseException:
        await handing.close()
        raise
    headers = {"content-disposition": f'attachment; filename="unknot-{caller.now:%Y-%m-%d}.zip"'}
    if length is None:
        return StreamingResponse(handing.chunks(), headers=headers, media_type=MEDIA_TYPE)
    if length <= CHUNK_BYTES:  # in one piece, so that whoever has all of it knows that it has ended
        return Response(b"".join([chunk async for chunk in handing.chunks()]), headers=headers, media_type=MEDIA_TYPE)
    headers["content-length"] = str(length)
    return StreamingResponse(handing.chunks(), headers=headers, media_type=MEDIA_TYPE)


@router.delete("/me", responses=problems(ScopeMissing))
async def erase_me(confirm: Confirm, caller: WritesProfile) -> schemas.ErasureReceipt:
    """Erases the person: signed out everywhere at once, and every row of theirs deleted before this is answered.

    The receipt names nobody. Asked again with the same token within 30 days, whether or not that has expired, it is the
    same.
    """
    del confirm
    asked_by = caller.token.digest
    try:
        receipt = await caller.write(erasing.erase, asked_by=asked_by, now=caller.now)
    except Unauthenticated:
        receipt = await caller.store.read(partial(erasing.receipt_for, asked_by=asked_by))
    while not receipt.finished:
        receipt = await caller.store.write(partial(erasing.go_on, erasure=receipt.id))
    caller.recognised.forget(caller.token.user_id.hex)
    return schemas.ErasureReceipt.model_validate(receipt)


@router.delete("/me/consents/{consent}", responses=problems(ScopeMissing))
async def withdraw_consent(
    consent: Annotated[Consent, Path(description="A text's id, as agreed to.")],
    caller: WritesProfile,
    content: LoadedContent,
) -> accounts.Account:
    """Takes a consent back. From then on nothing more is kept under it, and what needs it answers 403.

    What was kept under it is deleted at once: of health data all pain ratings, notes and safety answers, and what
    follows from them in sessions and progress. Sessions stay, with what was done in them, and so does a stop: as a
    lock without its reason, which `POST /v1/me/screening/settle` lifts.
    """
    unit = partial(withdrawing.withdraw, consent=consent, content=content, now=caller.now)
    for _ in range(RACES):
        foreseen = await caller.read_long(withdrawing.foresee, now=caller.now)
        if person := await caller.write(unit, foreseen=foreseen):
            return accounts.Account.model_validate(person)
    raise Unavailable("Others change the same account right now.")
