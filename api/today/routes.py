"""`/v1/me/today`."""

from api.accounts.caller import ReadsProgress
from api.accounts.refusals import ScopeMissing
from api.catalogue.loaded import LoadedContent
from api.catalogue.query import Spoken
from api.catalogue.service import LanguageUnknown
from api.today import schemas, service, telling
from api.web.problems import problems
from api.web.routing import Router

router = Router(prefix="/v1/me/today", tags=["progress"], responses=problems(ScopeMissing))


@router.get("", responses=problems(LanguageUnknown))
async def read_today(caller: ReadsProgress, content: LoadedContent, code: Spoken) -> schemas.Today:
    """What to do now, and why: a routine that is due, the gentle one, or nothing before a day that is named.

    Under a lock there is the reason, the care and the way out, and nothing to do.
    """
    told = await caller.read(service.read_today, content=content, now=caller.now)
    return schemas.Today.model_validate(telling.today(content, told, code))
