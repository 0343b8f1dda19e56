"""`/v1/exercises`, and what the catalogue refers to: words, sources, warning signs."""

from typing import Annotated, Any

from fastapi import Path, Query, Response

from api.catalogue import schemas
from api.catalogue.answers import exercise_answer, list_answer, reference_answer
from api.catalogue.loaded import LoadedContent
from api.catalogue.pictures import EASEL, DrawingBusy, picture_answer
from api.catalogue.query import Lang, QueryFlag, Sought, Word
from api.catalogue.service import Filters, LanguageUnknown, WordUnknown
from api.domain.errors import NotFound
from api.domain.exercise import Kind
from api.domain.value import Slug
from api.web.problems import problems
from api.web.ready import UNCHANGED
from api.web.routing import Router

router = Router(prefix="/v1")

Digest = Annotated[str, Path(pattern="^([0-9a-f]{16}|latest)$", openapi_examples={"latest": {"value": "latest"}})]
FigureName = Annotated[
    str,
    Path(pattern=r"^[a-z0-9-]+\.(svg|png|json)$", openapi_examples={"still": {"value": "amber-still-left-light.svg"}}),
]
IMAGES = ("image/svg+xml", "image/png", "application/json")
PICTURES: dict[int | str, dict[str, Any]] = {
    200: {"content": {media: {"schema": {"type": "string"}} for media in IMAGES}}
}
ExerciseSlug = Annotated[Slug, Path(openapi_examples={"stretch": {"value": "neck-side-bend-rotation"}})]


@router.get(
    "/exercises",
    tags=["exercises"],
    response_model=schemas.Exercises,
    responses=UNCHANGED | problems(LanguageUnknown, WordUnknown),
)
async def list_exercises(
    *,
    content: LoadedContent,
    muscle: Annotated[Word | None, Query(description="A muscle that it aims at or reaches besides.")] = None,
    equipment: Annotated[Word | None, Query(description="Something that it requires or that helps.")] = None,
    position: Annotated[Word | None, Query(description="A position in which it can be done.")] = None,
    kind: Kind | None = None,
    no_floor: Annotated[QueryFlag, Query(description="Leave out what only the floor will do for.")] = False,
    quiet: Annotated[QueryFlag, Query(description="Only what makes no noise.")] = False,
    avoid: Annotated[Word | None, Query(description="A contraindication; whatever names it is left out.")] = None,
    q: Sought = None,
    lang: Lang = None,
) -> Response:
    """All exercises that pass the filters, as summaries. All filters hold at once."""
    filters = Filters(muscle, equipment, position, kind, no_floor, quiet, avoid, q)
    return list_answer(content, filters, lang)


@router.get(
    "/exercises/{slug}",
    tags=["exercises"],
    response_model=schemas.ExerciseDetail,
    responses=UNCHANGED | problems(NotFound, LanguageUnknown),
)
async def get_exercise(content: LoadedContent, slug: ExerciseSlug, lang: Lang = None) -> Response:
    """One exercise in full: dose ranges with the origin of every number, steps, cautions, contraindications."""
    return exercise_answer(content, slug, lang)


@router.get(
    "/exercises/{slug}/figures/{digest}/{name}",
    tags=["exercises"],
    response_class=Response,
    responses=PICTURES | UNCHANGED | problems(NotFound, DrawingBusy),
)
async def get_figure(content: LoadedContent, slug: ExerciseSlug, digest: Digest, name: FigureName) -> Response:
    """One drawing. `figures` of the exercise lists the addresses; what one of them gives never changes.

    An address that was replaced answers 404: ask for the exercise again. `latest` in place of the hash gives the
    drawing of today, to be kept for minutes only.
    """
    return await EASEL.finished(picture_answer(content, slug, digest, name))


@router.get(
    "/vocabulary",
    tags=["reference"],
    response_model=schemas.Vocabulary,
    responses=UNCHANGED | problems(LanguageUnknown),
)
async def get_vocabulary(content: LoadedContent, lang: Lang = None) -> Response:
    """Every word that answers use and filters take, with its name: what a client needs to show a filter."""
    return reference_answer(content, "/v1/vocabulary", lang)


@router.get(
    "/sources",
    tags=["reference"],
    response_model=schemas.Sources,
    responses=UNCHANGED | problems(LanguageUnknown),
)
async def get_sources(content: LoadedContent, lang: Lang = None) -> Response:
    """What each number and caution rests on, what of it was read, and where it is used; the licence of the content.

    Nobody with a clinical licence has reviewed the content yet; `review` says so.
    """
    return reference_answer(content, "/v1/sources", lang)


@router.get(
    "/red-flags",
    tags=["reference"],
    response_model=schemas.RedFlags,
    responses=UNCHANGED | problems(LanguageUnknown),
)
async def get_red_flags(content: LoadedContent, lang: Lang = None) -> Response:
    """The signs that call for care instead of exercise. Show them before a session; every routine carries them too."""
    return reference_answer(content, "/v1/red-flags", lang)
