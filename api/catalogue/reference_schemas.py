"""What the catalogue refers to, on the wire: words, sources, warning signs."""

from pydantic import Field

from api.catalogue.schemas import ENGLISH, Named, Origin, Review, Source, Spoken
from api.domain.caution import Urgency
from api.web.wire import Output


class SpokenLanguage(Output):
    id: str = Field(examples=["en"])
    name: str = Field(description="As its speakers call it.", examples=["English"])
    reviewed: bool = Field(description="Whether `Accept-Language` may choose it; otherwise only `?lang=` does.")


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


class UsedBy(Output):
    """A file of the content that rests on a source."""

    what: str = Field(description="`exercise`, `routine`, `red_flags` or `language`.", examples=["exercise"])
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
