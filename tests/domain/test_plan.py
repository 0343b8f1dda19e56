"""The planner on our content: what people ask it, and what it must then say."""

import pytest

from api.domain.exercise import Kind, ReviewStatus
from api.domain.pain import BodySide, Region
from api.domain.planned import is_plan_id, mark, planned_routine
from api.domain.planner import Held, Picked, Refused, Unfit, Unsafe
from api.domain.questionnaire import Answer
from api.domain.wish import Focus, Limit, Wish
from tests.content.loaded import CONTENT
from tests.domain.planning import ALL_NO, TOOLS, decided, names

CHAIR = frozenset({"chair"})
EVERYTHING = frozenset(TOOLS)
DIZZY = ALL_NO | {"dizziness": Answer.YES}


def test_ten_minutes_on_a_chair_for_somebody_who_gets_dizzy_leaves_the_neck_alone() -> None:
    decision = decided(Wish(10, CHAIR, frozenset({Limit.SEATED})), DIZZY)
    neck = {name for name, e in CONTENT.exercises.items() if e.excluded_by("dizziness_neck_movement")}
    left_out = {out.exercise: out for out in decision.unsafe}
    assert len(decision.picks) >= 4
    assert not neck & set(names(decision))
    assert neck <= left_out.keys()
    assert left_out["neck-rotation"].reason is Unsafe.EXCLUDED
    assert [(r.question, r.answer, r.tag) for r in left_out["neck-rotation"].because_of] == [
        ("dizziness", Answer.YES, "dizziness_neck_movement")
    ]
    assert left_out["neck-rotation"].alternative == "scapular-squeeze"


def test_pain_of_seven_gets_gentle_exercises_at_the_lowest_dose() -> None:
    decision = decided(Wish(10, EVERYTHING, pain_now=7))
    assert set(names(decision)) <= set(CONTENT.planner.gentle.exercises)
    assert len(decision.picks) >= 3
    assert (decision.level, decision.held) == (0, (Held.PAIN,))
    assert all(Picked.GENTLE in pick.reasons for pick in decision.picks)
    assert {out.reason for out in decision.unsafe} == {Unsafe.NOT_GENTLE}


def test_calming_is_gentle_whatever_the_pain_and_may_end_at_rest() -> None:
    decision = decided(Wish(15, EVERYTHING, focus=Focus.CALM))
    assert set(names(decision)) <= set(CONTENT.planner.gentle.exercises)
    assert names(decision)[-1] == "bolster-opener"
    assert decision.level > 0


def test_pain_of_four_or_five_keeps_the_choice_and_lowers_the_dose() -> None:
    eased, hurting = decided(Wish(20, CHAIR, pain_now=3)), decided(Wish(20, CHAIR, pain_now=4))
    assert names(eased) == names(hurting)
    assert (eased.level > 0, hurting.level, hurting.held) == (True, 0, (Held.PAIN,))


@pytest.mark.parametrize(
    ("given", "flags"), [(ALL_NO, ("chest-or-breath",)), (ALL_NO | {"neck-injury": Answer.YES}, ())]
)
def test_a_red_flag_gets_no_plan(given: dict[str, Answer], flags: tuple[str, ...]) -> None:
    decision = decided(Wish(10, EVERYTHING), given, flags)
    assert (decision.refused, decision.picks) == (Refused.RED_FLAG, ())


@pytest.mark.parametrize("question", [q.id for q in CONTENT.screening.questions if q.asks_first])
def test_who_has_to_ask_first_gets_no_plan_and_hears_it(question: str) -> None:
    decision = decided(Wish(10, EVERYTHING), ALL_NO | {question: Answer.YES})
    assert (decision.refused, decision.picks) == (Refused.NO_SAFE_ROUTINE, ())
    assert {out.reason for out in decision.unsafe} == {Unsafe.ASK_FIRST}


def test_without_answers_only_what_hardly_anybody_should_leave_alone_comes_at_the_lowest_dose() -> None:
    decision = decided(Wish(10, EVERYTHING), {})
    assert {"shoulder-rolls", "rhomboid-reach"} <= set(names(decision))
    assert (decision.level, decision.held) == (0, (Held.SCREENING_INCOMPLETE,))
    assert {out.reason for out in decision.unsafe} == {Unsafe.OPEN_QUESTION}


