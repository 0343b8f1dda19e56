"""What screening refuses, beside the general kinds."""

from api.domain.errors import Conflict, Forbidden, NotFound


class ScreeningStop(Forbidden):
    code = "screening-stop"
    title = "No exercise now: get care first"
    cure = (
        "Show `care`. When it is settled, answer the questionnaire again with `PUT /v1/me/screening`; "
        "without consent to keep answers, `POST /v1/me/screening/settle`."
    )


class ScreeningMissing(NotFound):
    code = "screening-missing"
    title = "The questionnaire was never answered"
    cure = "Ask the questions of `GET /v1/screening` and send the answers with `PUT /v1/me/screening`."


class ScreeningToRepeat(Conflict):
    code = "screening-to-repeat"
    title = "The questionnaire is to be answered again"
    cure = "Ask all questions of `GET /v1/screening` and send the answers with `PUT /v1/me/screening`."


class QuestionnaireChanged(Conflict):
    code = "questionnaire-changed"
    title = "These are answers to another questionnaire"
    cure = "Get `GET /v1/screening` anew and ask its questions."


class AnswerUnknown(Conflict):
    code = "answer-unknown"
    title = "There is no such question or sign"
    cure = "Name the questions and signs as `GET /v1/screening` does; `errors` says which are unknown."
