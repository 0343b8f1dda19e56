"""`/v1/me/notices`."""

from typing import Annotated, Any

from fastapi import Path, Response

from api.accounts.caller import ReadsProgress, WritesProfile
from api.accounts.refusals import ScopeMissing
from api.catalogue.loaded import LoadedContent
from api.catalogue.query import Spoken
from api.catalogue.service import LanguageUnknown, named, spoken
from api.catalogue.shelf import Content
from api.domain.notices import Notice
from api.notices import schemas, service
from api.web.problems import problems
from api.web.routing import Router
from api.web.wire import Id

EXAMPLE_ID = "6c1e4f0a-3f0b-5c7e-9d59-0000000000aa"

router = Router(prefix="/v1/me/notices", tags=["progress"], responses=problems(ScopeMissing))


@router.get("", responses=problems(LanguageUnknown))
async def list_notices(caller: ReadsProgress, content: LoadedContent, code: Spoken) -> schemas.Notices:
    """Quiet notices: a level was raised, the week's target is reached, the safety answers expire soon.

    `POST /v1/sync` tells the same ones, and those of the days to come, to phones that may be without a network then.
    """
    shown = await caller.read(service.list_notices, content=content, now=caller.now)
    items = [told(content, one, code) for one in shown]
    return schemas.Notices.model_validate({"items": items, "none_new": not items, **spoken(content, code)})


@router.post("/{id}/acknowledge", status_code=204, responses=problems(service.NoticeNotFound))
async def acknowledge_notice(
    notice_id: Annotated[Id, Path(alias="id", openapi_examples={"shown": {"value": EXAMPLE_ID}})],
    caller: WritesProfile,
    content: LoadedContent,
) -> Response:
    """Puts a notice away, on every device. Again changes nothing.

    What was put away without a network goes with `POST /v1/sync`.
    """
    await caller.write(service.acknowledge, content=content, notice_id=notice_id, now=caller.now)
    return Response(status_code=204)


def told(content: Content, notice: Notice, code: str) -> dict[str, Any]:
    language, exercise = content.languages[code], notice.exercise
    return {
        "id": notice.id,
        "kind": notice.kind,
        "text": language.said(content.vocabulary.codes.notice[notice.kind].name),
        "day": notice.day,
        "first_day": notice.first_day,
        "last_day": notice.last_day,
        "exercise": named(exercise, content.exercises[exercise].name, language) if exercise else None,
        "rung": notice.rung,
        "sessions": notice.sessions,
    }
