"""Finding by words with typing mistakes forgiven. In memory: the catalogue is small and does not change."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

WORD = re.compile(r"\w+")
ALIKE = 0.75  # two letters swapped or one missing in a word of six still pass
SHORTEST_FORGIVEN = 4


def matches(query: str, lines: Iterable[str]) -> bool:
    """Whether each word of the query begins a word of the lines, or is very like one."""
    known = {word for line in lines for word in words(line)}
    wanted = words(query)
    return bool(wanted) and all(any(alike(word, other) for other in known) for word in wanted)


def words(line: str) -> list[str]:
    """Lower case and without accents."""
    decomposed = unicodedata.normalize("NFKD", line.casefold())
    return WORD.findall("".join(char for char in decomposed if not unicodedata.combining(char)))


def alike(word: str, other: str) -> bool:
    if other.startswith(word):
        return True
    if len(word) < SHORTEST_FORGIVEN or abs(len(word) - len(other)) > len(word) // 2:
        return False
    matcher = SequenceMatcher(None, word, other)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
