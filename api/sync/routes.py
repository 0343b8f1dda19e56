"""`/v1/sync`."""

from fastapi import Request, Response

from api.accounts.caller import WritesProfile
from api.accounts.refusals import ScopeMissing
from api.catalogue.loaded import LoadedContent
from api.sync import feeds, schemas, service
from api.sync.rendering import lived_in, sync_response
from api.web.problems import problems
from api.web.routing import Router

BODY_LIMIT = 1024 * 1024

router = Router(prefix="/v1", tags=["offline"], responses=problems(ScopeMissing))


@router.post("/sync", response_model=schemas.Synced, openapi_extra={"x-body-limit": BODY_LIMIT})
async def sync(sent: schemas.Sync, caller: WritesProfile, content: LoadedContent, request: Request) -> Response:
    """Takes what was done offline, up to 100 sessions and 1 MiB, and tells all that changed since the cursor.

    Sessions come in any order and as often as you like; each has a verdict of its own, and one that is refused takes no
    other with it. What was done is never refused for a screening or a lock, and is kept on the plan that was followed.
    Notices that were put away come along. A body that is not well formed stores nothing, and `errors` says which
    session is to be mended. It counts as one request. For the person's own app: it shows account and screening too, so
    it asks for the scope that only that has.

    Apply the changes in their order, then keep `cursor`. If the answer is lost, send the same again.
    """
    lived = lived_in(sent, content)
    away = frozenset(sent.acknowledged_notices)
    verdicts = []
    if lived or away:
        verdicts = await caller.write(service.take, content=content, sessions=lived, acknowledged=away, now=caller.now)
    cursor = sent.cursor or None
    missed = await caller.read_long(feeds.missed, content=content, cursor=cursor, limit=sent.limit, now=caller.now)
    return sync_response(verdicts, missed, request.scope, caller.now)
