"""The planner on the wire: what is asked of it, what it answers, and what it goes by."""

from typing import Annotated

from pydantic import ConfigDict, Field, Strict

from api.catalogue.schemas import ENGLISH, Named, Origin, RedFlagCard, Review, Spoken
from api.domain.exercise import Kind
from api.domain.pain import BodySide, Region
from api.domain.planned import PLAN_ID
from api.domain.planner import Held, Picked, Refused, Unfit, Unsafe
from api.domain.screening import Permitted, ScreeningOutcome
from api.domain.wish import Focus, Limit
from api.routines.schemas import Pauses, Timeline, TotalMs
from api.screening.schemas import EXAMPLE, CareAdvice, PermissionReason, ScreeningAnswers
from api.web.wire import Input, Output, Whole, may_be_absent

Tool = Annotated[str, Strict(), Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
PlanId = Annotated[str, Strict(), Field(pattern=PLAN_ID, max_length=80)]


class PlanRequest(Input):
    """What there is time and room for, where it hurts, and the safety answers; nothing of it is kept."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "max_minutes": 10,
                    "equipment": ["chair"],
                    "limits": ["seated", "quiet"],
                    "region": "upper_back",
                    "side": "left",
                    "focus": "loosen",
                    "pain_now": 3,
                    "screening": EXAMPLE,
                }
            ]
        }
    )

    max_minutes: Annotated[Whole, Field(ge=1, le=120, description="The plan never takes longer.")]
    equipment: Annotated[
        list[Tool], Field(max_length=40, description="All that is at hand, in the vocabulary's words.")
    ] = Field(default_factory=list)
    limits: Annotated[list[Limit], Field(max_length=12, description="What the place or the person does not allow.")] = (
        Field(default_factory=list)
    )
    region: Annotated[Region, Field(description="Where it hurts most.")] = Region.UPPER_BACK
    side: BodySide = BodySide.BOTH
    focus: Annotated[Focus, Field(description="`calm` is for a flare-up.")] = Focus.LOOSEN
    pain_now: Annotated[Whole, Field(ge=0, le=10)] = may_be_absent(
        "0 is none, 10 the worst imaginable. From 4 on every dose is the lowest, from 6 on only gentle exercises come."
    )
    screening: ScreeningAnswers = may_be_absent(
        "The questionnaire of `GET /v1/screening`. While a question is open, what a yes would forbid is left out."
    )


class PickReason(Output):
    code: Picked
    text: str


class HeldReason(Output):
    code: Held
    text: str
    english: str | None = Field(default=None, description=ENGLISH)


class PlannedItem(Output):
    """One exercise of the plan, and why it is there."""

    place: int = Field(description="From 1.")
    exercise: str
    name: str
    effect: Permitted = Field(description="`allow`, `caution` (see `cautions`), or `ask` for open questions.")
    reasons: list[PickReason] = Field(description="What it does stands first.")
    stands_in_for: list[str] = Field(description="Exercises left out for safety that name it as their alternative.")
    cautions: list[PermissionReason] = Field(description="Answers because of which care is needed.")


class PlannedRoutine(Output):
    """An ordered routine that fits the time."""

    id: str = Field(description="Start a session with it as `plan`. It says by itself what is planned, and no more.")
    level: int = Field(ge=0, le=4, description="The highest that fits, unless it is held at 0.")
    held_because: list[HeldReason]
    total_ms: TotalMs = Field(description="At this level; `high` is never more than the minutes asked for.")
    items: list[PlannedItem]


class UnsafeReason(Output):
    code: Unsafe
    text: str
    english: str | None = Field(default=None, description=ENGLISH)


class UnfitReason(Output):
    code: Unfit
    text: str


class LeftOutForSafety(Output):
    exercise: str
    name: str
    reason: UnsafeReason
    effect: Permitted = Field(description="What the answers make of it.")
    alternative: str | None = Field(default=None, description="The exercise of the plan that stands in for it.")
    because_of: list[PermissionReason] = Field(description="The answers, or open questions, that decide.")


class LeftOutForLimits(Output):
    exercise: str
    name: str
    reason: UnfitReason
    missing: list[Named] = Field(description="Equipment that is not at hand.")


class LeftOut(Output):
    """Every exercise that could not be chosen. What is named nowhere was not needed."""

    for_safety: list[LeftOutForSafety]
    for_limits: list[LeftOutForLimits] = Field(description="Safe, and not possible there.")


class Refusal(Output):
    """Why there is no plan. Show `care` where it is given."""

    code: Refused
    text: str
    english: str | None = Field(default=None, description=ENGLISH)
    care: CareAdvice | None = None
    shortest_ms: int | None = Field(default=None, description="The least time that a plan takes.")


class PlanAnswer(Spoken):
    """Either `plan` with its `timeline`, or `refusal`."""

    plan: PlannedRoutine | None = None
    refusal: Refusal | None = None
    left_out: LeftOut
    outcome: ScreeningOutcome = Field(description="Of the safety answers; `stop` means no exercise now.")
    care: CareAdvice | None = Field(default=None, description="Show it whether or not there is a plan.")
    unanswered: list[str] = Field(description="Safety questions that are open; answer them for more and higher doses.")
    red_flags: RedFlagCard
    timeline: Timeline | None = None


# What a phone plans by


class MostExercises(Origin):
    exercises: int


class PainFrom(Origin):
    pain: int = Field(description="From this rating on it holds.")
    locator: str | None = Field(default=None, description="The place in the source.")


class GentleExercises(Origin):
    routine: str = Field(description="What a session follows instead when a place is rated so high before it.")
    exercises: list[str] = Field(description="Ids; what is not listed is not gentle.")


class KindStage(Output):
    kind: Kind
    stage: int = Field(ge=1, le=3)


class FocusTurns(Output):
    focus: Focus
    turns: list[int] = Field(description="The stages whose turn it is after the warm-up, over and over.")


class ChoicePoints(Output):
    """What each thing that applies adds."""

    target: int = Field(description="A target muscle runs through the sore place.")
    secondary: int = Field(description="A secondary muscle does.")
    new: int = Field(description="A target muscle is none of those picked before.")
    each_side: int = Field(description="The pain is on one side, and the exercise is done on each side.")
    stands_in: int = Field(description="It is the alternative of one that is not safe.")
    up: int = Field(description="It is done neither on the floor nor on a bed.")
    not_simply_allowed: int = Field(description="Its effect is another one than allow.")


class Words(Output):
    code: str = Field(examples=["warm-up"])
    text: str
    english: str | None = Field(default=None, description=ENGLISH)


class PlannerRules(Spoken):
    """What the planner goes by, so that a phone plans and explains offline just as `POST /v1/routines/plan` does.

    **Safe.** Apply the screening's rule; while a question is open, `loads` is a reason to ask too. An outcome of stop
    is refused. A reason to take care keeps nothing away, nor does an open question whose tag the exercise names with
    `caution` at the most. Of what is left the strongest decides: `exclude` is `excluded`, `regress` is `easier-first`,
    `ask` is `ask-first` if one of them was answered yes and else `open-question`. With the focus `calm`, or with pain
    from `gentle_from` on, whatever is not `gentle` is `not-gentle`. Retired exercises are not planned.

    **Possible.** Of the safe ones these are unfit, the first that applies: `equipment` (something required is not at
    hand and nor is a substitute), `hang` (`cannot_hang`, and it loads by hanging), `standing` (`seated`, and `sit` is
    none of its positions), `floor` (`no_floor`, and it is done on the floor, but for one that a bed at hand will do
    for), `wall` (`no_wall`, and it needs one), `noise` (`quiet`, and it is not silent), `private` (`in_public`, and it
    is).

    **Picked.** For up to `most` picks a stage has its turn: 0 first, then the `turns` of the focus, or of `calm` on a
    gentle day. An exercise that is a `warm_up` has stage 0, any other that of its kind. Nothing but a warm-up is picked
    first, nothing twice, and no easier or harder form of one in the same stage. The first one that goes is taken of
    those of the stage and then of the others; among them first what takes no more than the budget through
    `large_share`; among those by the most `points`; among equals in the order of `GET /v1/exercises`. It goes when all
    together can be ordered and fit the time at level 0; when none does, that is all.

    **Ordered.** By stage, and then as picked; where that breaks a rule, as the first order that a search in depth finds
    which tries them in this turn and goes on only while no rule is broken. A warm-up that loads nothing comes first.
    No two that load the neck follow one another: one of `neck_kinds` with a target muscle in the neck does. All that
    is done on the floor or on a bed is done together.

    **Timed.** An exercise takes `lasts_ms` of its level, and `between_ms` more unless it comes first. The level is 0
    while a question is open (`screening-incomplete`) or with pain from `lowest_from` on (`pain`), and otherwise the
    highest that fits.

    **Told.** Why one is picked: `warm-up` for the first, else `releases` for a release, else by its stage `moves`,
    `lengthens`, `strengthens` or `rests`; and then whatever applies of `gentle`, `sore-place` (`points.target`),
    `each-side`, `stands-in` and `with-care` (its effect is caution). Why there is no plan: `red-flag` for a stop,
    `no-safe-routine` without a safe warm-up, `too-short` where a warm-up is possible, else `nothing-possible`.
    """

    version: str = Field(examples=["1.0.0"])
    most: MostExercises
    lowest_from: PainFrom
    gentle_from: PainFrom
    gentle: GentleExercises
    pauses: Pauses
    between_ms: int = Field(description="The rest between two exercises, with the words for it in this language.")
    stages: list[KindStage]
    turns: list[FocusTurns]
    large_share: int
    points: ChoicePoints
    neck_kinds: list[Kind]
    picked: list[Words]
    held: list[Words]
    unsafe: list[Words]
    unfit: list[Words]
    refused: list[Words]
    review: Review
