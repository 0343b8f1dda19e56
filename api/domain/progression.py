"""Where a person stands on the ladder of an exercise: a fold over the times it was practised, one state per exercise.

`step` takes one practice in, `standing` reads the rung for the next session off the state on a day. Time passes in
local days alone, so the state after a day is all that a late session needs: what comes from its day on is folded anew.
A rise is judged when it is looked for and counts from the day on which it is first practised, so a week lies between
two of them however they are measured. Numbers without a source are ours.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from pydantic import TypeAdapter

from api.domain.exercise import Exercise, Kind
from api.domain.judgement import Light, is_flare_up, light
from api.domain.ladder import rungs
from api.domain.pain import Rating
from api.domain.practice import Status, StepResult, StopReason

CLEAN_TO_RISE = 3
STOPS_TO_ADVISE = 2
IDLE_DAYS, LONG_IDLE_DAYS = 7, 28
AFTER_RISE = timedelta(days=7)
AFTER_CLEAN = timedelta(days=1)
"""The next morning belongs to a session: only then is it known how it was borne."""
AFTER_FLARE_UP = timedelta(days=4)
"""From the session on: 48 hours from any time of the next day are over on the fourth (48 hours: J. MacLean)."""


class Rule(StrEnum):
    """What decided the rung: what time did to it, else what a full row waits for, else how the last time went."""

    START = "start"
    RAISED = "raised"
    IDLE = "idle"
    LONG_IDLE = "long-idle"
    AT_THE_TOP = "at-the-top"
    WAITS_FOR_MORNING = "waits-for-morning"
    WAITS_FOR_WEEK = "waits-for-week"
    WAITS_AFTER_FLARE_UP = "waits-after-flare-up"
    FLARE_UP = "flare-up"
    STOPPED = "stopped"
    AMBER = "amber"
    PARTIAL = "partial"
    UNRATED = "unrated"
    DONE_LOWER = "done-lower"
    GOES_ON = "goes-on"


class Advice(StrEnum):
    """What is offered or suggested beside the rung."""

    EASIER = "easier"
    HARDER = "harder"
    SCREENING = "screening"
    PROFESSIONAL = "professional"


@dataclass(frozen=True, slots=True)
class Course:
    """What the rules need to know of an exercise: its top rung, whether it presses, and its neighbours."""

    top: int
    presses: bool = False
    easier: str | None = None
    harder: str | None = None


@dataclass(frozen=True, slots=True)
class Practice:
    """One exercise in one session, in whichever routine and however often in it.

    `at` is the session's start, `day` its local date, `rung` what was played (see `ladder.rung_of` for a level chosen
    by hand), `reason` why it ended before its time, `ratings` those that tell of it (see `judgement.ratings_of`).
    Without `ended_at` only the next morning tells of a flare-up.
    """

    session: UUID
    at: datetime
    day: date
    rung: int
    result: StepResult
    reason: StopReason | None = None
    ratings: tuple[Rating, ...] = ()
    ended_at: datetime | None = None

    @property
    def place(self) -> tuple[date, datetime, UUID]:
        """By what practices are sorted: the day first, also where a journey turns days and instants around."""
        return self.day, self.at, self.session

    @property
    def is_stopped_for_pain(self) -> bool:
        """A stop without a reason is taken for one."""
        if self.reason is None:
            return self.result is StepResult.STOPPED
        return self.reason.status is Status.STOPPED


class Felt(NamedTuple):
    """How a practice was borne by the ratings alone, and whether it flared up."""

    seen: Light | None
    flared: bool


@dataclass(frozen=True, slots=True)
class Noted:
    """What the rules need to know of one practice, and all that is kept of it: it holds whatever the content becomes.

    `top` is the top rung of the exercise at that time, `seen` how it was borne, `part` whether it was not done in full.
    """

    session: UUID
    at: datetime
    day: date
    rung: int
    top: int
    seen: Light | None
    flared: bool
    part: bool

    @property
    def place(self) -> tuple[date, datetime, UUID]:
        """As that of the practice."""
        return self.day, self.at, self.session


@dataclass(frozen=True, slots=True)
class Mark:
    """A session and its day."""

    session: UUID
    day: date


@dataclass(frozen=True, slots=True)
class Decision:
    """A rule and the sessions that it rests on, in their order; none where nothing was practised yet."""

    rule: Rule
    sessions: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """All that is kept of the past: at most 3 clean sessions in a row and 2 stopped ones running, the latest of each.

    `raised_on` is the day on which the latest rise was first practised, `flared` the latest session that flared up.
    """

    rung: int = 0
    clean: tuple[Mark, ...] = ()
    stops: tuple[Mark, ...] = ()
    raised_on: date | None = None
    flared: Mark | None = None
    last: Mark | None = None
    decision: Decision = Decision(Rule.START)


@dataclass(frozen=True, slots=True)
class Advised:
    """`exercise` is the one to change to, at its own rung; a harder one begins at rung 0."""

    advice: Advice
    sessions: tuple[UUID, ...]
    exercise: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The rung for the next session, why, how many clean sessions the row has, and what is advised besides.

    `rises_on` is the first day of the next rise where the row is full and the top not reached.
    """

    rung: int
    decision: Decision
    clean: int
    rises_on: date | None
    advised: tuple[Advised, ...]


