"""The rules of progression told a second time, straight from the prose: a book written up day by day, and slowly.

It shares neither the judgement of pain nor any number with what it is compared with, and it keeps the whole past.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from api.domain.pain import Rating
from api.domain.progression import Practice

DAY = timedelta(days=1)


@dataclass
class Said:
    """What the book says on a day."""

    rung: int
    rule: str
    sessions: tuple[UUID, ...]
    advice: dict[str, tuple[UUID, ...]]


@dataclass
class Book:
    top: int
    presses: bool
    today: date = date.min
    rung: int = 0
    row: list[Practice] = field(default_factory=list)
    done: list[Practice] = field(default_factory=list)
    stops_running: list[Practice] = field(default_factory=list)
    latest_flare_up: Practice | None = None
    rise_tried_on: date | None = None
    rise_to_try: list[Practice] = field(default_factory=list)
    rule: str = "start"
    rests_on: list[Practice] = field(default_factory=list)

    def live_until(self, day: date) -> None:
        """Every morning up to that of the day, each once."""
        while self.done and self.today < day:
            self.today += DAY
            self.morning(self.today)
        self.today = day

    # Each morning

    def morning(self, day: date) -> None:
        if self.is_full and self.rung < self.top and day >= self.free_from:
            self.rise_to_try, self.rule, self.rests_on = self.row, "raised", self.row[-3:]
            self.rung, self.row = self.rung + 1, []
        idle = (day - self.done[-1].day).days
        if idle == 8:
            rests_on = self.rests_on if self.rule == "raised" else []
            self.rests_on = [*rests_on, *(p for p in self.done[-1:] if p not in rests_on)]
            self.rung, self.row, self.rule = max(0, self.rung - 1), [], "idle"
        if idle == 29:
            self.rung, self.rule, self.rests_on, self.rise_to_try = 0, "long-idle", self.done[-1:], []

    @property
    def is_full(self) -> bool:
        return len(self.row) >= 3

    @property
    def holds(self) -> list[tuple[date, str]]:
        """From which day on each thing that holds a rise back holds it no more."""
        holds = [(self.row[-1].day + DAY, "waits-for-morning")]
        if self.rise_tried_on:
            holds.append((self.rise_tried_on + 7 * DAY, "waits-for-week"))
        if self.latest_flare_up:
            holds.append((self.latest_flare_up.day + 4 * DAY, "waits-after-flare-up"))
        return holds

    @property
    def free_from(self) -> date:
        return max(day for day, _ in self.holds)

    # Each time that it is practised

    def write(self, practice: Practice) -> None:
        self.live_until(practice.day)
        if practice.result == "skipped":
            return
        if self.rise_to_try:
            self.rise_to_try, self.rise_tried_on = [], practice.day
        colour, flared = colour_of(practice.ratings, presses=self.presses)
        ended_for_pain = practice.reason in ("pain", "red_flag")
        if practice.result == "stopped" and practice.reason is None:
            ended_for_pain = True
        self.done.append(practice)
        self.rests_on = [practice]
        stopped = ended_for_pain or colour == "red"
        self.stops_running = [*self.stops_running, practice] if stopped else []
        if flared:
            self.latest_flare_up = practice
        if flared or stopped:
            self.rung, self.row = max(0, min(self.rung, practice.rung) - 1), []
            self.rule = "flare-up" if flared else "stopped"
        else:
            self.without_a_stop(practice, colour)

    def without_a_stop(self, practice: Practice, colour: str) -> None:
        if colour == "amber":
            self.rung, self.row, self.rule = min(self.rung, practice.rung), [], "amber"
        elif practice.result != "done":
            self.row, self.rule = [], "partial"
        elif colour == "unknown":
            self.rule = "unrated"
        elif practice.rung < self.rung:
            self.rule = "done-lower"
        else:
            self.row = [*self.row, practice]
            self.rule, self.rests_on = "goes-on", self.row[-3:]

    # When somebody asks

    def say(self) -> Said:
        rule, rests_on = self.rule, list(self.rests_on)
        if self.is_full:
            rests_on = self.row[-3:]
            until, held_by = max(self.holds, key=lambda hold: hold[0])
            rule = held_by if self.today < until else "at-the-top"
            if rule == "waits-after-flare-up" and self.latest_flare_up:
                rests_on = [self.latest_flare_up, *rests_on]
        advice = {
            "professional": self.stops_running[-2:] if len(self.stops_running) >= 2 else [],
            "screening": rests_on if rule == "long-idle" else [],
            "easier": self.stops_running[-1:],
            "harder": rests_on if rule == "at-the-top" else [],
        }
        return Said(self.rung, rule, ids(rests_on), {name: ids(on) for name, on in advice.items() if on})


def ids(practices: Sequence[Practice]) -> tuple[UUID, ...]:
    return tuple(practice.session for practice in practices)


def colour_of(ratings: Sequence[Rating], *, presses: bool) -> tuple[str, bool]:
    """The colour of one practice, and whether it flared up by the next morning."""
    colours, flared = ["unknown"], False
    for later in ratings:
        starts = [r.value for r in ratings if r.moment == "before" and (r.region, r.side) == (later.region, later.side)]
        if later.moment == "next_morning" and starts:
            flared = flared or later.value - min(starts) >= 2
            colours.append("amber" if later.value > min(starts) else "unknown")
        if later.moment in ("check_in", "worst", "after"):
            if presses and later.moment == "worst":
                colours.append("red" if later.value >= 6 else "unknown")
            else:
                colours.append(colour_during(later.value, min(starts) if starts else None))
    return max(colours, key=["unknown", "green", "amber", "red"].index), flared


def colour_during(value: int, start: int | None) -> str:
    if start is None:
        return "red" if value >= 6 else "amber" if value >= 4 else "unknown"
    if value - start >= 2 or (value >= 6 and start < 6) or (start == 9 and value == 10):
        return "red"
    return "amber" if value >= 4 or value - start == 1 else "green"
