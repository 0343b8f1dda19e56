"""What a language says in place of the English, as the files of its folder state it."""

from pydantic import Field

from api.domain.value import Line, Slug, Value


class Translation(Value):
    """One file of `content/languages/<code>/`. A language has any number of them, and says each thing in one.

    A line is known by its English, wherever that stands: what another language has to tell apart is worded
    differently in English.
    """

    lines: dict[Line, Line] = Field(default_factory=dict, description="By the English line, word for word.")
    aliases: dict[Slug, tuple[Line, ...]] = Field(
        default_factory=dict, description="By exercise: other names by which people look for it in this language."
    )
    problems: dict[Slug, Line] = Field(default_factory=dict, description="By code: the title of a problem.")
