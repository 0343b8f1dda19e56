"""`/v1/me/ratings`."""

from typing import Annotated

from fastapi import Path, Query, Response

from api.accounts.caller import ReadsSessions, WritesSessions
from api.accounts.refusals import ConsentRequired, ScopeMissing
from api.domain.errors import TimeAhead
from api.domain.pain import Moment, Rating
from api.ratings import schemas, service
from api.sessions.refusals import RatingRepeated, SessionDeleted, SessionNotFound, TimeTooOld
from api.web.paging import CursorUnknown, PageLimit, cursor_of, paged
from api.web.problems import problems
from api.web.routing import Router
from api.web.wire import Id, Text, digest_of

router = Router(prefix="/v1/me/ratings", tags=["sessions"], responses=problems(ScopeMissing))

RatingId = Annotated[Id, Path(alias="id", openapi_examples={"given": {"value": schemas.EXAMPLE_ID}})]


@router.post(
    "",
    status_code=201,
    responses={
        200: {"model": schemas.OwnRating, "description": "The same request came before: this is its rating."},
        **problems(
            service.RatingDiffers,
            service.RatingDeleted,
            service.SessionGoesOn,
            RatingRepeated,
            SessionNotFound,
            SessionDeleted,
            TimeAhead,
            TimeTooOld,
            ConsentRequired,
            ScopeMissing,
        ),
    },
)
async def give_rating(rating: schemas.RatingCreate, caller: WritesSessions, response: Response) -> schemas.OwnRating:
    """A rating by itself: how much it hurts now, or how it was after a session or on the next morning.

    One of a session counts with it: pain that is still raised by 2 or more is a flare-up, which leads to the gentle
    routine for two days and lets no level rise.
    """
    felt = Rating(rating.region, rating.side, rating.value, Moment(rating.moment), at=rating.at)
    given = service.Given(
        rating.id, felt, rating.session, digest_of(rating.model_dump(mode="json", exclude_unset=True))
    )
    row, new = await caller.write(service.give, given=given, now=caller.now)
    response.status_code = 201 if new else 200
    return schemas.OwnRating.model_validate(row)


@router.get("", responses=problems(CursorUnknown))
async def list_ratings(
    caller: ReadsSessions,
    limit: PageLimit = 20,
    cursor: Annotated[Text | None, Query(max_length=200, description="`next` of the page before.")] = None,
) -> schemas.OwnRatings:
    """The ratings that came on their own, newest first; those given with a session stand in it."""
    rows = await caller.read(paged(service.list_ratings), cursor=cursor, limit=limit)
    page = rows[:limit]
    following = cursor_of(page[-1].at, page[-1].id) if len(rows) > limit else None
    return schemas.OwnRatings(items=[schemas.OwnRating.model_validate(row) for row in page], next=following)


@router.delete("/{id}", status_code=204, responses=problems(service.RatingNotFound))
async def delete_rating(rating_id: RatingId, caller: WritesSessions) -> Response:
    """Deletes a rating that came on its own; what it told of a session is taken back. Again changes nothing."""
    await caller.write(service.remove, rating_id=rating_id, now=caller.now)
    return Response(status_code=204)
