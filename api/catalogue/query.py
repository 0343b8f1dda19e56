"""Query parameters of the content operations, taken literally."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response
from pydantic import BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

from api.catalogue.loaded import LoadedContent
from api.catalogue.service import languages_for
from api.domain.value import FALLBACK
from api.web.accept import choose_language
from api.web.faults import NO_NUL
from api.web.wire import LanguageTag

FLAGS = {"true": True, "false": False}


def flag(value: object) -> object:
    """`true` or `false` and nothing else: `yes`, `on` and `1` are no booleans."""
    if isinstance(value, str):
        if value not in FLAGS:
            raise PydanticCustomError("flag", "Write true or false")
        return FLAGS[value]
    return value


QueryFlag = Annotated[bool, BeforeValidator(flag)]
Lang = Annotated[
    LanguageTag | None,
    Query(description="A language, reviewed or not. Without it `Accept-Language` chooses among the reviewed ones."),
]

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
Sought = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=80,
        pattern=NO_NUL,
        description="Name, alias, muscle, equipment or region, in any language; typos are forgiven.",
    ),
]


async def spoken_language(request: Request, response: Response, content: LoadedContent, lang: Lang = None) -> str:
    """The language of an answer that is made for one caller. Raises LanguageUnknown."""
    offered = languages_for(content, lang)
    header = request.headers.get("accept-language")
    default = FALLBACK if FALLBACK in offered else offered[0]
    code = choose_language(header.encode("latin-1") if header else None, offered, default)
    response.headers["content-language"] = code
    return code


Spoken = Annotated[str, Depends(spoken_language)]
