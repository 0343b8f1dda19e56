"""Days in a row, kept as runs: a run is a first and a last day with no day missing between them.

Runs make the streak a look-up of one row however long the history is, and a day that arrives late or is taken out
again touches at most two of them.
"""

from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Run:
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def joined(day: date, neighbours: tuple[Run, ...]) -> Run:
    """The run that a new day makes of itself and the runs that end the day before or begin the day after."""
    touching = [run for run in neighbours if run.last == day - DAY or run.first == day + DAY]
    return Run(min([day, *(run.first for run in touching)]), max([day, *(run.last for run in touching)]))


def parted(day: date, run: Run) -> tuple[Run, ...]:
    """What is left of a run when one of its days is taken out: none, one or two runs."""
    before = (Run(run.first, day - DAY),) if run.first < day else ()
    after = (Run(day + DAY, run.last),) if day < run.last else ()
    return before + after


def days_in_a_row(latest: Run | None, today: date) -> int:
    """Days of the latest run when it reaches today or yesterday, else 0: today is not over yet."""
    return latest.days if latest and latest.last >= today - DAY else 0
