"""What sessions refuse, beside the general kinds."""

from api.domain.errors import Conflict, Gone, NotFound


class SessionNotFound(NotFound):
    code = "session-not-found"
    title = "There is no such session"
    cure = "Check the id; a session is seen only by the person who started it."


class SessionDeleted(Gone):
    code = "session-deleted"
    title = "This session was deleted"
    cure = "Remove it from the device; start another one under a new id."


class RoutineUnknown(Conflict):
    code = "routine-unknown"
    title = "There is no such routine"
    cure = "Pick one of `GET /v1/routines`."


class PlanUnknown(Conflict):
    code = "plan-unknown"
    title = "There is no such plan, or the catalogue has changed since"
    cure = "Ask `POST /v1/routines/plan` again, and start with the id that it gives."


class NoSafeForm(Conflict):
    code = "no-safe-form"
    title = "Nothing of this routine is safe by the answers given"
    cure = "See `GET /v1/me/routines/{slug}` for the reasons, and pick another routine."


class SessionDiffers(Conflict):
    code = "session-differs"
    title = "Under this id another session was started"
    cure = "The session as it is stands in the answer. Start yours under an id of its own."


class SessionEnded(Conflict):
    code = "session-ended"
    title = "This session has already ended in another way"
    cure = "Keep the outcome that the answer shows in `session`; nothing is left to send."


class TimeTooOld(Conflict):
    code = "time-too-old"
    title = "This is too long ago"
    cure = "A session is taken up to 30 days after its start, and its record up to 30 days after its end."


class TimeMissing(Conflict):
    code = "time-missing"
    title = "It does not say when that was"
    cure = "Send `started_at`, and `completed_at` or `abandoned_at`: only the device knows when it was lived offline."


class EndBeforeStart(Conflict):
    code = "end-before-start"
    title = "The session would end before it starts"
    cure = "Send the instant at which it ended, by the same clock as `started_at`."


class RatingRepeated(Conflict):
    code = "rating-repeated"
    title = "One place is rated twice at the same moment"
    cure = "Send one rating for each region and side, and in a record one for each step too."


class RecordContradicts(Conflict):
    code = "record-contradicts"
    title = "The record does not fit the session's plan"
    cure = "Mend what is named under `errors`; step ids, sides and kinds of dose are those of the session's timeline."
