"""The desk planner: a wish and a person's permissions become an ordered routine, or a plain no. Pure.

Exercises are picked one by one, the warm-up first, and each enters only while everything still fits the time at the
lowest dose and the rules of order can be kept. Then all doses rise together as far as the time goes. So the last one
in is the first that less time costs, and the warm-up is never lost.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from api.domain.choice import Judge, Stage, is_form_of_one, stage_of, turns
from api.domain.dose import LEVELS
from api.domain.exercise import Exercise, Kind, ReviewStatus
from api.domain.order import broken_rules
from api.domain.planner import Held, Picked, Planner, Refused, Unfit, Unsafe
from api.domain.safety import reasons_against, why_unsafe
from api.domain.screening import Permitted, Reason, Screening, ScreeningOutcome
from api.domain.vocabulary import Vocabulary
from api.domain.wish import Focus, Wish, missing, why_unfit

Lasts = Callable[[Exercise, int, int], int]
"""How long an exercise takes at the most at a level and at a place (from 1) of a routine, in milliseconds."""


LARGE_SHARE = 3  # an exercise that takes more than a third is chosen only where nothing shorter does the same


@dataclass(frozen=True, slots=True)
class Pick:
    """One exercise of a plan, why it is there, and what it stands in for."""

    exercise: str
    reasons: tuple[Picked, ...]
    stands_in_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One exercise that was not to be chosen. `alternative` is the one in the plan that stands in for it.

    `because_of` are the answers that decide, and `missing` the equipment, where it is for one of those.
    """

    exercise: str
    reason: Unsafe | Unfit
    alternative: str | None = None
    because_of: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A plan, or why there is none. What was neither chosen nor left out was not needed."""

    picks: tuple[Pick, ...] = ()
    level: int = LEVELS[0]
    held: tuple[Held, ...] = ()
    refused: Refused | None = None
    unsafe: tuple[LeftOut, ...] = ()
    unfit: tuple[LeftOut, ...] = ()
    shortest_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Planning:
    """One wish of one person, with the content it is answered from."""

    wish: Wish
    screening: Screening
    exercises: Mapping[str, Exercise]
    vocabulary: Vocabulary
    rules: Planner
    lasts: Lasts

    def decide(self) -> Decision:
        """The plan, or the plain no. The same wish and the same content give the same."""
        if self.screening.outcome is ScreeningOutcome.STOP:
            return Decision(refused=Refused.RED_FLAG)
        served = [e for e in self.exercises.values() if e.status is not ReviewStatus.RETIRED]
        unsafe = {e.id: reason for e in served if (reason := self.why_unsafe(e))}
        safe = [e for e in served if e.id not in unsafe]
        unfit = {e.id: found for e in safe if (found := why_unfit(e, self.wish))}
        possible = [e for e in safe if e.id not in unfit]
        picked = self.pick(possible, self.judge(unsafe))
        return Decision(
            picks=tuple(self.told(exercise, first=n == 0, unsafe=unsafe) for n, exercise in enumerate(picked)),
            level=self.level(picked),
            held=self.held(),
            refused=None if picked else self.refusal(safe, possible),
            unsafe=tuple(self.left_for_safety(name, reason, picked) for name, reason in unsafe.items()),
            unfit=tuple(self.left_for_limits(name, reason) for name, reason in unfit.items()),
            shortest_ms=None if picked else self.shortest_ms(possible),
        )

    # What may be chosen

    @property
    def is_gentle(self) -> bool:
        """Whether only gentle exercises are to be planned."""
        return self.wish.focus is Focus.CALM or self.hurts(self.rules.gentle_from.pain)

    def hurts(self, from_pain: int) -> bool:
        return self.wish.pain_now is not None and self.wish.pain_now >= from_pain

    def why_unsafe(self, exercise: Exercise) -> Unsafe | None:
        reason = why_unsafe(exercise, self.screening.permissions[exercise.id])
        if reason is None and self.is_gentle and exercise.id not in self.rules.gentle.exercises:
            return Unsafe.NOT_GENTLE
        return reason

    def judge(self, unsafe: Iterable[str]) -> Judge:
        offered = (self.screening.permissions[name].alternative for name in unsafe)
        return Judge(self.wish, self.vocabulary, self.screening.permissions, frozenset(filter(None, offered)))

    # Choosing

    def pick(self, possible: Sequence[Exercise], judge: Judge) -> list[Exercise]:
        """As many as fit, in the order in which they are done; none where no warm-up fits."""
        picked: list[Exercise] = []
        order: list[Exercise] = []
        focus = Focus.CALM if self.is_gentle else self.wish.focus
        for stage in islice(turns(focus), self.rules.most.exercises):
            left = [e for e in possible if (picked or e.warm_up) and not is_form_of_one(e, picked)]
            ranked = sorted(left, key=lambda e: (stage_of(e) is not stage, self.is_long(e), -judge.score(e, picked)))
            found = next((e for e in ranked if self.fits(self.arranged([*picked, e]))), None)
            if found is None:
                break
            picked.append(found)
            order = self.arranged(picked)
        return order

    def arranged(self, picked: Sequence[Exercise]) -> list[Exercise]:
        """The order nearest to that of the stages that keeps every rule; empty where there is none."""
        return self.continued([], sorted(picked, key=stage_of))

    def continued(self, begun: list[Exercise], left: list[Exercise]) -> list[Exercise]:
        if not left:
            return begun
        for exercise in left:
            tried = [*begun, exercise]
            if not broken_rules(tried, self.vocabulary):
                whole = self.continued(tried, [other for other in left if other is not exercise])
                if whole:
                    return whole
        return []

    # Time and dose

    def fits(self, order: Sequence[Exercise], level: int = LEVELS[0]) -> bool:
        return bool(order) and self.total_ms(order, level) <= self.wish.budget_ms

    def is_long(self, exercise: Exercise) -> bool:
        """Whether it would take so much of the time that little variety is left."""
        return LARGE_SHARE * self.lasts(exercise, LEVELS[0], 1) > self.wish.budget_ms

    def total_ms(self, order: Sequence[Exercise], level: int) -> int:
        return sum(self.lasts(exercise, level, place) for place, exercise in enumerate(order, start=1))

    def level(self, order: Sequence[Exercise]) -> int:
        """The highest that fits, or 0 where it is held."""
        if self.held():
            return LEVELS[0]
        return next((level for level in reversed(LEVELS) if self.fits(order, level)), LEVELS[0])

    def held(self) -> tuple[Held, ...]:
        open_questions = [Held.SCREENING_INCOMPLETE] if self.screening.unanswered else []
        return (*open_questions, *([Held.PAIN] if self.hurts(self.rules.lowest_from.pain) else []))

    def shortest_ms(self, possible: Sequence[Exercise]) -> int | None:
        return min((self.lasts(e, LEVELS[0], 1) for e in possible if e.warm_up), default=None)

    # Saying why

    def refusal(self, safe: Sequence[Exercise], possible: Sequence[Exercise]) -> Refused:
        if not any(exercise.warm_up for exercise in safe):
            return Refused.NO_SAFE_ROUTINE
        return Refused.TOO_SHORT if any(exercise.warm_up for exercise in possible) else Refused.NOTHING_POSSIBLE

    def left_for_safety(self, name: str, reason: Unsafe, picked: Sequence[Exercise]) -> LeftOut:
        permission = self.screening.permissions[name]
        alternative = permission.alternative if permission.alternative in [e.id for e in picked] else None
        return LeftOut(name, reason, alternative, because_of=reasons_against(self.exercises[name], permission))

    def left_for_limits(self, name: str, reason: Unfit) -> LeftOut:
        return LeftOut(name, reason, missing=missing(self.exercises[name], self.wish.equipment))

    def told(self, exercise: Exercise, *, first: bool, unsafe: Iterable[str]) -> Pick:
        permission = self.screening.permissions[exercise.id]
        judge = self.judge(())
        replaced = tuple(name for name in unsafe if self.screening.permissions[name].alternative == exercise.id)
        also = {
            Picked.GENTLE: self.is_gentle,
            Picked.SORE_PLACE: judge.aims_at(exercise.muscles.target),
            Picked.EACH_SIDE: judge.helps_side(exercise),
            Picked.STANDS_IN: bool(replaced),
            Picked.WITH_CARE: permission.effect is Permitted.CAUTION,
        }
        main = Picked.WARM_UP if first else purpose(exercise)
        return Pick(exercise.id, (main, *(reason for reason, applies in also.items() if applies)), replaced)


def purpose(exercise: Exercise) -> Picked:
    if exercise.kind is Kind.RELEASE:
        return Picked.RELEASES
    return {
        Stage.MOVE: Picked.MOVES,
        Stage.LENGTHEN: Picked.LENGTHENS,
        Stage.WORK: Picked.STRENGTHENS,
        Stage.REST: Picked.RESTS,
    }[stage_of(exercise)]
