"""Each setting is described where it is defined, told in the README, and named when it is wrong."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic.fields import FieldInfo

from api.cli import read_settings
from api.settings import Settings

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()
FIELDS = sorted(Settings.model_fields.items())
WRONG = (
    ("UNKNOT_PORT", "99999"),
    ("UNKNOT_WORKERS", "many"),
    ("UNKNOT_RATE_LIMIT_PER_MINUTE", "-1"),
    ("UNKNOT_DATABASE_POOLER", "session"),
    ("UNKNOT_REQUEST_TIMEOUT_S", "0"),
    ("UNKNOT_LOG_LEVEL", "loud"),
    ("UNKNOT_MIGRATE", "perhaps"),
)


def shown(default: Any) -> str:
    match default:
        case "" | ():
            return "none"
        case bool():
            return f"`{str(default).lower()}`"
        case tuple():
            return f"`{','.join(default)}`"
        case Path():
            return f"`{default.name}`"
        case _:
            return f"`{default}`"


@pytest.mark.check
@pytest.mark.parametrize(("name", "field"), FIELDS, ids=[name for name, _ in FIELDS])
def test_every_setting_stands_in_the_readme_with_its_default(name: str, field: FieldInfo) -> None:
    assert field.description
    assert f"| `UNKNOT_{name.upper()}` | {shown(field.default)} | {field.description} |" in README


@pytest.mark.check
def test_the_readme_names_no_setting_that_is_none() -> None:
    known = {f"UNKNOT_{name.upper()}" for name, _ in FIELDS} | {"UNKNOT_TEST_DATABASE_URL"}
    assert set(re.findall(r"UNKNOT_[A-Z_]+", README)) <= known


@pytest.mark.parametrize(("variable", "value"), WRONG)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit, match=f"(?m)^  {variable}: "):
        read_settings()


def test_settings_that_do_not_go_together_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNKNOT_WORKERS", "2")
    monkeypatch.setenv("UNKNOT_DATABASE_URL", "sqlite:///unknot.db")
    with pytest.raises(SystemExit) as refused:
        read_settings()
    assert "UNKNOT_WORKERS above 1 needs PostgreSQL" in str(refused.value)
    assert "UNKNOT_:" not in str(refused.value)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNKNOT_ALLOWED_ORIGINS", "https://a.test, https://b.test")
    monkeypatch.setenv("UNKNOT_PORT", "8443")
    settings = read_settings()
    assert settings.allowed_origins == ("https://a.test", "https://b.test")
    assert settings.port == 8443
