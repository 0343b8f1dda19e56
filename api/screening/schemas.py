"""Screening on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, Strict, TypeAdapter, WithJsonSchema
from pydantic.config import JsonDict

from api.catalogue.schemas import ENGLISH, ExerciseSummary, Origin, RedFlagCard, Review, Spoken
from api.domain.caution import Urgency
from api.domain.questionnaire import Answer
from api.domain.screening import Permitted, ScreeningOutcome
from api.domain.standing import Hold
from api.web.wire import Affirmed, Input, Instant, Output, Slug, may_be_absent

VERSION = "1.0.0"
EXAMPLE: JsonDict = {
    "version": VERSION,
    "answers": {
        "neck-injury": "no",
        "arm-symptoms": "no",
        "dizziness": "no",
        "artery-or-stroke": "no",
        "pressure": "no",
        "bones": "no",
        "surgery": "no",
        "shoulder-injury": "no",
        "shoulder-loose": "no",
        "back-injury": "no",
        "wrist-or-grip": "yes",
        "floor-or-falls": "no",
        "skin-or-swelling": "no",
        "clot-or-blood-thinner": "no",
        "pregnancy": "no",
        "neck-unstable": "no",
        "cancer-or-steroids": "no",
        "under-18": "no",
    },
    "red_flags": [],
}

QuestionnaireVersion = Annotated[
    str,
    Strict(),
    Field(pattern=r"^[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}$", max_length=14, description="Of the questions answered."),
]
Answers = Annotated[
    dict[Slug, Answer],
    Field(max_length=100),
    WithJsonSchema(
        {
            "type": "object",
            "description": "By the question's id. An open question counts as a reason to ask first.",
            "maxProperties": 100,
            "propertyNames": TypeAdapter(Slug).json_schema(),
            "additionalProperties": {"type": "string", "enum": [*Answer]},
        }
    ),
]
Signs = Annotated[list[Slug], Field(max_length=50, description="Codes of the red-flag card that apply.")]


class ScreeningAnswers(Input):
    """The questionnaire as it was answered."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    version: QuestionnaireVersion
    answers: Answers
    red_flags: Signs = Field(default_factory=list)


class ScreeningUpdate(ScreeningAnswers):
    """The questionnaire as the person answered it, and when."""

    answered_at: Instant = may_be_absent("The latest answers count. Without it they are given now.")


class ScreeningConfirm(Input):
    """The one question for every day."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"anything_new": False}]})

    anything_new: Annotated[bool, Strict()]


class ScreeningSettle(Input):
    """`no_red_flags` states that the person read the red-flag card again and that none of it applies any more."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"no_red_flags": True}]})

    no_red_flags: Affirmed


class Question(Origin):
    """One question for yes or no. Its id always means the same question."""

    id: str = Field(examples=["pressure"])
    text: str
    english: str | None = Field(default=None, description=ENGLISH)
    tags: list[str] = Field(description="The contraindications that a yes stands for.")
    asks_first: bool = Field(description="Whether a yes means: ask a professional before any exercise.")
    red_flag: str | None = Field(default=None, description="The sign of the card that a yes states.")
    locator: str | None = Field(default=None, description="The place in the source.")


class Expiry(Origin):
    idle_days: int = Field(description="Days without a session after which the answers no longer count.")


class RuledContraindication(Origin):
    tag: str
    effect: str
    alternative: str | None = None


class ExerciseRule(Output):
    """What the rule needs to know of an exercise."""

    exercise: str
    loads: bool = Field(description="Asked about first as long as no screening counts.")
    easier: str | None = Field(default=None, description="Where regressing leads when nothing else is named.")
    contraindications: list[RuledContraindication]


class QuestionnaireEnglish(Output):
    introduction: str
    anything_new: str


