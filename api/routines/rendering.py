"""From the planner's wire to what it is asked, and back."""

from starlette.responses import Response

from api.catalogue.shelf import Content
from api.domain.wish import Wish
from api.routines import planner
from api.routines.planner_schemas import PlanAnswer, PlanRequest
from api.screening.service import Given


def wish_of(sent: PlanRequest) -> Wish:
    return Wish(
        max_minutes=sent.max_minutes,
        equipment=frozenset(sent.equipment),
        limits=frozenset(sent.limits),
        region=sent.region,
        side=sent.side,
        focus=sent.focus,
        pain_now=sent.pain_now,
    )


def given_in(sent: PlanRequest) -> Given | None:
    answers = sent.screening
    return Given(answers.version, answers.answers, tuple(answers.red_flags)) if answers else None


def plan_response(content: Content, planned: planner.Planned, code: str) -> Response:
    """The timeline is spliced in as it was compiled: the largest part is never encoded again."""
    answer = PlanAnswer.model_validate(planner.told(content, planned, code))
    body = answer.model_dump_json(exclude_none=True).encode()
    if planned.plan:
        body = body[:-1] + b',"timeline":' + planned.plan.document + b"}"
    return Response(body, headers={"content-language": code}, media_type="application/json")
