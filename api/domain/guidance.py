"""How one exercise is guided: its steps turned into segments with times, sides, doses and cues.

The first side hears full sentences, the second and every later set the short cues; of the set-up, a later set
hears only what has one, for the person is in place. A phase lasts as long as declared, or as long as its words take
to say. The numbers that no file states are named here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.domain.caution import Caution, Moment, Severity
from api.domain.dose import Dose, Seconds
from api.domain.exercise import Exercise, Phase, Side, Spots, Step
from api.domain.routine import Pauses
from api.domain.segment import (
    Cue,
    CueKind,
    OnTimeout,
    RepTempo,
    Segment,
    ShownCaution,
    StartsOn,
    StepDose,
    StepKind,
    TimelineStep,
)
from api.domain.speech import Language
from api.domain.value import FALLBACK
from api.domain.vocabulary import Vocabulary

SPOT_FOUND = "spot_found"
TICKS = (3, 2, 1)
TOP_SAID_FROM_MS = 2_000  # in a shorter one the word for it would run into the way back
HALFWAY_FROM_MS = 10_000  # in a shorter hold the middle and the ticks would run into each other


@dataclass(frozen=True, slots=True)
class Guide:
    """One exercise at its place (from 1) in a routine. What is to be asked first is told in `beside` too."""

    place: int
    exercise: Exercise
    language: Language
    vocabulary: Vocabulary
    pauses: Pauses
    dose: Dose
    ask_first: bool
    beside: Language | None = None

    def segments(self) -> Iterator[Segment]:
        """Everything from the rest before the exercise to the question about pain after it."""
        yield self._segment("ready", [*self._rest(), self._get_ready()])
        if isinstance(self.exercise.laterality, Spots):
            yield from self._spots()
        else:
            yield from self._sets()
        yield self._segment("after", [self._check_in()])

    # The three shapes of work

    def _sets(self) -> Iterator[Segment]:
        for number in range(1, self.dose.sets + 1):
            if number > 1:
                yield self._segment(f"set{number}.rest", [self._between_sets()])
            for turn, side in enumerate(self.exercise.sides):
                key = f"set{number}" if side is None else f"set{number}.{side.value}"
                yield self._segment(key, self._turn(side, again=turn > 0, brief=turn > 0 or number > 1), side=side)

    def _turn(self, side: Side | None, *, again: bool, brief: bool) -> list[TimelineStep]:
        set_up = [s for s in self.exercise.in_phase(Phase.SET_UP) if not brief or _repeated(s, again=again)]
        return [
            *(self._told(StepKind.SWITCH_SIDE, Phase.SWITCH, side=side) if again else ()),
            *self._told(StepKind.SET_UP, Phase.SET_UP, side=side, brief=brief, steps=set_up, hurried=brief),
            *self._told(StepKind.MOVE, Phase.MOVE_IN, side=side, brief=brief),
            *self._work(side, brief=brief),
            *self._told(StepKind.RELEASE, Phase.RELEASE, side=side, brief=brief),
        ]

    def _spots(self) -> Iterator[Segment]:
        found = self.exercise.dosage.spots
        cap, required = self.dose.spots or 0, found.low if found else 0
        yield self._segment("set_up", self._turn_in())
        for number in range(1, cap + 1):
            optional = number > required
            yield self._search(number, optional=optional)
            yield self._segment(
                f"spot{number}",
                self._work(None, brief=number > 1),
                event=SPOT_FOUND,
                on_timeout=OnTimeout.SKIP if optional else OnTimeout.START,
                optional=optional,
            )
        if release := self._told(StepKind.RELEASE, Phase.RELEASE):
            yield self._segment("end", release)

    def _turn_in(self) -> list[TimelineStep]:
        return [*self._told(StepKind.SET_UP, Phase.SET_UP), *self._told(StepKind.MOVE, Phase.MOVE_IN)]

    def _search(self, number: int, *, optional: bool) -> Segment:
        phase = Phase.SEARCH if number == 1 else Phase.SEARCH_NEXT
        steps = self._told(StepKind.SEARCH, phase, brief=number > 2)  # noqa: PLR2004  the second spot is the first "next"
        during = self._warnings(c for c in self.exercise.cautions if c.shown(Moment.DURING))
        spoken = sum(step.duration_ms for step in steps)
        waiting = max(self.exercise.dosage.tempo_s.ms("search"), spoken)
        *before, last = (step.model_copy(update={"cautions": _once(during + step.cautions)}) for step in steps)
        last = last.model_copy(update={"duration_ms": last.duration_ms + waiting - spoken})
        return self._segment(f"spot{number}.search", [*before, last], optional=optional, shortest_ms=spoken)

    # Steps that come from the file

    def _told(
        self,
        kind: StepKind,
        phase: Phase,
        *,
        side: Side | None = None,
        brief: bool = False,
        steps: Iterable[Step] | None = None,
        hurried: bool = False,  # the switch or the rest has given the time already
    ) -> list[TimelineStep]:
        chosen = self.exercise.in_phase(phase) if steps is None else steps
        told = [self._instruction(kind, step, side, brief=brief) for step in chosen]
        if not told:
            return []
        spoken = sum(step.duration_ms for step in told)
        declared = 0 if hurried else self.exercise.dosage.tempo_s.ms(_declared(phase))
        lasts = max(declared, spoken + self.language.pace.pause_ms)
        told[-1] = told[-1].model_copy(update={"duration_ms": told[-1].duration_ms + lasts - spoken})
        return told

    def _instruction(
        self, kind: StepKind, step: Step, side: Side | None, *, brief: bool, first: bool = False
    ) -> TimelineStep:
        text = self.language.said(step.text, side)
        if first:
            text = f"{self.language.phrases.each_rep} {text}"
        cue = self.language.said(step.cue, side) if step.cue else None
        warnings = self._warnings(c for c in self.exercise.cautions if c.shown_at(step.id))
        lines = [cue or text] if brief else [text, *(w.text for w in warnings if w.severity is not Severity.INFO)]
        cues, ends_ms = self._speech(lines)
        return TimelineStep(
            id=step.id,
            kind=kind,
            exercise=self.exercise.id,
            side=side,
            duration_ms=ends_ms,
            text=text,
            cue=cue,
            cautions=warnings,
            cues=cues,
        )

    def _work(self, side: Side | None, *, brief: bool) -> list[TimelineStep]:
        return [self._hold(side, brief=brief)] if self.exercise.dosage.hold_s else self._reps(side, brief=brief)

    def _hold(self, side: Side | None, *, brief: bool) -> TimelineStep:
        (step,) = self.exercise.in_phase(Phase.HOLD)
        seconds = self.dose.hold_s or 0
        told = self._instruction(StepKind.HOLD, step, side, brief=brief)
        warnings = _once(told.cautions + self._warnings(c for c in self.exercise.cautions if c.shown(Moment.DURING)))
        cues = [cue for cue in told.cues if self._ends_in_first_half(cue, seconds * 1000)]
        if seconds * 1000 >= HALFWAY_FROM_MS:
            half = seconds * 500
            cues.append(Cue(kind=CueKind.HALFWAY, before_end_ms=half, text=self.language.phrases.halfway))
        cues.extend(_tick(n) for n in TICKS if n < seconds)
        update = {"duration_ms": seconds * 1000, "dose": StepDose(hold_s=seconds), "cautions": warnings}
        return told.model_copy(update=update | {"cues": tuple(cues)})

    def _ends_in_first_half(self, cue: Cue, hold_ms: int) -> bool:
        return 2 * ((cue.at_ms or 0) + self.language.takes_ms(cue.text or "")) <= hold_ms

    def _reps(self, side: Side | None, *, brief: bool) -> list[TimelineStep]:
        phases = (Phase.UP, Phase.TOP, Phase.DOWN)
        steps = [step for phase in phases for step in self.exercise.in_phase(phase)]
        said = [self._instruction(StepKind.SET_UP, step, side, brief=False, first=step is steps[0]) for step in steps]
        return [*([] if brief else said), self._counted(side, steps, said)]

    def _counted(self, side: Side | None, steps: list[Step], said: list[TimelineStep]) -> TimelineStep:
        count = self.dose.reps or 0
        tempo = self._tempo(steps, side)
        during = self._warnings(c for c in self.exercise.cautions if c.shown(Moment.DURING))
        return TimelineStep(
            id="reps",
            kind=StepKind.REPS,
            exercise=self.exercise.id,
            side=side,
            duration_ms=count * tempo.total_ms,
            text=" ".join(step.text for step in said),
            cue=" ".join(step.cue or step.text for step in said),
            cautions=_once(tuple(w for step in said for w in step.cautions) + during),
            dose=StepDose(reps=count, rep_unit=self.exercise.dosage.rep_unit, tempo=tempo),
            cues=tuple(cue for n in range(count) for cue in self._rep_cues(n, steps, side, tempo)),
        )

    def _tempo(self, steps: list[Step], side: Side | None) -> RepTempo:
        declared = self.exercise.dosage.tempo_s
        down = sum(self.language.takes_ms(self._short(step, side)) for step in steps if step.phase is Phase.DOWN)
        return RepTempo(up_ms=declared.ms("up"), top_ms=declared.ms("top"), down_ms=max(declared.ms("down"), down))

    def _rep_cues(self, rep: int, steps: list[Step], side: Side | None, tempo: RepTempo) -> Iterator[Cue]:
        starts_ms = rep * tempo.total_ms
        yield Cue(kind=CueKind.COUNT, at_ms=starts_ms, number=rep + 1)
        yield from self._top_cue(starts_ms + tempo.up_ms, steps, side, tempo)
        at_ms = starts_ms + tempo.up_ms + tempo.top_ms
        for step in steps:
            if step.phase is Phase.DOWN:
                line = self._short(step, side)
                yield Cue(kind=CueKind.SAY, at_ms=at_ms, text=line)
                at_ms += self.language.takes_ms(line)

    def _top_cue(self, at_ms: int, steps: list[Step], side: Side | None, tempo: RepTempo) -> Iterator[Cue]:
        (top,) = (step for step in steps if step.phase is Phase.TOP)
        line = self._short(top, side)
        if tempo.top_ms >= max(TOP_SAID_FROM_MS, 2 * self.language.takes_ms(line)):
            yield Cue(kind=CueKind.SAY, at_ms=at_ms, text=line)

    def _short(self, step: Step, side: Side | None) -> str:
        return self.language.said(step.cue or step.text, side)

    # Steps between the exercises

    def _rest(self) -> list[TimelineStep]:
        return [] if self.place == 1 else [self._pause("rest", self.pauses.rest)]

    def _pause(self, key: str, lasts: Seconds | None) -> TimelineStep:
        text = self.language.phrases.rest
        cues, _ = self._speech([text])
        duration_ms = rest_ms(self.language, lasts)
        return TimelineStep(id=key, kind=StepKind.REST, duration_ms=duration_ms, text=text, cues=cues)

    def _between_sets(self) -> TimelineStep:
        rest = self._pause("rest", self.exercise.dosage.rest_s)
        _, spoken_ms = self._speech([rest.text])
        ticks = tuple(_tick(n) for n in TICKS if n * 1000 <= rest.duration_ms - spoken_ms)
        return rest.model_copy(update={"cues": rest.cues + ticks})

    def _get_ready(self) -> TimelineStep:
        phrases = self.language.phrases
        text = phrases.get_ready.replace("{exercise}", self.language.said(self.exercise.name))
        needed = [self.vocabulary.equipment[tool] for tool in self.exercise.setting.equipment.required]
        if needed:
            names = ", ".join(self.language.said(tool.name) for tool in needed)
            text = f"{text} {phrases.equipment.replace('{equipment}', names)}"
        before = (c for c in self.exercise.cautions if c.shown(Moment.BEFORE))
        warnings = self._asked_first() + self._warnings(before, ready=True)
        return self._asked(StepKind.GET_READY, "get_ready", text, warnings, self.pauses.get_ready)

    def _check_in(self) -> TimelineStep:
        warnings = self._warnings(c for c in self.exercise.cautions if c.shown(Moment.AFTER))
        text = self.language.phrases.check_in
        return self._asked(StepKind.CHECK_IN, "check_in", text, warnings, self.pauses.check_in)

    def _asked(
        self, kind: StepKind, key: str, text: str, warnings: tuple[ShownCaution, ...], lasts: Seconds
    ) -> TimelineStep:
        cues, spoken_ms = self._speech([text, *(warning.text for warning in warnings)])
        return TimelineStep(
            id=key,
            kind=kind,
            exercise=self.exercise.id,
            duration_ms=max(lasts.s * 1000, spoken_ms + self.language.pace.pause_ms),
            text=text,
            cautions=warnings,
            cues=cues,
        )

    def _asked_first(self) -> tuple[ShownCaution, ...]:
        if not self.ask_first:
            return ()
        text = self.language.phrases.ask_first
        english = self.beside.phrases.ask_first if self.beside else None
        return (
            ShownCaution(code="ask-first", severity=Severity.WARN, text=text, english=english, must_acknowledge=True),
        )

    # What they are all made with

    def _warnings(self, cautions: Iterable[Caution], *, ready: bool = False) -> tuple[ShownCaution, ...]:
        """Only while one gets ready is there a hand free to acknowledge."""
        return tuple(
            ShownCaution(
                code=caution.id,
                severity=caution.severity,
                text=self.language.said(caution.text),
                english=self.language.english_beside(caution.text) if caution.severity is Severity.STOP else None,
                must_acknowledge=caution.must_acknowledge and ready,
            )
            for caution in cautions
        )

    def _speech(self, lines: Iterable[str]) -> tuple[tuple[Cue, ...], int]:
        cues, at_ms = [], 0
        for line in lines:
            cues.append(Cue(kind=CueKind.SAY, at_ms=at_ms, text=line))
            at_ms += self.language.takes_ms(line)
        return tuple(cues), at_ms

    def _segment(
        self,
        key: str,
        steps: list[TimelineStep],
        *,
        side: Side | None = None,
        event: str | None = None,
        on_timeout: OnTimeout | None = None,
        optional: bool = False,
        shortest_ms: int | None = None,
    ) -> Segment:
        name = f"{self.place}.{self.exercise.id}.{key}"
        duration_ms = sum(step.duration_ms for step in steps)
        return Segment(
            id=name,
            starts_on=StartsOn.USER if event else StartsOn.PREVIOUS,
            event=event,
            on_timeout=on_timeout,
            optional=optional,
            exercise=self.exercise.id,
            side=side,
            shortest_ms=0 if optional else duration_ms if shortest_ms is None else shortest_ms,
            duration_ms=duration_ms,
            steps=_laid_out(name, steps),
        )


def rest_ms(language: Language, lasts: Seconds | None) -> int:
    """How long a rest takes: as it is stated, or as long as it takes to announce."""
    return max(lasts.s * 1000 if lasts else 0, language.takes_ms(language.phrases.rest))


def _laid_out(segment: str, steps: list[TimelineStep]) -> tuple[TimelineStep, ...]:
    laid, offset_ms = [], 0
    for step in steps:
        laid.append(step.model_copy(update={"id": f"{segment}.{step.id}", "offset_ms": offset_ms}))
        offset_ms += step.duration_ms
    return tuple(laid)


def _repeated(step: Step, *, again: bool) -> bool:
    names_side = "{side}" in step.text.in_language(FALLBACK)
    return names_side or (step.cue is not None and not again)


def _tick(second: int) -> Cue:
    return Cue(kind=CueKind.TICK, before_end_ms=second * 1000, number=second)


def _once(warnings: tuple[ShownCaution, ...]) -> tuple[ShownCaution, ...]:
    return tuple({warning.code: warning for warning in warnings}.values())


def _declared(phase: Phase) -> str:
    # The longest search is a limit for the person, not a length to fill with words.
    return "" if phase in (Phase.SEARCH, Phase.SEARCH_NEXT) else phase.value
