"""A language as a voice: its fixed phrases, and how long a line takes to say."""

from typing import Self

from pydantic import Field, model_validator

from api.domain.exercise import Side
from api.domain.value import LanguageTag, Line, Text, Value, flaw
from api.domain.vocabulary import Pace


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
        for phrase, blank in ((self.get_ready, "{exercise}"), (self.equipment, "{equipment}")):
            if blank not in phrase:
                raise flaw(f"a phrase lacks its {blank}", f"Write {blank} where the name belongs.")
        return self


class Language(Value):
    """One file of `content/languages/`."""

    id: LanguageTag
    name: Line
    reviewed: bool = Field(description="Whether `Accept-Language` may choose it; otherwise only `?lang=` does.")
    pace: Pace
    phrases: Phrases

    def said(self, text: Text, side: Side | None = None) -> str:
        """The line in this language with its sides filled in."""
        line = text.in_language(self.id)
        if side is None:
            return line
        line = line.replace("{side}", self._name(side)).replace("{other}", self._name(side.other))
        return line[0].upper() + line[1:]

    def takes_ms(self, line: str) -> int:
        """How long the line takes to say, rounded up to a tenth of a second."""
        return -(-len(line.split()) * 600 // self.pace.words_per_minute) * 100

    def _name(self, side: Side) -> str:
        return self.phrases.left if side is Side.LEFT else self.phrases.right
