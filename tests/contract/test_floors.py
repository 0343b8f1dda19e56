"""What the ground may stand on, as a list of what is allowed: import-linter only knows what is forbidden."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUND = sorted(path for room in ("domain", "drawing") for path in (ROOT / "api" / room).glob("**/*.py"))
ALLOWED = sys.stdlib_module_names | {"pydantic", "pydantic_core"}
ONLY_DATA = {"tzdata"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: name the module in full"
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.check
@pytest.mark.parametrize("path", GROUND, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_ground_imports_only_the_standard_library_pydantic_and_itself(path: Path) -> None:
    own = ("api.domain.", "api.drawing.", "api.drawing") if path.parent.name == "drawing" else ("api.domain.",)
    foreign = [name for name in imported(path) if name.partition(".")[0] not in ALLOWED and not name.startswith(own)]
    assert foreign == []


@pytest.mark.check
def test_every_declared_dependency_is_kept_from_the_ground() -> None:
    declared = {canonicalize_name(Requirement(text).name) for text in PROJECT["project"]["dependencies"]}
    modules = {
        module
        for module, distributions in packages_distributions().items()
        if declared & {canonicalize_name(name) for name in distributions} and module.isidentifier()
    }
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    forbidden = next(row["forbidden_modules"] for row in contracts if "api.domain" in row.get("source_modules", ()))
    public = {module for module in modules if not module.startswith("_")}
    assert public - ALLOWED - ONLY_DATA - set(forbidden) == set()
