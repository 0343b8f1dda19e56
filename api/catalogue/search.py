"""Finding by words, best first, with typing mistakes forgiven. In memory: the catalogue is small and never changes."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice, pairwise

WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
"""A run of letters; a single character where the script puts no spaces between words."""
ALIKE = 0.75  # two letters swapped or one missing in a word of six still pass
SHORTEST_FORGIVEN = 4
PAIRS_IN_COMMON = 2
BEGUN, MISTYPED = 0.8, 0.6
WORDS_REMEMBERED = 1024

Line = tuple[str, float]
Hits = Mapping[int, float]


def words(line: str) -> list[str]:
    """Lower case and without accents."""
    decomposed = unicodedata.normalize("NFKD", line.casefold())
    return WORD.findall("".join(char for char in decomposed if not unicodedata.combining(char)))


class Index:
    """Things by the words of their lines, each line with a weight; built once, then only read."""

    def __init__(self, lines: Mapping[str, Iterable[Line]]) -> None:
        self._ids = list(lines)
        self._having: dict[str, dict[int, float]] = defaultdict(dict)
        self._called: dict[tuple[str, ...], dict[int, float]] = defaultdict(dict)
        for place, own in enumerate(lines.values()):
            for line, weight in own:
                self._add(place, words(line), weight)
        self._words = sorted(self._having)
        self._by_pair: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            for pair in pairs(word):
                self._by_pair[pair].append(word)
        self._hits = lru_cache(WORDS_REMEMBERED)(self._look_up)
        # So many words begin with a letter that looking all of them up would take longer than the rest of a search.
        self._letters = {letter: self._look_up(letter) for letter in {word[0] for word in self._words}}

    def found(self, query: str) -> list[str]:
        """Ids of what has every word of the query, best first and equals in their own order.

        A short word that nothing has is passed over, unless it stands alone.
        """
        wanted = list(dict.fromkeys(words(query)))
        sought = [self._letters.get(word) or self._hits(word) for word in wanted]
        sought = [hits for word, hits in zip(wanted, sought, strict=True) if hits or len(word) >= SHORTEST_FORGIVEN]
        if not sought:
            return []
        shared = set.intersection(*(set(hits) for hits in sought))
        called = self._called.get(tuple(words(query)), {})
        scores = {place: sum(hits[place] for hits in sought) + called.get(place, 0) for place in shared}
        return [self._ids[place] for place in sorted(scores, key=lambda place: (-scores[place], place))]

    def forget(self) -> None:
        """Drops what was remembered of earlier queries."""
        self._hits.cache_clear()

    def _add(self, place: int, line: list[str], weight: float) -> None:
        for word in line:
            self._having[word][place] = max(weight, self._having[word].get(place, 0))
        self._called[tuple(line)][place] = max(weight, self._called[tuple(line)].get(place, 0))

    def _look_up(self, word: str) -> Hits:
        """A word that is known is spelled as it was meant; any other one may be a mistake, or not yet finished."""
        hits: dict[int, float] = {}
        meant = [*self._beginning(word), *(() if word in self._having else self._alike(word))]
        for known, quality in meant:
            for place, weight in self._having[known].items():
                hits[place] = max(weight * quality, hits.get(place, 0))
        return hits

    def _beginning(self, word: str) -> Iterator[tuple[str, float]]:
        for known in islice(self._words, bisect_left(self._words, word), None):
            if not known.startswith(word):
                return
            yield known, 1.0 if known == word else BEGUN

    def _alike(self, word: str) -> Iterator[tuple[str, float]]:
        if len(word) < SHORTEST_FORGIVEN:
            return
        letters = places(word)
        for known in self._near(word):
            ratio = 2 * in_common(letters, len(word), known) / (len(word) + len(known))
            if ratio >= ALIKE:
                yield known, ratio * MISTYPED

    def _near(self, word: str) -> list[str]:
        """What shares pairs of letters with it: comparing letter by letter with every word would take too long."""
        shared = Counter(known for pair in pairs(word) for known in self._by_pair.get(pair, ()))
        enough = max(PAIRS_IN_COMMON, len(word) // 2)
        return [known for known, count in shared.items() if count >= enough]


def pairs(word: str) -> set[str]:
    """Neighbouring letters, the beginning and the end counted as letters too."""
    return {one + other for one, other in pairwise(f"^{word}$")}


def places(word: str) -> dict[str, int]:
    """Where each letter stands, as a number with a bit for every place."""
    letters: dict[str, int] = {}
    for place, letter in enumerate(word):
        letters[letter] = letters.get(letter, 0) | 1 << place
    return letters


def in_common(letters: Mapping[str, int], length: int, other: str) -> int:
    """How many letters the two words have in common in the same order, counted on bits in parallel (Hyyrö, 2004)."""
    row = full = (1 << length) - 1
    for letter in other:
        matched = row & letters.get(letter, 0)
        row = (row + matched) | (row - matched)
    return length - (row & full).bit_count()
