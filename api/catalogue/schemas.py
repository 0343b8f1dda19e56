"""The catalogue on the wire. Texts are in the language that `Content-Language` names."""

from pydantic import Field

from api.domain.caution import AtStep, Effect, Moment, Severity, Urgency
from api.domain.dose import RepUnit
from api.domain.exercise import Kind, Load, Phase, Provenance, ReviewStatus, Side
from api.domain.speech import TranslationState
from api.web.wire import Output

BY = "`seed` (the article, see `facts`), the id of a source (see `evidence`), or `ours` (see `why`)."

ENGLISH = (
    "The English of it, to be shown beside it; only where nobody has reviewed the language and safety rests on it."
)


class Spoken(Output):
    """Which language an answer is told in, and which content it tells."""

    language: str = Field(examples=["en"])
    translation: TranslationState = Field(
        description="`source` for English; `machine` while nobody has read the translation: show that.",
        examples=["source"],
    )
    content_version: str = Field(examples=["9e7b7d664421"])


class Named(Output):
    """A word of the vocabulary and its name."""

    id: str = Field(examples=["chair"])
    name: str = Field(examples=["a chair"])


class Origin(Output):
    """Where a number or a statement comes from."""

    by: str = Field(description=BY, examples=["seed"])
    why: str | None = Field(default=None, description="The reason, when it is ours.")
    facts: list[str] = Field(default=[], description="Facts of the article that it carries.", examples=[["F19"]])


class DoseRange(Origin):
    """Levels 0 to 4 go from `low` to `high`, rounded to `step`."""

    low: int = Field(examples=[20])
    high: int = Field(examples=[30])
    step: int = Field(examples=[5])
    high_from: Origin | None = Field(default=None, description="Where `high` comes from, if from elsewhere.")


class Duration(Origin):
    s: int = Field(description="Seconds.", examples=[8])


class TempoSeconds(Output):
    """The least each phase lasts; speech may lengthen all but `top`. `search` is the longest one search lasts."""

    set_up: Duration | None = None
    move_in: Duration | None = None
    up: Duration | None = None
    top: Duration | None = None
    down: Duration | None = None
    search: Duration | None = None
    release: Duration | None = None
    switch: Duration | None = None


class Frequency(Output):
    per_day: DoseRange | None = None
    per_week: DoseRange | None = None
    every_min: DoseRange | None = Field(default=None, description="Minutes of sitting from one time to the next.")


class Dosage(Output):
    """Either `hold_s` or `reps`; each number names where it comes from."""

    hold_s: DoseRange | None = None
    reps: DoseRange | None = None
    rep_unit: RepUnit | None = Field(default=None, description="What is counted; absent for plain repetitions.")
    sets: DoseRange
    spots: DoseRange | None = None
    rest_s: Duration | None = None
    tempo_s: TempoSeconds
    frequency: Frequency | None = None


class Space(Output):
    floor: bool = Field(description="Whether one lies or kneels on the floor.")
    bed: bool = Field(description="Whether it is done on a bed, or a bed will do as well as the floor.")
    wall: bool
    noise: str = Field(examples=["silent"])
    privacy: str = Field(examples=["public"])


class ExerciseMuscle(Named, Origin):
    role: str = Field(description="`target` or `secondary`.", examples=["target"])


class ExerciseLaterality(Output):
    """Both sides at once, each side in turn, or spots that the person finds."""

    mode: str = Field(examples=["each_side"])
    first: str | None = Field(default=None, examples=["left"])
    side_means: str | None = Field(default=None, description="What a side names.", examples=["bend_direction"])


class StepWords(Output):
    text: str = Field(examples=["Put your right hand on the upper left side of your head."])
    cue: str | None = Field(default=None, description="At most six words.", examples=["Right hand over your head."])


class ExerciseStep(StepWords):
    """One instruction, worded for the first side."""

    id: str = Field(examples=["hand"])
    phase: Phase
    by: str | None = Field(default=None, description="Where the step comes from, when it carries no fact.")
    facts: list[str] = Field(default=[])
    order_flexible: bool = Field(description="Whether it may be done before its neighbour.")
    second_side: StepWords | None = Field(default=None, description="The words for the second side, where they differ.")


