"""`python -m tests.bench.thousand`: the catalogue as it is beside one of a thousand exercises, in one run.

Each size is held against a bare ASGI callable that sends the same bytes; then what a search costs over HTTP, and how
long a server takes from its start to its first answer.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import httpx

from tests.bench.groups import CATALOGUE, ROOT, running
from tests.bench.growing import CONTENT, grown
from tests.bench.measuring import Bench, cpu_seconds, interleaved, sized
from tests.bench.search import QUERIES
from tests.bench.subjects import CONNECTIONS, Subject, reading, request
from tests.bench.table import HEAD, Row, line
from tests.servers import Program, Server

Sizes = Mapping[int, Path]
"""The folder of the content for each number of exercises, the smaller one first."""
THOUSAND = 1000
CODINGS = ("identity", "br", "gzip")
SEARCHES = 200  # by each connection, so that their answers do not stay in memory
NAMED = 0.8  # of the searches
MOST_S_MORE = 2.0


def main() -> int:
    options = sized(argparse.ArgumentParser(prog="python -m tests.bench.thousand", description=__doc__)).parse_args()
    with tempfile.TemporaryDirectory(prefix="unknot-bench-") as folder:
        today = len([*(CONTENT / "exercises").iterdir()])
        sizes = {size: grown(Path(folder) / str(size), size) for size in (today, THOUSAND)}
        print(*rates(sizes, seconds=options.seconds, rounds=options.rounds), sep="\n")
        print(*starts(sizes, rounds=options.rounds), sep="\n")
    return 0


def rates(sizes: Sizes, *, seconds: float, rounds: int) -> Iterator[str]:
    with ExitStack() as stack:
        bench = Bench()
        stack.callback(bench.close)
        subjects = [one for size, content in sizes.items() for one in subjects_of(stack, bench, size, content)]
        figures = interleaved(bench, subjects, seconds=seconds, rounds=rounds)
    yield HEAD
    for row in rows(sizes):
        yield line(row, figures)


def rows(sizes: Sizes) -> Iterator[Row]:
    for size in sizes:
        for what in (*CODINGS, "304"):
            yield Row(bare_name(size, what))
            yield Row(own_name(size, what), bare_name(size, what), 1.3)
        yield Row(searching_name(size))


def subjects_of(stack: ExitStack, bench: Bench, size: int, content: Path) -> Iterator[Subject]:
    settings = {"UNKNOT_CONTENT_DIR": str(content)}
    command = [sys.executable, "-m", "tests.bench.references", "bare"]
    bare = stack.enter_context(running(bench, Program(content, command, {"PYTHONPATH": str(ROOT), **settings})))
    ours = stack.enter_context(running(bench, Server(content, f"sqlite:///{content / 'bench.db'}", settings=settings)))
    for coding in CODINGS:
        headers = {"accept-encoding": coding}
        yield reading(bare_name(size, coding), bare, f"/{coding}", headers)
        yield reading(own_name(size, coding), ours, CATALOGUE, headers)
    known = {"if-none-match": httpx.get(ours.url + CATALOGUE, headers={"accept-encoding": "identity"}).headers["etag"]}
    yield reading(bare_name(size, "304"), bare, "/304", known, status=304)
    yield reading(own_name(size, "304"), ours, CATALOGUE, known, status=304)
    names = [item["name"] for item in httpx.get(ours.url + CATALOGUE).json()["items"]]
    requests = [[*searches(names, connection)] for connection in range(CONNECTIONS)]
    yield Subject(searching_name(size), ours, 200, repeat=True, prepared=lambda _: requests)


def bare_name(size: int, what: str) -> str:
    return f"bare ASGI, {size} exercises, {what}"


def own_name(size: int, what: str) -> str:
    return f"GET /v1/exercises, {size}, {what}"


def searching_name(size: int) -> str:
    return f"GET /v1/exercises?q=…, {size}"


def searches(names: list[str], seed: int) -> Iterator[bytes]:
    """What people type: a name with a letter too few and not yet finished, or words that many exercises have."""
    dice = random.Random(seed)  # noqa: S311 - no secret hangs on it
    for _ in range(SEARCHES):
        name = dice.choice(names)
        place, end = dice.randrange(3, len(name)), dice.randrange(6, len(name))
        typed = (
            f"{name[:place]}{name[place + 1 :]}"[:end]
            if dice.random() < NAMED
            else f"{dice.choice(QUERIES)} {name[:4]}"
        )
        yield request("GET", str(httpx.URL(CATALOGUE, params={"q": typed[:80].strip()})), {"accept-encoding": "br"})


def starts(sizes: Sizes, *, rounds: int) -> Iterator[str]:
    """In turn, so that what else the machine does meanwhile meets both sizes alike."""
    taken: dict[int, list[tuple[float, float]]] = {size: [] for size in sizes}
    for number in range(rounds):
        for size in [*sizes][:: 1 if number % 2 == 0 else -1]:
            taken[size].append(first_answer(sizes[size]))
    told = {size: [median(seconds) for seconds in zip(*each, strict=True)] for size, each in taken.items()}
    for size, (seconds, cpu) in told.items():
        yield f"from its start to the first answer, {size} exercises: {seconds:.2f} s, {cpu:.2f} s of the processor"
    (less, less_cpu), (more, more_cpu) = told.values()
    verdict = "met" if more - less <= MOST_S_MORE else "NOT MET"
    yield f"{more - less:.2f} s more ({more_cpu - less_cpu:.2f} of the processor), <= {MOST_S_MORE:g} {verdict}"


def first_answer(content: Path) -> tuple[float, float]:
    """Seconds until it is there, and those that the processor worked for it."""
    settings = {"UNKNOT_CONTENT_DIR": str(content)}
    server = Server(content, f"sqlite:///{content / 'start.db'}", settings=settings)
    try:
        ready_s = server.start()
        answer = httpx.get(server.url + CATALOGUE, trust_env=False, timeout=60).raise_for_status()
        return ready_s + answer.elapsed.total_seconds(), cpu_seconds(server.pid)
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
