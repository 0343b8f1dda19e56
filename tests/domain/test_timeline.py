import pytest

from api.domain.dose import LEVELS, RepUnit
from api.domain.exercise import Side
from api.domain.segment import Cue, CueKind, OnTimeout, StartsOn, StepKind, TimelineStep
from api.domain.timeline import Timeline, compile_timeline
from tests.content.loaded import CONTENT
from tests.domain.exercises import SEED, compiled

NECK, HANG, SHRUG, ROLLER, DOG = (CONTENT.exercises[name] for name in SEED)


def whole(level: int, *, ask_first: bool = False) -> Timeline:
    return compile_timeline(
        CONTENT.routines["seed-full"],
        CONTENT.exercises,
        CONTENT.vocabulary,
        level=level,
        language=CONTENT.languages["en"],
        ask_first=ask_first,
        content_version=CONTENT.version,
    )


def of_kind(timeline: Timeline, kind: StepKind) -> list[TimelineStep]:
    return [step for step in timeline.steps() if step.kind is kind]


@pytest.mark.parametrize(("level", "hold_s", "reps"), [(0, 20, 12), (2, 25, 14), (4, 30, 15)])
def test_the_articles_doses_are_met_at_every_level(level: int, hold_s: int, reps: int) -> None:
    holds = {step.exercise: step.dose.hold_s for step in of_kind(whole(level), StepKind.HOLD) if step.dose}
    assert holds[NECK.id] == holds[HANG.id] == holds[ROLLER.id] == hold_s
    assert holds[DOG.id] == {0: 30, 2: 40, 4: 45}[level]
    (shrug,) = of_kind(whole(level), StepKind.REPS)
    assert shrug.dose
    assert shrug.dose.reps == reps
    assert shrug.dose.tempo
    assert shrug.dose.tempo.top_ms == 1000


def test_the_second_side_hears_short_cues_and_holds_as_long() -> None:
    timeline = compiled(NECK)
    left, right = of_kind(timeline, StepKind.HOLD)
    assert (left.side, right.side) == (Side.LEFT, Side.RIGHT)
    assert left.duration_ms == right.duration_ms == 20_000
    pulls = [step for step in timeline.steps() if step.id.endswith(".pull")]
    said = [[cue.text for cue in step.cues] for step in pulls]
    assert said == [["Ease your head sideways towards your left shoulder."], ["Tip to the right."]]
    hand = [step.text for step in timeline.steps() if step.id.endswith("right.hand")]
    assert hand == ["Put your right hand on the upper left side of your head."]


