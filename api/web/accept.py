"""What a client accepts: codings by RFC 9110, languages by the look-up of RFC 4647, entity tags compared weakly.

A header is untrusted and mostly one of a few values, so each choice is kept per header value, for a bounded number.
"""

import re
from functools import lru_cache

from api.domain.language import look_up

REMEMBERED = 256
IDENTITY = "identity"
QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
ENTITY_TAG = re.compile(rb'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def weighted(header: str) -> list[tuple[str, float]]:
    """The members of a header with their q-values, lower case; what is malformed counts as not sent."""
    members = []
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = "1"
        for parameter in parameters:
            if parameter.startswith("q="):
                quality = parameter[2:]
        if name and QUALITY.fullmatch(quality):
            members.append((name, float(quality)))
    return members


@lru_cache(REMEMBERED)
def choose_coding(header: bytes | None, offered: tuple[str, ...]) -> str:
    """The offered coding that the client likes best, ours first among equals; identity when nothing fits.

    No header means identity. A refused identity without an acceptable coding is sent all the same (RFC 9110, 12.4.1).
    """
    if header is None:
        return IDENTITY
    stated = dict(weighted(header.decode("latin-1")))
    rest = stated.get("*")
    best, best_quality = IDENTITY, stated.get(IDENTITY, 0.0001 if rest is None else rest)
    for coding in reversed(offered):
        quality = stated.get(coding, stated.get("x-gzip", 0.0) if coding == "gzip" and rest is None else rest or 0.0)
        if quality > 0 and quality >= best_quality:
            best, best_quality = coding, quality
    return best


@lru_cache(REMEMBERED)
def choose_language(header: bytes | None, offered: tuple[str, ...], default: str) -> str:
    """The offered language that the client wants most; what it refuses is taken out first."""
    stated = weighted((header or b"").decode("latin-1"))
    refused = {name for name, quality in stated if quality == 0}
    wanted = sorted((member for member in stated if member[1] > 0), key=lambda member: -member[1])
    open_to = [language for language in offered if language.lower() not in refused]
    return look_up((name for name, _ in wanted if name != "*"), open_to, default)


def names_tag(header: bytes, tag: bytes) -> bool:
    """Whether an If-None-Match names the tag: a list, compared weakly, or `*`."""
    return header.strip() == b"*" or tag in ENTITY_TAG.findall(header)