class Rise(NamedTuple):
    """That the next session is at a higher rung, on all days from the first to the last while nobody practises."""

    rung: int
    sessions: tuple[UUID, ...]
    first_day: date
    last_day: date


class Wait(NamedTuple):
    """The first day on which a rise may be, and what it waits for until then."""

    until: date
    decision: Decision


BEGIN = State()
STATES = TypeAdapter(State)


def course_of(exercise: Exercise) -> Course:
    return Course(len(rungs(exercise)) - 1, exercise.kind is Kind.RELEASE, exercise.easier, exercise.harder)


def text_of(state: State) -> str:
    """As it is kept: JSON without what is as at the beginning."""
    return STATES.dump_json(state, exclude_defaults=True).decode()


def state_of(text: str) -> State:
    return STATES.validate_json(text)


def fold(practices: Iterable[Practice], course: Course, since: State = BEGIN) -> State:
    """The state after these practices, sorted by their `place`. Raises ValueError as `step` does."""
    for practice in practices:
        since = step(since, practice, course)
    return since


def step(state: State, practice: Practice, course: Course) -> State:
    """The state after one practice more. What was skipped was not practised, and leaves no trace.

    Raises ValueError for a practice of a day before the latest one's.
    """
    noted = note(practice, course)
    return taken(state, noted) if noted else state


def note(practice: Practice, course: Course) -> Noted | None:
    """What is kept of a practice; None of one that was skipped."""
    return noted(practice, course.top, felt(practice.ratings, practice.ended_at, presses=course.presses))


def noted(practice: Practice, top: int, by_ratings: Felt) -> Noted | None:
    """The same, where its ratings have been looked at already. A stop for pain is one, whatever was rated."""
    if practice.result is StepResult.SKIPPED:
        return None
    return Noted(
        session=practice.session,
        at=practice.at,
        day=practice.day,
        rung=practice.rung,
        top=top,
        seen=Light.STOP if practice.is_stopped_for_pain else by_ratings.seen,
        flared=by_ratings.flared,
        part=practice.result is not StepResult.DONE,
    )


def felt(ratings: tuple[Rating, ...], ended_at: datetime | None, *, presses: bool) -> Felt:
    return Felt(light(ratings, presses=presses), is_flare_up(ratings, ended_at))


def taken(state: State, noted: Noted) -> State:
    """The state after one practice more. Raises ValueError for one of a day before the latest one's."""
    if state.last and noted.day < state.last.day:
        raise ValueError(f"a practice of {noted.day} comes after one of {state.last.day}")
    now = on_day(state, noted.day, noted.top)
    rule = judged(noted, now.rung)
    mark = Mark(noted.session, noted.day)
    clean = row_after(now.clean, mark, rule)
    return State(
        rung=rung_after(rule, now.rung, noted.rung),
        clean=clean,
        stops=(*now.stops, mark)[-STOPS_TO_ADVISE:] if noted.seen is Light.STOP else (),
        raised_on=now.raised_on,
        flared=mark if rule is Rule.FLARE_UP else now.flared,
        last=mark,
        decision=Decision(rule, sessions_of(clean if rule is Rule.GOES_ON else (mark,))),
    )


def standing(state: State, today: date, course: Course) -> Standing:
    """What holds for a session that starts today, whatever of today is practised already."""
    now = on_day(state, today, course.top)
    wait, decision = wait_of(now), now.decision
    if wait:
        at_top = Decision(Rule.AT_THE_TOP, sessions_of(now.clean))
        decision = wait.decision if today < wait.until else at_top
    rises_on = wait.until if wait and now.rung < course.top else None
    return Standing(now.rung, decision, len(now.clean), rises_on, tuple(advised(now, decision, course)))


