"""What must hold for any wish, any answers and any catalogue, seen without the planner's own eyes."""

from collections.abc import Iterator, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.caution import Effect
from api.domain.dose import LEVELS
from api.domain.exercise import Exercise, Load
from api.domain.order import broken_rules
from api.domain.plan import Decision
from api.domain.planned import plan_id, planned_routine
from api.domain.planner import Refused, Unsafe
from api.domain.questionnaire import Answer
from api.domain.timeline import compile_timeline
from api.domain.wish import Focus, Limit, Wish
from tests.content.loaded import CONTENT
from tests.domain.planning import QUESTIONS, Catalogue, answers, catalogues, decided, names, signs, timed, wishes

MANY = settings(deadline=None)
Answers = Mapping[str, Answer]


def speaks_against(exercise: Exercise, told: Answers) -> Iterator[str]:
    """Every tag that a yes, or an open question, holds against it with more than care."""
    for question in QUESTIONS:
        if told.get(question.id) is Answer.NO:
            continue
        for found in exercise.contraindications:
            if found.tag in question.tags and found.effect is not Effect.CAUTION:
                yield found.tag
        if question.id not in told and exercise.loads:
            yield "loads"
        if told.get(question.id) is Answer.YES and (question.asks_first or question.red_flag):
            yield question.id


def is_gentle_day(wish: Wish) -> bool:
    return wish.focus is Focus.CALM or (wish.pain_now or 0) >= 6


def safe(exercises: Catalogue, wish: Wish, told: Answers, flags: tuple[str, ...]) -> list[Exercise]:
    gentle = CONTENT.planner.gentle.exercises
    return [
        exercise
        for exercise in exercises.values()
        if not flags and not any(speaks_against(exercise, told)) and (not is_gentle_day(wish) or exercise.id in gentle)
    ]


@MANY
@given(wishes, answers, signs, catalogues())
def test_nothing_is_planned_that_an_answer_or_an_open_question_speaks_against(
    wish: Wish, told: Answers, flags: tuple[str, ...], exercises: Catalogue
) -> None:
    decision = decided(wish, told, flags, exercises)
    assert not flags or not decision.picks
    assert set(names(decision)) <= {exercise.id for exercise in safe(exercises, wish, told, flags)}


@MANY
@given(wishes, answers, catalogues())
def test_a_plan_never_takes_longer_than_there_is_time(wish: Wish, told: Answers, exercises: Catalogue) -> None:
    decision = decided(wish, told, exercises=exercises)
    if decision.picks:
        assert compiled_ms(decision) <= wish.max_minutes * 60_000


def compiled_ms(decision: Decision) -> int:
    planned = planned_routine(
        plan_id(decision.level, names(decision)), CONTENT.exercises, CONTENT.vocabulary, CONTENT.planner
    )
    assert planned
    return compile_timeline(
        planned,
        CONTENT.exercises,
        CONTENT.vocabulary,
        level=planned.level,
        language=CONTENT.languages["en"],
        ask_first=False,
        content_version=CONTENT.version,
    ).total_ms.high


@MANY
@given(wishes, answers, catalogues())
def test_every_plan_begins_with_a_warm_up_and_keeps_the_rules_of_order(
    wish: Wish, told: Answers, exercises: Catalogue
) -> None:
    chosen = names(decided(wish, told, exercises=exercises))
    planned = [exercises[name] for name in chosen]
    assert len(set(chosen)) == len(chosen) <= CONTENT.planner.most.exercises
    if planned:
        assert planned[0].warm_up
        assert broken_rules(planned, CONTENT.vocabulary) == {}


@MANY
@given(wishes, answers, catalogues())
def test_the_level_is_the_highest_that_fits_unless_it_is_held(wish: Wish, told: Answers, exercises: Catalogue) -> None:
    decision = decided(wish, told, exercises=exercises)
    must_hold = len(told) < len(QUESTIONS) or (wish.pain_now or 0) >= 4
    assert bool(decision.held) >= (must_hold and bool(decision.picks))
    if must_hold:
        assert decision.level == 0
    elif decision.picks and decision.level < LEVELS[-1]:
        higher = enumerate(names(decision), start=1)
        assert sum(timed(name, decision.level + 1, place) for place, name in higher) > wish.max_minutes * 60_000


