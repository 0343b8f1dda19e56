"""`/v1/pack`."""

from fastapi import Response

from api.catalogue.loaded import LoadedContent
from api.catalogue.query import Lang
from api.catalogue.service import LanguageUnknown
from api.pack.answers import pack_answer
from api.pack.schemas import Pack
from api.web.problems import problems
from api.web.ready import UNCHANGED
from api.web.routing import Router

router = Router(prefix="/v1", tags=["offline"])


@router.get("/pack", response_model=Pack, responses=UNCHANGED | problems(LanguageUnknown))
async def get_pack(content: LoadedContent, lang: Lang = None) -> Response:
    """Everything that a phone needs offline in one language.

    Exercises, routines, a timeline for every routine and level, the safety questionnaire and the planner with their
    rules, red flags, vocabulary and sources: each as its own address gives it, with its size and hash. Ask again with
    `If-None-Match`: as long as the content stays as it is, the answer is an empty 304.
    """
    return pack_answer(content, lang)
