"""Random histories, kept as stretches in any order, against the prose read slowly from the whole record.

The prose: a week is met when it has as many sessions as the target that was last set in it or before. A week whose
days are all closed is skipped; so is one of which some days are closed and which is not met. Every other week is
missed. Weeks on target are the weeks met before the first missed one on the way back from this week; this week itself
is never missed yet.
Planned in 28 days is a seventh of the target for each day, and for a closed day no more than was done, rounded down.
"""

from collections import Counter
from datetime import date
from fractions import Fraction
from math import floor
from random import Random

from api.domain.adherence import (
    WEEK,
    Calendar,
    Closed,
    Stretch,
    Target,
    WeekState,
    adherence,
    judged,
    resettled,
    weeks_on_target,
)
from api.domain.practice import week_of
from api.domain.streak import DAY
from tests.domain.chance import seeded

BEGIN = date(2026, 9, 7)
WEEKS = 12
END = BEGIN + (WEEKS * 7 - 1) * DAY
HISTORIES = 4_000


class Kept:
    """What a store would keep: sessions and state by week, and the stretches. It forgets every single session."""

    def __init__(self, target: int) -> None:
        self.calendar = Calendar((Target(BEGIN, target),))
        self.sessions: Counter[date] = Counter()
        self.states: dict[date, WeekState] = {}
        self.stretches: set[Stretch] = set()

    def count(self, day: date, by: int) -> None:
        monday, _ = week_of(day)
        self.sessions[monday] += by
        self.settle(monday)

    def aim(self, target: Target) -> None:
        others = tuple(other for other in self.calendar.targets if other.since != target.since)
        self.calendar = Calendar((*others, target), self.calendar.closed)
        self.settle_all()

    def close(self, *closed: Closed) -> None:
        self.calendar = Calendar(self.calendar.targets, closed)
        self.settle_all()

    def lock(self, day: date) -> None:
        """The weeks to come need no row: only the lock's own is judged again, and those that hold sessions."""
        self.calendar = Calendar(self.calendar.targets, (*self.calendar.closed, Closed(day)))
        for monday in {week_of(day)[0], *(monday for monday in self.sessions if monday > day)}:
            self.settle(monday)

    def settle_all(self) -> None:
        for n in range(WEEKS):
            self.settle(BEGIN + n * WEEK)

    def settle(self, monday: date) -> None:
        was = self.states.get(monday, WeekState.MISSED)
        state = judged(monday, self.sessions[monday], self.calendar).state
        around = [stretch for stretch in self.stretches if stretch.touches(monday)]
        met_before = sum(
            self.states.get(week) is WeekState.MET
            for stretch in around
            for week in (stretch.first + n * WEEK for n in range((monday - stretch.first) // WEEK))
        )
        self.stretches.difference_update(around)
        self.stretches.update(resettled(monday, was, state, around, met_before))
        self.states[monday] = state

    def weeks_on_target(self, as_of: date) -> int:
        last_week = week_of(as_of)[0] - WEEK
        earliest = min((stretch for stretch in self.stretches if stretch.last >= last_week), default=None)
        return weeks_on_target(earliest, as_of)


class Story:
    """The same events, remembered as they were told: days, targets by week, and spans of closed days."""

    def __init__(self, target: int) -> None:
        self.days: list[date] = []
        self.targets = {BEGIN: target}
        self.closed: list[Closed] = []

    def is_closed(self, day: date) -> bool:
        return any(span.first <= day <= span.last for span in self.closed)

    def target_on(self, day: date) -> int:
        return self.targets[max([set_in for set_in in self.targets if set_in <= day], default=BEGIN)]

    def called(self, monday: date) -> str:
        week = [monday + n * DAY for n in range(7)]
        done = len([day for day in self.days if day in week])
        open_days = [day for day in week if not self.is_closed(day)]
        if not open_days:
            return "skipped"
        if done >= self.target_on(monday):
            return "met"
        return "skipped" if len(open_days) < 7 else "missed"

    def weeks_on_target(self, today: date) -> int:
        monday = today - today.weekday() * DAY
        found = int(self.called(monday) == "met")
        while True:
            monday -= WEEK
            if monday < BEGIN or self.called(monday) == "missed":
                return found
            found += self.called(monday) == "met"

    def done_and_planned(self, today: date) -> tuple[int, int]:
        done, planned = 0, Fraction(0)
        for day in (today - n * DAY for n in range(28)):
            on_day, share = self.days.count(day), Fraction(self.target_on(day), 7)
            done += on_day
            planned += min(share, Fraction(on_day)) if self.is_closed(day) else share
        return done, floor(planned)


def live(chance: Random, kept: Kept, story: Story, today: date) -> None:
    """One event of any day that has come, or a freeze of any days: nothing arrives in order."""
    day = BEGIN + chance.randint(0, (today - BEGIN).days) * DAY
    match chance.choice(["practise"] * 12 + ["delete"] * 3 + ["aim", "close", "open"]):
        case "practise":
            story.days.append(day)
            kept.count(day, 1)
        case "delete" if story.days:
            story.days.remove(gone := chance.choice(story.days))
            kept.count(gone, -1)
        case "aim":
            monday, target = day - day.weekday() * DAY, chance.randint(1, 4)
            story.targets[monday] = target
            kept.aim(Target(monday, target))
        case "close":
            begin = day + chance.choice([0, 0, 20]) * DAY
            story.closed.append(Closed(begin, min(begin + chance.randrange(20) * DAY, END)))
            kept.close(*story.closed)
        case "open" if story.closed:
            story.closed.remove(chance.choice(story.closed))
            kept.close(*story.closed)


def test_what_is_kept_in_any_order_tells_what_the_whole_record_read_slowly_does() -> None:
    seen: Counter[int] = Counter()
    for number, chance in seeded(HISTORIES):
        target = chance.randint(1, 3)
        kept, story = Kept(target), Story(target)
        today = BEGIN + chance.randrange(WEEKS * 7 - 20) * DAY
        for _ in range(chance.choice([5, 20, 40])):
            live(chance, kept, story, today)
        as_of = today
        if chance.random() < 0.2:
            as_of = today - chance.randint(0, (today - BEGIN).days) * DAY
            story.closed.append(Closed(as_of))
            kept.lock(as_of)
        expected = story.weeks_on_target(today)
        assert kept.weeks_on_target(as_of) == expected, f"history {number}"
        told = adherence(Counter(story.days), kept.calendar, today)
        assert (told.done, told.planned) == story.done_and_planned(today), f"history {number}"
        seen[expected] += 1
    assert set(range(7)) <= set(seen)


def test_the_same_events_in_another_order_keep_the_same_stretches() -> None:
    for number, chance in seeded(300):
        days = [BEGIN + chance.randrange(WEEKS * 7) * DAY for _ in range(30)]
        stretches = []
        for order in (sorted(days), chance.sample(days, k=len(days))):
            kept = Kept(target=2)
            kept.close(Closed(BEGIN + 20 * DAY, BEGIN + 40 * DAY))
            for day in order:
                kept.count(day, 1)
            stretches.append(kept.stretches)
        assert stretches[0] == stretches[1], f"history {number}"
