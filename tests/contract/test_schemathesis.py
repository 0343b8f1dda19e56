"""A short Schemathesis run; `tests/contract/fuzz.py` has the long one."""

from pathlib import Path

from tests.contract.fuzz import PHASES, fuzz, served

# What the coverage phase tries is refused before a database is asked, and it takes most of the time.
ASKING_THE_DATABASE = "examples,fuzzing,stateful"


def test_no_check_of_schemathesis_fails(fresh_database_url: str, tmp_path: Path) -> None:
    phases = PHASES if fresh_database_url.startswith("sqlite") else ASKING_THE_DATABASE
    with served(tmp_path, fresh_database_url) as url:
        outcome = fuzz(url, examples=5, seed=1, phases=phases)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