def test_a_yes_is_not_hidden_behind_an_open_question() -> None:
    easier = {"floor-or-falls": Answer.YES}
    left_out = {out.exercise: out.reason for out in decided(Wish(10, EVERYTHING), easier).unsafe}
    assert left_out["cat-cow"] in {Unsafe.EXCLUDED, Unsafe.EASIER_FIRST, Unsafe.ASK_FIRST}


def test_strength_is_mostly_work() -> None:
    picked = [CONTENT.exercises[name] for name in names(decided(Wish(20, EVERYTHING, focus=Focus.STRENGTHEN)))]
    work = [exercise for exercise in picked if exercise.kind in (Kind.DYNAMIC, Kind.ISOMETRIC)]
    assert len(work) > len(picked) / 2


def test_loosening_has_some_work_too_for_it_has_the_better_evidence() -> None:
    decision = decided(Wish(15, EVERYTHING))
    assert Picked.STRENGTHENS in [pick.reasons[0] for pick in decision.picks]


def test_less_time_costs_exercises_and_never_the_warm_up() -> None:
    long, short = decided(Wish(10, CHAIR)), decided(Wish(2, CHAIR))
    assert len(short.picks) < len(long.picks)
    assert short.picks[0].reasons[0] is Picked.WARM_UP


def test_more_time_raises_the_dose_of_the_same_exercises() -> None:
    some, more = decided(Wish(12, CHAIR)), decided(Wish(30, CHAIR))
    assert len(some.picks) == len(more.picks) == CONTENT.planner.most.exercises
    assert some.level < more.level


def test_the_sore_place_and_the_sore_side_choose() -> None:
    wish = Wish(12, EVERYTHING, region=Region.NECK, side=BodySide.LEFT)
    reasons = [reason for pick in decided(wish).picks for reason in pick.reasons]
    assert reasons.count(Picked.SORE_PLACE) >= 3
    assert Picked.EACH_SIDE in reasons


def test_limits_are_told_with_what_is_missing() -> None:
    limits = frozenset({Limit.NO_FLOOR, Limit.IN_PUBLIC})
    left_out = {out.exercise: out for out in decided(Wish(10, frozenset(), limits)).unfit}
    assert left_out["foam-roller-upper-back"].reason is Unfit.EQUIPMENT
    assert left_out["foam-roller-upper-back"].missing == ("foam_roller",)
    assert left_out["cat-cow"].reason is Unfit.FLOOR


def test_a_bed_does_for_the_floor_where_the_exercise_allows() -> None:
    no_floor = frozenset({Limit.NO_FLOOR})
    left_out = [{o.exercise for o in decided(Wish(10, tools, no_floor)).unfit} for tools in (CHAIR, CHAIR | {"bed"})]
    assert "open-book" in left_out[0] - left_out[1]
    assert "cat-cow" in left_out[1]


def test_what_is_retired_is_never_planned() -> None:
    retired = {name: e.model_copy(update={"status": ReviewStatus.RETIRED}) for name, e in CONTENT.exercises.items()}
    kept = CONTENT.exercises["shoulder-rolls"]
    assert names(decided(Wish(10, EVERYTHING), exercises={**retired, kept.id: kept})) == [kept.id]


def test_the_gentle_exercises_are_those_of_the_flare_up_routine_and_their_like() -> None:
    flare_up = {item.exercise for item in CONTENT.routines["flare-up"].items}
    assert flare_up <= set(CONTENT.planner.gentle.exercises)


def test_every_mark_stands_for_one_exercise_and_no_routine_looks_like_a_plan() -> None:
    assert len({mark(name) for name in CONTENT.exercises}) == len(CONTENT.exercises)
    assert not any(is_plan_id(name) for name in CONTENT.routines)


def test_an_exercise_that_is_gone_leaves_its_plans_without_meaning() -> None:
    rolls = CONTENT.exercises["shoulder-rolls"]
    plan = f"plan-0-{mark('shoulder-rolls')}"
    rules = (CONTENT.vocabulary, CONTENT.planner)
    assert planned_routine(plan, {rolls.id: rolls}, *rules)
    assert planned_routine(plan, {}, *rules) is None
    assert planned_routine(plan, {rolls.id: rolls.model_copy(update={"status": ReviewStatus.RETIRED})}, *rules) is None
