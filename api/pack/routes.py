"""`/v1/pack`."""

from fastapi import Response

from api.catalogue.loaded import LoadedContent
from api.catalogue.pictures import EASEL, DrawingBusy
from api.catalogue.query import Lang
from api.catalogue.service import LanguageUnknown
from api.pack.answers import figures_answer, pack_answer
from api.pack.schemas import FigurePack, Pack
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


@router.get("/pack/figures", response_model=FigurePack, responses=UNCHANGED | problems(DrawingBusy))
async def get_figure_pack(content: LoadedContent) -> Response:
    """A still of every exercise for each of its sides, light and dark, as SVG: what an app shows offline.

    The same in every language; the words for each picture stand with its exercise in the pack. An address that is
    kept already names the same picture for ever, so only new ones have to be written. Loops, PNG and other people
    come one by one from the addresses in `figures` of the exercise.
    """
    return await EASEL.finished(figures_answer(content))
