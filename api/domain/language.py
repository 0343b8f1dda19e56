"""Which of the languages offered serves a person best."""

from collections.abc import Collection, Iterable


def look_up(ranges: Iterable[str], offered: Collection[str], default: str) -> str:
    """The first wanted language that is offered, each range shortened from its end (RFC 4647, 3.4); else `default`."""
    known = {language.lower(): language for language in offered}
    for wanted in ranges:
        subtags = wanted.lower().split("-")
        while subtags:
            if (found := "-".join(subtags)) in known:
                return known[found]
            subtags.pop()
            if subtags and len(subtags[-1]) == 1:
                subtags.pop()
    return default
