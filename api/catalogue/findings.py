"""What is wrong with content, said so that its author can mend it without knowing the code."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault: the file (seen from the content folder), its line, the field, what is wrong, and the cure."""

    file: str
    line: int
    field: str
    problem: str
    cure: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" + (f" {self.field}" if self.field else "")
        return f"{where}: {self.problem}. {self.cure}"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault inside one file, before its line is known."""

    path: tuple[str | int, ...]
    problem: str
    cure: str


class ContentBroken(Exception):
    """The content cannot be served. `findings` is never empty."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(sorted(set(findings)))  # a translated line is looked at wherever its English stands
        super().__init__("\n".join(str(finding) for finding in self.findings))
