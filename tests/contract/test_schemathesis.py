"""A short Schemathesis run; `tests/contract/fuzz.py` has the long one."""

from pathlib import Path

from tests.contract.fuzz import fuzz, served

ASKING_THE_DATABASE = "examples,fuzzing,stateful"
# The coverage phase has thousands of cases, most of which are refused before a database is asked: here they are of a
# read, a write and a crowd of writes.
COVERED = "^/v1/(sessions|sync|exercises)$"


def test_no_check_of_schemathesis_fails(fresh_database_url: str, tmp_path: Path) -> None:
    with served(tmp_path, fresh_database_url) as url:
        outcome = fuzz(url, examples=5, seed=1, phases=ASKING_THE_DATABASE)
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr
        if fresh_database_url.startswith("sqlite"):
            covered = fuzz(url, examples=5, seed=1, phases="coverage", paths=COVERED)
            assert covered.returncode == 0, covered.stdout + covered.stderr
            assert "No operations" not in covered.stdout
