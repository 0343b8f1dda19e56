"""The bench measures at all; what it finds is for people to read."""

from contextlib import ExitStack
from pathlib import Path

from api.catalogue.content import load_content
from tests.bench.groups import Place
from tests.bench.growing import grown
from tests.bench.load import measured
from tests.bench.measuring import Bench, Figures, medians
from tests.bench.subjects import reading
from tests.bench.table import Row, line
from tests.bench.thousand import SEARCHES, searches


def test_a_reference_is_measured(tmp_path: Path) -> None:
    with ExitStack() as stack:
        bench = Bench()
        stack.callback(bench.close)
        server = Place(stack, bench, tmp_path).reference("bare")
        figures = bench.measure(reading("bare", server, "/identity", {}), 0.2)
    assert figures.rate > 0
    assert 0 < figures.p50_ms <= figures.p99_ms
    assert figures.cpu_us > 0


def test_the_load_knows_where_an_answer_ends() -> None:
    assert measured(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe") == (200, 43)
    assert measured(b"HTTP/1.1 304 Not Modified\r\netag: x\r\n\r\n") == (304, 38)


def test_a_row_says_whether_its_target_is_met() -> None:
    figures = {"reference": Figures(1, 1, 1, 100.0, 0), "slow": Figures(1, 1, 1, 150.0, 0)}
    assert " <= 2 met " in line(Row("slow", "reference", 2.0), figures)
    assert " <= 1.2 NOT MET " in line(Row("slow", "reference", 1.2), figures)
    assert " rate 1.00 >= 1 met " in line(Row("slow", "reference", least=1.0), figures)
    assert medians([figures["reference"], figures["slow"], figures["slow"]]).cpu_us == 150.0


def test_grown_content_is_valid_and_has_as_many_exercises_as_it_should(tmp_path: Path) -> None:
    content = load_content(grown(tmp_path / "content", 80))
    assert len(content.exercises) == 80
    assert len({exercise.name.root["en"] for exercise in content.exercises.values()}) == 80


def test_searches_are_what_the_catalogue_takes() -> None:
    asked = [*searches(["Bakodi seated shoulder shrug", "Lametrap doorway stretch"], 1)]
    assert len({*asked}) > SEARCHES / 2
    assert all(one.startswith(b"GET /v1/exercises?q=") for one in asked)
