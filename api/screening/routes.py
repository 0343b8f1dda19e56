"""`/v1/screening`, and what follows from it for a person."""

from datetime import datetime

from fastapi import Response

from api.accounts.caller import ReadsProfile, WritesProfile
from api.accounts.refusals import ConsentRequired, ScopeMissing
from api.catalogue.loaded import LoadedContent
from api.catalogue.query import Lang, Spoken
from api.catalogue.service import LanguageUnknown
from api.catalogue.shelf import Content
from api.domain.errors import TimeAhead
from api.screening import schemas, service, telling
from api.screening.answers import questionnaire_answer
from api.screening.refusals import AnswerUnknown, QuestionnaireChanged, ScreeningMissing, ScreeningToRepeat
from api.screening.service import Given, Kept
from api.web.problems import problems
from api.web.ready import UNCHANGED
from api.web.routing import Router

router = Router(prefix="/v1", tags=["screening"])


@router.get(
    "/screening",
    response_model=schemas.Questionnaire,
    responses=UNCHANGED | problems(LanguageUnknown),
)
async def get_screening(content: LoadedContent, lang: Lang = None) -> Response:
    """The safety questionnaire, and the rule by which a phone applies the answers by itself."""
    return questionnaire_answer(content, lang)


@router.post("/screening/result", responses=problems(AnswerUnknown, QuestionnaireChanged, LanguageUnknown))
async def apply_screening(
    answers: schemas.ScreeningAnswers, content: LoadedContent, code: Spoken
) -> schemas.ScreeningResult:
    """What these answers permit. Nothing is kept, and nobody needs an account."""
    screening = service.applied(content, given(answers))
    return schemas.ScreeningResult.model_validate(telling.result(content, screening, code))


@router.put(
    "/me/screening",
    responses=problems(AnswerUnknown, QuestionnaireChanged, TimeAhead, LanguageUnknown, ConsentRequired, ScopeMissing),
)
async def put_screening(
    answers: schemas.ScreeningUpdate, caller: WritesProfile, content: LoadedContent, code: Spoken
) -> schemas.MyScreening:
    """Keeps the person's answers, which need the consent to health data; the latest count.

    Answering all questions lifts the lock that a red flag left; where a sign still applies, starts stay refused.
    """
    kept = await caller.write(service.put_answers, content=content, given=given(answers), now=caller.now)
    return mine(content, kept, caller.now, code)


@router.get("/me/screening", responses=problems(ScreeningMissing, LanguageUnknown, ConsentRequired, ScopeMissing))
async def read_screening(caller: ReadsProfile, content: LoadedContent, code: Spoken) -> schemas.MyScreening:
    """The person's answers, whether they count and until when, and what they permit."""
    return mine(content, await caller.read(service.read_kept), caller.now, code)


@router.post(
    "/me/screening/confirm",
    responses=problems(ScreeningMissing, ScreeningToRepeat, LanguageUnknown, ConsentRequired, ScopeMissing),
)
async def confirm_screening(
    answer: schemas.ScreeningConfirm, caller: WritesProfile, content: LoadedContent, code: Spoken
) -> schemas.MyScreening:
    """The one question for every day. Nothing new renews the answers that still count.

    Something new ends them: the answer is then 409 `screening-to-repeat`, and is kept.
    """
    kept = await caller.write(service.confirm, content=content, anything_new=answer.anything_new, now=caller.now)
    if isinstance(kept, ScreeningToRepeat):
        raise kept
    return mine(content, kept, caller.now, code)


@router.post("/me/screening/settle", responses=problems(ScreeningToRepeat, LanguageUnknown, ScopeMissing))
async def settle_screening(
    _: schemas.ScreeningSettle, caller: WritesProfile, content: LoadedContent, code: Spoken
) -> schemas.MyStanding:
    """The way out of a stop for whoever lets no health data be kept: ask the questions on the device, and say this.

    Only the instant is kept. Sessions start again, at the lowest level; a later red flag locks anew. Where answers may
    be kept they alone lift a lock: the answer is then 409 `screening-to-repeat`.
    """
    standing = await caller.write(service.settle, content=content, now=caller.now)
    return schemas.MyStanding.model_validate(telling.for_me(content, standing, caller.now, code))


@router.get("/me/exercises", responses=problems(LanguageUnknown, ScopeMissing))
async def list_my_exercises(caller: ReadsProfile, content: LoadedContent, code: Spoken) -> schemas.MyExercises:
    """All exercises with what each is for this person: allowed, with caution, asked about first, or left alone.

    Without answers only what loads is asked about first.
    """
    standing = await caller.read(service.read_standing)
    return schemas.MyExercises.model_validate(telling.exercises_for_me(content, standing, caller.now, code))


def given(sent: schemas.ScreeningAnswers) -> Given:
    answered_at = sent.answered_at if isinstance(sent, schemas.ScreeningUpdate) else None
    return Given(sent.version, sent.answers, tuple(sent.red_flags), answered_at)


def mine(content: Content, kept: Kept, now: datetime, code: str) -> schemas.MyScreening:
    return schemas.MyScreening.model_validate(telling.mine(content, kept, now, code))