class ExerciseCaution(Origin):
    """A warning, and when it is shown: before, during or after the exercise, or at a step."""

    id: str = Field(examples=["dizzy-stop"])
    severity: Severity
    when: list[Moment | AtStep]
    text: str
    english: str | None = Field(default=None, description=ENGLISH)
    must_acknowledge: bool
    red_flag: str | None = Field(default=None, description="The entry of the red-flag card that this is a sign of.")


class ExerciseContraindication(Origin):
    tag: str = Field(examples=["glaucoma"])
    name: str
    english: str | None = Field(default=None, description=ENGLISH)
    effect: Effect
    alternative: str | None = Field(default=None, description="An exercise to do instead.")


class Reading(Output):
    """How an unclear place of the article is read."""

    id: str = Field(examples=["A1"])
    by: str = Field(examples=["ours"])
    about: list[str]
    text: str


class Source(Output):
    id: str
    kind: str
    title: str
    url: str | None = None
    doi: str | None = None
    accessed: str = Field(description="The day on which it was read.", examples=["2026-11-22"])
    extent: str = Field(description="How much of it was read.", examples=["abstract"])
    strength: str = Field(examples=["moderate"])


class Evidence(Output):
    source: Source
    locator: str = Field(description="The place in the source.")
    supports: list[str] = Field(description="The fields that it supports.")


class Review(Output):
    """Whether somebody with a clinical licence has read it. Show the note."""

    status: str = Field(examples=["unreviewed"])
    note: str


class Themed(Output):
    """The same picture for a light and for a dark screen."""

    light: str = Field(examples=["/v1/exercises/cat-cow/figures/0123456789abcdef/amber-still-light.svg"])
    dark: str


class Raster(Themed):
    """A PNG of so many pixels along each edge."""

    size: int = Field(examples=[320])


class Picture(Output):
    """An SVG of at most 12 kB without scripts, fonts and links, and the same as PNG."""

    alt: str = Field(description="The picture in words.")
    still: Themed
    png: list[Raster]


class Figure(Picture):
    """The exercise for one side: the end of the movement as a still, and the movement in its own time."""

    side: Side | None = Field(default=None, description="Absent when both sides work at once.")
    animated: Themed = Field(description="One loop in real time, again and again; still for who wants less motion.")
    frames: str = Field(description="The same loop as JSON: colours, moments, and every path at each of them.")


class MissingFigure(Output):
    """Why there is no picture of the exercise."""

    view: str = Field(description="The view that would show it.", examples=["three_quarter"])
    why: str


class Figures(Output):
    """Drawings of our own, all of them square. An address names its picture by a hash and is good for ever."""

    items: list[Figure] = Field(
        description="One; one for each side where one side is worked; none when missing or not drawn yet."
    )
    muscles: Picture = Field(description="What it works, on a body from the front and from behind.")
    people: list[str] = Field(
        description="Who can be drawn; put another name in place of the first word of a file.", examples=[["amber"]]
    )
    size: int = Field(description="The edge of every SVG in its own units.", examples=[720])
    licence: str = Field(description="As SPDX names it.", examples=["CC-BY-4.0"])
    attribution: str
    missing: MissingFigure | None = None


class ExerciseSummary(Output):
    id: str = Field(examples=["neck-side-bend-rotation"])
    version: str = Field(examples=["1.0.0"])
    name: str
    aliases: list[str]
    summary: str
    kind: Kind
    positions: list[Named] = Field(description="Each will do; the first is the usual one.")
    equipment: list[Named] = Field(description="What is required.")
    space: Space
    muscles: list[Named] = Field(description="The target muscles.")
    laterality: str = Field(examples=["each_side"])
    figure: str | None = Field(default=None, description="A still for a light screen; put `dark` for `light` in it.")
    review: str = Field(description="`unreviewed` until somebody with a clinical licence has read it.")


class Exercises(Spoken):
    """All that pass the filters; never cut. In the order of the catalogue, with `q` the best match first."""

    items: list[ExerciseSummary]