class Questionnaire(Spoken):
    """The questions, and the rule by which a phone applies the answers offline.

    A sign of `red_flags`, said yes to or stated by an answer, stops everything. Otherwise each contraindication of an
    exercise counts: with its `effect` when the question with its tag is answered yes, as `ask` when that question is
    open, not at all when it is answered no. A question that `asks_first` counts as `ask` for every exercise unless it
    is answered no. The strongest decides: exclude, regress, ask, caution, and with none of them allow.

    An exercise offers the alternatives that the reasons of its deciding effect name, in their order, and none at all
    where one of them names none; for regress `easier` counts as named. The first one offered that comes out as allow
    or caution by the same answers is taken; one that does not is followed to what it offers itself. Where regress leads
    to none of them, the first one so offered that comes out as ask is taken, and asked about.
    """

    version: str = Field(examples=[VERSION])
    introduction: str
    questions: list[Question]
    anything_new: str = Field(description="Enough as long as the answers count.")
    english: QuestionnaireEnglish | None = Field(default=None, description=ENGLISH)
    expiry: Expiry
    red_flags: RedFlagCard
    rules: list[ExerciseRule]
    review: Review


class CareAdvice(Output):
    """Show this instead of, or before, any exercise."""

    urgency: Urgency
    text: str
    english: str | None = Field(default=None, description=ENGLISH)
    signs: list[str] = Field(description="Codes of the red-flag card, where they are known.")


class PermissionReason(Output):
    """Why an exercise is not simply allowed, and who says so."""

    effect: Permitted
    question: str | None = Field(default=None, description="The question that it comes from.")
    answer: Answer | None = Field(default=None, description="Absent for an open question.")
    tag: str | None = Field(default=None, examples=["glaucoma"])
    name: str | None = Field(default=None, description="The tag in words.", examples=["Glaucoma"])
    english: str | None = Field(default=None, description=ENGLISH)
    red_flag: str | None = None
    by: str = Field(description="The id of a source, or `ours` (see `why`).")
    why: str | None = None


class ExercisePermission(Output):
    """What the answers make of one exercise; the strongest reason stands first."""

    exercise: str
    effect: Permitted
    alternative: str | None = Field(
        default=None, description="Safe by the same answers; for `regress`, where none is, one to ask about first."
    )
    reasons: list[PermissionReason]


class ScreeningResult(Spoken):
    outcome: ScreeningOutcome = Field(description="`stop` means no exercise now: show `care`.")
    care: CareAdvice | None = None
    unanswered: list[str] = Field(description="Open questions.")
    exercises: list[ExercisePermission]


class ForMe(Spoken):
    """What every answer made for one person begins with."""

    outcome: ScreeningOutcome = Field(description="`stop` means no exercise now: show `care`.")
    care: CareAdvice | None = None
    held_because: Hold | None = Field(default=None, description="Why no screening counts, if none does.")
    locked: bool = Field(description="Whether a red flag ended a session since: no start until it is settled.")


class MyStanding(ForMe):
    """How the person's screening stands, without any answers."""


class MyScreening(ScreeningResult, ForMe):
    """The person's screening: what was answered, whether it counts, what it permits."""

    version: str = Field(description="Of the questionnaire that was answered.")
    answers: dict[str, Answer]
    red_flags: list[str]
    answered_at: datetime
    received_at: datetime
    confirmed_at: datetime | None = None
    valid: bool = Field(description="Whether sessions start at the level asked for.")
    valid_until: datetime = Field(description="If no session comes before.")
    revision: int
    server_time: datetime


class MyExercise(ExerciseSummary, ExercisePermission):
    """An exercise of the list, and what it is for this person."""


class MyExercises(ForMe):
    """All exercises, none left out, each with what it is for this person."""

    items: list[MyExercise]


class AdaptedItem(Output):
    """One item of a routine, whatever became of it.

    `exercise` is what is done at its place: the planned one, or a swap. It is null where `covered_by` names another
    item of the routine that stands in already, and where there is no safe form.
    """

    place: int = Field(description="In the routine as it is for everybody, from 1.")
    planned: str
    exercise: str | None = None
    name: str = Field(description="Of what is done, or was planned where nothing is.")
    effect: Permitted = Field(description="On the planned exercise.")
    ask_first: bool = Field(description="Ask a professional before doing it.")
    covered_by: str | None = None
    alternative: str | None = None
    reasons: list[PermissionReason] = Field(description="Why the planned exercise is not simply allowed.")
    stand_in_reasons: list[PermissionReason] = Field(
        default=[], description="Why the one done instead needs care, or is to be asked about."
    )