@MANY
@given(wishes, answers, catalogues())
def test_what_is_planned_can_be_done_there(wish: Wish, told: Answers, exercises: Catalogue) -> None:
    for name in names(decided(wish, told, exercises=exercises)):
        setting = exercises[name].setting
        assert all(
            {tool, *setting.equipment.substitutes.get(tool, ())} & wish.equipment for tool in setting.equipment.required
        )
        kept = {
            Limit.NO_FLOOR: not setting.space.floor or (setting.space.bed and "bed" in wish.equipment),
            Limit.SEATED: "sit" in setting.position,
            Limit.CANNOT_HANG: Load.HANG not in exercises[name].loads,
            Limit.QUIET: setting.space.noise == "silent",
            Limit.IN_PUBLIC: setting.space.privacy == "public",
            Limit.NO_WALL: not setting.space.wall,
        }
        assert all(kept[limit] for limit in wish.limits)


@MANY
@given(wishes, answers, signs, catalogues())
def test_there_is_a_plan_exactly_where_a_safe_warm_up_is_possible_and_else_it_says_why(
    wish: Wish, told: Answers, flags: tuple[str, ...], exercises: Catalogue
) -> None:
    decision = decided(wish, told, flags, exercises)
    stopped = flags or any(q.red_flag and told.get(q.id) is Answer.YES for q in QUESTIONS)
    openers = [exercise for exercise in safe(exercises, wish, told, flags) if exercise.warm_up]
    assert (decision.refused is None) == bool(decision.picks)
    assert (decision.refused is Refused.RED_FLAG) == bool(stopped)
    if not stopped:
        assert (decision.refused is Refused.NO_SAFE_ROUTINE) == (not openers)
    if decision.refused is Refused.TOO_SHORT:
        assert decision.shortest_ms
        assert decision.shortest_ms > wish.max_minutes * 60_000


@MANY
@given(wishes, answers, signs, catalogues())
def test_no_exercise_is_both_planned_and_left_out_and_every_unsafe_one_is_named(
    wish: Wish, told: Answers, flags: tuple[str, ...], exercises: Catalogue
) -> None:
    decision = decided(wish, told, flags, exercises)
    groups = [names(decision), [out.exercise for out in decision.unsafe], [out.exercise for out in decision.unfit]]
    everything = [name for group in groups for name in group]
    assert len(set(everything)) == len(everything)
    if decision.refused is not Refused.RED_FLAG:
        unsafe = exercises.keys() - {exercise.id for exercise in safe(exercises, wish, told, flags)}
        assert set(groups[1]) == unsafe
    assert {out.alternative for out in decision.unsafe} <= {None, *names(decision)}
    for pick in decision.picks:
        assert pick.reasons
        assert set(pick.stands_in_for) <= set(groups[1])


@MANY
@given(wishes, answers, catalogues())
def test_the_reason_told_is_the_gravest_whatever_questions_are_open(
    wish: Wish, told: Answers, exercises: Catalogue
) -> None:
    for out in decided(wish, told, exercises=exercises).unsafe:
        yes = [question for question in QUESTIONS if told.get(question.id) is Answer.YES]
        tags = {tag for question in yes for tag in question.tags}
        effects = {c.effect for c in exercises[out.exercise].contraindications if c.tag in tags}
        if Effect.EXCLUDE in effects:
            assert out.reason is Unsafe.EXCLUDED
        elif Effect.REGRESS in effects:
            assert out.reason is Unsafe.EASIER_FIRST
        elif Effect.ASK in effects or any(question.asks_first for question in yes):
            assert out.reason is Unsafe.ASK_FIRST
        else:
            assert out.reason in {Unsafe.OPEN_QUESTION, Unsafe.NOT_GENTLE}


@MANY
@given(wishes, answers, signs, catalogues())
def test_the_same_wish_gets_the_same_plan_and_its_id_says_what_it_is(
    wish: Wish, told: Answers, flags: tuple[str, ...], exercises: Catalogue
) -> None:
    decision = decided(wish, told, flags, exercises)
    assert decided(wish, dict(sorted(told.items(), reverse=True)), flags, exercises) == decision
    if decision.picks:
        name = plan_id(decision.level, names(decision))
        planned = planned_routine(name, exercises, CONTENT.vocabulary, CONTENT.planner)
        assert planned
        assert [item.exercise for item in planned.items] == names(decision)
        assert (planned.id, planned.level) == (name, decision.level)


@given(st.lists(st.sampled_from(list(CONTENT.exercises)), min_size=1, max_size=8), st.sampled_from(LEVELS))
def test_an_id_that_nobody_planned_stands_for_nothing_that_breaks_a_rule(chosen: list[str], level: int) -> None:
    planned = planned_routine(plan_id(level, chosen), CONTENT.exercises, CONTENT.vocabulary, CONTENT.planner)
    order = [CONTENT.exercises[name] for name in chosen]
    allowed = len(set(chosen)) == len(chosen) <= CONTENT.planner.most.exercises
    assert (planned is not None) == (allowed and not broken_rules(order, CONTENT.vocabulary))
