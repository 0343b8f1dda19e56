"""Each attack at a size that the suite can bear, and proof that its judgement sees what it looks for."""

from pathlib import Path

import pytest

from api.db.engines import engine_for
from api.db.migrations import upgrade
from api.sessions.recount import agree
from tests.attacks import hostile, memory
from tests.attacks.away import Seen, away
from tests.attacks.away import judged as judged_away
from tests.attacks.clock import jumped
from tests.attacks.flood import Answers
from tests.attacks.full import Ration, filled
from tests.attacks.migrations import there_and_back
from tests.attacks.overload import judged as judged_overload
from tests.attacks.slow import KINDS, Honest
from tests.attacks.slow import judged as judged_slow
from tests.attacks.stops import stopped
from tests.attacks.table import Row, nothing_lost
from tests.bench.copying import copy_history
from tests.bench.seeding import open_people, practise
from tests.crash.comparison import Finding
from tests.databases import postgresql_database
from tests.servers import Server

REFUSAL = b'HTTP/1.1 503 X\r\nretry-after: 1\r\ncontent-type: application/problem+json\r\n\r\n{"type":"/problems/x"}'


def broken(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not row.kept]


async def test_an_orderly_stop_under_load_loses_nothing(tmp_path: Path) -> None:
    rows = await stopped(tmp_path, f"sqlite:///{tmp_path}/unknot.db", stops=1, phones=2, seed=1, writes=5)
    assert broken(rows) == []


async def test_a_disk_that_fills_up_loses_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/unknot.db"
    rows = await filled(tmp_path, url, Ration(tmp_path), times=1, seconds=0.3, phones=2, seed=1, writes=5)
    assert broken(rows) == []


async def test_a_clock_that_jumps_breaks_nothing(tmp_path: Path) -> None:
    rows = await jumped(tmp_path, f"sqlite:///{tmp_path}/unknot.db", times=1, phones=2, seed=1, writes=5)
    assert broken(rows) == []


async def test_a_database_that_is_away_loses_nothing(tmp_path: Path) -> None:
    with postgresql_database() as url:
        rows = await away(tmp_path, url, seconds=0.5, cuts=2, phones=2, seed=1, writes=5, restarts=False)
    assert broken(rows) == []


def test_hostile_input_and_endless_bodies_are_refused(tmp_path: Path) -> None:
    server = Server(tmp_path, f"sqlite:///{tmp_path}/unknot.db")
    server.start()
    try:
        outcome = hostile.attacked(server.url, server.port, share=0.005, seed=1)
        rows = memory.attacked(server, large_mb=12, number=4, each_mb=6)
    finally:
        server.stop()
    assert outcome.tried > 50
    assert broken([*hostile.judged(outcome), *rows]) == []


def test_migrations_keep_what_people_have(empty_database_url: str) -> None:
    engine = engine_for(empty_database_url)
    upgrade(engine)
    one, *others = open_people(engine, 3)
    practise(engine, one, 5)
    copy_history(engine, one, others)
    assert all(agree(engine, user_id=person.id, repair=False) for person in others)
    assert broken(there_and_back(engine, empty_database_url)) == []
    engine.dispose()


def test_each_judgement_sees_a_broken_promise() -> None:
    assert broken([nothing_lost([Finding("lost", "a session")])])
    wrong = Seen(live={503}, ready={200}, writes={500}, longest_s=6, no_problem=1, back_s=6)
    assert len(broken(judged_away("silent", wrong))) == 3
    times = {kind: [46.0] for kind in KINDS}
    assert len(broken(judged_slow(times, Honest([0.1] * 100, ["503"]), number=1))) == len(KINDS) + 1
    assert len(broken(judged_slow({"idle": [1.0]}, Honest([0.1], []), number=2))) == 1


@pytest.mark.parametrize(
    ("crowd", "promise"),
    [
        (Answers(waits={200: [0.1] * 50, 201: [0.1] * 20, 503: [0.1]}), "in time"),
        (Answers(waits={200: [0.1] * 80, 201: [0.1], 503: [0.1]}), "writes"),
        (Answers(waits={200: [0.1] * 80, 201: [0.1] * 40, 503: [0.3]}), "refusals within"),
        (Answers(waits={200: [0.1] * 80, 201: [0.1] * 40}, bodies={503: REFUSAL[:40]}), "Retry-After"),
        (Answers(waits={200: [0.1] * 80, 201: [0.1] * 40}, broken=1), "every request"),
    ],
)
def test_the_judgement_of_an_overload_sees_each_broken_promise(crowd: Answers, promise: str) -> None:
    calm = Answers(waits={200: [0.1] * 100}, sent=100)
    assert [promise in row.promise for row in broken(judged_overload(100, crowd, calm, times=5, seconds=1))] == [True]
