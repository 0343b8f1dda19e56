"""The title of a problem in the language of who asked, whichever path refused the request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.types import Scope

from api.domain.errors import Refusal
from api.web.accept import choose_language

ACCEPT_LANGUAGE = b"accept-language"


@dataclass(frozen=True, slots=True)
class Title:
    """Words for a problem. `language` and how it came about are told only where they were translated."""

    text: str
    language: str | None = None
    translation: str | None = None
    by_header: bool = False


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles that an application has, kept under `app.state.titles`.

    `told` has them by language and code. `states` names every language that `?lang=` takes, and how it came about;
    `reviewed` are those among which `Accept-Language` chooses, the source first.
    """

    told: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    reviewed: tuple[str, ...] = ()

    def title(self, refusal: Refusal, scope: Scope) -> Title:
        """In the language named by `?lang=`, else in the one preferred, else as the refusal itself has it."""
        named = named_language(scope["query_string"])
        by_header = named not in self.states and len(self.reviewed) > 1
        language = choose_language(accepted(scope), self.reviewed, self.reviewed[0]) if by_header else named
        text = self.told.get(language or "", {}).get(refusal.code)
        if text is None or language is None:
            return Title(refusal.title, by_header=by_header)
        return Title(text, language, self.states[language], by_header)


def named_language(query: bytes) -> str | None:
    """What `?lang=` says, whatever else is wrong with the query."""
    if b"lang" not in query:
        return None
    return dict(parse_qsl(query.decode("latin-1"))).get("lang")


def accepted(scope: Scope) -> bytes | None:
    return b",".join(value for name, value in scope["headers"] if name == ACCEPT_LANGUAGE) or None
