"""What a statement reads does not grow with the person's history."""

import re
from pathlib import Path

import pytest
from sqlalchemy.dialects import sqlite

from api.accounts.queries import BURIED, TOKEN
from api.db.engines import engine_for
from api.db.prepared import Prepared
from api.progress.queries import DAYS, FIRST_PAIN_DAY, LADDERS, LATEST_PAIN_DAY, PAIN_DAYS, SUMMARY, TOTALS
from api.ratings.queries import CHANGED as CHANGED_RATINGS
from api.sessions.queries import CHANGED, DELETE_RECORD_RATINGS, RATINGS, STANDING
from tests.databases import sqlite_database

BY_KEY = {
    "token": (TOKEN, {"user_id", "digest"}),
    "ratings of a session": (RATINGS, {"user_id", "session_id"}),
    "ratings to replace": (DELETE_RECORD_RATINGS, {"user_id", "session_id"}),
    "totals": (TOTALS, {"user_id"}),
    "first rated day": (FIRST_PAIN_DAY, {"user_id"}),
    "latest rated day": (LATEST_PAIN_DAY, {"user_id"}),
    "levels and relief by exercise": (LADDERS, {"user_id"}),
}


@pytest.mark.parametrize(("statement", "columns"), BY_KEY.values(), ids=BY_KEY)
def test_sqlite_finds_the_rows_by_their_whole_key_and_sorts_nothing(
    statement: Prepared, columns: set[str], tmp_path: Path
) -> None:
    [step] = query_plan(statement, tmp_path)
    assert step.startswith("SEARCH")
    assert set(re.findall(r"(\w+)=\?", step)) == columns


@pytest.mark.parametrize("statement", [DAYS, PAIN_DAYS], ids=["days", "rated days"])
def test_sqlite_reads_the_days_of_a_span_and_no_others(statement: Prepared, tmp_path: Path) -> None:
    [step] = query_plan(statement, tmp_path)
    assert step.startswith("SEARCH")
    assert step.endswith("(user_id=? AND day>? AND day<?)")


def test_sqlite_sums_progress_up_from_a_few_rows(tmp_path: Path) -> None:
    steps = [step for step in query_plan(SUMMARY, tmp_path) if not step.startswith(("SCALAR", "SCAN CONSTANT"))]
    assert {step[:6] for step in steps} == {"SEARCH"}
    assert all("user_id=?" in step for step in steps)


def test_how_an_id_stands_is_looked_up_by_three_whole_keys(tmp_path: Path) -> None:
    steps = query_plan(STANDING, tmp_path)
    keys = [re.findall(r"(\w+)=\?", step) for step in steps if step.startswith("SEARCH")]
    assert keys == [["user_id", "id"], ["user_id", "kind", "id"], ["digest"]]
    assert [step for step in steps if step.startswith("SCAN") and "CONSTANT" not in step and "asked" not in step] == []


@pytest.mark.parametrize("statement", [CHANGED, BURIED, CHANGED_RATINGS], ids=["sessions", "deletions", "ratings"])
def test_what_changed_since_a_revision_is_found_and_nothing_else(statement: Prepared, tmp_path: Path) -> None:
    step = query_plan(statement, tmp_path)[0]
    assert step.startswith("SEARCH")
    assert step.endswith("_changes (user_id=? AND revision>?)")


def query_plan(statement: Prepared, folder: Path) -> list[str]:
    text = str(statement.statement.compile(dialect=sqlite.dialect()))
    with sqlite_database(folder) as url:
        engine = engine_for(url)
        with engine.connect() as db:
            rows = list(db.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("",) * text.count("?")))
        engine.dispose()
    return [str(row[3]) for row in rows]
