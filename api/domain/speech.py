"""A language as a voice: its fixed phrases, and how long a line takes to say."""

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from api.domain.dose import Sourced
from api.domain.exercise import Side
from api.domain.value import FALLBACK, LanguageTag, Line, Tag, Text, Value, flaw

SIDE = re.compile(r"\{(side|other)(?::([a-z_]+))?\}")
"""`{side}` and `{other}`, or one of the language's own forms of the word, such as `{side:adjective}`."""


BLANKS = {"get_ready": "{exercise}", "equipment": "{equipment}"}
"""What is filled in, by phrase."""


class Phrases(Value):
    """What is said between the steps. `{exercise}` and `{equipment}` are filled in, each in its own phrase."""

    left: Line
    right: Line
    get_ready: Line
    equipment: Line
    rest: Line
    each_rep: Line
    halfway: Line
    check_in: Line
    ask_first: Line

    @model_validator(mode="after")
    def _blanks_are_there(self) -> Self:
        for name, blank in BLANKS.items():
            if blank not in getattr(self, name):
                raise flaw(f"a phrase lacks its {blank}", f"Write {blank} where the name belongs.")
        return self


class Pace(Sourced):
    """How fast a voice speaks, and the pause that it leaves at the end of a phase.

    Words a minute, or characters a minute where the script puts no spaces between words.
    """

    words_per_minute: Annotated[int, Field(ge=60, le=300)] | None = None
    characters_per_minute: Annotated[int, Field(ge=100, le=800)] | None = None
    pause_ms: Annotated[int, Field(ge=0, le=5000)]

    @model_validator(mode="after")
    def _counts_one_thing(self) -> Self:
        if (self.words_per_minute is None) == (self.characters_per_minute is None):
            raise flaw(
                "a pace counts words or characters", "Keep one of `words_per_minute` and `characters_per_minute`."
            )
        return self

    def takes_ms(self, line: str) -> int:
        """How long the line takes to say, rounded up to a tenth of a second."""
        if self.characters_per_minute:
            return -(-sum(char.isalnum() for char in line) * 600 // self.characters_per_minute) * 100
        return -(-len(line.split()) * 600 // (self.words_per_minute or 1)) * 100


class TranslationState(StrEnum):
    """How the words came into the language; `reviewed` once a person who speaks it has read all of them."""

    SOURCE = "source"
    MACHINE = "machine"
    REVIEWED = "reviewed"


class SideForm(Value):
    """Another form of the two words, where grammar asks for one."""

    left: Line
    right: Line


class Language(Value):
    """One file of `content/languages/`. What it says in place of the English stands in the folder beside it."""

    id: LanguageTag
    name: Line = Field(description="As its speakers call it.")
    translation: TranslationState = Field(
        description="`source` for English alone; `machine` until a person who speaks the language has read all of it."
    )
    pace: Pace
    phrases: Phrases
    side_forms: dict[Tag, SideForm] = Field(default_factory=dict, description="By the name that texts ask for them.")
    negations: Annotated[tuple[Line, ...], Field(min_length=1)] = Field(
        description="Words of which one stands wherever the English says never or not; `*` stands for any letters."
    )

    @model_validator(mode="after")
    def _english_is_the_source(self) -> Self:
        if (self.id == FALLBACK) != (self.translation is TranslationState.SOURCE):
            cure = "Say `source` for English, and `machine` or `reviewed` for any other language."
            raise flaw("only English is the source", cure)
        return self

    @property
    def reviewed(self) -> bool:
        """Whether `Accept-Language` may choose it; otherwise only `?lang=` does."""
        return self.translation is not TranslationState.MACHINE

    def said(self, text: Text, side: Side | None = None) -> str:
        """The line in this language with its sides filled in."""
        line = text.in_language(self.id)
        if side is None:
            return line
        line = SIDE.sub(lambda blank: self._name(side if blank[1] == "side" else side.other, blank[2]), line)
        return line[0].upper() + line[1:]

    def english_beside(self, text: Text) -> str | None:
        """The English of a line on which safety rests, where nobody has reviewed this language."""
        return None if self.reviewed else text.root[FALLBACK]

    def takes_ms(self, line: str) -> int:
        """How long the line takes to say, rounded up to a tenth of a second."""
        return self.pace.takes_ms(line)

    def _name(self, side: Side, form: str | None) -> str:
        words = self.side_forms[form] if form else self.phrases
        return words.left if side is Side.LEFT else words.right
