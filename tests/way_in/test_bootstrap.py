"""`python3 -m api` before there is anything but Python."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("way_in", ROOT / "api" / "__main__.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def way_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module as a checkout of its own would run it; what it would install and hand over to is written down."""
    module = loaded()
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    environment = tmp_path / ".venv"
    places = {
        "ROOT": tmp_path,
        "ENVIRONMENT": environment,
        "SCRIPTS": environment / "bin",
        "STAMP": environment / "unknot.stamp",
        "RUNTIME": tmp_path / "requirements.lock",
        "DEVELOPMENT": tmp_path / "requirements-dev.lock",
        "make_environment": lambda: environment.mkdir(exist_ok=True),
        "calls": (calls := list[list[str]]()),
        "pip": lambda *words: calls.append([word.rsplit("/", 1)[-1] for word in words if not word.startswith("--")]),
        "hand_over": lambda command: calls.append(["run", *command[1:]]),
    }
    for name, value in places.items():
        monkeypatch.setattr(module, name, value, raising=False)
    return module


def play(way_in: ModuleType, monkeypatch: pytest.MonkeyPatch, *words: str) -> list[list[str]]:
    monkeypatch.setattr(sys, "argv", ["api", *words])
    way_in.calls.clear()
    way_in.main()
    calls: list[list[str]] = way_in.calls
    return list(calls)


def test_serving_installs_the_runtime_lock_once_and_hands_over(
    way_in: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = play(way_in, monkeypatch, "serve", "--port", "1")
    assert first[0][-1] == "requirements.lock"
    assert first[-1] == ["run", "serve", "--port", "1"]
    assert play(way_in, monkeypatch, "serve") == [["run", "serve"]]


def test_testing_adds_what_tests_need_and_serving_keeps_it(way_in: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    play(way_in, monkeypatch, "serve")
    assert play(way_in, monkeypatch, "test")[0][-1] == "requirements-dev.lock"
    assert play(way_in, monkeypatch, "serve") == [["run", "serve"]]


@pytest.mark.parametrize("changed", ["requirements-dev.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_file_renews_the_environment_as_it_was(
    way_in: ModuleType, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    play(way_in, monkeypatch, "test")
    (way_in.ROOT / changed).write_text("changed")
    assert play(way_in, monkeypatch, "serve")[0][-1] == "requirements-dev.lock"


def test_without_ensurepip_it_names_the_one_line_that_cures_it(monkeypatch: pytest.MonkeyPatch) -> None:
    module = loaded()
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SystemExit, match=r"apt-get install python3\.\d+-venv"):
        module.make_environment()


def test_an_older_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    module = loaded()
    monkeypatch.setattr(module.sys, "version_info", (3, 10, 9))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11"):
        module.main()
