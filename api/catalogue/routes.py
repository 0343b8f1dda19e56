"""`/v1/exercises`."""

from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import StringConstraints

from api.catalogue import schemas
from api.catalogue.answers import exercise_answer, list_answer
from api.catalogue.loaded import LoadedContent
from api.catalogue.query import Lang, QueryFlag
from api.catalogue.service import Filters, LanguageUnknown, WordUnknown
from api.domain.errors import NotFound
from api.domain.exercise import Kind
from api.domain.value import Slug
from api.web.faults import NO_NUL
from api.web.problems import problems
from api.web.ready import UNCHANGED
from api.web.routing import Router

router = Router(prefix="/v1", tags=["exercises"])

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
ExerciseSlug = Annotated[Slug, Path(examples=["neck-side-bend-rotation"])]


@router.get(
    "/exercises",
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
    q: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=80,
            pattern=r"^[^\x00]*$",
            description="Name, alias, muscle, equipment or region, in any language; typos are forgiven.",
        ),
    ] = None,
    lang: Lang = None,
) -> Response:
    """All exercises that pass the filters, as summaries. All filters hold at once."""
    filters = Filters(muscle, equipment, position, kind, no_floor, quiet, avoid, q)
    return list_answer(content, filters, lang)


@router.get(
    "/exercises/{slug}",
    response_model=schemas.ExerciseDetail,
    responses=UNCHANGED | problems(NotFound, LanguageUnknown),
)
async def get_exercise(content: LoadedContent, slug: ExerciseSlug, lang: Lang = None) -> Response:
    """One exercise in full: dose ranges with the origin of every number, steps, cautions, contraindications."""
    return exercise_answer(content, slug, lang)