def rise_to_come(state: State, course: Course) -> Rise | None:
    """The days on which `standing` says `raised`, as far as the past tells: told before they come."""
    wait, rung = wait_of(state), min(state.rung, course.top)
    if wait is None or state.last is None or rung == course.top:
        return None
    last_day = state.last.day + timedelta(IDLE_DAYS)
    return Rise(rung + 1, sessions_of(state.clean), wait.until, last_day) if wait.until <= last_day else None


# What one practice does


def judged(noted: Noted, rung: int) -> Rule:
    """How a practice went, the weightiest finding first; `goes-on` is a clean one at the rung or above it."""
    findings = (
        (noted.flared, Rule.FLARE_UP),
        (noted.seen is Light.STOP, Rule.STOPPED),
        (noted.seen is Light.AMBER, Rule.AMBER),
        (noted.part, Rule.PARTIAL),
        (noted.seen is None, Rule.UNRATED),
        (noted.rung < rung, Rule.DONE_LOWER),
    )
    return next((rule for is_found, rule in findings if is_found), Rule.GOES_ON)


def rung_after(rule: Rule, rung: int, played: int) -> int:
    """What hurt is asked for no more: amber leads down to a lower rung that was played, red to one below that."""
    lower = min(rung, played)
    if rule is Rule.AMBER:
        return lower
    return max(lower - 1, 0) if rule in {Rule.FLARE_UP, Rule.STOPPED} else rung


def row_after(row: tuple[Mark, ...], mark: Mark, rule: Rule) -> tuple[Mark, ...]:
    """What is not rated, and what is clean at a lower rung, neither counts nor breaks the row."""
    if rule in {Rule.UNRATED, Rule.DONE_LOWER}:
        return row
    return (*row, mark)[-CLEAN_TO_RISE:] if rule is Rule.GOES_ON else ()


# What time does


def on_day(state: State, day: date, top: int) -> State:
    """The state with what is due by that day: the rise, then the loss of idle days; never above the top."""
    if state.last is None:
        return state
    idle_days = (day - state.last.day).days
    if idle_days > LONG_IDLE_DAYS:
        return changed(state, 0, Rule.LONG_IDLE, sessions_of([state.last]))
    now = risen(state if state.rung <= top else replace(state, rung=top), day, top)
    if idle_days > IDLE_DAYS:
        before = now.decision.sessions if now.decision.rule is Rule.RAISED else ()
        rests_on = tuple(dict.fromkeys((*before, state.last.session)))
        return changed(now, max(now.rung - 1, 0), Rule.IDLE, rests_on)
    return now


def risen(state: State, day: date, top: int) -> State:
    wait = wait_of(state)
    if wait is None or day < wait.until or state.rung == top:
        return state
    raised = changed(state, state.rung + 1, Rule.RAISED, sessions_of(state.clean))
    return replace(raised, raised_on=day)


def changed(state: State, rung: int, rule: Rule, sessions: tuple[UUID, ...]) -> State:
    decision = Decision(rule, sessions)
    return replace(state, rung=rung, clean=(), decision=decision)


def wait_of(state: State) -> Wait | None:
    """What a full row waits for, the longest wait; None while the row is not full."""
    if len(state.clean) < CLEAN_TO_RISE:
        return None
    three = sessions_of(state.clean)
    waits = [Wait(state.clean[-1].day + AFTER_CLEAN, Decision(Rule.WAITS_FOR_MORNING, three))]
    if state.raised_on:
        waits.append(Wait(state.raised_on + AFTER_RISE, Decision(Rule.WAITS_FOR_WEEK, three)))
    if state.flared:
        rests_on = (state.flared.session, *three)
        decision = Decision(Rule.WAITS_AFTER_FLARE_UP, rests_on)
        waits.append(Wait(state.flared.day + AFTER_FLARE_UP, decision))
    return max(waits, key=lambda wait: wait.until)


# What is said besides


def advised(state: State, decision: Decision, course: Course) -> Iterator[Advised]:
    if len(state.stops) == STOPS_TO_ADVISE:
        yield Advised(Advice.PROFESSIONAL, sessions_of(state.stops))
    if decision.rule is Rule.LONG_IDLE:
        yield Advised(Advice.SCREENING, decision.sessions)
    if state.stops and course.easier:
        yield Advised(Advice.EASIER, sessions_of(state.stops[-1:]), course.easier)
    if decision.rule is Rule.AT_THE_TOP and course.harder:
        yield Advised(Advice.HARDER, decision.sessions, course.harder)


def sessions_of(marks: Iterable[Mark]) -> tuple[UUID, ...]:
    return tuple(mark.session for mark in marks)
