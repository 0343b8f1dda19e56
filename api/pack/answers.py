"""The pack's answers: every room gives what it serves in one language, and the pack holds it as it is."""

import hashlib
from collections.abc import Callable, Iterator
from functools import lru_cache

import api.catalogue.answers
import api.catalogue.pictures
import api.routines.answers
import api.screening.answers
from api.catalogue.answers import in_languages
from api.catalogue.service import languages_for, spoken
from api.catalogue.shelf import Content
from api.pack.schemas import FigurePack, Pack, PackDocument
from api.web.ready import Key, Ready, address, key_of, ready

KEPT = 64
PATH = "/v1/pack"

Contribution = Callable[[Content, str], Iterator[tuple[str, Ready]]]
CONTRIBUTIONS: tuple[Contribution, ...] = (
    api.catalogue.answers.answers_in,
    api.screening.answers.answers_in,
    api.routines.answers.answers_in,
)
"""Each gives the addresses of its room with their answers in one language."""


@lru_cache(KEPT)
def pack_answer(content: Content, lang: str | None) -> Ready:
    """Raises LanguageUnknown."""

    def told(code: str) -> Pack:
        return Pack(documents=documents(content, code), **spoken(content, code))

    return in_languages(languages_for(content, lang), told)


def prepare(content: Content) -> Iterator[None]:
    """Builds whatever is in the pack of a reviewed language: the first caller would wait long.

    One answer after another, so that others may be sent in between; a list after what it lists, so that none is long.
    """
    for code in pack_answer(content, None).languages:
        for give in CONTRIBUTIONS:
            for _, answer in reversed([*give(content, code)]):
                packed("", answer)
                yield


def documents(content: Content, code: str) -> list[PackDocument]:
    return [packed(url, answer) for give in CONTRIBUTIONS for url, answer in give(content, code)]


def packed(url: str, answer: Ready) -> PackDocument:
    """An answer in one language, with what tells whether it arrived whole and whether it has changed since."""
    (variant,) = answer.variants.values()
    return PackDocument(
        path=url,
        media_type=variant.media_type,
        bytes=len(variant.body),
        sha256=hashlib.sha256(variant.body).hexdigest(),
        etags=list(variant.tags),
        body=variant.body.decode(),
    )


@lru_cache(1)
def figures_answer(content: Content) -> Ready:
    """The stills of everybody's usual person for every exercise and side, in both themes; drawn when asked for."""

    def told() -> bytes:
        found = [packed(url, answer) for url, answer in api.catalogue.pictures.stills(content)]
        return FigurePack(documents=found, content_version=content.version).model_dump_json().encode()

    return ready(told, language=None)


def pack_answers(content: Content) -> dict[Key, Ready]:
    """By path and raw query, with and without `lang`."""
    return {key_of(address(PATH, lang=lang)): pack_answer(content, lang) for lang in (None, *content.languages)}