class ExerciseDetail(Spoken):
    id: str = Field(examples=["neck-side-bend-rotation"])
    version: str = Field(examples=["1.0.0"])
    status: ReviewStatus
    origin: Provenance
    kind: Kind
    name: str
    aliases: list[str]
    summary: str
    positions: list[Named]
    start: Named
    equipment: list[Named]
    equipment_optional: list[Named]
    equipment_substitutes: dict[str, list[str]] = Field(description="By tool: what will do in its place.")
    space: Space
    loads: list[Load] = Field(description="What a person without a screening asks a professional about first.")
    warm_up: bool = Field(description="Whether it is gentle enough to open a routine.")
    muscles: list[ExerciseMuscle]
    laterality: ExerciseLaterality
    dosage: Dosage
    lasts_ms: list[int] = Field(
        description="The most that it takes in this language at levels 0 to 4, from getting ready to the pain rating.",
        examples=[[86000, 86000, 96000, 96000, 106000]],
    )
    steps: list[ExerciseStep]
    cautions: list[ExerciseCaution]
    contraindications: list[ExerciseContraindication]
    easier: str | None = None
    harder: str | None = None
    readings: list[Reading]
    evidence: list[Evidence]
    figures: Figures
    review: Review


# What the catalogue refers to: words, sources, warning signs


class SpokenLanguage(Output):
    id: str = Field(examples=["en"])
    name: str = Field(description="As its speakers call it.", examples=["English"])
    translation: TranslationState = Field(
        description="`Accept-Language` never chooses one by `machine`; `?lang=` does.", examples=["source"]
    )


class MuscleWord(Named):
    regions: list[str] = Field(description="The regions that it runs through.", examples=[["neck"]])


class ToolWord(Named):
    presses: bool = Field(description="Whether one presses with it; never on the neck.")


class Vocabulary(Spoken):
    """Every word that answers use and filters take, with its name. More may come: show the id of one without a name."""

    languages: list[SpokenLanguage]
    regions: list[Named]
    muscles: list[MuscleWord]
    equipment: list[ToolWord]
    positions: list[Named]
    contraindications: list[Named] = Field(description="What `avoid` takes.")
    codes: dict[str, list[Named]] = Field(
        description="The closed lists, by what they say of something, such as `kind`, `severity` or `phase`."
    )
    problems: list[Named] = Field(
        description="The titles of problems by code, the last part of `type`: for an app that finds one in English."
    )


class UsedBy(Output):
    """A file of the content that rests on a source."""

    what: str = Field(
        description="`exercise`, `routine`, `red_flags`, `screening`, `planner` or `language`.", examples=["exercise"]
    )
    id: str = Field(examples=["foam-roller-upper-back"])
    fields: list[str] = Field(description="What of it; list items go by their ids.", examples=[["dosage.spots"]])
    locators: list[str] = Field(description="The places in the source.", examples=[["Total rolling time"]])


class UsedSource(Source):
    used_by: list[UsedBy]


class Fact(Output):
    """One statement of the source article, in our words."""

    id: str = Field(examples=["F19"])
    text: str
    carried_by: str = Field(description="The exercise or routine.", examples=["neck-side-bend-rotation"])


class Licence(Output):
    """The terms of the content; the sources have rights of their own."""

    id: str = Field(description="As SPDX names it.", examples=["CC-BY-4.0"])
    name: str
    url: str
    attribution: str = Field(description="The credit to give, word for word.")
    attribution_when_changed: str
    covers: str


class Sources(Spoken):
    """What every number and caution rests on. `by` in other answers is the id of one of these, `seed`, or `ours`."""

    review: Review = Field(description="Who has read the content as a whole. Show the note.")
    licence: Licence
    items: list[UsedSource]
    facts: list[Fact] = Field(description="The source article taken apart; what `facts` in other answers names.")


class Care(Output):
    """What to do, by urgency."""

    emergency: str
    same_day: str
    routine: str


class RedFlag(Origin):
    code: str = Field(examples=["fever-stiff-neck"])
    urgency: Urgency
    text: str
    english: str | None = Field(default=None, description=ENGLISH)
    locator: str


class CardEnglish(Output):
    introduction: str
    care: Care


class RedFlagCard(Output):
    """What a person reads before a session. One that applies means no session, but care."""

    version: str
    introduction: str
    care: Care
    english: CardEnglish | None = Field(default=None, description=ENGLISH)
    urgencies: Origin = Field(description="Where the urgency of each sign comes from.")
    items: list[RedFlag]
    review: Review


class RedFlags(Spoken, RedFlagCard):
    """The card by itself, as every routine carries it too."""