def test_the_end_of_a_hold_is_counted_back_from_its_end() -> None:
    for level in LEVELS:
        hold = of_kind(compiled(HANG, level=level), StepKind.HOLD)[0]
        ticks = [(cue.before_end_ms, cue.number) for cue in hold.cues if cue.kind is CueKind.TICK]
        assert ticks == [(3000, 3), (2000, 2), (1000, 1)]
        assert [cue.before_end_ms for cue in hold.cues if cue.kind is CueKind.HALFWAY] == [hold.duration_ms // 2]


def test_each_repetition_is_counted() -> None:
    (reps,) = of_kind(compiled(SHRUG, level=4), StepKind.REPS)
    counted = [cue for cue in reps.cues if cue.kind is CueKind.COUNT]
    assert [cue.number for cue in counted] == list(range(1, 16))
    assert counted[1] == Cue(kind=CueKind.COUNT, at_ms=5000, number=2)


def test_spots_wait_for_the_person_and_those_beyond_the_low_number_are_optional() -> None:
    spots = [segment for segment in compiled(ROLLER, level=4).segments if segment.starts_on is StartsOn.USER]
    assert [spot.optional for spot in spots] == [False, False, False, True, True]
    assert [spot.on_timeout for spot in spots] == [OnTimeout.START] * 3 + [OnTimeout.SKIP] * 2
    assert {spot.event for spot in spots} == {"spot_found"}
    assert [spot.shortest_ms for spot in spots] == [30_000] * 3 + [0, 0]


def test_a_search_ends_by_itself() -> None:
    searches = [s for s in compiled(ROLLER).segments if s.steps[0].kind is StepKind.SEARCH]
    assert [search.duration_ms for search in searches] == [30_000] * 3
    assert all(search.shortest_ms < search.duration_ms for search in searches)


def test_between_exercises_there_is_a_rest_and_a_word_on_what_is_needed() -> None:
    timeline = whole(0)
    assert len(of_kind(timeline, StepKind.REST)) == 4
    assert all(rest.duration_ms == 10_000 for rest in of_kind(timeline, StepKind.REST))
    ready = [step.text for step in of_kind(timeline, StepKind.GET_READY)]
    assert ready[1] == "Next: Pull-up bar hang. You need a pull-up bar."
    assert len(of_kind(timeline, StepKind.CHECK_IN)) == 5


def test_cautions_are_shown_when_they_are_due() -> None:
    timeline = whole(0)
    codes = {step.id: [caution.code for caution in step.cautions] for step in timeline.steps()}
    assert codes["4.foam-roller-upper-back.ready.get_ready"] == ["never-roll-the-neck"]
    assert "never-roll-the-neck" in codes["4.foam-roller-upper-back.spot2.search.next"]
    assert codes["1.neck-side-bend-rotation.set1.right.hold"] == ["shoulders-down", "dizzy-stop"]
    assert codes["3.shoulder-shrug-seated.set1.reps"] == ["shoulders-not-rounded", "elbows-not-bent"]
    assert codes["5.downward-facing-dog.after.check_in"] == ["rise-slowly"]


def test_what_loads_says_to_ask_first_and_nothing_else_does() -> None:
    asked = {s.exercise for s in whole(0, ask_first=True).steps() if any(c.code == "ask-first" for c in s.cautions)}
    assert asked == {HANG.id, DOG.id}
    assert not [s for s in whole(0).steps() if any(c.code == "ask-first" for c in s.cautions)]


def test_an_exercise_done_twice_in_a_routine_has_its_own_steps_each_time() -> None:
    timeline = compiled(SHRUG, NECK, SHRUG)
    ids = [step.id for step in timeline.steps()]
    assert len(ids) == len(set(ids))


def test_a_slower_voice_lengthens_instructions_but_never_a_hold() -> None:
    language = CONTENT.languages["en"]
    slow = language.model_copy(update={"pace": language.pace.model_copy(update={"words_per_minute": 75})})
    usual, slower = (
        compile_timeline(
            CONTENT.routines["seed-full"],
            CONTENT.exercises,
            CONTENT.vocabulary,
            level=0,
            language=voice,
            ask_first=False,
            content_version=CONTENT.version,
        )
        for voice in (language, slow)
    )
    assert slower.total_ms.low > usual.total_ms.low
    assert [s.id for s in slower.steps()] == [s.id for s in usual.steps()]
    holds = [[s.duration_ms for s in of_kind(timeline, StepKind.HOLD)] for timeline in (usual, slower)]
    assert holds[0] == holds[1]


@pytest.mark.parametrize("level", [-1, 5])
def test_a_level_outside_the_range_is_refused(level: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 4"):
        whole(level)


ROW, OPENER, BOOK, SQUEEZE = (
    CONTENT.exercises[name] for name in ("band-row", "bolster-opener", "open-book", "prone-retraction-bed")
)


def test_a_later_set_repeats_of_the_set_up_only_what_has_a_cue() -> None:
    steps = [step for step in compiled(ROW, level=4).steps() if step.kind is StepKind.SET_UP]
    assert [step.id.split(".")[-1] for step in steps if ".set1." in step.id][:4] == ["anchor", "hold", "taut", "arms"]
    later = [step for step in steps if ".set2." in step.id]
    assert [cue.text for step in later for cue in step.cues] == ["Arms in front, thumbs up."]


def test_the_rest_between_sets_is_counted_down() -> None:
    rests = of_kind(compiled(ROW, level=4), StepKind.REST)
    assert [rest.duration_ms for rest in rests] == [30_000, 30_000]
    for rest in rests:
        ticks = [(cue.before_end_ms, cue.number) for cue in rest.cues if cue.kind is CueKind.TICK]
        assert ticks == [(3000, 3), (2000, 2), (1000, 1)]


def test_breaths_are_counted_as_breaths_and_repetitions_need_no_unit() -> None:
    (breaths,) = of_kind(compiled(OPENER), StepKind.REPS)
    (pulls,) = of_kind(compiled(ROW), StepKind.REPS)
    assert breaths.dose
    assert pulls.dose
    assert (breaths.dose.reps, breaths.dose.rep_unit) == (5, RepUnit.BREATH)
    assert pulls.dose.rep_unit is None


def test_a_long_top_is_announced_and_a_short_one_is_not() -> None:
    said = [[cue.text for cue in reps.cues] for reps in of_kind(compiled(BOOK), StepKind.REPS)]
    assert all(lines.count("One full breath.") == 5 for lines in said)
    (shrugs,) = of_kind(compiled(SHRUG), StepKind.REPS)
    assert "Hold." not in [cue.text for cue in shrugs.cues]


def test_repetitions_of_a_hold_are_sets_and_its_length_rises_with_the_level() -> None:
    held = [[step.duration_ms for step in of_kind(compiled(SQUEEZE, level=n), StepKind.HOLD)] for n in (0, 4)]
    assert held == [[5_000] * 5, [15_000] * 5]
