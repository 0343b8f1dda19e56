"""What `api/OPERATIONS.md` says, held to the code and, where they are installed, to the programs that read it."""

import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

from api.serving import SPARE_FILES
from api.settings import Settings
from api.web.connections import PatientProtocol

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = (ROOT / "api" / "OPERATIONS.md").read_text()
DEFAULTS = {name: field.default for name, field in Settings.model_fields.items()}


def block(kind: str) -> str:
    [found] = re.findall(rf"```{kind}\n(.*?)```", OPERATIONS, re.DOTALL)
    return str(found)


def said(name: str) -> str:
    """What a line of the unit sets."""
    [found] = re.findall(rf"^{name}=(.*)$", block("ini"), re.MULTILINE)
    return str(found)


def test_the_unit_gives_the_server_the_time_and_the_files_that_it_needs() -> None:
    assert int(said("TimeoutStopSec")) > DEFAULTS["shutdown_grace_s"] + 1
    assert int(said("LimitNOFILE")) >= DEFAULTS["connections"] + SPARE_FILES


@pytest.mark.skipif(which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_has_nothing_to_say_about_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "unknot.service"
    unit.write_text(block("ini").replace("/opt/unknot/bin/unknot serve", "/bin/true"))
    outcome = subprocess.run(
        [str(which("systemd-analyze")), "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert (outcome.returncode, outcome.stderr) == (0, "")


def test_the_time_outs_are_those_of_the_code() -> None:
    seconds = (
        f"{PatientProtocol.head_s:g} s; {PatientProtocol.body_s:g} s, longer at {PatientProtocol.body_rate // 1024}"
    )
    assert seconds in OPERATIONS
    assert f"`UNKNOT_REQUEST_TIMEOUT_S` ({DEFAULTS['request_timeout_s']:g})" in OPERATIONS
    assert f"`UNKNOT_SHUTDOWN_GRACE_S` ({DEFAULTS['shutdown_grace_s']})" in OPERATIONS


def test_every_attack_stands_in_the_table_of_promises_and_no_other() -> None:
    programs = {path.stem for path in (ROOT / "tests" / "attacks").glob("*.py") if "if __name__" in path.read_text()}
    assert set(re.findall(r"python -m tests\.attacks\.([a-z]+)", OPERATIONS)) == programs
