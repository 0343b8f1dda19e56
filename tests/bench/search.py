"""`python -m tests.bench.search`: what a search costs among a thousand exercises that nobody wrote."""

import random
import statistics
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from api.catalogue.content import Content, load_content
from api.catalogue.search import Index
from api.catalogue.service import exercise_index, searchable
from api.domain.exercise import Exercise
from api.domain.value import Text

MANY = 1000
ROUNDS = 300
SYLLABLES = (
    "ba",
    "ce",
    "di",
    "ko",
    "gu",
    "la",
    "me",
    "ni",
    "ro",
    "su",
    "ta",
    "ver",
    "xo",
    "pect",
    "delt",
    "trap",
    "lev",
    "scap",
)
QUERIES = (
    *("levator", "levater", "foam roller", "fome roller", "upper trapezius", "trapezuis", "uper trapezis"),
    *("s", "shoulder", "sholder blade", "neck stretch chair", "a b c d e f g h i j k l m n o p", "x" * 80),
    *("strech that is helt by teh shoulder blaed on a chiar", "zebra", "downwrad", "scalenes"),
)


def many(content: Content) -> Content:
    """The content with a thousand exercises under names of their own."""
    dice = random.Random(1)  # noqa: S311 - no secret hangs on it
    kinds = list(content.exercises.values())
    made = (renamed(dice.choice(kinds), number, dice) for number in range(MANY))
    return replace(content, exercises=MappingProxyType({exercise.id: exercise for exercise in made}))


def renamed(exercise: Exercise, number: int, dice: random.Random) -> Exercise:
    names = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(4)]
    name = {code: " ".join([*names[:3], line]) for code, line in exercise.name.root.items()}
    aliases = {code: (*lines, names[3]) for code, lines in exercise.aliases.names.items()}
    update = {
        "id": f"synthetic-{number}",
        "name": Text.model_validate(name),
        "aliases": exercise.aliases.model_copy(update={"names": aliases}),
    }
    return exercise.model_copy(update=update)


def timed(index: Index, query: str, *, again: bool) -> list[float]:
    """Milliseconds of the processor, each the first time that its words are looked up, or `again`."""
    took = []
    for _ in range(ROUNDS):
        if not again:
            index.forget()
        started = time.thread_time()
        index.found(query)
        took.append((time.thread_time() - started) * 1000)
    return sorted(took)


def main() -> None:
    content = many(load_content(Path(__file__).parents[2] / "content"))
    started = time.thread_time()
    index = exercise_index(content)
    built = (time.thread_time() - started) * 1000
    lines = sum(len([*searchable(exercise, content)]) for exercise in content.exercises.values())
    print(f"index of {MANY} exercises, {lines} lines: {built:.0f} ms")
    print(f"{'query':56} {'found':>6} {'median ms':>10} {'p99 ms':>8} {'again ms':>9}")
    for query in QUERIES:
        first, again = timed(index, query, again=False), timed(index, query, again=True)
        found = len(index.found(query))
        p99 = first[int(len(first) * 0.99) - 1]
        print(f"{query[:56]:56} {found:6} {statistics.median(first):10.2f} {p99:8.2f} {statistics.median(again):9.3f}")


if __name__ == "__main__":
    main()
