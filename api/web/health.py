"""`/livez` and `/readyz`: whether the process runs, and whether it can serve."""

from typing import Literal

from fastapi import Request

from api.domain.errors import Unavailable
from api.web.problems import problems
from api.web.routing import Router
from api.web.wire import Output

router = Router(tags=["health"])


class Health(Output):
    status: Literal["ok"] = "ok"


@router.get("/livez")
async def live() -> Health:
    """The process answers. Stays so while the database is away: a restart would not bring it back."""
    return Health()


@router.get("/readyz", responses=problems(Unavailable))
async def ready(request: Request) -> Health:
    """Reads and writes can be served now."""
    await request.app.state.store.ready()
    return Health()
