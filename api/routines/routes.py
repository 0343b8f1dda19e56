"""`/v1/routines` and `/v1/planner`."""

from typing import Annotated

from fastapi import HTTPException, Path, Query, Response
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from api.accounts.caller import ReadsProfile
from api.accounts.refusals import ScopeMissing
from api.catalogue.loaded import LoadedContent
from api.catalogue.query import Lang, QueryFlag, Sought, Spoken, Word
from api.catalogue.service import Filters, LanguageUnknown, WordUnknown
from api.domain.dose import LEVELS
from api.domain.errors import NotFound
from api.domain.value import Slug
from api.routines import personal, planner, planner_schemas, schemas
from api.routines.answers import list_answer, planner_answer, routine_answer, timeline_answer
from api.routines.rendering import given_in, plan_response, wish_of
from api.screening.refusals import AnswerUnknown, QuestionnaireChanged
from api.screening.service import read_standing
from api.web.problems import problems
from api.web.ready import UNCHANGED
from api.web.routing import Router

router = Router(prefix="/v1", tags=["routines"])


def one_digit(value: object) -> object:
    """The digits 0 to 4 as they are: `+1`, `01` and `1.0` are no levels."""
    if isinstance(value, str):
        if value not in map(str, LEVELS):
            raise PydanticCustomError("level", "Write a level from 0 to 4")
        return int(value)
    return value


RoutineSlug = Annotated[Slug, Path(openapi_examples={"reference": {"value": "seed-full"}})]
Level = Annotated[
    int,
    Field(ge=0, le=4),
    BeforeValidator(one_digit),
    Query(description="0 is the low end of every dose, 4 the high end."),
]


@router.get(
    "/routines",
    response_model=schemas.Routines,
    responses=UNCHANGED | problems(LanguageUnknown, WordUnknown),
)
async def list_routines(
    *,
    content: LoadedContent,
    muscle: Annotated[Word | None, Query(description="A muscle that one of its exercises reaches.")] = None,
    equipment: Annotated[Word | None, Query(description="Something that one requires, or that helps.")] = None,
    position: Annotated[Word | None, Query(description="A position in which all of it can be done.")] = None,
    no_floor: Annotated[QueryFlag, Query(description="Leave out what goes down to the floor.")] = False,
    quiet: Annotated[QueryFlag, Query(description="Only what makes no noise.")] = False,
    avoid: Annotated[Word | None, Query(description="A contraindication; none of its exercises names it.")] = None,
    q: Sought = None,
    lang: Lang = None,
) -> Response:
    """All routines that pass the filters, as summaries. All filters hold at once."""
    filters = Filters(muscle, equipment, position, None, no_floor, quiet, avoid, q)
    return list_answer(content, filters, lang)


@router.get("/routines/plan", include_in_schema=False)
async def no_routine() -> None:
    """The planner's address takes POST; without this a GET would look for a routine of that name."""
    raise HTTPException(405)


@router.get(
    "/routines/{slug}",
    response_model=schemas.RoutineDetail,
    responses=UNCHANGED | problems(NotFound, LanguageUnknown),
)
async def get_routine(content: LoadedContent, slug: RoutineSlug, lang: Lang = None) -> Response:
    """One routine: its order and the reason for it, how often, how long, and the red-flag card to show before it."""
    return routine_answer(content, slug, lang)


@router.get(
    "/routines/{slug}/timeline",
    response_model=schemas.Timeline,
    responses=UNCHANGED | problems(NotFound, LanguageUnknown),
)
async def get_timeline(content: LoadedContent, slug: RoutineSlug, level: Level = 0, lang: Lang = None) -> Response:
    """The routine compiled for one level: segments, steps, times, doses, cautions and cues.

    Nobody is screened here, so exercises that load carry "ask first". A session has a timeline of its own.
    """
    return timeline_answer(content, slug, level, lang)


@router.post(
    "/routines/plan",
    response_model=planner_schemas.PlanAnswer,
    responses=problems(WordUnknown, AnswerUnknown, QuestionnaireChanged, LanguageUnknown),
)
async def plan_routine(request: planner_schemas.PlanRequest, content: LoadedContent, code: Spoken) -> Response:
    """Puts together an ordered routine that fits the time, the place and the person, or says plainly that none does.

    Nobody needs an account, and nothing is kept: the same request gives the same answer. Every pick and every exercise
    left out comes with its reason. A session starts on `plan.id`; the screening kept for the person then counts anew.
    """
    planned = planner.plan_now(content, wish_of(request), given_in(request), code)
    return plan_response(content, planned, code)


@router.get("/planner", response_model=planner_schemas.PlannerRules, responses=UNCHANGED | problems(LanguageUnknown))
async def get_planner(content: LoadedContent, lang: Lang = None) -> Response:
    """What the planner goes by: its numbers with their sources, its words, and the rule by which a phone plans."""
    return planner_answer(content, lang)


@router.get("/me/routines/{slug}", responses=problems(NotFound, LanguageUnknown, ScopeMissing))
async def read_my_routine(
    slug: RoutineSlug, caller: ReadsProfile, content: LoadedContent, code: Spoken
) -> schemas.MyRoutine:
    """The routine for this person: what stays, what is swapped, what has no safe form, and why.

    A session that starts now follows it. Without answers nothing is swapped, and what loads is asked about first.
    """
    standing = await caller.read(read_standing)
    return schemas.MyRoutine.model_validate(personal.told(content, slug, standing, caller.now, code))
