"""What SECURITY.md claims rests on tests that are there, and its figures are those of the code."""

import re
from pathlib import Path

import pytest

from api.accounts import passwords
from api.accounts.credentials import CODE_LIFE
from api.tokens.service import PERSONAL_AT_MOST

ROOT = Path(__file__).resolve().parents[2]
SECURITY = (ROOT / "SECURITY.md").read_text()
NAMED = re.findall(r"`([a-z_]+/[a-z_]+\.py)(?:::([a-z0-9_]+))?`", SECURITY)

pytestmark = pytest.mark.check


def test_every_test_that_is_named_is_there() -> None:
    assert len(NAMED) > 30
    missing = [
        (path, test) for path, test in NAMED if f"def {test or 'test_'}" not in (ROOT / "tests" / path).read_text()
    ]
    assert missing == []


def test_the_figures_are_those_of_the_code() -> None:
    cost = passwords.Cost()
    assert f"{passwords.SHORTEST} to {passwords.LONGEST} characters" in SECURITY
    assert f"{cost.memory_kib // 1024} MiB, {cost.passes} passes, {cost.lanes} lane" in SECURITY
    assert f"{PERSONAL_AT_MOST} personal tokens" in SECURITY
    assert f"{int(CODE_LIFE.total_seconds() // 60)} minutes, one use" in SECURITY
    assert len(passwords.common_passwords()) > 11_000
    assert all(f"`{word}`" in SECURITY for word in passwords.OUR_WORDS)
